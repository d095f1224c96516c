import type { JsonRpcError, JsonRpcPayload, JsonRpcResult } from "ethers";

import { ChannelFailure } from "../channel.ts";
import { BackgroundLoop } from "./background-loop.ts";
import { readHeader } from "./header.ts";
import { AnswerTooLarge, HttpEndpoint, overloaded, type LedgerEndpoint } from "./http-endpoint.ts";
import { EvmRpc, RpcError } from "./rpc.ts";

const PROBE_MS = 5_000;
/** Of the time between two looks: a minute at the most, as it is by default. */
const LONGEST_REST = 12;
/** Blocks travel: an endpoint is behind when another had more than it has now, so many looks ago. */
const LOOKS_BEHIND = 3;

/** Something an operator should know about an endpoint, which is named by its place in the configuration, from 1. */
export interface EndpointNews {
  readonly code: string;
  readonly detail: string;
  /** Somebody has to put it right. */
  readonly alarm?: true;
}

/** What several endpoints of one ledger are looked after with. */
export interface EndpointsOptions {
  /** Addresses, the preferred one first. */
  readonly urls: readonly string[];
  readonly chainId: number;
  /**
   * Makes sure that an endpoint is of the right ledger: before its first question, and again after it was away.
   *
   * @throws ChannelFailure stop where it is another's, retry where it cannot be told now
   */
  readonly check: (rpc: EvmRpc) => Promise<void>;
  /** How often each is looked at, in milliseconds; 5,000 where left out, null for never. */
  readonly probeMilliseconds?: number | null;
  /** How long an answer may take, in milliseconds; 10,000 where left out. */
  readonly answerMilliseconds?: number;
  readonly onFailure?: () => void;
  readonly onFailover?: () => void;
  readonly tell?: (news: EndpointNews) => void;
}

/** One endpoint, and what is known of it. Times are milliseconds of the process's own clock, which never goes back. */
interface Place {
  readonly number: number;
  readonly http: HttpEndpoint;
  /** Asks this endpoint and no other. */
  readonly rpc: EvmRpc;
  admitted: boolean;
  admitting: Promise<void> | null;
  /** Why it is not of the right ledger. */
  foreign: ChannelFailure | null;
  failures: number;
  restsUntil: number;
  /** Its newest block at the last look; null where it gave no answer. */
  head: number | null;
  behind: boolean;
  /** As far as any was one look ago. */
  level: boolean;
}

/**
 * Several endpoints of one ledger, of which one is asked at a time: the first of the list while it answers and keeps up.
 * Where one fails, the question goes to the next at once, which is harmless: all that is asked are reads, and broadcasts
 * of signed transactions, which are the same transaction however often they come. See
 * docs/decisions/0022-several-endpoints.md.
 */
export class Endpoints implements LedgerEndpoint {
  readonly #options: EndpointsOptions;
  readonly #places: readonly Place[];
  readonly #probing: BackgroundLoop | null;
  readonly #probeMs: number;
  #current: Place;
  #client = 0;
  /** Who gave the last answer. */
  #answering: Place | null = null;
  /** The newest block of all, at the last looks. */
  #best: readonly number[] = [];
  #closed = false;

