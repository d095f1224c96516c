import { Readable } from "node:stream";
import { text } from "node:stream/consumers";

import { makeSealedCopy } from "../../src/paper/make-sealed-copy.ts";
import type { AccessKey } from "../../src/paper/sealed-copy.ts";

/** A document's sealed copy as one text. */
export async function sealedText(
  { mediaType, bytes }: { readonly mediaType: string; readonly bytes: Uint8Array },
  accessKey: AccessKey,
): Promise<string> {
  const content = Readable.from([Buffer.from(bytes)], { objectMode: false });
  return text(makeSealedCopy({ mediaType, size: bytes.length, content }, accessKey).content);
}
