import type { ChannelDescription } from "../channels/channel.ts";
import { Problem, type ProblemCode } from "../domain/problems.ts";
import { isOpaque } from "../domain/subject.ts";
import { route, type CertificateQuery, type Route, type RouteRequest } from "../routing/route.ts";
import type { Store } from "../store/store.ts";
import { findIssuance, type Issuance } from "./certificate-repository.ts";

/** What choosing channels needs to know. */
export interface RouteMemoOptions {
  readonly store: Store;
  /** The channels this node has open at present. */
  readonly channels: () => readonly ChannelDescription[];
  /** Whether every channel has been followed to its end once, so that what is not on record does not exist. */
  readonly caughtUp: () => boolean;
  /** Whether a channel is about to be opened, or is being read for the first time; never where left out. */
  readonly awaits?: (channelId: string) => boolean;
  /** Which kind of channel to take where both would do. */
  readonly prefer: "production" | "test";
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The way of a message, and the certificate it is about, if any. */
export interface Routed {
  readonly route: Route;
  readonly issuance: Issuance | null;
}

/** A certificate that routing asks for; its subject is the message's. */
type Asked = Omit<CertificateQuery, "subject">;

const CATCH_UP_SECONDS = 2;

/** What a channel not yet read to its end may still bring. */
const unknown: readonly ProblemCode[] = [
  "predicate-unknown",
  "participant-unknown",
  "certificate-unknown",
  "no-channel",
];

/**
 * Chooses channels for messages that come together, looking only once at what they have in common: messages of one type to
 * one receiver go the same way, unless their subjects, or the certificates they are about, make a difference. To be used
 * for a moment only, since registries change.
 */
export class RouteMemo {
  readonly #options: RouteMemoOptions;
  readonly #asked = new Map<string, readonly Asked[]>();
  readonly #ways = new Map<string, Route | Problem>();

  constructor(options: RouteMemoOptions) {
    this.#options = options;
  }

  /**
   * @throws Problem those of `route`, and `unavailable` in place of what a node that has yet to read its channels cannot
   *   know
   */
  async route(request: RouteRequest): Promise<Routed> {
    const kind = `${request.predicate} ${request.receiver}`;
    const asked = this.#asked.get(kind);
    if (asked === undefined) return this.#first(kind, request);
    const issuances = new Map<string, Issuance | null>();
    for (const each of asked) issuances.set(nameOf(each), await this.#issuanceOf(each, request));
    const way = this.#ways.get(keyOf(kind, request, issuances));
    if (way instanceof Problem) throw way;
    if (way !== undefined) return { route: way, issuance: theOne(issuances, way) };
    return this.#choose(kind, request, (each) => Promise.resolve(issuances.get(nameOf(each)) ?? null));
  }

  async #first(kind: string, request: RouteRequest): Promise<Routed> {
    const asked: Asked[] = [];
    try {
      return await this.#choose(kind, request, ({ issuer, predicate }) => {
        asked.push({ issuer, predicate });
        return this.#issuanceOf({ issuer, predicate }, request);
      });
    } finally {
      this.#asked.set(kind, asked);
    }
  }

  async #choose(
    kind: string,
    request: RouteRequest,
    find: (asked: Asked) => Promise<Issuance | null>,
  ): Promise<Routed> {
    const { store, channels, caughtUp, prefer, now, awaits } = this.#options;
    const issuances = new Map<string, Issuance | null>();
    // Asked before the database is: what arrives in between may be missing from the answer.
    const complete = caughtUp();
    const findIssuanceOf = async ({ issuer, predicate }: CertificateQuery) => {
      const issuance = await find({ issuer, predicate });
      issuances.set(nameOf({ issuer, predicate }), issuance);
      return issuance === null
        ? null
        : { channelId: issuance.channelId, receiver: issuance.message.receiver };
    };
    try {
      const context = {
        ...{ channels: channels(), prefer, now: now(), findIssuance: findIssuanceOf },
        ...(awaits === undefined ? {} : { awaits }),
      };
      const chosen = await route(store.db, context, request);
      this.#ways.set(keyOf(kind, request, issuances), chosen);
      return { route: chosen, issuance: theOne(issuances, chosen) };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (complete || !unknown.includes(error.code)) {
        this.#ways.set(keyOf(kind, request, issuances), error);
        throw error;
      }
      throw new Problem(
        "unavailable",
        "This node is still reading its channels, and does not know yet whether they take this message: try again shortly.",
        { retryAfterSeconds: CATCH_UP_SECONDS, cause: error },
      );
    }
  }

  #issuanceOf({ issuer, predicate }: Asked, { subject }: RouteRequest): Promise<Issuance | null> {
    return findIssuance(this.#options.store.db, { issuer, predicate, subject });
  }
}

function nameOf({ issuer, predicate }: Asked): string {
  return `${issuer} ${predicate}`;
}

/** All that a route depends on besides the registries. */
function keyOf(
  kind: string,
  { subject }: RouteRequest,
  issuances: ReadonlyMap<string, Issuance | null>,
): string {
  const found = [...issuances].map(([name, issuance]) =>
    issuance === null ? name : `${name} ${issuance.channelId} ${issuance.message.receiver}`,
  );
  return JSON.stringify([kind, isOpaque(subject), subject.length, ...found.sort()]);
}

/** The certificate for which the channel was chosen. */
function theOne(issuances: ReadonlyMap<string, Issuance | null>, { channelId }: Route): Issuance | null {
  const fitting = [...issuances.values()].filter((issuance) => issuance?.channelId === channelId);
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}
