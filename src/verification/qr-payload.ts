import { isMessageId, type MessageId } from "../domain/message.ts";
import { parseMultihash, type Multihash } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import { readOfflineSeal, SEAL_PREFIX, SealFault } from "../paper/offline-seal.ts";
import { parseFragment } from "../paper/verifier-link.ts";

/** What a QR code on paper binds: the document's hash, and the message that issued its certificate. */
export interface QrPayload {
  readonly multihash: Multihash;
  readonly messageId: MessageId | null;
}

/** What was read of a QR code. */
export interface ReadQrPayload extends QrPayload {
  /** The code itself, where it is an offline seal; its signature was not looked at. */
  readonly seal: string | null;
}

const TEXT_FORM = /^urn:icl:verify:([^:]{1,300})(?::(0x[0-9a-f]{64}))?$/;
const LINK_PATH = "/verify";
const PATH = /\/verify\/([^/]{1,900})$/;
const LONGEST = 2_000;

/**
 * The address that a QR code on paper should hold, so that any telephone opens it.
 *
 * @param publicUrl of the node that answers, without trailing slash
 */
export function qrUrl(publicUrl: string, { multihash, messageId }: QrPayload): string {
  const query = messageId === null ? "" : `?message=${messageId}`;
  return `${publicUrl}/verify/${multihash}${query}`;
}

/** The same without naming a node: any participant's can be asked. */
export function qrText({ multihash, messageId }: QrPayload): string {
  return `urn:icl:verify:${multihash}${messageId === null ? "" : `:${messageId}`}`;
}

/**
 * Reads what a QR code holds: the link on a paper, its offline seal, or one of the older forms. The host of an address is
 * ignored: whoever asks this node wants its answer, and no address out of a QR code is ever opened. The access key in a paper's
 * link is dropped here.
 *
 * @throws Problem `malformed-request`, or `malformed-multihash` for a hash that is none
 */
export function parseQrPayload(text: string): ReadQrPayload {
  const payload = text.trim();
  if (payload.length > LONGEST) throw unreadable();
  if (payload.startsWith(SEAL_PREFIX)) return payloadOfSeal(payload);
  const named = TEXT_FORM.exec(payload);
  if (named !== null) return payloadOf(named[1] ?? "", named[2] ?? null);
  if (!/^https?:\/\//i.test(payload) || !URL.canParse(payload)) throw unreadable();
  const url = new URL(payload);
  if (url.pathname.endsWith(LINK_PATH) && url.hash !== "") {
    const { multihash, messageId } = parseFragment(url.hash.slice(1));
    return { multihash, messageId, seal: null };
  }
  const written = PATH.exec(url.pathname)?.[1];
  if (written === undefined) throw unreadable();
  let hash: string;
  try {
    hash = decodeURIComponent(written);
  } catch {
    throw unreadable(); // not percent-encoded UTF-8
  }
  return payloadOf(hash, url.searchParams.get("message"));
}

function payloadOf(hash: string, id: string | null): ReadQrPayload {
  if (id !== null && !isMessageId(id)) throw unreadable();
  return { multihash: parseMultihash(hash), messageId: id, seal: null };
}

function payloadOfSeal(seal: string): ReadQrPayload {
  try {
    const { multihash, messageId } = readOfflineSeal(seal).facts;
    return { multihash, messageId, seal };
  } catch (error) {
    if (error instanceof SealFault) throw new Problem("malformed-request", error.message);
    throw error;
  }
}

function unreadable(): Problem {
  return new Problem(
    "malformed-request",
    "The QR code holds neither a paper's link (<node>/verify#1.…), nor an offline seal (ICL1:…), nor <node>/verify/<multihash>?message=<id>, nor urn:icl:verify:<multihash>:<id>: send what the scanner reads, unchanged.",
  );
}
