import type { X509Certificate } from "node:crypto";

/**
 * What is wrong with a certificate by the clock alone.
 *
 * @param now milliseconds since 1970
 * @returns the end of a sentence about it; null for nothing
 */
export function certificateFault(certificate: X509Certificate, now: number): string | null {
  if (now < certificate.validFromDate.getTime()) return "is not valid yet";
  if (now > certificate.validToDate.getTime()) return "has expired";
  return null;
}

const REASONS: Readonly<Record<string, string>> = {
  CERT_NOT_YET_VALID: "is not valid yet",
  CERT_HAS_EXPIRED: "has expired",
  CERT_REVOKED: "was revoked",
  CRL_HAS_EXPIRED: "cannot be looked up: its authority's list of revoked certificates is outdated",
  UNABLE_TO_GET_CRL: "cannot be looked up: its authority's list of revoked certificates is missing",
  DEPTH_ZERO_SELF_SIGNED_CERT: "is signed by nobody but itself",
  SELF_SIGNED_CERT_IN_CHAIN: "is of an authority that is not believed",
  UNABLE_TO_GET_ISSUER_CERT: "is of an authority that is not believed",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "is of an authority that is not believed",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "is of an authority that is not believed",
  INVALID_PURPOSE: "is for another purpose",
};

/**
 * What TLS found wrong with a certificate.
 *
 * @param code the runtime's, such as `CERT_HAS_EXPIRED`
 * @returns the end of a sentence about it
 */
export function tlsFaultOf(code: string): string {
  return REASONS[code] ?? "is not accepted";
}
