import { formatFragment } from "../../src/paper/verifier-link.ts";
import type { Multihash } from "../../src/domain/multihash.ts";
import type { MessageId } from "../../src/domain/message-id.ts";
import type { Code, Elsewhere } from "./read-code.ts";

/** Something that is to be checked. */
export interface Presented {
  /** Hash of the document; null where only a message was named. */
  readonly multihash: string | null;
  /** The issuing message that is meant; null for every one that names the document. */
  readonly messageId: string | null;
  readonly accessKey: Uint8Array<ArrayBuffer> | null;
  readonly elsewhere: Elsewhere | null;
  /** The document itself, with its hash. */
  readonly file: PresentedFile | null;
  /** The text of an offline seal. */
  readonly seal: string | null;
  /** It was read out of a printed certificate's PDF. */
  readonly isPrint: boolean;
}

export const nothing: Presented = {
  ...{ multihash: null, messageId: null, accessKey: null, elsewhere: null },
  ...{ file: null, seal: null, isPrint: false },
};

export interface PresentedFile {
  readonly blob: Blob;
  readonly name: string;
  readonly multihash: string;
}

/** A code that was scanned, pasted, or stood in the page's address. */
export function presentedCode(code: Extract<Code, { kind: "reference" }>): Presented {
  const { multihash, messageId, accessKey, elsewhere } = code;
  return { ...nothing, multihash, messageId, accessKey, elsewhere };
}

/** A file, alone or beside the code that was presented before it. */
export function presentedFile(file: PresentedFile, beside: Presented | null): Presented {
  return beside === null ? { ...nothing, multihash: file.multihash, file } : { ...beside, file };
}

/** What the node is asked, in the words of `POST /verify`. Neither key nor content is in it. */
export function requestOf({ multihash, messageId, file }: Presented): Readonly<Record<string, string>> {
  const pin: Record<string, string> =
    messageId === null
      ? multihash === null || multihash === file?.multihash
        ? {}
        : { qr: `urn:icl:verify:${multihash}` }
      : multihash === null
        ? { message: messageId }
        : { qr: `urn:icl:verify:${multihash}:${messageId}` };
  if (file !== null) return { hash: file.multihash, ...pin };
  return "qr" in pin || "message" in pin ? pin : { hash: multihash ?? "" };
}

/** The address at which another node's verifier shows the same. */
export function addressAt(base: string, { multihash, messageId, accessKey }: Presented): string {
  const fragment = formatFragment({
    multihash: multihash as Multihash,
    messageId: messageId as MessageId | null,
    accessKey,
  });
  return `${base}/verify#${fragment}`;
}
