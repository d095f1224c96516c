import type { Generated } from "kysely";

import type { AuditTable } from "./audit-table.ts";
import type { ActingAccountTable, BindingTable } from "./binding-tables.ts";
import type { ConsoleSessionTable } from "./console-session-table.ts";
import type { CredentialTables } from "./credential-tables.ts";
import type { DiscoveredChannelTable, RegistryChangeTable } from "./registry-tables.ts";
import type { DocumentSealTable } from "./seal-tables.ts";
import type {
  DeadLetterTable,
  NotificationMarkTable,
  NotificationTable,
  SubscriptionRequestTable,
  SubscriptionTable,
} from "./subscription-tables.ts";

/**
 * The node's tables. Moments are milliseconds since 1970 unless a name says `seconds`; truth values are 0 and 1;
 * digests are 64 lower-case hexadecimal digits. The same on SQLite and PostgreSQL.
 */
export interface Schema extends CredentialTables {
  node: NodeTable;
  document: DocumentTable;
  document_intent: DocumentIntentTable;
  document_acl: DocumentAclTable;
  document_fetch: DocumentFetchTable;
  document_hold: DocumentHoldTable;
  document_erasure: DocumentErasureTable;
  document_seal: DocumentSealTable;
  message: MessageTable;
  journal: JournalTable;
  outbox: OutboxTable;
  batch: BatchTable;
  batch_member: BatchMemberTable;
  evm_transaction: EvmTransactionTable;
  evm_broadcast: EvmBroadcastTable;
  channel: ChannelTable;
  ledger_event: LedgerEventTable;
  certificate: CertificateTable;
  notification: NotificationTable;
  notification_mark: NotificationMarkTable;
  subscription: SubscriptionTable;
  subscription_request: SubscriptionRequestTable;
  dead_letter: DeadLetterTable;
  participant: ParticipantTable;
  message_type: MessageTypeTable;
  registry_change: RegistryChangeTable;
  discovered_channel: DiscoveredChannelTable;
  lease: LeaseTable;
  used_token: UsedTokenTable;
  audit: AuditTable;
  binding: BindingTable;
  acting_account: ActingAccountTable;
  console_session: ConsoleSessionTable;
}

/** Whose database this is: one row, with `id` 1. */
export interface NodeTable {
  id: number;
  participant: string;
  created_at: number;
}

/** A document whose bytes this node holds. */
export interface DocumentTable {
  digest: string;
  size: number;
  media_type: string;
  stored_at: number;
  /** `user`: stored by this node's own caller. `fetched`: brought from another participant's node. */
  origin: "user" | "fetched";
  /** The caller's subject claim, or the participant it was fetched from. */
  stored_by: string;
  /** The number by which people call it; null where it says none that this node knows of. */
  said_number: string | null;
  /** Whether that was looked for. */
  number_read: Generated<number>;
}

/** The intent, stored with an accepted message, to open its document to its receiver once the message is final. */
export interface DocumentIntentTable {
  message_id: string;
  digest: string;
  participant: string;
}

/** Which foreign participants may read a document, and by which final message (or administrator) that came about. */
export interface DocumentAclTable {
  digest: string;
  participant: string;
  message_id: string;
  granted_at: number;
  granted_by: string;
}

/**
 * Documents to be brought from a sender's node: the receiver's side. One message may have come on several channels, and
 * its document is looked for on each until it is here: on one of them somebody else may hold the sender's name.
 */
export interface DocumentFetchTable {
  /** The message, or the batch whose body it is. */
  message_id: string;
  digest: string;
  source: string;
  channel_id: string;
  /** Bytes of the largest document that is taken; null for this node's limit. */
  max_bytes: number | null;
  state: "queued" | "done" | "failed";
  tries: number;
  due_at: number;
  first_tried_at: number | null;
  last_error: string | null;
  lease_owner: string | null;
  lease_epoch: number;
  lease_until: number;
}

/** Documents that nobody may erase until an administrator takes the hold away. */
export interface DocumentHoldTable {
  digest: string;
  reason: string;
  held_by: string;
  held_at: number;
}

