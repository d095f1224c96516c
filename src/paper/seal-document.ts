import { randomBytes } from "node:crypto";

import { actorOf } from "../audit/act.ts";
import { recordActs } from "../audit/audit-repository.ts";
import { isRfc3339 } from "../credentials/moment.ts";
import { findDocument, type HeldDocument } from "../documents/document-repository.ts";
import { findReadable, nameOf, type DocumentsOptions } from "../documents/documents.ts";
import { digestOf, type Digest, type Multihash } from "../domain/multihash.ts";
import type { Domain } from "../domain/participant.ts";
import { Problem } from "../domain/problems.ts";
import type { SubjectScope } from "../domain/subject-pattern.ts";
import { subjectsOf, type UserCaller } from "../identity/caller.ts";
import { certificatesOf } from "../messages/certificate-repository.ts";
import { isRecord } from "../semantics/record.ts";
import { documentContent } from "./document-content.ts";
import type { ListedType } from "./document-forms.ts";
import type { SealDocument, SealedStatus } from "./document-seal.ts";
import type { SealedLine } from "./fit-lines.ts";
import { signOfflineSeal, type SealedFacts, type SealKey } from "./offline-seal.ts";
import {
  channelFollowedAt,
  dropSeal,
  issuingMessages,
  keepSeal,
  type IssuingMessage,
} from "./seal-repository.ts";
import { LARGEST_SEALED } from "./sealed-copy.ts";
import { shownDocument } from "./shown-document.ts";
import { formatVerifierLink } from "./verifier-link.ts";

/** What papers are sealed with. */
export interface SealingOptions extends DocumentsOptions {
  /** The participant that issues. */
  readonly participant: Domain;
  /** Base URL of this node, without trailing slash. */
  readonly publicUrl: string;
  /** The agency's key that makes offline seals; null where it has none. */
  readonly sealKey: SealKey | null;
  /** Whether the certificates of a channel mean nothing; null for a channel that is not open, of which that is not known. */
  readonly isTest: (channelId: string) => boolean | null;
  /** What of a document goes onto its offline seal, most important first; and of which types it says that it is. */
  readonly forms: {
    readonly factsOf: (document: unknown) => readonly SealedLine[];
    readonly calledIn: (document: unknown) => readonly Pick<ListedType, "credentialType" | "documentOf">[];
  };
}

const CHANNEL_SECONDS = 30;

/**
 * Seals documents that this participant issued. Whoever may send messages about the certificate, and read it, may have its
 * paper: the paper opens the document to everybody who holds it.
 *
 * @returns see {@link SealDocument}
 */
export function documentSealer(options: SealingOptions): SealDocument {
  const { store, participant, publicUrl, sealKey, isTest, now } = options;
  return async (caller, multihash, messageId) => {
    const digest = digestOf(multihash);
    const { document, subjects } = await demandSealable(options, caller, digest);
    const bytes = await bytesOf(options, document);
    const content = sealKey === null ? undefined : documentContent(document.mediaType, bytes);
    const types = options.forms.calledIn(shownDocument(bytes));
    const at = now();
    const fresh = Uint8Array.from(randomBytes(32));
    const { message, accessKey, standing } = await store.transact(async (db) => {
      const issues = await issuingMessages(db, digest, subjects);
      const issue = chosen(issues, messageId);
      const forTraining = isTest(issue.channelId);
      // Neither is a real certificate to be marked as one for training, nor the other way round.
      if (forTraining === null) throw unopened();
      for (const type of types) demandIssuedAs(type, issue);
      const certificate = (await certificatesOf(db, [issue.id])).get(issue.id);
      if (certificate?.duplicate === 1) {
        throw notIssued(
          "Its number was issued before, so that this certificate does not count: seal the first one.",
        );
      }
      // Erased since it was looked at.
      if ((await findDocument(db, digest)) === null) throw absent();
      const createdBy = nameOf(caller);
      const seal = await keepSeal(db, {
        ...{ digest, messageId: issue.id, accessKey: fresh, createdAt: at, createdBy },
      });
      const detail = { messageId: issue.id };
      await recordActs(db, [{ act: "document.sealed", actor: actorOf(caller), object: digest, at, detail }]);
      const asOf = Math.min(at, knownAt(certificate, await channelFollowedAt(db, issue.channelId)) ?? at);
      return {
        message: issue,
        accessKey: seal.accessKey,
        standing: {
          status: onChannel(statusOf(certificate, issue.validUntil, asOf), forTraining),
          statusAsOf: asOf,
        },
      };
    });
    const link = formatVerifierLink(publicUrl, { multihash, messageId: message.id, accessKey });
    const facts: SealedFacts = {
      ...{ issuer: participant, multihash, messageId: message.id, type: message.predicate, ...standing },
      validFrom: momentIn(content, "validFrom"),
      validUntil: message.validUntil === null ? momentIn(content, "validUntil") : message.validUntil * 1000,
      lines: content === undefined ? [] : options.forms.factsOf(content),
    };
    const offline = sealKey === null ? null : await signOfflineSeal(facts, sealKey);
    return { multihash, messageId: message.id, link, offline, ...standing };
  };
}

