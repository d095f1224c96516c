import {
  isSignedBy,
  keyIdOf,
  readOfflineSeal,
  SealFault,
  type ReadSeal,
  type SealedFacts,
} from "./offline-seal.ts";
import type { TrustList } from "./trust-list.ts";

/**
 * What an offline seal is worth. Only what is `genuine`, or by a suspended issuer, says something that its issuer said.
 *
 * - `genuine`: a key of the issuer made it, and nothing in it was changed.
 * - `issuer-suspended`: the same, and the issuer is suspended.
 * - `not-genuine`: it names a key of the issuer, which did not make it: it is forged, or was changed.
 * - `unknown-key`: the list has the issuer, without that key. The list may be older than the key.
 * - `unknown-issuer`: no participant of the list.
 * - `unreadable`: no seal at all.
 */
export type SealOutcome =
  "genuine" | "issuer-suspended" | "not-genuine" | "unknown-key" | "unknown-issuer" | "unreadable";

/**
 * What is to be told beside it. `expired` and `not-yet-valid` by the clock of who checks; `status-ahead`: the seal is from a
 * time that this clock has not reached, so one of the two clocks is wrong; `list-old`: the trust list is older than 90 days.
 */
export type SealRemark = "expired" | "not-yet-valid" | "status-ahead" | "list-old";

/** What was found of a seal. */
export interface SealCheck {
  readonly outcome: SealOutcome;
  /** What it says; null for what is none. To be believed by the outcome alone. */
  readonly facts: SealedFacts | null;
  readonly remarks: readonly SealRemark[];
}

const CLOCKS_MS = 5 * 60_000;
const OLD_MS = 90 * 24 * 60 * 60_000;

/**
 * Checks an offline seal, with nothing but a trust list. What became of the certificate since the seal was made, it cannot
 * say: its facts carry the status and its time.
 *
 * @param now milliseconds since 1970
 */
export async function checkOfflineSeal(text: string, trust: TrustList, now: number): Promise<SealCheck> {
  let seal: ReadSeal;
  try {
    seal = readOfflineSeal(text.trim());
  } catch (error) {
    if (!(error instanceof SealFault)) throw error;
    return { outcome: "unreadable", facts: null, remarks: [] };
  }
  const { facts } = seal;
  return { outcome: await outcomeOf(seal, trust), facts, remarks: remarksOn(facts, trust, now) };
}

async function outcomeOf(seal: ReadSeal, trust: TrustList): Promise<SealOutcome> {
  const issuer = trust.participants.find(({ domain }) => domain === seal.facts.issuer);
  if (issuer === undefined) return "unknown-issuer";
  let named = false;
  for (const { jwk } of issuer.keys) {
    if ((await keyIdOf(jwk)) !== seal.kid) continue;
    named = true;
    if (await isSignedBy(seal, jwk)) return issuer.status === "active" ? "genuine" : "issuer-suspended";
  }
  return named ? "not-genuine" : "unknown-key";
}

function remarksOn({ statusAsOf, validFrom, validUntil }: SealedFacts, trust: TrustList, now: number) {
  const remarks: SealRemark[] = [];
  if (validUntil !== null && now > validUntil) remarks.push("expired");
  if (validFrom !== null && now < validFrom - CLOCKS_MS) remarks.push("not-yet-valid");
  if (statusAsOf > now + CLOCKS_MS) remarks.push("status-ahead");
  if (now - Date.parse(trust.asOf) > OLD_MS) remarks.push("list-old");
  return remarks;
}
