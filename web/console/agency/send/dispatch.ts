import { ApiFailure, askJson } from "../../../api/node-api.ts";
import { numberIn } from "../read-document.ts";
import type { MessageRecord } from "../node-records.ts";
import type { DocumentTypeRecord } from "../document-types.ts";
import { documentOf } from "./check.ts";
import { change, type Draft } from "./draft.ts";
import { makeDocument, privateSubject, type Made } from "./make-document.ts";
import { pruned, valueIn, withValue } from "./values.ts";

const UPLOAD_MS = 600_000;

/** The end of a day, everywhere the same. */
export function endOfDay(day: string): string {
  return `${day}T23:59:59Z`;
}

/** The document as it is sent: filled in, with a salt that nobody guesses. */
export function wholeDocument(
  draft: Draft,
  type: DocumentTypeRecord,
  participant: string,
): Readonly<Record<string, unknown>> {
  const salted = withValue(draft.document, ["credentialSubject", "salt"], draft.once.salt);
  return documentOf(type.schema, valueIn(salted, ["credentialSubject"]), {
    issuer: { id: `did:web:${participant}`, name: participant },
    validFrom: draft.once.statedAt,
    validUntil: draft.validUntil === "" ? null : endOfDay(draft.validUntil),
  });
}

/**
 * Stores or issues the document, finds the subject, sends the message. Each step that is done is kept, so that whoever sends
 * again, after whatever went wrong, sends the same message.
 *
 * @param type null for a file
 * @throws ApiFailure
 */
export async function dispatch(
  draft: Draft,
  type: DocumentTypeRecord | null,
  file: File | null,
  participant: string,
): Promise<MessageRecord> {
  let { multihash, subject } = draft.done;
  if (multihash === null) {
    ({ multihash } =
      type === null
        ? await storeFile(file)
        : await makeDocument(wholeDocument(draft, type, participant), type, draft.as));
    change({ done: { ...draft.done, multihash } });
  }
  if (subject === null) {
    subject =
      draft.subject === ""
        ? await privateSubject(type?.name ?? null, numberIn(pruned(draft.document)))
        : draft.subject;
    change({ done: { ...draft.done, multihash, subject } });
  }
  // Before it goes: the page may be gone when the answer comes.
  change({ done: { multihash, subject, uncertain: true } });
  try {
    return await askJson<MessageRecord>("messages", {
      method: "POST",
      json: {
        receiver: draft.receiver,
        subject,
        predicate: draft.predicate,
        obj: multihash,
        ...(draft.validUntil === "" ? {} : { validUntil: endOfDay(draft.validUntil) }),
      },
    });
  } catch (error) {
    const open = error instanceof ApiFailure && (error.status === 0 || error.status >= 500);
    change({ done: { multihash, subject, uncertain: open } });
    throw error;
  }
}

function storeFile(file: File | null): Promise<Made> {
  if (file === null) throw new ApiFailure("file-missing", 400, "Choose the file once more.");
  return askJson<Made>("documents", {
    method: "POST",
    body: { content: file, mediaType: file.type === "" ? "application/octet-stream" : file.type },
    timeout: UPLOAD_MS,
  });
}
