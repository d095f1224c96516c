import type { LedgerEvidence } from "./channel.ts";
import { EvidenceFault, type EvidenceChecker } from "./evidence.ts";
import { evmEvidenceChecker } from "./evm/check-evidence.ts";

/** Every plug-in whose evidence can be checked without it. */
const checkers: Readonly<Record<string, (proof: unknown) => EvidenceChecker>> = {
  evm: evmEvidenceChecker,
};

/**
 * Reads a ledger's evidence, to be checked by the rules of its technology.
 *
 * @throws EvidenceFault `technology` for one that is not known here, `form` or `header` for what is no evidence
 */
export function openEvidence({ technology, proof }: LedgerEvidence): EvidenceChecker {
  const checker = Object.hasOwn(checkers, technology) ? checkers[technology] : undefined;
  if (checker === undefined) {
    throw new EvidenceFault("technology", "This program cannot check evidence of that ledger technology.");
  }
  return checker(proof);
}
