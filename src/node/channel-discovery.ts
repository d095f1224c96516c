import { ChannelFailure, type Channel } from "../channels/channel.ts";
import type { DirectoryQuery, Finding } from "../channels/directory.ts";
import type { ChannelOptions } from "../channels/open-channel.ts";
import type { BindingRule } from "../identity/binding.ts";
import type { Logger } from "../log.ts";
import { backoff } from "../messages/backoff.ts";
import { PollingLoop } from "../messages/polling-loop.ts";
import { discoveredBy, rememberDiscovery, successorsOf } from "../routing/discovered-repository.ts";
import type { Store } from "../store/store.ts";
import type { NodeChannels } from "./node-channels.ts";

/** A directory of channels, as a node asks it. */
export interface NodeDirectory {
  /** Names the directory in logs and in the database; no secret is in it. */
  readonly label: string;
  /** The ledger network of its channels, such as `eip155:31337`. */
  readonly network: string;
  /** That of every channel found there: see `ChannelOpener`. */
  readonly precedence: number;
  /** That of every channel found there: see `ChannelOpener`; `off` where left out. */
  readonly binding?: BindingRule;
  /** @throws ChannelFailure */
  readonly discover: (query: DirectoryQuery) => Promise<readonly Finding[]>;
}

/** What discovery is built from. */
export interface ChannelDiscoveryOptions {
  readonly directories: readonly NodeDirectory[];
  readonly channels: NodeChannels;
  readonly store: Store;
  readonly open: (options: ChannelOptions) => Promise<Channel>;
  readonly log: Logger;
  /** Milliseconds between two looks into a directory. */
  readonly poll: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Channels that one directory may lead a node to: each is followed for good. */
const MOST_CHANNELS = 64;

/**
 * Finds channels in the directories of a node and opens them while it runs: those that are listed, and those that a
 * channel in use names as its successor, where they meet the operator's conditions. A channel once opened is opened again
 * at the next start, listed or not: what was issued on it is still acquitted there.
 */
export class ChannelDiscovery {
  readonly #lookouts: readonly Lookout[];

  constructor(options: ChannelDiscoveryOptions) {
    this.#lookouts = options.directories.map((directory) => new Lookout(directory, options));
  }

  /** Whether every directory has been read once since the start. */
  get looked(): boolean {
    return this.#lookouts.every((lookout) => lookout.looked);
  }

  /** Whether a channel that is not open may yet be found: a directory of its network has not refused it. */
  expects(channelId: string): boolean {
    return this.#lookouts.some((lookout) => lookout.expects(channelId));
  }

  /**
   * Reads every directory once and opens what it leads to; one that is out of reach is read again in the background.
   *
   * @throws ChannelFailure `stop` when one is not what it is configured to be
   */
  async start(): Promise<void> {
    await Promise.all(this.#lookouts.map((lookout) => lookout.start()));
  }

  /** Resolves when no directory is read any more. */
  async stop(): Promise<void> {
    await Promise.all(this.#lookouts.map((lookout) => lookout.stop()));
  }
}

/** One directory, read again and again. */
class Lookout {
  readonly #directory: NodeDirectory;
  readonly #options: ChannelDiscoveryOptions;
  readonly #loop: PollingLoop;
  /** What the last look made of each channel that is not open. */
  #verdicts: ReadonlyMap<string, Finding["verdict"]> = new Map();
  /** Refusals that were logged. */
  readonly #told = new Set<string>();
  #failures = 0;
  #opened = 0;
  #looked = false;

  constructor(directory: NodeDirectory, options: ChannelDiscoveryOptions) {
    this.#directory = directory;
    this.#options = options;
    this.#loop = new PollingLoop(() => this.#step());
  }

  get looked(): boolean {
    return this.#looked;
  }

  expects(channelId: string): boolean {
    if (!channelId.startsWith(`${this.#directory.network}:`)) return false;
    const verdict = this.#verdicts.get(channelId);
    if (verdict === "refused") return false;
    // Whoever asks has met its name since the last look.
    if (verdict === undefined) this.#loop.wake();
    return true;
  }

  async start(): Promise<void> {
    try {
      await this.#look();
    } catch (error) {
      if (!(error instanceof ChannelFailure) || error.action === "stop") throw error;
      this.#warn(error);
    }
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #step(): Promise<number> {
    try {
      await this.#look();
      this.#failures = 0;
      return this.#options.poll;
    } catch (error) {
      this.#failures += 1;
      this.#warn(error);
      return Math.max(backoff(this.#failures), this.#options.poll);
    }
  }

  #warn(error: unknown): void {
    const { label: directory } = this.#directory;
    this.#options.log.warn("a directory of channels could not be read now", { directory, error });
  }

  async #look(): Promise<void> {
    const { channels, store, now } = this.#options;
    const { label } = this.#directory;
    const open = channels.descriptions.map(({ id }) => id);
    const named = [...(await discoveredBy(store.db, label)), ...(await successorsOf(store.db, open))];
    const findings = await this.#directory.discover({ named, known: new Set(open) });
    const verdicts = new Map<string, Finding["verdict"]>();
    for (const finding of findings) {
      const { id } = finding;
      if (channels.has(id)) continue;
      if (finding.verdict === "allowed" && this.#opened < MOST_CHANNELS) {
        this.#opened += 1;
        await rememberDiscovery(store.db, { channelId: id, directory: label, at: now() });
        await this.#open(id, finding.options);
      } else {
        verdicts.set(id, finding.verdict === "pending" ? "pending" : "refused");
        this.#tell(finding);
      }
    }
    this.#verdicts = verdicts;
    this.#looked = true;
  }

  async #open(id: string, options: ChannelOptions): Promise<void> {
    const { channels, open, log } = this.#options;
    log.info("a channel was found", { channelId: id, directory: this.#directory.label });
    await channels.add({
      ...{ id, label: id, precedence: this.#directory.precedence },
      binding: this.#directory.binding ?? "off",
      open: () => open(options),
    });
  }

  /** Says once why a channel is left alone. */
  #tell(finding: Finding): void {
    if (finding.verdict === "pending") return;
    const { code, detail } =
      finding.verdict === "refused"
        ? finding
        : {
            code: "too-many-channels",
            detail: `The directory has led to ${MOST_CHANNELS} channels already: configure further ones by themselves.`,
          };
    const key = `${finding.id} ${code}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    const { label: directory } = this.#directory;
    this.#options.log.warn(detail, { channelId: finding.id, directory, code });
  }
}
