import { randomBytes } from "node:crypto";

import data from "./certificate.json" with { type: "json" };

/** CHAFTA certificate of origin WBC208897 of 2020-06-03. What is not known of it is left out. */
export const certificate = data.certificateOfOrigin;

/**
 * The certificate as the bytes of a JSON document. Each call adds a fresh salt of 256 bits, so that nobody can guess the
 * content back from its hash on the ledger (PROTOCOL §6), and two calls never give the same document.
 *
 * @returns UTF-8 JSON
 */
export function certificateDocument(): Uint8Array<ArrayBuffer> {
  const document = { salt: randomBytes(32).toString("base64url"), certificateOfOrigin: certificate };
  return new TextEncoder().encode(`${JSON.stringify(document, undefined, 2)}\n`);
}
