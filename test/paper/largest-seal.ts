import { parseMultihash } from "../../src/domain/multihash.ts";
import { parseDomain } from "../../src/domain/participant.ts";
import { LONGEST_MADE, signOfflineSeal } from "../../src/paper/offline-seal.ts";
import type { PrintedSeal } from "../../src/paper/print-certificate.ts";
import { formatVerifierLink } from "../../src/paper/verifier-link.ts";
import { newSealKey, sampleFacts } from "./seal-fixtures.ts";

/** A seal that takes as much room on paper as any does, signed by a key that nobody knows any more. */
export async function largestSeal(): Promise<PrintedSeal> {
  const participant = `${"customs-".repeat(7)}.homeaffairs.gov.au`.replace("-.", ".");
  const { messageId } = sampleFacts;
  const multihash = parseMultihash("QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n");
  const accessKey = Uint8Array.from({ length: 32 }, (_byte, place) => (place * 37) % 256);
  const standing = { status: "issued", statusAsOf: Date.UTC(2026, 3, 2, 10, 30) } as const;
  const lines = Array.from({ length: 20 }, (_line, place) => [`Fact ${place}`, "W".repeat(200)] as const);
  const facts = { ...sampleFacts, ...standing, issuer: parseDomain(participant), lines };
  const offline = await signOfflineSeal(facts, newSealKey());
  if (offline.length < LONGEST_MADE - 3) throw new Error(`A seal of ${offline.length} is not the largest.`);
  const link = formatVerifierLink("https://icl.homeaffairs.gov.au", { multihash, messageId, accessKey });
  return { multihash, messageId, link, offline, ...standing };
}