/**
 * Takes a document's key back: the codes that are on paper open it no longer, and the next seal makes a new key. What somebody
 * read or kept before, nobody takes back; offline seals go on to be good.
 *
 * @throws Problem as {@link SealDocument}; `not-found` where it has no seal
 */
export async function unsealDocument(
  options: SealingOptions,
  caller: UserCaller,
  multihash: Multihash,
): Promise<void> {
  const digest = digestOf(multihash);
  const { subjects } = await demandSealable(options, caller, digest);
  const at = options.now();
  await options.store.transact(async (db) => {
    if ((await issuingMessages(db, digest, subjects)).length === 0) throw notIssued();
    if (!(await dropSeal(db, digest))) {
      throw new Problem("not-found", "The document has no seal: there is nothing to take back.");
    }
    await recordActs(db, [{ act: "document.unsealed", actor: actorOf(caller), object: digest, at }]);
  });
}

/** The document, where the caller could seal it, and the subjects whose certificates the caller may. */
async function demandSealable(
  options: SealingOptions,
  caller: UserCaller,
  digest: Digest,
): Promise<{ readonly document: HeldDocument; readonly subjects: SubjectScope }> {
  const document = await findReadable(options, caller, digest);
  if (document.origin !== "user") {
    throw new Problem(
      "document-not-shareable",
      "The document came from another participant: its paper is for them to seal.",
    );
  }
  if (document.size > LARGEST_SEALED) {
    throw new Problem(
      "document-not-sealable",
      `A document of more than ${LARGEST_SEALED} bytes has no sealed copy: issue a smaller one.`,
    );
  }
  return { document, subjects: subjectsOf(caller, "messages:write") };
}

function chosen(issues: readonly IssuingMessage[], wanted: string | null): IssuingMessage {
  const [only, other] = wanted === null ? issues : issues.filter(({ id }) => id === wanted);
  if (only === undefined) throw notIssued();
  if (other === undefined) return only;
  throw new Problem(
    "message-ambiguous",
    "Several messages issued a certificate for this document: say which one is meant, as message.",
    { members: { messages: issues.map(({ id }) => id) } },
  );
}

async function bytesOf({ files }: SealingOptions, { digest }: HeldDocument): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of await files.read(digest)) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

/** The right to send one type of message makes no paper of another's: the page lays a document out as what it calls itself. */
function demandIssuedAs(
  { credentialType, documentOf }: Pick<ListedType, "credentialType" | "documentOf">,
  { predicate }: IssuingMessage,
): void {
  if (documentOf.includes(predicate)) return;
  const expected = documentOf.join(" or ");
  throw new Problem(
    "document-type-mismatch",
    `The document calls itself a ${credentialType}, and the message that issued it is of type ${predicate}: issue it by ${expected}, or name another message.`,
    { members: { messageType: predicate, expected: documentOf } },
  );
}

type CertificateRow =
  Awaited<ReturnType<typeof certificatesOf>> extends ReadonlyMap<string, infer Row> ? Row : never;

/**
 * Of which moment the state of a certificate is known, in milliseconds since 1970: when all of the ledger was read, or where
 * its reading has since come upon more of the certificate, the block of that. Null where nothing was read.
 */
function knownAt(certificate: CertificateRow | undefined, followedAt: number | null): number | null {
  if (certificate === undefined) return followedAt;
  const blocks = [
    certificate.issued_at_seconds,
    certificate.acquitted_at_seconds,
    certificate.revoked_at_seconds,
    certificate.invalidated_at_seconds,
  ];
  return Math.max(followedAt ?? 0, ...blocks.map((seconds) => (seconds ?? 0) * 1000));
}

/** Where a certificate stands by the final state of its ledger, as far as that was followed. */
function statusOf(
  certificate: CertificateRow | undefined,
  validUntil: number | null,
  at: number,
): SealedStatus {
  if (certificate === undefined) return "pending";
  if (certificate.revoked_at_seconds !== null || certificate.invalidated_at_seconds !== null)
    return "revoked";
  if (certificate.acquitted_by !== null) return "used";
  return validUntil !== null && Math.floor(at / 1000) > validUntil ? "expired" : "issued";
}

function onChannel(status: SealedStatus, isTest: boolean): SealedStatus {
  return isTest && (status === "issued" || status === "pending") ? "training" : status;
}

/**
 * A moment that a credential itself says, in milliseconds since 1970; null where it says none, and for what only a lenient
 * reader takes for one: it would be read by the time zone of this node.
 */
function momentIn(content: unknown, name: "validFrom" | "validUntil"): number | null {
  const text = isRecord(content) ? content[name] : undefined;
  return typeof text === "string" && isRfc3339(text) ? Date.parse(text) : null;
}

function notIssued(
  detail = "No message that you may send issued a certificate for this document: send one first, or name another message.",
): Problem {
  return new Problem("document-not-issued", detail);
}

function absent(): Problem {
  return new Problem("not-found", "This node does not hold the document any more.");
}

function unopened(): Problem {
  return new Problem(
    "unavailable",
    "The certificate's channel is not open on this node now: try again in a moment, or ask whoever runs the node.",
    { retryAfterSeconds: CHANNEL_SECONDS },
  );
}
