import { findReadable, type DocumentsOptions } from "../documents/documents.ts";
import { recordRead, type HeldDocument } from "../documents/document-repository.ts";
import { multihashOf, type Digest } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import type { UserCaller } from "../identity/caller.ts";
import type { EmbedDocument, NotEmbedded } from "../semantics/embed-document.ts";
import type { JsonRecord } from "../semantics/record.ts";
import { iriOf } from "./names.ts";

/** A document that a message names. Its content, where it is given, is a graph of its own, named by the document. */
export interface DocumentNode {
  readonly id: string;
  readonly type: "Document";
  readonly multihash: string;
  readonly mediaType?: string;
  /** Bytes. */
  readonly size?: number;
  readonly url?: string;
  readonly documentType?: string;
  readonly content?: JsonRecord;
  /** Why there is no content: it is read at `url`, or not at all. */
  readonly contentOmitted?: NotEmbedded | "not-held" | "erased" | "damaged" | "too-large" | "page-full";
}

/** What the documents of a graph are taken from. */
export interface SubjectDocumentsOptions extends DocumentsOptions {
  readonly embed: EmbedDocument;
  /** Of this node, without trailing slash. */
  readonly publicUrl: string;
}

/** Documents of a page whose content is looked at, bytes of each, and of all. */
const MOST_READ = 20;
const LARGEST = 256 * 1024;
const LARGEST_PAGE = 2 * 1024 * 1024;

/**
 * Describes documents, with their content where that is known by meaning, up to a bound. That the caller may read a document is
 * asked of each as where it is read alone; every content given is put on record as read.
 *
 * @param digests each once
 * @throws Problem `not-allowed`
 */
export async function describeDocuments(
  options: SubjectDocumentsOptions,
  caller: UserCaller,
  digests: readonly Digest[],
): Promise<readonly DocumentNode[]> {
  const room = { documents: MOST_READ, bytes: LARGEST_PAGE };
  const nodes: DocumentNode[] = [];
  for (const digest of digests) nodes.push(await describe(options, caller, digest, room));
  return nodes;
}

async function describe(
  options: SubjectDocumentsOptions,
  caller: UserCaller,
  digest: Digest,
  room: { documents: number; bytes: number },
): Promise<DocumentNode> {
  const multihash = multihashOf(digest);
  const node = { id: iriOf("document", multihash), type: "Document", multihash } as const;
  try {
    const document = await findReadable(options, caller, digest);
    const { mediaType, size } = document;
    const held = { ...node, mediaType, size, url: `${options.publicUrl}/documents/${multihash}` };
    if (size > LARGEST) return { ...held, contentOmitted: "too-large" };
    if (room.documents === 0 || size > room.bytes) return { ...held, contentOmitted: "page-full" };
    room.documents -= 1;
    room.bytes -= size;
    return { ...held, ...(await contentOf(options, caller, document)) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.code === "not-found") return { ...node, contentOmitted: "not-held" };
    if (error.code === "document-erased") return { ...node, contentOmitted: "erased" };
    if (error.code === "document-damaged") return { ...node, contentOmitted: "damaged" };
    throw error;
  }
}

async function contentOf(
  { store, files, embed, now }: SubjectDocumentsOptions,
  caller: UserCaller,
  { digest, mediaType }: HeldDocument,
): Promise<Pick<DocumentNode, "documentType" | "content" | "contentOmitted">> {
  const bytes = Buffer.concat(await (await files.read(digest)).toArray());
  const embedding = embed(mediaType, bytes);
  if ("reason" in embedding) return { contentOmitted: embedding.reason };
  // Only what is shown was read, and it is on record before it is shown.
  await recordRead(store.db, { digest, reader: caller, at: now() });
  return { documentType: embedding.type.name, content: embedding.content };
}
