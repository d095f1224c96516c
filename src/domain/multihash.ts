import { base16 } from "multiformats/bases/base16";
import { base58btc } from "multiformats/bases/base58";
import { base64, base64pad, base64url, base64urlpad } from "multiformats/bases/base64";
import { bases } from "multiformats/basics";

import { Problem } from "./problems.ts";

/** A sha2-256 multihash in base58btc (`Qm…`, 46 characters): the form this system emits. */
export type Multihash = string & { readonly __multihash: true };

/** The 32 bytes inside a multihash as 64 lower-case hexadecimal digits, without prefix. */
export type Digest = string & { readonly __digest: true };

const SHA2_256 = 0x12;
const DIGEST_LENGTH = 32;
const MULTIHASH_LENGTH = 2 + DIGEST_LENGTH;
const LONGEST_FORM = 300;

function decoders(text: string): readonly (() => Uint8Array)[] {
  const plain = [
    () => base58btc.baseDecode(text),
    () => base16.baseDecode(text.replace(/^0x/, "").toLowerCase()),
    () => base64pad.baseDecode(text),
    () => base64.baseDecode(text),
    () => base64urlpad.baseDecode(text),
    () => base64url.baseDecode(text),
  ];
  const multibase = Object.values(bases)
    .filter((base) => text.startsWith(base.prefix))
    .map((base) => () => base.decode(text));
  return [...plain, ...multibase];
}

function isSha2256(bytes: Uint8Array): boolean {
  return bytes.length === MULTIHASH_LENGTH && bytes[0] === SHA2_256 && bytes[1] === DIGEST_LENGTH;
}

/**
 * Reads the hash of a document in any form a peer may use: base58btc, base64 with or without padding (also URL-safe),
 * hexadecimal, or any multibase form of the same 34 bytes (PROTOCOL §3).
 *
 * @param text the written hash, already percent-decoded
 * @returns the same hash in base58btc
 * @throws Problem `malformed-multihash`
 */
export function parseMultihash(text: string): Multihash {
  if (text.length <= LONGEST_FORM) {
    for (const decode of decoders(text)) {
      let bytes: Uint8Array;
      try {
        bytes = decode();
      } catch {
        continue; // not written in this base; the next one may fit
      }
      if (isSha2256(bytes)) return base58btc.baseEncode(bytes) as Multihash;
    }
  }
  throw new Problem(
    "malformed-multihash",
    "The hash must be a sha2-256 multihash (34 bytes beginning 12 20) in base58btc, base64, hexadecimal or a multibase form: send the one that POST /documents answered.",
  );
}

/** The digest inside a multihash. */
export function digestOf(multihash: Multihash): Digest {
  const bytes = base58btc.baseDecode(multihash);
  return base16.baseEncode(bytes.subarray(2)) as Digest;
}

/**
 * The multihash around a sha2-256 digest.
 *
 * @param digest 64 hexadecimal digits, with or without `0x`
 * @throws Problem `malformed-multihash`
 */
export function multihashOf(digest: string): Multihash {
  const hex = digest.replace(/^0x/, "").toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hex)) {
    throw new Problem("malformed-multihash", "A sha2-256 digest is 64 hexadecimal digits.");
  }
  const bytes = new Uint8Array(MULTIHASH_LENGTH);
  bytes.set([SHA2_256, DIGEST_LENGTH]);
  bytes.set(base16.baseDecode(hex), 2);
  return base58btc.baseEncode(bytes) as Multihash;
}
