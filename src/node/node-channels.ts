import { ChannelFailure, type Channel, type ChannelDescription } from "../channels/channel.ts";
import type { DocumentStore } from "../documents/document-store.ts";
import type { Domain } from "../domain/participant.ts";
import type { BindingRule } from "../identity/binding.ts";
import type { Logger } from "../log.ts";
import { backoff } from "../messages/backoff.ts";
import type { BatchRules } from "../messages/batcher.ts";
import { ChannelTraffic, type TrafficTiming } from "../messages/channel-traffic.ts";
import type { PageOutcome } from "../messages/inbox.ts";
import { uncounted, type CountFault } from "../operations/fault.ts";
import type { Store } from "../store/store.ts";

/** Opens one channel, configured or found in a directory. */
export interface ChannelOpener {
  /** The channel's id, where it is known before it is open. */
  readonly id?: string;
  /** Names the channel in logs before it is open; no secret is in it. */
  readonly label: string;
  /** Of two channels on which one number was issued, the one with the lower precedence counts; 0 where left out. */
  readonly precedence?: number;
  /** What is made of accounts that their participant's domain does not name; `off` where left out. */
  readonly binding?: BindingRule;
  /** @throws ChannelFailure */
  readonly open: () => Promise<Channel>;
}

/** What a node's channels are built from. */
export interface NodeChannelsOptions {
  readonly openers: readonly ChannelOpener[];
  /** Whether a channel that is not open may yet be found in a directory. */
  readonly expects: (channelId: string) => boolean;
  readonly store: Store;
  /** Where the bodies of batches are kept. */
  readonly files: DocumentStore;
  readonly batches: BatchRules;
  readonly participant: Domain;
  /** Names this process among the replicas of a node. */
  readonly owner: string;
  readonly log: Logger;
  readonly timing: TrafficTiming;
  /** Counts what went wrong and was made good; nobody does where left out. */
  readonly countFault?: CountFault;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told, after it is committed, what a page of a ledger brought. */
  readonly onApplied: (outcome: PageOutcome) => void;
  /** Told of a fork that was followed: how many heights it took back. */
  readonly onFork?: (channelId: string, depth: number) => void;
}

/** A channel that is not open, and why. */
export interface UnopenedChannel {
  /** As in logs; no secret is in it. */
  readonly label: string;
  /** Code of why it could not be opened last; null before it was tried. */
  readonly code: string | null;
  /** When that was; milliseconds since 1970. */
  readonly at: number | null;
  /** Whether it is tried again by itself. */
  readonly retried: boolean;
}

interface OpenChannel {
  readonly channel: Channel;
  readonly binding: BindingRule;
  readonly traffic: ChannelTraffic;
}

/**
 * All channels of a node, each opened and worked on its own: one whose ledger is out of reach is tried again and again
 * while the others run.
 */
export class NodeChannels {
  readonly #options: NodeChannelsOptions;
  readonly #open = new Map<string, OpenChannel>();
  /** Those that are yet to be opened, or could not be. */
  readonly #waiting = new Set<ChannelOpener>();
  readonly #failures = new Map<ChannelOpener, Omit<UnopenedChannel, "label">>();
  readonly #retries = new Set<NodeJS.Timeout>();
  readonly #opening = new Set<Promise<void>>();
  #stopping = false;

  constructor(options: NodeChannelsOptions) {
    this.#options = options;
    for (const opener of options.openers) this.#waiting.add(opener);
  }

