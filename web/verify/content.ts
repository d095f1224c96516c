import { signal } from "@preact/signals";

import { ApiFailure, askJson, askText } from "../api/node-api.ts";
import { openSealedCopy } from "../../src/paper/sealed-copy.ts";
import { isOfType, LARGEST_SHOWN, shownDocument } from "../../src/paper/shown-document.ts";
import type { Multihash } from "../../src/domain/multihash.ts";
import type { DocumentType } from "./document-content.ts";
import type { Presented } from "./presented.ts";

/** What is known of the content of the certificate at hand. */
export type Content =
  | { readonly kind: "none" }
  | { readonly kind: "opening" }
  | { readonly kind: "missing" | "unreachable" | "false" }
  | {
      readonly kind: "document";
      readonly from: "file" | "code";
      readonly document: unknown;
      /** Null where its type is not known here. */
      readonly type: DocumentType | null;
    }
  | { readonly kind: "file"; readonly from: "file" | "code"; readonly blob: Blob; readonly name: string };

/** The content of the moment. */
export const content = signal<Content>({ kind: "none" });

let opened: Presented | null = null;

/** Forgets what was opened. */
export function closeContent(): void {
  opened = null;
  content.value = { kind: "none" };
}

/** Opens the content of what was presented, once: from its file, or else from the sealed copy that the code's key opens. */
export async function openContent(presented: Presented): Promise<void> {
  if (opened === presented) return;
  opened = presented;
  const { file, accessKey, multihash } = presented;
  if (file === null && (accessKey === null || multihash === null)) {
    content.value = { kind: "none" };
    return;
  }
  content.value = { kind: "opening" };
  const found = file === null ? await fromCode(presented) : await fromFile(file.blob, file.name, "file");
  if (opened === presented) content.value = found;
}

/** Tries once more what was out of reach. */
export function openAgain(presented: Presented): void {
  opened = null;
  void openContent(presented);
}

async function fromCode({ accessKey, multihash }: Presented): Promise<Content> {
  if (accessKey === null || multihash === null) return { kind: "none" };
  let jwe: string;
  try {
    jwe = await askText(`documents/${multihash}/sealed`, { accept: "application/jose" });
  } catch (error) {
    return { kind: error instanceof ApiFailure && error.status === 404 ? "missing" : "unreachable" };
  }
  try {
    const { bytes, mediaType } = await openSealedCopy(jwe, accessKey, multihash as Multihash);
    return await fromFile(new Blob([bytes], { type: mediaType }), multihash, "code");
  } catch {
    return { kind: "false" }; // another document, or not by this key
  }
}

async function fromFile(blob: Blob, name: string, from: "file" | "code"): Promise<Content> {
  const document =
    blob.size > LARGEST_SHOWN ? undefined : shownDocument(new Uint8Array(await blob.arrayBuffer()));
  if (document !== undefined) return { kind: "document", from, document, type: await typeOf(document) };
  // Nothing that a browser would run: a PDF is opened as one, anything else is only saved.
  const type = blob.type === "application/pdf" ? "application/pdf" : "application/octet-stream";
  return { kind: "file", from, blob: new Blob([blob], { type }), name };
}

async function typeOf(document: unknown): Promise<DocumentType | null> {
  try {
    const { items } = await askJson<{ readonly items: readonly DocumentType[] }>("document-types");
    const listed = items.find(({ credentialType }) => isOfType(document, credentialType));
    if (listed === undefined) return null;
    return await askJson<DocumentType>(`document-types/${encodeURIComponent(listed.name)}`);
  } catch {
    return null; // laid out without a form
  }
}
