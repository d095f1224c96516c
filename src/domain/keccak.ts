import { createKeccak } from "hash-wasm";

const hasher = await createKeccak(256);

/** The keccak-256 hash of some bytes, given in pieces: 32 bytes. */
export function keccak256(...pieces: readonly Uint8Array[]): Uint8Array {
  hasher.init();
  for (const piece of pieces) hasher.update(piece);
  return hasher.digest("binary");
}
