import { findReadable, type DocumentsOptions } from "../documents/documents.ts";
import { recordRead, type HeldDocument } from "../documents/document-repository.ts";
import { multihashOf, type Digest } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import type { Subject } from "../domain/subject.ts";
import type { UserCaller } from "../identity/caller.ts";
import { listMessages } from "../messages/message-repository.ts";
import { visibleTo } from "../messages/visible-messages.ts";
import type { DocumentLink } from "../semantics/document-type.ts";
import type { EmbedDocument, NotEmbedded } from "../semantics/embed-document.ts";
import { valueAt } from "../semantics/json-pointer.ts";
import type { JsonRecord } from "../semantics/record.ts";
import { iriOf } from "./names.ts";

/** Another document that a document of a known type says it has to do with. */
export interface LinkNode {
  readonly type: "Link";
  /** What the other one is to it, in the word of its type. */
  readonly link: string;
  readonly documentType: string;
  readonly number: string;
  /** IRIs of the subjects of that number about which the caller may see something. */
  readonly subjects: readonly string[];
}

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
  readonly links?: readonly LinkNode[];
  /** Why there is no content: it is read at `url`, or not at all. */
  readonly contentOmitted?: NotEmbedded | "not-held" | "erased" | "damaged" | "too-large" | "page-full";
}

/** What the documents of a graph are taken from. */
export interface SubjectDocumentsOptions extends DocumentsOptions {
  readonly embed: EmbedDocument;
  /** The subjects under which a document of a type and number can be looked for. */
  readonly subjectsOfNumber: (documentType: string, number: string) => readonly Subject[];
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
  options: SubjectDocumentsOptions,
  caller: UserCaller,
  { digest, mediaType }: HeldDocument,
): Promise<Pick<DocumentNode, "documentType" | "content" | "links" | "contentOmitted">> {
  const { store, files, embed, now } = options;
  const bytes = Buffer.concat(await (await files.read(digest)).toArray());
  const embedding = embed(mediaType, bytes);
  if ("reason" in embedding) return { contentOmitted: embedding.reason };
  // Only what is shown was read, and it is on record before it is shown.
  await recordRead(store.db, { digest, reader: caller, at: now() });
  const { type, content } = embedding;
  const links = await linksOf(options, caller, type.links, content);
  return { documentType: type.name, content, ...(links.length === 0 ? {} : { links }) };
}

/** Where a document's links lead. To what the caller may not see, they lead as little as to what is not there. */
async function linksOf(
  { store, subjectsOfNumber }: SubjectDocumentsOptions,
  caller: UserCaller,
  links: readonly DocumentLink[],
  content: JsonRecord,
): Promise<readonly LinkNode[]> {
  const nodes: LinkNode[] = [];
  for (const { name: link, number: pointer, documentType } of links) {
    const number = valueAt(content, pointer);
    if (typeof number !== "string") continue;
    const subjects: string[] = [];
    for (const subject of subjectsOfNumber(documentType, number)) {
      const known = await listMessages(store.db, { ...visibleTo(caller), subject }, "oldest", null, 1);
      if (known.length > 0) subjects.push(iriOf("subject", subject));
    }
    nodes.push({ type: "Link", link, documentType, number, subjects });
  }
  return nodes;
}
