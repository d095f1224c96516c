import type { IncomingMessage } from "node:http";

import { askPeer, checkStatus, PeerFailure, type RetrievalLimits } from "../documents/peer-request.ts";
import type { Domain } from "../domain/participant.ts";
import type { AddressGuard } from "../identity/address-guard.ts";
import type { FetchStatusList } from "./check-status.ts";
import { CredentialFault } from "./credential-fault.ts";
import type { FindAnchors } from "./identity-anchor.ts";
import { LARGEST_CREDENTIAL } from "./vc-jwt.ts";

/** What is asked of other agencies' nodes, and how. */
export interface PeerCredentialsOptions {
  readonly guard: AddressGuard;
  /** Base URL of a participant's node by a channel's final state, or by any channel's; null while it has announced none. */
  readonly endpointOf: (participant: Domain, channelId: string | null) => Promise<string | null>;
  /** Beginnings of URLs from which status lists may be fetched besides. */
  readonly statusLists: readonly string[];
  readonly limits?: Partial<RetrievalLimits>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Small answers that are wanted now, or not at all. */
const LIMITS: RetrievalLimits = {
  maxBytes: 2 * LARGEST_CREDENTIAL,
  answerMs: 5_000,
  idleMs: 5_000,
  totalMs: 10_000,
  minBytesPerSecond: 1_024,
  graceMs: 5_000,
};
const KEPT_MS = 30_000;
const KEPT_FAILURE_MS = 2_000;
const MOST_KEPT = 500;

interface Kept {
  until: number;
  readonly answer: Promise<string>;
}

/**
 * What other agencies' nodes publish about their issuers: anchors and status lists. Their addresses are written by somebody
 * else, so that each request goes through the address guard, to the sender's own node or domain or to where the operator
 * agreed, follows no redirect, and is short. Answers are kept for half a minute, so that a thousand certificates of one
 * issuer ask once.
 */
export class PeerCredentials {
  readonly #options: PeerCredentialsOptions;
  readonly #kept = new Map<string, Kept>();

  constructor(options: PeerCredentialsOptions) {
    this.#options = options;
  }

  /** Finds the anchors that a participant publishes for a DID; it is looked for at its node on this channel. */
  findAnchors(channelId: string | null): FindAnchors {
    return async (participant, did) => {
      const endpoint = await this.#endpointOf(participant, channelId);
      const path = `/credentials/anchors/${encodeURIComponent(did)}`;
      const text = await this.#ask(endpoint, path, "anchor-unreachable");
      return anchorsIn(text);
    };
  }

  /** Fetches a status list that a certificate of a participant names. */
  fetchStatusList(channelId: string | null): FetchStatusList {
    return async (participant, url) => {
      const endpoint = await this.#options.endpointOf(participant, channelId);
      const parsed = URL.parse(url);
      if (parsed === null || !this.#isAgreed(parsed, participant, endpoint)) {
        throw new CredentialFault(
          "status-list-refused",
          "The status list is kept neither by the sender's node or domain, nor where the operator agreed.",
        );
      }
      return this.#ask(parsed.origin, parsed.pathname, "status-list-unreachable");
    };
  }

  #isAgreed(url: URL, participant: Domain, endpoint: string | null): boolean {
    const { href, protocol, hostname, search, hash, username, password } = url;
    if ([search, hash, username, password].some((part) => part !== "")) return false;
    if (protocol === "https:" && hostname === participant && url.port === "") return true;
    const begins = endpoint === null ? [] : [`${endpoint}/credentials/status/`];
    // Compared as parsed, so that no spelling of another path passes for one below.
    return [...begins, ...this.#options.statusLists].some((start) => {
      const agreed = URL.parse(start);
      return agreed?.pathname.endsWith("/") === true && href.startsWith(agreed.href);
    });
  }

  async #endpointOf(participant: Domain, channelId: string | null): Promise<string> {
    const endpoint = await this.#options.endpointOf(participant, channelId);
    if (endpoint !== null) return endpoint;
    throw new CredentialFault(
      "anchor-unreachable",
      "The sender's node has announced no address on the ledger yet.",
      {
        kind: "unreachable",
      },
    );
  }

  #ask(
    endpoint: string,
    path: string,
    code: "anchor-unreachable" | "status-list-unreachable",
  ): Promise<string> {
    const now = this.#options.now();
    const place = endpoint + path;
    const before = this.#kept.get(place);
    if (before !== undefined && now < before.until && before.until - now <= KEPT_MS) return before.answer;
    const answer = this.#fetch(endpoint, path, code);
    const kept: Kept = { until: now + KEPT_MS, answer };
    answer.catch(() => {
      kept.until = this.#options.now() + KEPT_FAILURE_MS;
    });
    if (this.#kept.size >= MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value ?? "");
    this.#kept.set(place, kept);
    return answer;
  }

  async #fetch(
    endpoint: string,
    path: string,
    code: "anchor-unreachable" | "status-list-unreachable",
  ): Promise<string> {
    const { guard, now } = this.#options;
    const limits = { ...LIMITS, ...this.#options.limits };
    const signal = new AbortController().signal;
    const request = { endpoint, path, method: "GET" as const, authorize: null, signal };
    const answer = await askPeer({ guard, limits }, request, async (response) => {
      checkStatus(response, now());
      return { outcome: "answered" as const, text: await textIn(response, limits.maxBytes) };
    });
    if (answer.outcome === "answered") return answer.text;
    const why = answer.outcome === "failed" ? answer.reason : { code: "interrupted" };
    throw new CredentialFault(code, `The sender's node does not say now what is asked of it (${why.code}).`, {
      kind: "unreachable",
    });
  }
}

async function textIn(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes)
      throw new PeerFailure("answer-too-large", "The sender's node answers more than is ever needed.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function anchorsIn(text: string): readonly string[] {
  try {
    const { items } = JSON.parse(text) as { readonly items?: unknown };
    if (Array.isArray(items) && items.every((item) => typeof item === "string")) return items;
  } catch {
    // not JSON at all
  }
  throw new CredentialFault("anchor-unreachable", "The sender's node does not answer with anchors.", {
    kind: "unreachable",
  });
}
