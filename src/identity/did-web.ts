import { readFile, stat } from "node:fs/promises";

import { isDomain } from "../domain/participant.ts";
import { uncounted, type CountFault } from "../operations/fault.ts";
import { AddressRefused, type AddressGuard } from "./address-guard.ts";
import { DidFailure, parseDidDocument, type DidDocument, type ResolveDid } from "./did-document.ts";
import { AnswerTooLarge, guardedGet } from "./guarded-get.ts";

/** A DID's document, and since when it is known. */
export interface ResolvedDid {
  readonly document: DidDocument;
  /** When it was fetched, in milliseconds since 1970; null for one that is pinned by configuration. */
  readonly fetchedAt: number | null;
  /** Whether its host is out of reach now, so that it may have changed since. */
  readonly stale: boolean;
}

/** How long answers are kept, in milliseconds, and how many. */
export interface DidCache {
  /** A document is not asked for again before. */
  readonly freshMs: number;
  /** Nor one that could not be had. */
  readonly failedMs: number;
  /** While its host is out of reach, a document still counts for so long. */
  readonly staleMs: number;
  readonly most: number;
}

/** What did:web documents are found with. */
export interface DidWebOptions {
  /** Vets the addresses of hosts that somebody else named. */
  readonly guard: AddressGuard;
  /** Files with documents that are believed as they are, by DID: on closed networks, or as first agreed on. */
  readonly pinned?: ReadonlyMap<string, string>;
  /** Base URLs, without trailing slash, that are asked in place of a DID's host; the operator's own word. */
  readonly hosts?: ReadonlyMap<string, string>;
  /** Vets the addresses of those; `guard` where left out. */
  readonly hostGuard?: AddressGuard;
  readonly cache?: Partial<DidCache>;
  /** Milliseconds that an answer may take; 5,000 where left out. */
  readonly withinMs?: number;
  readonly countFault?: CountFault;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

type Known =
  | {
      readonly kind: "document";
      readonly document: DidDocument;
      readonly at: number;
      /** When its host was last found out of reach; null where it answered since. */
      readonly awayAt: number | null;
    }
  | { readonly kind: "failure"; readonly failure: DidFailure; readonly at: number };

const MINUTE_MS = 60_000;
const defaultCache: DidCache = {
  freshMs: 10 * MINUTE_MS,
  failedMs: MINUTE_MS,
  staleMs: 24 * 60 * MINUTE_MS,
  most: 1_000,
};
const MOST_BYTES = 64 * 1024;
const WITHIN_MS = 5_000;
const MOST_SEGMENTS = 8;
const SEGMENT = /^[A-Za-z0-9._-]{1,100}$/;
const HOST = /^([^:]+)(?::([1-9]\d{0,4}))?$/;
const JSON_TYPES = new Set([
  "application/json",
  "application/did+json",
  "application/did+ld+json",
  "application/did",
  "application/ld+json",
]);

/** Where a did:web names its document. */
interface DidPlace {
  /** The host, with a port where the DID has one. */
  readonly host: string;
  readonly path: string;
}

/**
 * Reads where a did:web says that its document is.
 *
 * @throws DidFailure `invalid`
 */
export function placeOfDid(did: string): DidPlace {
  const wrong = (what: string) => new DidFailure("invalid", `${did} ${what}.`);
  if (!did.startsWith("did:web:")) throw wrong("is no did:web");
  const [first = "", ...segments] = did.slice("did:web:".length).split(":");
  let host: string;
  try {
    host = decodeURIComponent(first);
  } catch {
    throw wrong("does not name a host");
  }
  const [, domain = "", port = ""] = HOST.exec(host) ?? [];
  if (!isDomain(domain) || (port !== "" && Number(port) > 65_535)) throw wrong("does not name a host");
  const isPlain = (segment: string) => SEGMENT.test(segment) && !/^\.+$/.test(segment);
  if (segments.length > MOST_SEGMENTS || !segments.every(isPlain)) throw wrong("does not name a path");
  return {
    host,
    path: segments.length === 0 ? "/.well-known/did.json" : `/${segments.join("/")}/did.json`,
  };
}

/**
 * Finds the documents of did:web (W3C CCG did:web method): at the place that the DID itself names, over TLS, behind the same
 * guard as everything that somebody else wrote down. What the configuration pins is not asked of anybody.
 */
export class DidWeb {
  readonly #options: DidWebOptions;
  readonly #cache: DidCache;
  readonly #known = new Map<string, Known>();
  readonly #underWay = new Map<string, Promise<ResolvedDid>>();

  constructor(options: DidWebOptions) {
    this.#options = options;
    this.#cache = { ...defaultCache, ...options.cache };
  }

