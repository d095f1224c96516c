import type { CertificateState } from "../domain/certificate.ts";
import type { CertificateStanding, Verdict } from "./verification.ts";

/** What a verdict is made of, a certificate each. */
export interface Standing {
  readonly state: CertificateStanding;
  readonly channelType: "test" | "production";
  /** Whether the ledger still has the issuer as an active participant. */
  readonly issuerActive: boolean;
}

/**
 * Where a certificate stands. What cannot be undone comes first: a revocation, also of a certificate that was used; then
 * its use; that another certificate has the number; its expiry.
 *
 * @param final the ledger's final word; null when the ledger cannot be asked
 * @param seen `duplicate`: the same number was issued before. `pending`: the issue was seen in a block that is not final
 */
export function standingOf(
  final: CertificateState | null,
  seen: { readonly duplicate: boolean; readonly pending: boolean },
): CertificateStanding {
  if (final === null) return "unknown";
  if (!final.issued) return seen.pending ? "pending" : "unknown";
  if (final.revoked) return "revoked";
  if (final.acquitted) return "used";
  if (seen.duplicate) return "duplicate";
  return final.expired ? "expired" : "live";
}

/** From the worst to the best; a certificate that is not final yet takes nothing from one that is. */
const WORST_FIRST: readonly CertificateStanding[] = [
  "revoked",
  "used",
  "expired",
  "unknown",
  "live",
  "pending",
];

/**
 * The verdict over the certificates that are meant: the pinned one, or else all that name the document.
 *
 * - None: `unknown`.
 * - Certificates of test channels count only where there is none of a production channel.
 * - Duplicates count only where there is nothing else: `duplicate`.
 * - Of several, the worst word wins: revoked, used, expired, unknown, live, pending. Whoever means one of them pins it.
 * - `live` becomes `valid` only on a production channel and by an active issuer; else it is `unknown`.
 */
export function verdictOver(meant: readonly Standing[]): Verdict {
  const counted = countedOf(meant);
  const word = WORST_FIRST.find((each) => counted.some(({ state }) => state === each));
  if (word === undefined) return counted.length === 0 ? "unknown" : "duplicate";
  if (word !== "live") return word;
  const good = counted
    .filter(({ state }) => state === "live")
    .every(({ channelType, issuerActive }) => channelType === "production" && issuerActive);
  return good ? "valid" : "unknown";
}

/** Those certificates that the verdict is about. */
export function countedOf<S extends Standing>(meant: readonly S[]): readonly S[] {
  const real = meant.filter(({ channelType }) => channelType === "production");
  const pool = real.length > 0 ? real : meant;
  const originals = pool.filter(({ state }) => state !== "duplicate");
  return originals.length > 0 ? originals : pool;
}
