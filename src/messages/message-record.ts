import type { Kysely } from "kysely";

import { checksOf, type RecordedCheck } from "../credentials/check-repository.ts";
import type { CredentialFinding } from "../credentials/finding.ts";
import { erasuresOf } from "../documents/erasure-repository.ts";
import type { JournalEntry } from "../domain/journal.ts";
import { toWire, type WireMessage } from "../domain/message.ts";
import { bindingOfAccount, type BindingOutcome, type BindingReason } from "../identity/binding.ts";
import { bindingsOn, operatorsOf } from "../identity/binding-repository.ts";
import type { Schema } from "../store/schema.ts";
import { inclusionsOf, type BatchInclusion } from "./batch-proof.ts";
import { certificatesOf } from "./certificate-repository.ts";
import { readJournals } from "./journal-repository.ts";
import type { MessageRow } from "./message-repository.ts";
import { messageOf } from "./message-row.ts";

/** A moment in JSON: RFC 3339 in UTC. */
type Moment = string;

/** Where the certificate that a message issued stands, by the final state of its ledger. */
export interface CertificateRecord {
  readonly issued: boolean;
  readonly acquitted: boolean;
  readonly revoked: boolean;
  readonly expired: boolean;
  readonly duplicate: boolean;
  readonly invalidated?: boolean;
  readonly issuedAt?: Moment;
  /** Id of the acquitting message. */
  readonly acquittedBy?: string;
  readonly acquittedAt?: Moment;
  /** Id of the revoking message. */
  readonly revokedBy?: string;
  readonly revokedAt?: Moment;
}

/** A message and what became of it, as the Message API shows it (openapi/messages.yaml, MessageRecord). */
export interface MessageRecord extends WireMessage {
  readonly id: string;
  readonly direction: "outgoing" | "incoming";
  readonly status: string;
  readonly journal: readonly (Omit<JournalEntry, "at"> & { readonly at: Moment })[];
  readonly channelId: string;
  readonly channelTxnId: string | null;
  /** Present where a batch carries it, or is about to. */
  readonly batch?: BatchInclusion;
  readonly certificate?: CertificateRecord;
  /** Present where the document was checked as a credential. */
  readonly credential?: {
    readonly outcome: "pass" | "fail" | "unknown";
    readonly findings: readonly CredentialFinding[];
    readonly checkedAt: Moment;
  };
  /** Of a received message, whether its sender's domain names the account that sent it; left out where not looked at. */
  readonly binding?: {
    readonly outcome: BindingOutcome;
    /** A stable word for why it is not bound. */
    readonly reason?: BindingReason;
    /** The account that sent it; left out where that is not known. */
    readonly account?: string;
    /** When the domain was last asked. */
    readonly checkedAt?: Moment;
  };
  /** Present where this node held the document and erased it. */
  readonly documentErased?: { readonly at: Moment; readonly reason: string };
}

/**
 * Reads what is shown of some messages.
 *
 * @param now milliseconds since 1970, by which a certificate's expiry is judged
 * @param withUsers also says which users made the steps of the journals: for this node's administrators only
 * @returns the records in the order of `rows`
 */
export async function recordsOf(
  db: Kysely<Schema>,
  rows: readonly MessageRow[],
  now: number,
  withUsers = false,
): Promise<readonly MessageRecord[]> {
  const ids = rows.map(({ id }) => id);
  const journals = await readJournals(db, ids, withUsers);
  const certificates = await certificatesOf(db, ids);
  const inclusions = await inclusionsOf(db, rows);
  const checks = await checksOf(db, ids);
  const erasures = await erasuresOf(
    db,
    rows.map(({ digest }) => digest),
  );
  const bindings = await bindingsOf(db, rows);
  return rows.map((row) => {
    const binding = bindings.get(row.id);
    const certificate = certificates.get(row.id);
    const check = checks.get(row.id);
    const erasure = erasures.get(row.digest);
    const batch = inclusions.get(row.id);
    return {
      id: row.id,
      ...toWire(messageOf(row)),
      direction: row.direction,
      status: row.status,
      journal: (journals.get(row.id) ?? []).map((entry) => ({ ...entry, at: moment(entry.at) })),
      channelId: row.channel_id,
      channelTxnId: row.txn,
      ...(batch === undefined ? {} : { batch }),
      ...(certificate === undefined ? {} : { certificate: certificateRecord(certificate, now) }),
      ...(check === undefined ? {} : { credential: checkRecord(check) }),
      ...(binding === undefined ? {} : { binding }),
      ...(erasure === undefined
        ? {}
        : { documentErased: { at: moment(erasure.erasedAt), reason: erasure.reason } }),
    };
  });
}

async function bindingsOf(
  db: Kysely<Schema>,
  rows: readonly MessageRow[],
): Promise<ReadonlyMap<string, NonNullable<MessageRecord["binding"]>>> {
  const incoming = rows.filter(({ direction }) => direction === "incoming");
  const found = new Map<string, NonNullable<MessageRecord["binding"]>>();
  const known = await bindingsOn(db, [...new Set(incoming.map((row) => row.channel_id))]);
  if (known.size === 0) return found;
  const carrierOf = (row: MessageRow) => row.batch_id ?? row.id;
  for (const [channelId, received] of Map.groupBy(incoming, (row) => row.channel_id)) {
    const operators = await operatorsOf(db, channelId, received.map(carrierOf));
    for (const row of received) {
      const seat = known.get(`${channelId} ${row.sender}`);
      if (seat === undefined) continue;
      const account = operators.get(carrierOf(row)) ?? null;
      const { outcome, reason, checkedAt } = bindingOfAccount(seat, account);
      found.set(row.id, {
        outcome,
        ...(reason === null ? {} : { reason }),
        ...(account === null ? {} : { account }),
        ...(checkedAt === null ? {} : { checkedAt: moment(checkedAt) }),
      });
    }
  }
  return found;
}

function certificateRecord(row: Schema["certificate"], now: number): CertificateRecord {
  const revokedAt = row.revoked_at_seconds ?? row.invalidated_at_seconds;
  return {
    issued: true,
    acquitted: row.acquitted_by !== null,
    revoked: revokedAt !== null,
    expired: row.valid_until !== null && Math.floor(now / 1000) > row.valid_until,
    duplicate: row.duplicate === 1,
    invalidated: row.invalidated_at_seconds !== null,
    issuedAt: moment(row.issued_at_seconds * 1000),
    ...(row.acquitted_by === null ? {} : { acquittedBy: row.acquitted_by }),
    ...(row.acquitted_at_seconds === null ? {} : { acquittedAt: moment(row.acquitted_at_seconds * 1000) }),
    ...(row.revoked_by === null ? {} : { revokedBy: row.revoked_by }),
    ...(revokedAt === null ? {} : { revokedAt: moment(revokedAt * 1000) }),
  };
}

function checkRecord({ outcome, findings, checkedAt }: RecordedCheck) {
  return { outcome, findings, checkedAt: moment(checkedAt) };
}

function moment(milliseconds: number): Moment {
  return new Date(milliseconds).toISOString();
}
