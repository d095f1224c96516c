import pLimit from "p-limit";

import type { HeldDocument } from "../documents/document-repository.ts";
import { findReadable, readContent, type DocumentsOptions } from "../documents/documents.ts";
import type { MessageId } from "../domain/message.ts";
import { digestOf, type Multihash } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import type { UserCaller } from "../identity/caller.ts";
import type { DocumentTypes } from "../semantics/document-types.ts";
import type { ValidateDocument } from "../semantics/validate-document.ts";
import { documentContent } from "./document-content.ts";
import type { DocumentForms, PublishedType } from "./document-forms.ts";
import type { FormLanguage } from "./form.ts";
import type { NamedParticipant } from "./known-names.ts";
import { layOut } from "./lay-out.ts";
import { printCertificate, type PrintedSeal } from "./print-certificate.ts";

/** What documents are printed with. */
export interface PrintingOptions extends DocumentsOptions {
  readonly documentTypes: DocumentTypes;
  readonly validateDocument: ValidateDocument;
  readonly forms: DocumentForms;
  /** `SealDocument`, or one whose paper has no signed seal. */
  readonly sealDocument: (
    caller: UserCaller,
    multihash: Multihash,
    messageId: MessageId | null,
  ) => Promise<PrintedSeal>;
  /** Who is known by the ledger, so that paper says more of him than his DID. */
  readonly participants: () => Promise<readonly NamedParticipant[]>;
}

/** Prints a document that this participant issued: its paper, as PDF. */
export type PrintDocument = (
  caller: UserCaller,
  multihash: Multihash,
  how: { readonly language: FormLanguage; readonly messageId: MessageId | null },
) => Promise<Buffer>;

/** The largest credential that is taken has 256 KiB, in base64url. */
const LARGEST_PRINTED = 1024 * 1024;
/** Letters on so many pages that they may be more than are printed. */
const LONG = 20_000;
/** Papers that are drawn at the same time. */
const AT_ONCE = 2;
/** Papers that are asked for at the same time, by all callers: the others would wait too long. */
const MOST_ASKED = 16;
const RETRY_SECONDS = 5;

/**
 * Makes what prints documents. Only a document of a type that this node knows, and as that type demands, has a form; what cannot be
 * printed is not sealed either.
 *
 * @returns which throws what sealing does, and Problem `document-not-printable`, `paper-too-long`, and `unavailable` where too many
 *   are asked for at once
 */
export function documentPrinter(options: PrintingOptions): PrintDocument {
  const { sealDocument, participants } = options;
  const drawing = pLimit(AT_ONCE);
  const print: PrintDocument = async (caller, multihash, { language, messageId }) => {
    const document = await findReadable(options, caller, digestOf(multihash));
    const content = await contentOf(options, caller, document);
    const { form, codeLists } = demandForm(options, content);
    const sheet = layOut(form, content, language, codeLists, await participants());
    if (JSON.stringify(sheet).length > LONG) {
      await drawing(() => printCertificate(sheet, unsealed(multihash), language));
    }
    const seal = await sealDocument(caller, multihash, messageId);
    return drawing(() => printCertificate(sheet, seal, language));
  };
  let asked = 0;
  return async (...request) => {
    if (asked >= MOST_ASKED) {
      throw new Problem("unavailable", "Too many papers are printed just now: try again in a moment.", {
        retryAfterSeconds: RETRY_SECONDS,
      });
    }
    asked += 1;
    try {
      return await print(...request);
    } finally {
      asked -= 1;
    }
  };
}

async function contentOf(
  options: PrintingOptions,
  caller: UserCaller,
  document: HeldDocument,
): Promise<unknown> {
  if (document.size > LARGEST_PRINTED) {
    throw new Problem(
      "document-not-printable",
      `A document of more than ${LARGEST_PRINTED} bytes is not printed: POST /documents/{multihash}/seal gives the codes to put on a paper of your own.`,
    );
  }
  const chunks: Buffer[] = [];
  for await (const chunk of await readContent(options, caller, document)) chunks.push(chunk as Buffer);
  return documentContent(document.mediaType, Buffer.concat(chunks));
}

function demandForm(
  { documentTypes, validateDocument, forms }: PrintingOptions,
  content: unknown,
): PublishedType {
  const type = documentTypes.ofDocument(content);
  const published = type === null ? null : forms.named(type.name);
  if (type === null || published === null) {
    throw new Problem(
      "document-not-printable",
      "Only a document of a type in GET /document-types has a form to print: POST /documents/{multihash}/seal gives the codes to put on a paper of your own.",
    );
  }
  const [fault] = validateDocument(type, content);
  if (fault === undefined) return published;
  throw new Problem(
    "document-not-printable",
    `The document is not as a ${type.name} must be, so that it is not printed as one: issue it anew. ${fault.sentence}`,
    { members: { errors: [{ member: fault.pointer, problem: fault.sentence }] } },
  );
}

/** What takes as much room as the largest seal. */
function unsealed(multihash: Multihash): PrintedSeal {
  const link = `https://localhost/${"a".repeat(400)}`;
  const offline = "A".repeat(700);
  return { multihash, messageId: `0x${"0".repeat(64)}`, link, offline, status: "pending", statusAsOf: 0 };
}