/** Documents that this node held and erased, until the same bytes are stored again. */
export interface DocumentErasureTable {
  digest: string;
  origin: "user" | "fetched";
  stored_by: string;
  erased_at: number;
  /** Issuer and subject of the administrator's token, or `retention`. */
  erased_by: string;
  reason: string;
  /** 1 once the bytes are gone from the disc. */
  bytes_removed: number;
}

/** A message this node's participant sent or received. */
export interface MessageTable {
  /** Order of appearance at this node, for list cursors. */
  seq: Generated<number>;
  id: string;
  sender: string;
  receiver: string;
  subject: string;
  predicate: string;
  digest: string;
  /** Seconds since 1970. */
  valid_until: number | null;
  direction: "outgoing" | "incoming";
  channel_id: string;
  effect: string;
  status: string;
  attempt: number;
  created_at: number;
  /** The caller who posted it; null when it was first seen on the ledger. */
  accepted_by: string | null;
  /** The ledger's transaction that carries it, once it is in a block. */
  txn: string | null;
  height: number | null;
  /** The batch that carries it and its place there; null for a message that goes alone. */
  batch_id: string | null;
  batch_index: number | null;
}

export interface JournalTable {
  message_id: string;
  /** 1, 2, 3, … within a message. */
  seq: number;
  attempt: number;
  status: string;
  at: number;
  reason_code: string | null;
  reason_detail: string | null;
  /** Who of this node's users made the step, as a JSON object; null where none did. */
  caller: string | null;
}

/**
 * What is in line for a ledger: accepted messages until they are final, and the bundles in which some of them go. A
 * message keeps its row while its bundle carries it, so that it is known to be in line.
 */
export interface OutboxTable {
  /** A message's id; of an anchor, the batch's id; of a settlement, a UUID. */
  message_id: string;
  kind: "message" | "anchor" | "settlement";
  channel_id: string;
  attempt: number;
  /**
   * `waiting`: nothing signed. `submitting`: being handed to the channel. `submitted`: the channel carries it.
   * `bundled`: the row named by `bundle_id` carries it.
   */
  state: "waiting" | "submitting" | "submitted" | "bundled";
  /** What may be bundled has the same key; null for what goes alone. */
  group_key: string | null;
  /** Accepted in one request with others, so that it goes in a bundle however few they are. */
  bulk: number;
  bundle_id: string | null;
  /** Number of submissions made so far; the submission key is `<message id>:<attempt>:<submission>`. */
  submission: number;
  tries: number;
  /** Since when the ledger refuses for a reason that may yet pass; null while it does not, or could not be asked. */
  refused_at: number | null;
  /** Why it could not go on when it was last tried; null where nothing went wrong then. */
  last_error_code: string | null;
  last_error_at: number | null;
  /** The same in a sentence; null where there is no more to say than the code does. */
  last_error_detail: string | null;
  due_at: number;
  lease_owner: string | null;
  lease_epoch: number;
  lease_until: number;
}

/** A batch that this node's participant sent or received, as anchored or about to be. */
export interface BatchTable {
  channel_id: string;
  id: string;
  direction: "outgoing" | "incoming";
  sender: string;
  receiver: string;
  predicate: string;
  effect: string;
  /** Seconds since 1970. */
  valid_until: number | null;
  root: string;
  count: number;
  /** Digest of the body. */
  body: string;
  /**
   * `formed`: ours, not final yet. `anchored`: final, its messages not on record here yet. `open`: final, and every
   * message on record. `quarantined`: final, but its body says something else. `failed`: ours, refused for good.
   */
  state: "formed" | "anchored" | "open" | "quarantined" | "failed";
  /** Why it is quarantined or failed. */
  fault_code: string | null;
  fault_detail: string | null;
  created_at: number;
  /** Where it is anchored finally; null before. */
  txn: string | null;
  height: number | null;
  index: number | null;
  time_seconds: number | null;
}

/**
 * The messages of a batch that is open, each at its place: also one that was said before, alone or in another batch, and
 * is on record as it was said first.
 */
