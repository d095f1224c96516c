import { signal } from "@preact/signals";

import { askText } from "../api/node-api.ts";
import { keepHere, keptHere } from "../storage.ts";
import { checkOfflineSeal, type SealCheck } from "../../src/paper/check-seal.ts";
import type { NamedParticipant } from "../../src/paper/known-names.ts";
import { readTrustList, type TrustList } from "../../src/paper/trust-list.ts";

/** What was found of an offline seal, and by which list. */
export interface CheckedSeal {
  /** Null where there is no list to check it against. */
  readonly found: SealCheck | null;
  /** RFC 3339: when the list was made. */
  readonly listAsOf: string | null;
}

const KEPT = "icl-trust-list";
const FRESH_MS = 15 * 60_000;
/** A browser keeps some five million characters for a site. */
const LONGEST_KEPT = 2_000_000;

let known: TrustList | null = null;
/** The participants of the newest list at hand, by which the ledger knows who is behind a DID. */
export const participants = signal<readonly NamedParticipant[]>([]);
let askedAt = 0;

/** Checks an offline seal in this browser, against the newest list at hand. */
export async function checkSeal(text: string): Promise<CheckedSeal> {
  await refreshTrustList();
  const list = known ?? (await keptList());
  if (list === null) return { found: null, listAsOf: null };
  return { found: await checkOfflineSeal(text, list, Date.now()), listAsOf: list.asOf };
}

/**
 * Gets the node's trust list and keeps it, so that seals can be checked later without the node. Where the node does not
 * answer, the list that was kept before remains.
 */
export async function refreshTrustList(): Promise<void> {
  if (known !== null && Date.now() - askedAt < FRESH_MS) return;
  try {
    const text = await askText("trust-list", { timeout: 5_000 });
    known = (await readTrustList(text)).list;
    participants.value = known.participants;
    askedAt = Date.now();
    if (text.length <= LONGEST_KEPT) keepHere(KEPT, text);
  } catch {
    // Out of reach: what is known stays.
  }
}

async function keptList(): Promise<TrustList | null> {
  const text = keptHere(KEPT);
  if (text === null) return null;
  try {
    return (await readTrustList(text)).list;
  } catch {
    return null; // of a page of another version; the next that comes takes its place
  }
}
