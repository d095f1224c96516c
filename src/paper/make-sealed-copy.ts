import { createCipheriv, randomBytes } from "node:crypto";
import { Readable } from "node:stream";

import {
  FRAME_BYTES,
  LARGEST_SEALED,
  LONGEST_MEDIA_TYPE,
  paddedSize,
  SEALED_HEADER,
  SealedCopyFault,
  type AccessKey,
} from "./sealed-copy.ts";

/** A document as it is read to be sealed. */
export interface ContentToSeal {
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  readonly content: Readable;
}

/** A sealed copy that is made while it is read. */
export interface SealedCopyStream {
  /** Bytes, and characters: a copy is ASCII. */
  readonly length: number;
  /** Destroying it lets go of the document. */
  readonly content: Readable;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** So much at a time: whole groups of base64, so that no padding comes in between. */
const PIECE_BYTES = 48 * 1024;
const ZEROES = Buffer.alloc(PIECE_BYTES);

/**
 * Makes a document's sealed copy: a compact JWE (RFC 7516, `dir` with `A256GCM`) that only the access key opens. It is made
 * as fast as it is taken, so that whoever takes it slowly costs no memory.
 *
 * @throws SealedCopyFault `too-large`, having let go of the content
 */
export function makeSealedCopy(document: ContentToSeal, accessKey: AccessKey): SealedCopyStream {
  const type = Buffer.from(document.mediaType, "utf8");
  if (document.size > LARGEST_SEALED || type.length > LONGEST_MEDIA_TYPE) {
    document.content.destroy();
    throw new SealedCopyFault("too-large", "The document is too large for a sealed copy.");
  }
  const header = Buffer.from(JSON.stringify(SEALED_HEADER)).toString("base64url");
  const padded = paddedSize(FRAME_BYTES + type.length + document.size);
  const lengths = [NONCE_BYTES, padded, TAG_BYTES].map((bytes) => Math.ceil((bytes * 4) / 3));
  const content = Readable.from(pieces(document, type, { header, padded, accessKey }), { objectMode: false });
  // Also where nobody ever took any of it.
  content.once("close", () => document.content.destroy());
  return { length: header.length + 4 + lengths.reduce((sum, length) => sum + length, 0), content };
}

async function* pieces(
  document: ContentToSeal,
  type: Buffer,
  how: { readonly header: string; readonly padded: number; readonly accessKey: AccessKey },
): AsyncGenerator<Buffer> {
  const { header, padded, accessKey } = how;
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", accessKey, nonce);
  cipher.setAAD(Buffer.from(header, "ascii"));
  yield ascii(`${header}..${nonce.toString("base64url")}.`);
  let rest = Buffer.alloc(0);
  for await (const plain of plaintext(document, type, padded)) {
    const sealed = Buffer.concat([rest, cipher.update(plain)]);
    const whole = sealed.length - (sealed.length % 3);
    rest = sealed.subarray(whole);
    yield ascii(sealed.toString("base64url", 0, whole));
  }
  const last = Buffer.concat([rest, cipher.final()]);
  yield ascii(`${last.toString("base64url")}.${cipher.getAuthTag().toString("base64url")}`);
}

/** What is sealed: the frame, the content, and zeroes up to the padded size. */
async function* plaintext(
  { size, content }: ContentToSeal,
  type: Buffer,
  padded: number,
): AsyncGenerator<Buffer> {
  const frame = Buffer.alloc(FRAME_BYTES + type.length);
  frame[0] = type.length;
  type.copy(frame, 1);
  frame.writeUInt32BE(size, 1 + type.length);
  yield frame;
  let read = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    read += chunk.length;
    if (read > size) break;
    // A small document comes as one chunk: sealed whole, it would be held three times.
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) yield chunk.subarray(at, at + PIECE_BYTES);
  }
  if (read !== size) throw new Error("A document has another size than is on record.");
  for (let left = padded - frame.length - size; left > 0; left -= ZEROES.length) {
    yield ZEROES.subarray(0, left);
  }
}

function ascii(text: string): Buffer {
  return Buffer.from(text, "latin1");
}
