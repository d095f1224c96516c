import { isMessageId } from "../../src/domain/message-id.ts";
import { multihashOf, parseMultihash } from "../../src/domain/multihash.ts";
import { Problem } from "../../src/domain/problems.ts";
import { parseFragment } from "../../src/paper/verifier-link.ts";

/** What somebody showed that was no file: the code on paper, a link, a hash, a message's id or an offline seal. */
export type Code =
  | {
      readonly kind: "reference";
      /** Null where only a message was named. */
      readonly multihash: string | null;
      readonly messageId: string | null;
      /** Opens the document's sealed copy; never sent anywhere. */
      readonly accessKey: Uint8Array<ArrayBuffer> | null;
      /** Where the code leads, if that is not this node. */
      readonly elsewhere: Elsewhere | null;
    }
  | { readonly kind: "seal"; readonly text: string };

/** An address that a code names, and nobody opened. */
export interface Elsewhere {
  readonly host: string;
  /** Base address of the node that it names, without trailing slash. */
  readonly base: string;
}

const LONGEST = 2_000;
const NAMED = /^urn:icl:verify:([^:]{1,300})(?::(0x[0-9a-f]{64}))?$/;
const PATH = /^(.*)\/verify(?:\/([^/]{1,900}))?$/;
const DIGEST = /^[0-9a-f]{64}$/i;

/**
 * Reads a code. No address in it is opened, whatever it says.
 *
 * @param text as scanned or pasted
 * @param own base address of the node that this page came from, without trailing slash
 * @throws Problem `malformed-request` or `malformed-multihash`; nothing of the text is in it
 */
export function readCode(text: string, own: string): Code {
  const code = text.trim();
  if (code === "" || code.length > LONGEST) throw unreadable();
  if (code.startsWith("ICL1:")) return { kind: "seal", text: code };
  if (/^https?:\/\//i.test(code)) return readLink(code, own);
  if (code.startsWith("1.") || code.startsWith("#1.")) return readFragment(code.replace(/^#/, ""), null);
  const named = NAMED.exec(code);
  if (named !== null) return reference(parseMultihash(named[1] ?? ""), named[2] ?? null);
  if (isMessageId(code)) return reference(null, code);
  return reference(DIGEST.test(code) ? multihashOf(code) : parseMultihash(code), null);
}

function readLink(code: string, own: string): Code {
  if (!URL.canParse(code)) throw unreadable();
  const { origin, host, pathname, hash, searchParams } = new URL(code);
  const [, path = "", written] = PATH.exec(pathname) ?? [undefined, undefined, undefined];
  if (!PATH.test(pathname)) throw unreadable();
  const base = `${origin}${path}`;
  const elsewhere = base === own ? null : { host, base };
  if (written === undefined) return readFragment(hash.slice(1), elsewhere);
  let multihash: string;
  try {
    multihash = decodeURIComponent(written);
  } catch {
    throw unreadable(); // not percent-encoded UTF-8
  }
  const id = searchParams.get("message");
  if (id !== null && !isMessageId(id)) throw unreadable();
  return reference(parseMultihash(multihash), id, elsewhere);
}

function readFragment(fragment: string, elsewhere: Elsewhere | null): Code {
  const { multihash, messageId, accessKey } = parseFragment(fragment);
  return { kind: "reference", multihash, messageId, accessKey, elsewhere };
}

function reference(
  multihash: string | null,
  messageId: string | null,
  elsewhere: Elsewhere | null = null,
): Code {
  return { kind: "reference", multihash, messageId, accessKey: null, elsewhere };
}

function unreadable(): Problem {
  return new Problem("malformed-request", "This is no code, link or hash of a certificate.");
}
