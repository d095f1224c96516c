import type { Kysely } from "kysely";

import { findDocument } from "../documents/document-repository.ts";
import type { DocumentStore } from "../documents/document-store.ts";
import type { Digest } from "../domain/multihash.ts";
import type { Domain } from "../domain/participant.ts";
import { Problem } from "../domain/problems.ts";
import type { Schema } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import type { Checked } from "./check-credential.ts";
import { recordCheck } from "./check-repository.ts";
import { parseCredential } from "./credential.ts";
import { CredentialFault } from "./credential-fault.ts";
import type { CredentialRule } from "./credentials-config.ts";
import { checkOf, checkSteps, type CredentialCheck } from "./finding.ts";
import { statusEntryOf } from "./status-list.ts";
import type { StatusPublisher } from "./status-publisher.ts";
import { bindEntry } from "./status-repository.ts";
import { CREDENTIAL_MEDIA_TYPE, LARGEST_CREDENTIAL, readVcJwt } from "./vc-jwt.ts";

/** What checking the documents of messages needs. */
export interface DocumentCheckOptions {
  readonly store: Store;
  readonly files: DocumentStore;
  readonly messageTypes: ReadonlyMap<string, CredentialRule>;
  /** The check, with everything that it may reach out by. */
  readonly check: (checked: Checked) => Promise<CredentialCheck>;
  readonly publisher: StatusPublisher;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A message whose document is looked at. */
export interface CarryingMessage {
  readonly messageId: string;
  readonly digest: Digest;
  readonly predicate: string;
  readonly sender: Domain;
  readonly channelId: string;
}

const RETRY_SECONDS = 60;

/**
 * Looks at the document of a message that is about to be sent, where its type demands that.
 *
 * @returns what is to be stored with the message, in its transaction; null for nothing
 * @throws Problem `credential-refused` with the findings for what failed, or `unavailable` for what the message type demands
 *   and what could not be looked at now
 */
export async function checkBeforeSending(
  options: DocumentCheckOptions,
  message: CarryingMessage,
): Promise<((db: Kysely<Schema>) => Promise<void>) | null> {
  const rule = options.messageTypes.get(message.predicate);
  if (rule === undefined || rule.document === "off") return null;
  const check = await checkDocument(options, message, rule);
  if (check === null) return null;
  const { findings } = check;
  if (check.outcome === "fail") {
    const worst = findings.find(({ outcome }) => outcome === "fail");
    throw new Problem("credential-refused", `${worst?.detail ?? "It fails."} See findings.`, {
      members: { findings },
    });
  }
  if (check.outcome === "unknown" && rule.document === "required") {
    throw new Problem(
      "unavailable",
      "The credential cannot be checked to its end now: post the message again.",
      {
        members: { findings },
        retryAfterSeconds: RETRY_SECONDS,
      },
    );
  }
  await bindStatus(options, message);
  const checkedAt = options.now();
  return (db) => recordCheck(db, message, { ...check, checkedAt });
}

/**
 * Checks the document of a message by the rule of its type.
 *
 * @returns null where it is not looked at: this node does not hold it, or it need not be a credential and is none
 */
export async function checkDocument(
  { store, files, check }: Pick<DocumentCheckOptions, "store" | "files" | "check">,
  { digest, sender, channelId }: CarryingMessage,
  { document, types }: CredentialRule,
): Promise<CredentialCheck | null> {
  const held = await findDocument(store.db, digest);
  if (held === null) return null;
  const isCredential = mediaTypeOf(held.mediaType) === CREDENTIAL_MEDIA_TYPE;
  if (!isCredential && document !== "required") return null;
  if (!isCredential || held.size > LARGEST_CREDENTIAL) {
    const code = isCredential ? "credential-too-large" : "not-a-credential";
    return refusedUnread(
      code,
      `The document must be a credential of the media type ${CREDENTIAL_MEDIA_TYPE}, and no larger than ${LARGEST_CREDENTIAL} bytes.`,
    );
  }
  const text = await textOf(files, digest);
  return check({ text, participant: sender, channelId, ...(types === undefined ? {} : { types }) });
}

/** The credential that a digest names, as it is held. */
export async function textOf(files: DocumentStore, digest: Digest): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of (await files.read(digest)) as AsyncIterable<Buffer>) chunks.push(chunk);
  // Bytes that are no ASCII are no compact JWS either.
  return Buffer.concat(chunks).toString("latin1");
}

function refusedUnread(code: "credential-too-large" | "not-a-credential", detail: string): CredentialCheck {
  const unread = "It was not looked at, because a step before it did not pass.";
  return checkOf(
    checkSteps.map((name) =>
      name === "structure"
        ? { name, outcome: "fail", code, detail, evidence: {} }
        : { name, outcome: "unknown", code: "not-checked", detail: unread, evidence: {} },
    ),
  );
}

function mediaTypeOf(text: string): string {
  return (text.split(";", 1)[0] ?? "").trim().toLowerCase();
}

/**
 * Ties the credential's status entry to it, so that what its ledger says later shows in the list.
 *
 * @throws Problem `credential-refused` for an entry of this node's that was not given, or that another credential has
 */
async function bindStatus(
  { store, files, publisher }: DocumentCheckOptions,
  { digest }: CarryingMessage,
): Promise<void> {
  let entry: ReturnType<typeof statusEntryOf>;
  try {
    entry = statusEntryOf(parseCredential(readVcJwt(await textOf(files, digest)).payload));
  } catch (error) {
    if (error instanceof CredentialFault) return;
    throw error;
  }
  const own = entry === null ? null : publisher.entryOf(entry);
  if (own === null) return;
  const isBound = await store.transact((db) => bindEntry(db, own, digest));
  if (isBound) return;
  throw new Problem(
    "credential-refused",
    "The credential's status entry was not given by this node, or another credential has it: issue it with an entry of its own from POST /credentials/status-entries.",
  );
}