  /** Finds the document of a DID: see `ResolveDid`. */
  readonly resolve: ResolveDid = async (did) => (await this.look(did)).document;

  /**
   * Finds the document of a DID, and says how old it is.
   *
   * @param maxAgeMs older ones are asked for again; as the cache has it where left out
   * @throws DidFailure
   */
  look(did: string, maxAgeMs = this.#cache.freshMs): Promise<ResolvedDid> {
    const file = this.#options.pinned?.get(did);
    if (file !== undefined) return readPinned(did, file);
    const known = this.#known.get(did);
    const age = known === undefined ? Infinity : Math.abs(this.#now() - known.at);
    if (known?.kind === "document" && age <= maxAgeMs) {
      return Promise.resolve({ document: known.document, fetchedAt: known.at, stale: false });
    }
    const { awayAt = null } = known?.kind === "document" ? known : {};
    if (known?.kind === "document" && awayAt !== null && this.#now() - awayAt <= this.#cache.failedMs) {
      return Promise.resolve({ document: known.document, fetchedAt: known.at, stale: true });
    }
    if (known?.kind === "failure" && age <= Math.min(maxAgeMs, this.#cache.failedMs)) {
      return Promise.reject(known.failure);
    }
    // Whoever asks meanwhile waits for the same answer.
    let asking = this.#underWay.get(did);
    if (asking === undefined) {
      asking = this.#ask(did, known).finally(() => this.#underWay.delete(did));
      this.#underWay.set(did, asking);
    }
    return asking;
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  async #ask(did: string, known: Known | undefined): Promise<ResolvedDid> {
    try {
      const document = await this.#fetch(did);
      const at = this.#now();
      this.#keep(did, { kind: "document", document, at, awayAt: null });
      return { document, fetchedAt: at, stale: false };
    } catch (error) {
      if (!(error instanceof DidFailure)) throw error;
      (this.#options.countFault ?? uncounted)("did_failures");
      const isOnlyAway = error.kind === "unreachable" && known?.kind === "document";
      if (isOnlyAway && this.#now() - known.at <= this.#cache.staleMs) {
        this.#keep(did, { ...known, awayAt: this.#now() });
        return { document: known.document, fetchedAt: known.at, stale: true };
      }
      this.#keep(did, { kind: "failure", failure: error, at: this.#now() });
      throw error;
    }
  }

  #keep(did: string, known: Known): void {
    this.#known.delete(did);
    this.#known.set(did, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > this.#cache.most && oldest !== undefined) this.#known.delete(oldest);
  }

  async #fetch(did: string): Promise<DidDocument> {
    const { host, path } = placeOfDid(did);
    const { guard, hosts, hostGuard = guard, withinMs = WITHIN_MS } = this.#options;
    const base = hosts?.get(host);
    const url = new URL(base === undefined ? `https://${host}${path}` : base + path);
    const failed = (kind: DidFailure["kind"], what: string, cause?: unknown) =>
      new DidFailure(kind, `The document of ${did} ${what}.`, cause === undefined ? {} : { cause });
    let answer;
    try {
      const limits = { maxBytes: MOST_BYTES, withinMs };
      answer = await guardedGet(url, { guard: base === undefined ? guard : hostGuard, ...limits });
    } catch (error) {
      if (error instanceof AddressRefused) throw failed("invalid", "is where this node does not go", error);
      if (error instanceof AnswerTooLarge)
        throw failed("invalid", `is larger than ${MOST_BYTES} bytes`, error);
      throw failed("unreachable", "cannot be fetched now", error);
    }
    const { status, mediaType, body } = answer;
    if (status >= 500 || status === 408 || status === 429) {
      throw failed("unreachable", `cannot be fetched now (${status})`);
    }
    if (status !== 200) throw failed("invalid", `is not where it should be (${status})`);
    if (!JSON_TYPES.has(mediaType)) throw failed("invalid", "is no JSON by its media type");
    return parse(did, body);
  }
}

async function readPinned(did: string, file: string): Promise<ResolvedDid> {
  let body: Buffer;
  try {
    if ((await stat(file)).size > MOST_BYTES) throw new AnswerTooLarge();
    body = await readFile(file);
  } catch (cause) {
    throw new DidFailure("invalid", `The file with the document of ${did} cannot be read.`, { cause });
  }
  return { document: parse(did, body), fetchedAt: null, stale: false };
}

function parse(did: string, body: Buffer): DidDocument {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (cause) {
    throw new DidFailure("invalid", `The document of ${did} is no JSON.`, { cause });
  }
  return parseDidDocument(did, value);
}
