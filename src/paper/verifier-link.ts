import { base16 } from "multiformats/bases/base16";
import { base64url } from "multiformats/bases/base64";

import { isMessageId, type MessageId } from "../domain/message-id.ts";
import { parseMultihash, type Multihash } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";

/** What the code on paper says. */
export interface VerifierLink {
  /** Of the document that the paper shows. */
  readonly multihash: Multihash;
  /** The message that issued it; null where the code names none. */
  readonly messageId: MessageId | null;
  /** The 32 bytes that open the document's sealed copy; null where the code only names it. Never sent to a server. */
  readonly accessKey: Uint8Array<ArrayBuffer> | null;
}

const VERSION = "1";
const NOTHING = "-";
const KEY_BYTES = 32;
const LONGEST = 400;

/**
 * The fragment of a verifier's address: `1.<multihash>.<message id>.<access key>`, the latter two as 32 bytes in base64url
 * (RFC 4648 §5, without padding), or `-`. What stands in a fragment is sent to no server (RFC 3986 §3.5).
 */
export function formatFragment({ multihash, messageId, accessKey }: VerifierLink): string {
  const id = messageId === null ? NOTHING : base64url.baseEncode(base16.baseDecode(messageId.slice(2)));
  const key = accessKey === null ? NOTHING : base64url.baseEncode(accessKey);
  return [VERSION, multihash, id, key].join(".");
}

/** Where the code on paper leads. @param publicUrl of the issuer's node, without trailing slash */
export function formatVerifierLink(publicUrl: string, link: VerifierLink): string {
  return `${publicUrl}/verify#${formatFragment(link)}`;
}

/**
 * Reads such a fragment.
 *
 * @param fragment without `#`
 * @throws Problem `malformed-request` or `malformed-multihash`; nothing of the key is in it
 */
export function parseFragment(fragment: string): VerifierLink {
  const parts = fragment.split(".");
  const [version, hash = "", id = "", key = ""] = parts;
  if (fragment.length > LONGEST || version !== VERSION || parts.length !== 4) throw unreadable();
  return {
    multihash: parseMultihash(hash),
    messageId: id === NOTHING ? null : messageIdIn(id),
    accessKey: key === NOTHING ? null : bytesIn(key),
  };
}

function messageIdIn(text: string): MessageId {
  const id = `0x${base16.baseEncode(bytesIn(text))}`;
  if (!isMessageId(id)) throw unreadable();
  return id;
}

function bytesIn(text: string): Uint8Array<ArrayBuffer> {
  let bytes: Uint8Array;
  try {
    bytes = base64url.baseDecode(text);
  } catch {
    throw unreadable(); // the decoder would quote the text
  }
  if (bytes.length !== KEY_BYTES) throw unreadable();
  return Uint8Array.from(bytes);
}

function unreadable(): Problem {
  return new Problem(
    "malformed-request",
    "The code is not whole, or not one of a certificate: scan it again, with the whole square in the picture.",
  );
}
