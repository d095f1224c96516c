import { compactDecrypt, decodeProtectedHeader } from "jose";

import { multihashOf, type Multihash } from "../domain/multihash.ts";

/** The 32 bytes that stand on paper alone, and open the document's sealed copy. */
export type AccessKey = Uint8Array<ArrayBuffer>;

/** A document out of its sealed copy. */
export interface OpenedCopy {
  readonly mediaType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Why a sealed copy does not open. `wrong-key`: the paper's code is of another document, or its key was taken back.
 * `another-document`: it opens, and holds other bytes than the hash says.
 */
export type SealedCopyFaultCode = "not-a-sealed-copy" | "too-large" | "wrong-key" | "another-document";

/** A sealed copy that is not to be shown. Nothing of key or content is in it. */
export class SealedCopyFault extends Error {
  readonly code: SealedCopyFaultCode;

  constructor(code: SealedCopyFaultCode, message: string) {
    super(message);
    this.name = "SealedCopyFault";
    this.code = code;
  }
}

/** Bytes of the largest document of which there is a sealed copy. */
export const LARGEST_SEALED = 5 * 1024 * 1024;

const KEY_BYTES = 32;
/** The protected header of every copy. */
export const SEALED_HEADER = { alg: "dir", enc: "A256GCM", typ: "icl-sealed+jwe" } as const;
export const LONGEST_MEDIA_TYPE = 255;
/** Before the content: a byte with the length of the media type, the media type, and four bytes with the content's length. */
export const FRAME_BYTES = 1 + 4;
const SMALLEST = 4 * 1024;
const LARGEST = 8 * 1024 * 1024;
/** Base64url of the largest, with what stands around it. */
const LONGEST_TEXT = Math.ceil((LARGEST * 4) / 3) + 1024;

/** How long the plaintext is made, in bytes: a power of two, so that the copy's length says little of the document's. */
export function paddedSize(size: number): number {
  let padded = SMALLEST;
  while (padded < size) padded *= 2;
  return padded;
}

/**
 * Opens a sealed copy, which may be anybody's making, and sees that it holds the document that the paper's code names.
 *
 * @param jwe as `GET /documents/{multihash}/sealed` answers it
 * @param accessKey out of the paper's code
 * @param multihash out of the same code
 * @throws SealedCopyFault
 */
export async function openSealedCopy(
  jwe: string,
  accessKey: AccessKey,
  multihash: Multihash,
): Promise<OpenedCopy> {
  if (jwe.length > LONGEST_TEXT) {
    throw new SealedCopyFault("too-large", "The sealed copy is larger than any can be.");
  }
  if (accessKey.length !== KEY_BYTES || !isPlain(jwe)) throw notOne();
  let plaintext: Uint8Array;
  try {
    ({ plaintext } = await compactDecrypt(jwe, accessKey, {
      keyManagementAlgorithms: [SEALED_HEADER.alg],
      contentEncryptionAlgorithms: [SEALED_HEADER.enc],
    }));
  } catch {
    // Whatever the library says, the one who reads it can do one thing: take the paper for what it is.
    throw new SealedCopyFault("wrong-key", "The key on the paper does not open this document's copy.");
  }
  const opened = contentIn(plaintext);
  if ((await multihashIn(opened.bytes)) !== multihash) {
    throw new SealedCopyFault("another-document", "The copy holds another document than the paper names.");
  }
  return opened;
}

/** Whether its header asks for nothing but what copies are made with: no compression, no other key. */
function isPlain(jwe: string): boolean {
  try {
    const header = decodeProtectedHeader(jwe);
    const wanted = Object.entries(SEALED_HEADER);
    return (
      Object.keys(header).length === wanted.length && wanted.every(([name, value]) => header[name] === value)
    );
  } catch {
    return false; // no compact JWE at all
  }
}

function contentIn(plaintext: Uint8Array): OpenedCopy {
  const typeLength = plaintext[0] ?? 0;
  const start = FRAME_BYTES + typeLength;
  if (plaintext.length < start) throw notOne();
  const view = new DataView(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength);
  const size = view.getUint32(1 + typeLength);
  if (size > LARGEST_SEALED || plaintext.length < start + size) throw notOne();
  let mediaType: string;
  try {
    mediaType = new TextDecoder("utf-8", { fatal: true }).decode(plaintext.subarray(1, 1 + typeLength));
  } catch {
    throw notOne(); // no text
  }
  return { mediaType, bytes: Uint8Array.from(plaintext.subarray(start, start + size)) };
}

async function multihashIn(bytes: Uint8Array<ArrayBuffer>): Promise<Multihash> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return multihashOf([...digest].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
}

function notOne(): SealedCopyFault {
  return new SealedCopyFault("not-a-sealed-copy", "This is no sealed copy of a document.");
}
