import { toHex } from "../domain/hex.ts";
import { keccak256 } from "../domain/keccak.ts";

const HASH = /^0x[0-9a-f]{64}$/i;
const BYTES = /^0x(?:[0-9a-f]{2}){33,}$/i;

/**
 * The block's hash that a file pins: written in it, or the keccak-256 of the header in RLP that it holds, or the `hash` of a
 * block as a ledger's client answers it.
 *
 * @returns in lower case; null when the file holds none of these
 */
export function headerHashOf(content: string): string | null {
  const text = content.trim();
  if (HASH.test(text)) return text.toLowerCase();
  if (BYTES.test(text)) return toHex(keccak256(Buffer.from(text.slice(2), "hex")));
  try {
    const block: unknown = JSON.parse(text);
    const hash = typeof block === "object" && block !== null && "hash" in block ? block.hash : null;
    return typeof hash === "string" && HASH.test(hash) ? hash.toLowerCase() : null;
  } catch {
    return null; // no JSON either
  }
}