export interface BatchMemberTable {
  channel_id: string;
  batch_id: string;
  batch_index: number;
  message_id: string;
}

/** One nonce of a signer key, and the submission it carries. */
export interface EvmTransactionTable {
  chain_id: number;
  signer: string;
  nonce: number;
  channel_id: string;
  /** Null for a transaction that only fills a nonce gap. */
  submission_key: string | null;
  to_address: string;
  data: string;
  gas_limit: number;
  /** `open`: carried. `accepted`, `refused`: final on the ledger. `void`: another transaction consumed the nonce. */
  state: "open" | "accepted" | "refused" | "void";
  created_at: number;
  /** When it was last broadcast or replaced. */
  touched_at: number;
  /** Set while it is in a block: hash and height of the version that was included. */
  txn: string | null;
  /** Of a void one: the final height by which its nonce was used up. */
  height: number | null;
  refusal: string | null;
  /** What the ledger took for it once it was final, in wei; null before, or where the ledger's client does not say. */
  fee: string | null;
}

/** The signed versions of a transaction; replacements raise the fee at the same nonce. */
export interface EvmBroadcastTable {
  hash: string;
  chain_id: number;
  signer: string;
  nonce: number;
  raw: string;
  max_fee: string;
  max_priority_fee: string;
  created_at: number;
}

/** A channel as followed so far. */
export interface ChannelTable {
  id: string;
  name: string;
  type: "test" | "production";
  status: "active" | "deprecated" | "retired";
  successor: string | null;
  cursor: string | null;
  followed: number;
  final: number;
  head: number;
  updated_at: number;
  /** When its ledger last answered, to within a few seconds; null before it did. */
  read_at: number | null;
  /** Why the channel was stopped; null while it runs. */
  stopped: string | null;
  /** Of two channels on which one number was issued, the one with the lower precedence counts. */
  precedence: number;
  /** When a replica last found it followed to its ledger's newest height; 0 for never. */
  caught_up_at: Generated<number>;
  /** When its ledger last forked as far as was followed, and how many heights that took back; null for never. */
  forked_at: number | null;
  fork_depth: number | null;
}

/** What was seen on a ledger. `final` rows have taken effect; the others may yet be retracted. */
export interface LedgerEventTable {
  channel_id: string;
  height: number;
  index: number;
  kind: string;
  /** The message or batch it is about. */
  message_id: string | null;
  txn: string;
  time_seconds: number;
  /** The whole event as JSON. */
  event: string;
  final: number;
}

/** A certificate by the final state of its ledger. */
export interface CertificateTable {
  channel_id: string;
  /** The issuing message. */
  message_id: string;
  sender: string;
  predicate: string;
  subject: string;
  receiver: string;
  digest: string;
  valid_until: number | null;
  issued_height: number;
  issued_index: number;
  issued_at_seconds: number;
  /** The batch that issued it and its place there; null for one that was issued alone. */
  batch_id: string | null;
  batch_index: number | null;
  /** The message that acquitted it. */
  acquitted_by: string | null;
  acquitted_at_seconds: number | null;
  /** The issuer's message that revoked it. */
  revoked_by: string | null;
  revoked_at_seconds: number | null;
  invalidated_at_seconds: number | null;
  /** 1 when the same number was issued before, in another batch or on another channel: never acquitted by this node. */
  duplicate: number;
}

/** A participant by the final state of a channel. */
export interface ParticipantTable {
  channel_id: string;
  domain: string;
  jurisdiction: string;
  status: "invited" | "active" | "suspended";
  endpoint: string | null;
}

/** A message type by the final state of a channel. */
export interface MessageTypeTable {
  channel_id: string;
  predicate: string;
  effect: "inform" | "issue" | "acquit" | "revoke";
  batchable: number;
  closed: number;
  target: string | null;
}

/** Work that one replica does at a time. Every write under a lease checks its epoch. */
export interface LeaseTable {
  name: string;
  owner: string;
  epoch: number;
  until: number;
}

/** Node-to-node tokens seen, so that each is used once. */
export interface UsedTokenTable {
  issuer: string;
  jti: string;
  expires_at: number;
}
