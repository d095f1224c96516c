import { randomBytes, timingSafeEqual } from "node:crypto";

import type { AddressGuard } from "../identity/address-guard.ts";
import type { Logger } from "../log.ts";
import type { Store } from "../store/store.ts";
import { callBack, CallbackFailed } from "./callback.ts";
import { LeasedWork, type WorkPace } from "./leased-work.ts";
import {
  claimRequests,
  concludeRequest,
  nextRequestAt,
  postponeRequest,
  refuseRequest,
  renewRequest,
  type ClaimedRequest,
} from "./request-repository.ts";

/** What callbacks are asked with. Durations are milliseconds. */
export interface VerifierOptions {
  readonly store: Store;
  readonly guard: AddressGuard;
  readonly pace: WorkPace;
  /** For one call of a callback, redirects included. */
  readonly answerMs: number;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told that a subscription has begun. */
  readonly onConfirmed: () => void;
}

const MOST_TRIES = 4;
const FIRST_RETRY_MS = 1_000;

/** What a callback made of a question. */
type Verdict = "confirmed" | { readonly failure: string; readonly final: boolean };

/**
 * Asks each callback whether it means what was asked in its name (W3C WebSub §5.3), and tells one whose subscription was
 * taken away (§5.2). Whoever asks in the name of a stranger's address gets nothing sent there but one such question.
 */
export class IntentVerifier {
  readonly #options: VerifierOptions;
  readonly #work: LeasedWork<ClaimedRequest>;

  constructor(options: VerifierOptions) {
    const { store, pace, log, now } = options;
    this.#options = options;
    this.#work = new LeasedWork({
      ...{ name: "subscription requests", pace, log, now },
      claim: (claim) => claimRequests(store.db, claim),
      nextAt: (at) => nextRequestAt(store.db, at),
      hostOf: ({ host }) => host,
      renew: (request, until) => renewRequest(store.db, request, until),
      work: (request, signal) => this.#ask(request, signal),
    });
  }

  /** Says that there is a callback to be asked. */
  wake(): void {
    this.#work.wake();
  }

  async stop(): Promise<void> {
    await this.#work.stop();
  }

  async #ask(request: ClaimedRequest, signal: AbortSignal): Promise<void> {
    const { store, log, now, onConfirmed } = this.#options;
    const { subscriptionId, mode, tries } = request;
    let verdict: Verdict;
    try {
      verdict = await this.#verdict(request, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      await postponeRequest(store.db, request, now());
      return;
    }
    if (verdict === "confirmed") {
      const concluded = await store.transact((db) => concludeRequest(db, request, now()));
      if (concluded) log.info("a subscription was confirmed", { subscriptionId, mode });
      onConfirmed();
    } else if (verdict.final || tries >= MOST_TRIES) {
      const { failure } = verdict;
      await store.transact((db) => refuseRequest(db, request, failure, now()));
      log.info("a subscription was not confirmed", { subscriptionId, mode, failure });
    } else {
      await postponeRequest(store.db, request, now() + FIRST_RETRY_MS * 2 ** (tries - 1));
    }
  }

  async #verdict(request: ClaimedRequest, signal: AbortSignal): Promise<Verdict> {
    const { guard, answerMs, now } = this.#options;
    const challenge = randomBytes(32).toString("base64url");
    const call = {
      ...{ method: "GET" as const, url: questionUrl(request, challenge), headers: { accept: "*/*" } },
      ...{ withinMs: answerMs, signal },
    };
    try {
      const { status, body } = await callBack(guard, call, now());
      const isFine = status >= 200 && status < 300;
      if (request.mode === "denied")
        return isFine ? "confirmed" : { failure: "not told", final: status < 500 };
      if (isFine && body !== null && isSame(body, challenge)) return "confirmed";
      if (isFine) return { failure: "The callback did not answer with the challenge.", final: true };
      // 404 says no; so does every other word that will be the same tomorrow.
      return { failure: `The callback answered ${status}.`, final: status < 500 && status !== 429 };
    } catch (error) {
      if (error instanceof CallbackFailed) return { failure: error.message, final: false };
      throw error;
    }
  }
}

/** The callback's address with the question; what its query held before stays as it was. */
function questionUrl({ callback, mode, topic, leaseSeconds }: ClaimedRequest, challenge: string): URL {
  const question = new URLSearchParams({ "hub.mode": mode, "hub.topic": topic });
  if (mode === "denied") question.set("hub.reason", "The subscription was taken away at this node.");
  else question.set("hub.challenge", challenge);
  if (mode === "subscribe") question.set("hub.lease_seconds", String(leaseSeconds));
  const url = new URL(callback);
  url.search = url.search === "" ? question.toString() : `${url.search}&${question.toString()}`;
  return url;
}

function isSame(body: string, challenge: string): boolean {
  const [given, expected] = [Buffer.from(body), Buffer.from(challenge)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}