  constructor(options: EndpointsOptions) {
    this.#options = options;
    this.#places = options.urls.map((url, index) => placeOf(url, index + 1, options));
    const [first] = this.#places;
    if (first === undefined) throw new TypeError("A ledger has one endpoint at least.");
    this.#current = first;
    this.#probeMs = options.probeMilliseconds ?? PROBE_MS;
    this.#probing =
      options.probeMilliseconds === null || this.#places.length === 1
        ? null
        : new BackgroundLoop(() => this.#probe(), this.#probeMs);
  }

  get client(): number {
    return this.#client;
  }

  async ask(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<(JsonRpcResult | JsonRpcError)[]> {
    const tried = new Set<Place>();
    let failure: ChannelFailure | null = null;
    for (;;) {
      const place = this.#choose(tried);
      if (place === null) throw failure ?? this.#foreign();
      // Before it is asked: no answer of the new one may pass for one of the old.
      this.#turnTo(place);
      try {
        await this.#admit(place);
        const answers = await place.http.ask(payload);
        this.#tellAnswering(place, failure);
        return answers;
      } catch (error) {
        if (this.#closed || error instanceof AnswerTooLarge || !(error instanceof ChannelFailure))
          throw error;
        this.#fail(place, error);
        tried.add(place);
        if (error.action === "retry") failure = error;
      }
    }
  }

  close(): void {
    this.#closed = true;
    for (const { rpc } of this.#places) rpc.destroy();
    void this.#probing?.stop();
  }

  /**
   * Whom to ask: whoever answers now, unless it rests after a failure or has fallen behind. When all rest, one of them is
   * asked all the same, for each question once.
   *
   * @returns null when there is none left
   */
  #choose(tried: ReadonlySet<Place>): Place | null {
    const now = performance.now();
    const usable = this.#places.filter((place) => place.foreign === null && !tried.has(place));
    const rested = usable.filter(({ restsUntil }) => restsUntil <= now);
    if (rested.length === 0) {
      if ([...tried].some(({ foreign }) => foreign === null)) return null;
      return usable.toSorted((a, b) => a.restsUntil - b.restsUntil)[0] ?? null;
    }
    const abreast = rested.filter(({ behind }) => !behind);
    const candidates = abreast.length > 0 ? abreast : rested;
    return candidates.includes(this.#current) ? this.#current : (candidates[0] ?? null);
  }

  #turnTo(place: Place): void {
    if (place === this.#current) return;
    this.#current = place;
    this.#client += 1;
  }

  /** Says who answers now, once it does: while none answers, there is nothing to say. */
  #tellAnswering(place: Place, failure: ChannelFailure | null): void {
    if (place !== this.#current) return;
    const before = this.#answering;
    this.#answering = place;
    if (before === place || (before === null && place.number === 1)) return;
    const why = failure === null ? "" : ` (${failure.code})`;
    this.#options.onFailover?.();
    this.#options.tell?.({
      code: "ledger-failover",
      detail: `Endpoint ${place.number} of the ledger is asked from now on, in place of endpoint ${before?.number ?? 1}${why}.`,
    });
  }

  #fail(place: Place, failure: ChannelFailure): void {
    const now = performance.now();
    if (failure.action === "stop") this.#setForeign(place, failure);
    place.admitted = false;
    place.head = null;
    place.behind = false;
    // What was under way together fails together, and counts once.
    if (place.restsUntil > now) return;
    place.failures += 1;
    place.restsUntil = now + this.#probeMs * Math.min(2 ** (place.failures - 1), LONGEST_REST);
  }

  #setForeign(place: Place, failure: ChannelFailure): void {
    const known = place.foreign?.code === failure.code;
    place.foreign = failure;
    if (known) return;
    this.#options.tell?.({
      code: failure.code,
      detail: `Endpoint ${place.number} is not of this ledger and is not used: ${failure.message}`,
      alarm: true,
    });
  }

  #foreign(): ChannelFailure {
    return this.#places[0]?.foreign ?? overloaded("it has no endpoint");
  }

  async #admit(place: Place): Promise<void> {
    if (place.admitted) return;
    place.admitting ??= this.#check(place).finally(() => {
      place.admitting = null;
    });
    await place.admitting;
  }

  async #check(place: Place): Promise<void> {
    try {
      await this.#options.check(place.rpc);
    } catch (error) {
      throw error instanceof RpcError ? overloaded("it does not say which ledger it is of") : error;
    }
    place.admitted = true;
    place.foreign = null;
  }

  /** Looks at each endpoint that does not rest, and goes back to a better one. */
  async #probe(): Promise<void> {
    await Promise.all(this.#places.map((place) => this.#look(place)));
    if (this.#closed) return;
    const [longAgo = 0] = this.#best.slice(-LOOKS_BEHIND);
    const justNow = this.#best.at(-1) ?? 0;
    for (const place of this.#places) {
      const { head } = place;
      place.behind = head !== null && this.#best.length >= LOOKS_BEHIND && head < longAgo;
      place.level = head !== null && head >= justNow;
    }
    const best = Math.max(...this.#places.map(({ head }) => head ?? 0));
    this.#best = [...this.#best, best].slice(-LOOKS_BEHIND);
    const better = this.#places.find(
      (place) => isWell(place) && (place.number < this.#current.number || this.#current.behind),
    );
    if (better !== undefined) this.#turnTo(better);
  }

  async #look(place: Place): Promise<void> {
    if (place.restsUntil > performance.now()) return;
    try {
      await this.#admit(place);
      const header = await readHeader(place.rpc, "latest");
      if (header === null) throw overloaded("it has no newest block");
      place.head = header.height;
      place.failures = Math.max(0, place.failures - 1);
    } catch (error) {
      if (this.#closed) return;
      this.#fail(
        place,
        error instanceof ChannelFailure ? error : overloaded("it does not give its newest block"),
      );
    }
  }
}

function placeOf(url: string, number: number, options: EndpointsOptions): Place {
  const { chainId, answerMilliseconds, onFailure } = options;
  const http = new HttpEndpoint(url, {
    ...(answerMilliseconds === undefined ? {} : { answerMilliseconds }),
    ...(onFailure === undefined ? {} : { onFailure }),
  });
  return {
    ...{ number, http, rpc: new EvmRpc(http, chainId) },
    ...{ admitted: false, admitting: null, foreign: null },
    ...{ failures: 0, restsUntil: 0, head: null, behind: false, level: false },
  };
}

/** Right, answering without a recent failure, and not behind at all. */
function isWell(place: Place): boolean {
  return place.admitted && place.foreign === null && place.failures === 0 && place.level;
}
