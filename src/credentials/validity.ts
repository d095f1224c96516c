import type { Credential } from "./credential.ts";
import { CredentialFault } from "./credential-fault.ts";
import { SKEW_MS } from "./status-list.ts";

/**
 * Demands that a credential is in force, give or take what two clocks may differ.
 *
 * @param now milliseconds since 1970
 * @throws CredentialFault `not-yet-valid` or `expired`
 */
export function demandInForce(
  { validFrom, validUntil }: Pick<Credential, "validFrom" | "validUntil">,
  now: number,
): void {
  if (validFrom !== null && validFrom > now + SKEW_MS) {
    throw new CredentialFault("not-yet-valid", "The credential's validity lies in the future.");
  }
  if (validUntil !== null && validUntil < now - SKEW_MS) {
    throw new CredentialFault("expired", "The credential's validity is past.");
  }
}
