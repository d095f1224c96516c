import { signal } from "@preact/signals";

import { ApiFailure, askJson } from "../api/node-api.ts";
import { requestOf, type Presented } from "./presented.ts";
import { checkSeal, type CheckedSeal } from "./seal-check.ts";
import { stateOf } from "./state-of.ts";
import type { Verification } from "./verification.ts";

/** Why the node has not said anything of a certificate. */
export type Failure = "node-unreachable" | "node-trouble" | "too-many-questions";

/** Why what was shown is not asked about at all. */
export type Unreadable = "unreadable" | "too-large" | "file-unreadable";

/** Where a check is. */
export type Check =
  | { readonly phase: "waiting" }
  | { readonly phase: "asking"; readonly presented: Presented }
  | {
      readonly phase: "told";
      readonly presented: Presented;
      readonly verification: Verification;
      readonly seal: CheckedSeal | null;
      readonly at: Date;
    }
  | {
      readonly phase: "failed";
      readonly presented: Presented;
      readonly failure: Failure;
      readonly seal: CheckedSeal | null;
      /** Seconds until the node is asked again. */
      readonly wait: number;
    }
  | { readonly phase: "unreadable"; readonly why: Unreadable };

/** The check of the moment. */
export const check = signal<Check>({ phase: "waiting" });

const FIRST_WAIT = 2;
const LONGEST_WAIT = 30;
const WAIT_WHERE_ASKED_TO = 30;
/** Seconds until an answer is asked for again that is not final. */
const WAIT_FOR_FINAL = 4;
/** So long nobody who comes back to an answer needs another. */
const STILL_TRUE_MS = 60_000;

let running = new AbortController();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Checks something; what was checked before is let go. */
export function present(presented: Presented): void {
  stop();
  check.value = { phase: "asking", presented };
  void ask(presented, running.signal, FIRST_WAIT);
}

/** Says that what was shown cannot be read. */
export function refuse(why: Unreadable): void {
  stop();
  check.value = { phase: "unreadable", why };
}

/** Waits for something to be shown. */
export function startAgain(): void {
  stop();
  check.value = { phase: "waiting" };
}

/** Asks at once what would be asked a little later. */
export function tryNow(): void {
  const { value } = check;
  if (value.phase !== "failed" && value.phase !== "told") return;
  stop();
  void ask(value.presented, running.signal, FIRST_WAIT);
}

window.addEventListener("online", tryNow);

/** Asks again where the answer in sight is not of this minute: since then the certificate may have been used. */
function refresh(): void {
  const { value } = check;
  if (document.hidden || value.phase !== "told" || Date.now() - value.at.getTime() < STILL_TRUE_MS) return;
  tryNow();
}

document.addEventListener("visibilitychange", refresh);
window.addEventListener("pageshow", refresh);
window.addEventListener("focus", refresh);

function stop(): void {
  clearTimeout(timer);
  running.abort();
  running = new AbortController();
}

async function ask(presented: Presented, signal: AbortSignal, wait: number): Promise<void> {
  const again = (seconds: number, next: number) => {
    timer = setTimeout(() => void ask(presented, signal, next), seconds * 1_000);
  };
  const [answer, seal] = await Promise.all([
    answerTo(presented, signal),
    presented.seal === null ? null : checkSeal(presented.seal),
  ]);
  if (signal.aborted) return;
  if (answer === "unreadable") {
    refuse("unreadable");
  } else if ("failure" in answer) {
    const seconds = answer.failure === "too-many-questions" ? answer.wait : wait;
    check.value = { phase: "failed", presented, failure: answer.failure, seal, wait: seconds };
    again(seconds, Math.min(wait * 2, LONGEST_WAIT));
  } else {
    check.value = { phase: "told", presented, verification: answer, seal, at: new Date() };
    const { state } = stateOf(answer);
    if (state === "pending" || state === "ledger-unreachable") again(WAIT_FOR_FINAL, FIRST_WAIT);
  }
}

async function answerTo(
  presented: Presented,
  signal: AbortSignal,
): Promise<Verification | { readonly failure: Failure; readonly wait: number } | "unreadable"> {
  try {
    const answer: unknown = await askJson("verify", {
      ...{ method: "POST", json: requestOf(presented), signal },
    });
    if (isVerification(answer)) return answer;
    return { failure: "node-trouble", wait: 0 };
  } catch (error) {
    if (!(error instanceof ApiFailure)) return { failure: "node-unreachable", wait: 0 };
    if (error.status === 0) return { failure: "node-unreachable", wait: 0 };
    if (error.status === 429) {
      return { failure: "too-many-questions", wait: error.retryAfterSeconds ?? WAIT_WHERE_ASKED_TO };
    }
    return error.status === 400 && error.code !== "unintelligible"
      ? "unreadable"
      : { failure: "node-trouble", wait: 0 };
  }
}

const VERDICTS = ["valid", "used", "revoked", "expired", "pending", "duplicate", "altered", "unknown"];

/** Whether an answer is one: something else than a node may stand at its address. */
function isVerification(answer: unknown): answer is Verification {
  if (typeof answer !== "object" || answer === null) return false;
  const { verdict, findings, certificates } = answer as Partial<Record<keyof Verification, unknown>>;
  return (
    typeof verdict === "string" &&
    VERDICTS.includes(verdict) &&
    Array.isArray(findings) &&
    Array.isArray(certificates)
  );
}
