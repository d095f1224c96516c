import { refusal } from "../channels/refusals.ts";
import type { Reason } from "../domain/journal.ts";
import type { Effect } from "../domain/predicate.ts";
import type { Issuance } from "./certificate-repository.ts";

/**
 * Why an act on a certificate cannot be: by this node's rule about duplicates (PROTOCOL §4), or, for a certificate of a
 * batch, by what its ledger's final state says of it. The ledger itself takes a settlement as a whole and only leaves
 * out what does not apply, so that each message's reason is found here.
 *
 * @returns null when nothing known speaks against it
 */
export function conflictOf(
  effect: Effect,
  issuance: Pick<Issuance, "duplicate" | "batchId" | "final" | "acquitted" | "revoked">,
): Reason | null {
  if (effect === "acquit" && issuance.duplicate) {
    return {
      code: "certificate-duplicate",
      detail:
        "This number was issued before. The certificate issued first counts; this one is not acquitted.",
    };
  }
  if (issuance.batchId === null || !issuance.final) return null;
  if (issuance.revoked) return reasonOf("CertificateAlreadyRevoked");
  if (effect === "acquit" && issuance.acquitted) return reasonOf("CertificateAlreadyAcquitted");
  return null;
}

function reasonOf(name: Parameters<typeof refusal>[0]): Reason {
  const { code, detail } = refusal(name);
  return { code, detail };
}