  /** The channels that are open at present. */
  get open(): readonly Channel[] {
    return [...this.#open.values()].map(({ channel }) => channel);
  }

  /** Of the open channels those whose ledgers are believed: not one that was stopped, which may be another by now. */
  get believed(): readonly Channel[] {
    return [...this.#open.values()].filter(({ traffic }) => !traffic.stopped).map(({ channel }) => channel);
  }

  /** Ids of the open channels on which nothing may be done until an operator has looked. */
  get stopped(): readonly string[] {
    return [...this.#open].filter(([, { traffic }]) => traffic.stopped).map(([id]) => id);
  }

  get descriptions(): readonly ChannelDescription[] {
    return this.open.map(({ description }) => description);
  }

  /** The channels that are yet to be opened, or could not be. */
  get unopened(): readonly UnopenedChannel[] {
    return [...this.#waiting].map((opener) => ({
      label: opener.label,
      ...(this.#failures.get(opener) ?? { code: null, at: null, retried: true }),
    }));
  }

  /** The channels that have been followed to their newest height once since the start. */
  get #read(): readonly ChannelDescription[] {
    return [...this.#open.values()]
      .filter(({ traffic }) => traffic.caughtUp)
      .map(({ channel }) => channel.description);
  }

  /** How many channels there are, open or yet to be opened. */
  get total(): number {
    return this.#open.size + this.#waiting.size;
  }

  /** How many of them are open, and followed to their newest height once since the start. */
  get caughtUp(): number {
    return this.#read.length;
  }

  /** Whether a channel is open, or about to be. */
  has(channelId: string): boolean {
    return this.#open.has(channelId) || [...this.#waiting].some(({ id }) => id === channelId);
  }

  /**
   * Whether a channel is yet to be found, opened, or read to its end once: what this node knows of it is not all there is.
   * Of a configured channel that is not open yet, nobody knows which one it is.
   */
  awaits(channelId: string): boolean {
    const found = this.#open.get(channelId);
    if (found !== undefined) return !found.traffic.caughtUp;
    if ([...this.#waiting].some(({ id }) => id === undefined || id === channelId)) return true;
    return this.#options.expects(channelId);
  }

  /** @throws ChannelFailure `retry` when the channel is not open */
  get(channelId: string): Channel {
    const found = this.#open.get(channelId);
    if (found === undefined) {
      throw new ChannelFailure(
        "retry",
        "channel-not-open",
        `The channel ${channelId} is not open at present.`,
      );
    }
    return found.channel;
  }

  /** What is made of accounts that their participant's domain does not name; `off` where the channel is not open. */
  bindingRule(channelId: string): BindingRule {
    return this.#open.get(channelId)?.binding ?? "off";
  }

  /** Has the outbox of a channel look for work at once. */
  wakeOutbox(channelId: string): void {
    this.#open.get(channelId)?.traffic.wakeOutbox();
  }

  /** Has the outboxes of all channels look for work at once. */
  wakeOutboxes(): void {
    for (const { traffic } of this.#open.values()) traffic.wakeOutbox();
  }

  /** Has what came in one request for a channel be bundled at once. */
  wakeBatcher(channelId: string): void {
    this.#open.get(channelId)?.traffic.wakeBatcher();
  }

  /**
   * Tries to open every channel once; those out of reach are tried again in the background.
   *
   * @throws ChannelFailure `stop` when one is not what it is configured to be
   */
  async start(): Promise<void> {
    const attempts = await Promise.allSettled(
      this.#options.openers.map((opener) => this.#attempt(opener, 1)),
    );
    const failure = attempts.find((attempt) => attempt.status === "rejected");
    if (failure !== undefined) throw failure.reason;
  }

  /** Opens one channel more; where it is out of reach, it is tried again in the background. */
  async add(opener: ChannelOpener): Promise<void> {
    if (this.#stopping) return;
    this.#waiting.add(opener);
    await this.#try(opener, 1);
  }

  /** Resolves when nothing is under way on any channel any more. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const timer of this.#retries) clearTimeout(timer);
    this.#retries.clear();
    await Promise.all(this.#opening);
    const stops = await Promise.allSettled([...this.#open.values()].map(({ traffic }) => traffic.stop()));
    const failure = stops.find((stop) => stop.status === "rejected");
    if (failure !== undefined) throw failure.reason;
  }

  /** Closes the channels themselves, after `stop`. */
  async close(): Promise<void> {
    await Promise.all(this.open.map((channel) => channel.close()));
  }

  async #attempt(opener: ChannelOpener, tries: number): Promise<void> {
    const { log, now } = this.#options;
    try {
      await this.#begin(await opener.open(), opener);
      this.#waiting.delete(opener);
      this.#failures.delete(opener);
    } catch (error) {
      const code = error instanceof ChannelFailure ? error.code : "internal";
      const retried = error instanceof ChannelFailure && error.action === "retry";
      this.#failures.set(opener, { code, at: now(), retried });
      if (!(error instanceof ChannelFailure) || error.action === "stop") throw error;
      const wait = backoff(tries);
      log.warn("a channel could not be opened now", { channel: opener.label, code: error.code, wait, error });
      this.#retryLater(opener, tries + 1, wait);
    }
  }

  #retryLater(opener: ChannelOpener, tries: number, wait: number): void {
    if (this.#stopping) return;
    const timer = setTimeout(() => {
      this.#retries.delete(timer);
      void this.#try(opener, tries);
    }, wait);
    this.#retries.add(timer);
  }

  #try(opener: ChannelOpener, tries: number): Promise<void> {
    const opening = this.#attempt(opener, tries)
      .catch((error: unknown) => {
        // The channel turned out to be another: an operator has to look, and readiness says so.
        this.#options.log.error("a channel cannot be opened", { channel: opener.label, error });
      })
      .finally(() => this.#opening.delete(opening));
    this.#opening.add(opening);
    return opening;
  }

  async #begin(channel: Channel, { precedence = 0, binding = "off" }: ChannelOpener): Promise<void> {
    const { id, name } = channel.description;
    if (this.#stopping || this.#open.has(id)) {
      await channel.close();
      if (this.#stopping) return;
      throw new ChannelFailure(
        "stop",
        "channel-twice",
        `The channel ${id} is configured twice: leave one out.`,
      );
    }
    const { store, files, batches, participant, owner, timing, now, onApplied, onFork } = this.#options;
    const log = this.#options.log.child({ channelId: id });
    const countFault = this.#options.countFault ?? uncounted;
    const traffic = new ChannelTraffic({
      ...{ channel, store, files, batches, participant, owner, log, timing, now, onApplied },
      countFault,
      precedence,
      succession: {
        channels: () => this.#read,
        awaits: (channelId) => this.awaits(channelId),
      },
      ...(onFork === undefined ? {} : { onFork }),
    });
    this.#open.set(id, { channel, traffic, binding });
    await traffic.start();
    log.info("the channel is open", { name });
  }
}
