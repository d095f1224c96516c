import { createHash, type X509Certificate } from "node:crypto";

const PIN_HEX_DIGITS = 40;

/**
 * The pin of a certificate's key: the account that its participant's admin appoints on the ledger for it, as for any other
 * key of its node (decision 0025). It stands for the key, not for the certificate: one that is renewed with the same key has
 * the same pin.
 *
 * @returns `0x` and the first 40 hexadecimal digits of SHA-256 over the key's SubjectPublicKeyInfo
 */
export function tlsPin(certificate: X509Certificate): string {
  const key = certificate.publicKey.export({ type: "spki", format: "der" });
  return `0x${createHash("sha256").update(key).digest("hex").slice(0, PIN_HEX_DIGITS)}`;
}
