import type { Digest } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import type { Subject } from "../domain/subject.ts";
import type { UserCaller } from "../identity/caller.ts";
import { recordsOf, type CertificateRecord, type MessageRecord } from "../messages/message-record.ts";
import { listMessages, type MessageRow } from "../messages/message-repository.ts";
import { visibleTo } from "../messages/visible-messages.ts";
import type { JsonRecord } from "../semantics/record.ts";
import { didOf, iriOf, predicateIri } from "./names.ts";
import { describeDocuments, type DocumentNode, type SubjectDocumentsOptions } from "./subject-documents.ts";
import { certificatesActedOn } from "./subject-graph-repository.ts";

/** A certificate by the final state of its ledger; what acquitted or revoked it is named by its IRI. */
interface CertificateNode extends Omit<CertificateRecord, "issued"> {
  readonly id: string;
  readonly type: "Certificate";
}

/** A message, with its parties, document, channel and certificate as IRIs or nodes. */
interface MessageNode {
  readonly id: string;
  readonly type: "Message";
  readonly messageId: string;
  readonly sender: string;
  readonly receiver: string;
  readonly predicate: string;
  readonly predicateName: string;
  readonly effect: string;
  readonly obj: string;
  readonly validUntil?: string;
  readonly direction: string;
  readonly status: string;
  readonly journal: readonly JsonRecord[];
  readonly channel: { readonly id: string; readonly type: "Channel"; readonly channelId: string };
  readonly channelTxnId: string | null;
  readonly batch?: string;
  readonly actsOn?: string;
  readonly certificate?: CertificateNode;
}

/** One page of what is said about a subject, as JSON-LD 1.1 (openapi/subjects.yaml, SubjectGraph). */
export interface SubjectGraph {
  readonly "@context": JsonRecord;
  readonly id: string;
  readonly type: "Subject";
  readonly subject: Subject;
  readonly messages: readonly MessageNode[];
  readonly documents: readonly DocumentNode[];
}

/** What a subject's graph is made of. */
export interface SubjectGraphOptions extends SubjectDocumentsOptions {
  /** That of the node's own words. */
  readonly context: JsonRecord;
}

/** A page of a subject's messages: `after` is the `seq` of the last one shown before, 0 for none. */
export interface SubjectPage {
  readonly after: number;
  readonly limit: number;
}

/**
 * Everything about a subject that a user may see, on every channel: its messages in the order in which this node first knew of
 * them, their certificates, and the documents they name.
 *
 * @returns the page, and the `seq` after which the next one begins; null on the last
 * @throws Problem `not-found`, the same whether there is nothing or the user may not see it
 */
export async function subjectGraph(
  options: SubjectGraphOptions,
  caller: UserCaller,
  subject: Subject,
  { after, limit }: SubjectPage,
): Promise<{ readonly graph: SubjectGraph; readonly next: number | null }> {
  const { db } = options.store;
  const filter = { ...visibleTo(caller), subject };
  // One more than asked for tells whether there is a next page.
  const rows = await listMessages(db, filter, "oldest", after, limit + 1);
  if (
    rows.length === 0 &&
    (after === 0 || (await listMessages(db, filter, "oldest", null, 1)).length === 0)
  ) {
    throw new Problem(
      "not-found",
      "There is nothing about this subject that you may see: check the subject.",
    );
  }
  const shown = rows.slice(0, limit);
  const records = await recordsOf(db, shown, options.now());
  const actedOn = await certificatesActedOn(
    db,
    shown.map(({ id }) => id),
  );
  const digests = [...new Set(shown.map(({ digest }) => digest as Digest))];
  const documents = await describeDocuments(options, caller, digests);
  return {
    graph: {
      "@context": options.context,
      id: iriOf("subject", subject),
      type: "Subject",
      subject,
      messages: shown.flatMap((row, place) => {
        const record = records[place];
        return record === undefined ? [] : [messageNode(row, record, actedOn.get(row.id))];
      }),
      documents,
    },
    next: rows.length > limit ? (shown.at(-1)?.seq ?? null) : null,
  };
}

function messageNode(row: MessageRow, record: MessageRecord, actsOn: string | undefined): MessageNode {
  const { id, certificate, batch, channelId, validUntil } = record;
  return {
    id: iriOf("message", id),
    type: "Message",
    messageId: id,
    sender: didOf(record.sender),
    receiver: didOf(record.receiver),
    predicate: predicateIri(record.predicate),
    predicateName: record.predicate,
    effect: row.effect,
    obj: iriOf("document", record.obj),
    ...(validUntil === undefined ? {} : { validUntil }),
    direction: record.direction,
    status: record.status,
    // Member by member: whoever acted inside this participant is not the graph's to tell.
    journal: record.journal.map(({ status, at, attempt, reason }) => ({
      ...{ status, at, attempt },
      ...(reason === undefined ? {} : { reasonCode: reason.code }),
    })),
    channel: { id: iriOf("channel", channelId), type: "Channel", channelId },
    channelTxnId: record.channelTxnId,
    ...(batch === undefined ? {} : { batch: iriOf("batch", batch.id) }),
    ...(actsOn === undefined ? {} : { actsOn: iriOf("certificate", actsOn) }),
    ...(certificate === undefined ? {} : { certificate: certificateNode(id, certificate) }),
  };
}

function certificateNode(messageId: string, record: CertificateRecord): CertificateNode {
  const { acquitted, revoked, expired, duplicate, invalidated } = record;
  const { issuedAt, acquittedBy, acquittedAt, revokedBy, revokedAt } = record;
  return {
    ...{ id: iriOf("certificate", messageId), type: "Certificate" },
    ...{ acquitted, revoked, expired, duplicate },
    ...(invalidated === undefined ? {} : { invalidated }),
    ...(issuedAt === undefined ? {} : { issuedAt }),
    ...(acquittedBy === undefined ? {} : { acquittedBy: iriOf("message", acquittedBy) }),
    ...(acquittedAt === undefined ? {} : { acquittedAt }),
    ...(revokedBy === undefined ? {} : { revokedBy: iriOf("message", revokedBy) }),
    ...(revokedAt === undefined ? {} : { revokedAt }),
  };
}
