import type { BatchHeader, BatchId } from "../domain/batch.ts";
import type { CertificateState } from "../domain/certificate.ts";
import type { Hex32 } from "../domain/hex.ts";
import type { Message, MessageId } from "../domain/message.ts";
import type { Domain, Jurisdiction, ParticipantStatus } from "../domain/participant.ts";
import type { Multihash } from "../domain/multihash.ts";
import type { Effect, MessageType, Predicate } from "../domain/predicate.ts";
import type { ChannelRights } from "./rights.ts";
import type { SigningAccount } from "./signing-account.ts";

/**
 * When a block of the channel's ledger can no longer be taken back: at once, after so many blocks on top of it, or when
 * the ledger itself says so.
 */
export type Finality =
  | { readonly kind: "immediate" }
  | { readonly kind: "confirmations"; readonly blocks: number }
  | { readonly kind: "finalized" };

/** Where a channel stands; `past-validity` and `not-yet-valid` follow from the ledger's clock, not from this word. */
export type ChannelStatus = "active" | "deprecated" | "retired";

/** What a channel is, declared once when it is opened. */
export interface ChannelDescription {
  /** Stable and unique among all channels of all networks, such as `eip155:31337:0x5fbd…`. */
  readonly id: string;
  readonly name: string;
  /** Key of the plug-in in the factory, such as `evm`. */
  readonly technology: string;
  /** The ledger network, such as `eip155:31337`. */
  readonly network: string;
  readonly type: "test" | "production";
  readonly opaqueSubjects: boolean;
  /** Seconds since 1970; null for no end. */
  readonly validFrom: number;
  readonly validUntil: number | null;
  /** Id of the channel this one succeeds, null for none. */
  readonly predecessor: string | null;
  readonly finality: Finality;
  readonly limits: {
    /** Characters in a subject. */
    readonly subjectLength: number;
    /** Messages in a batch; 0 where the ledger takes no batches. */
    readonly batchSize: number;
  };
}

/** Where in the ledger something happened. Positions are ordered by height, then by index. */
export interface Position {
  readonly height: number;
  /** Order among all events of this height. */
  readonly index: number;
}

interface EventBase {
  readonly position: Position;
  /** The ledger's name for the transaction, shown as `channelTxnId`. */
  readonly txn: string;
  /** The ledger's own clock at this height, in seconds since 1970. */
  readonly time: number;
}

/** A message was accepted and its type's effect applied. */
export interface MessageEvent extends EventBase {
  readonly kind: "message";
  readonly id: MessageId;
  readonly message: Message;
  /** The ledger account whose right was used. */
  readonly operator: string;
}

/** The consortium invalidated a certificate of a suspended issuer; `id` is the issuing message's. */
export interface InvalidationEvent extends EventBase {
  readonly kind: "invalidation";
  readonly id: MessageId;
}

/** A batch was anchored: all its messages are said at once, and its certificates issued. */
export interface BatchEvent extends EventBase {
  readonly kind: "batch";
  readonly id: BatchId;
  readonly header: BatchHeader;
  /** The ledger account whose right was used. */
  readonly operator: string;
}

/** Some certificates of a batch: bit `b` of `mask` is the one at index `256 * word + b`. */
export interface BatchBits {
  readonly word: number;
  /** `0x` and 64 lower-case hexadecimal digits. */
  readonly mask: Hex32;
}

/**
 * Certificates of a batch were acquitted or revoked, as the type of `predicate` does: each bit that is set stands for one
 * message of that type about the certificate's subject.
 */
export interface SettlementEvent extends EventBase {
  readonly kind: "settlement";
  /** The batch whose certificates they are. */
  readonly id: BatchId;
  readonly sender: Domain;
  readonly receiver: Domain;
  readonly predicate: Predicate;
  /** The evidence. */
  readonly obj: Multihash;
  readonly operator: string;
  /** Exactly what the ledger applied. */
  readonly applied: readonly BatchBits[];
}

/** The consortium invalidated certificates of a suspended issuer's batch. */
export interface BatchInvalidationEvent extends EventBase {
  readonly kind: "batch-invalidation";
  readonly id: BatchId;
  readonly applied: readonly BatchBits[];
}

/** A participant's whole record after a change on the ledger. */
export interface ParticipantEvent extends EventBase {
  readonly kind: "participant";
  readonly participant: Domain;
  readonly jurisdiction: Jurisdiction;
  /** `withdrawn`: its invitation was taken back, and the ledger knows it no more. */
  readonly status: ParticipantStatus | "withdrawn";
  /** Base URL of its node without trailing slash; null before it has announced one. */
  readonly endpoint: string | null;
}

/** A message type's whole record after a change on the ledger. */
export interface MessageTypeEvent extends EventBase {
  readonly kind: "message-type";
  readonly type: MessageType;
}

/** The channel changed its status. */
export interface ChannelStatusEvent extends EventBase {
  readonly kind: "channel-status";
  readonly status: ChannelStatus;
  /** Id of the successor, null for none. */
  readonly successor: string | null;
}

/**
 * Something a node does not act on, such as the appointment of an operator. It is stored whole, so that nothing of the
 * ledger is lost; `name` and `fields` are the plug-in's.
 */
export interface OtherEvent extends EventBase {
  readonly kind: "other";
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
}

export type LedgerEvent =
  | MessageEvent
  | InvalidationEvent
  | BatchEvent
  | SettlementEvent
  | BatchInvalidationEvent
  | ParticipantEvent
  | MessageTypeEvent
  | ChannelStatusEvent
  | OtherEvent;

/**
 * A stretch of the ledger. The reader applies it in one database transaction together with `cursor`: first it forgets
 * the events above `retractAbove`, then it records `events`, then everything up to `final` takes effect.
 */
export interface LedgerPage {
  /** Height above which everything announced before is void because the ledger forked; null for no fork. */
  readonly retractAbove: number | null;
  /** In ledger order; events of one height are never split over two pages. */
  readonly events: readonly LedgerEvent[];
  /** Last height this page covers. */
  readonly followed: number;
  /** Last height that is final; never goes back and never exceeds `followed`. */
  readonly final: number;
  /** The ledger's newest height, for measuring lag. */
  readonly head: number;
  /** Opaque to the reader; handed back to `read` to go on from here. */
  readonly cursor: string;
}

interface SubmissionBase {
  /** Unique for each try; handing the same key over twice writes once. At most 200 characters. */
  readonly key: string;
}

/** A single message to be written to the ledger. */
export interface MessageSubmission extends SubmissionBase {
  readonly kind: "message";
  readonly message: Message;
  readonly effect: Effect;
  /** The message that issued the certificate spoken of; present exactly when `effect` is acquit or revoke. */
  readonly issuance: Message | null;
}

/** A batch to be anchored. */
export interface AnchorSubmission extends SubmissionBase {
  readonly kind: "anchor";
  readonly header: BatchHeader;
}

/** Certificates of an anchored batch to be acquitted or revoked, as the type of `predicate` does. */
export interface SettlementSubmission extends SubmissionBase {
  readonly kind: "settlement";
  readonly header: BatchHeader;
  readonly predicate: Predicate;
  /** The evidence. */
  readonly obj: Multihash;
  /** At least one bit; a word is named once. */
  readonly bits: readonly BatchBits[];
}

/** Something to be written to the ledger in one piece. */
export type Submission = MessageSubmission | AnchorSubmission | SettlementSubmission;

/** Why the ledger refuses: the contract's decoded error. */
export interface Refusal {
  /** Stable, such as `CertificateAlreadyIssued`. */
  readonly code: string;
  /** A sentence for a person. */
  readonly detail: string;
  /**
   * `permanent`: the same message will be refused for ever. `dependent`: it depends on ledger state that can still
   * change (its certificate is not yet final, a right is being granted), so trying again may help.
   */
  readonly nature: "permanent" | "dependent";
}

/** The ledger's answer to "would you take this now?". */
export type Judgement =
  | { readonly accepted: true }
  /**
   * `final`: the refusal also holds in the ledger's final state. `height` is that of the state judged: the last final one
   * where `final`, else the newest. Whoever follows to that height knows whether the ledger refuses because it already
   * carries this very message.
   */
  | { readonly accepted: false; readonly refusal: Refusal; readonly final: boolean; readonly height: number };

/** Where a submission stands. Acceptance by the ledger is not reported here: it shows in `read`. */
export type Progress =
  /**
   * Never handed over, or its transaction was void: it may be submitted again under another key. `height` is the final one
   * by which it was void, where that is known: whoever has followed to it knows that the ledger carries it under no name.
   */
  | { readonly state: "absent"; readonly height?: number }
  /** Signed and stored; broadcast, rebroadcast and replaced as long as it takes. */
  | { readonly state: "carried"; readonly txn: string }
  /** In a block that is not final yet. */
  | { readonly state: "included"; readonly txn: string; readonly height: number }
  /** In a final block, and accepted. */
  | { readonly state: "accepted"; readonly txn: string; readonly height: number }
  /** In a final block, and refused there. */
  | { readonly state: "refused"; readonly txn: string; readonly height: number; readonly refusal: Refusal };

/**
 * A failure of the channel itself, not of a message. `retry`: the ledger is out of reach or behind, try later. `stop`:
 * nothing may be done on this channel until an operator has looked (wrong chain, another contract, a fork below final).
 */
export class ChannelFailure extends Error {
  readonly action: "retry" | "stop";
  /** Stable, such as `ledger-unreachable` or `fork-below-final`. */
  readonly code: string;

  constructor(
    action: "retry" | "stop",
    code: string,
    detail: string,
    options?: { readonly cause?: unknown },
  ) {
    super(detail, options);
    this.name = "ChannelFailure";
    this.action = action;
    this.code = code;
  }
}

/** A signature by a ledger account. */
export interface AccountSignature {
  /** The ledger's name for the account. */
  readonly account: string;
  readonly signature: Uint8Array;
}

/** Where an event is: its place, and the transaction that holds it. */
export type EvidencePlace = Pick<LedgerEvent, "position" | "txn">;

/** A ledger's proof that it recorded an event, complete in itself: whoever holds it needs no node to check it. */
export interface LedgerEvidence {
  /** Key of the plug-in, which names the form of the proof. */
  readonly technology: string;
  /** JSON in the plug-in's own form. */
  readonly proof: Readonly<Record<string, unknown>>;
}

/**
 * The plug-in interface: one agreed channel on one ledger. Every method may throw `ChannelFailure`; none may be called
 * inside a database transaction.
 */
export interface Channel {
  /** Filled when the channel is opened; never changes. */
  readonly description: ChannelDescription;

  /** Reads on from `cursor` (null: from the channel's beginning). Answers at once, with an empty page when nothing is new. */
  read(cursor: string | null): Promise<LedgerPage>;

  /** Asks whether the ledger would take this now. Writes nothing. */
  judge(submission: Submission): Promise<Judgement>;

  /**
   * Takes charge of a submission: when this resolves, it is durably stored, signed, and will be carried to the ledger
   * through crashes and restarts. The same key again changes nothing.
   */
  submit(submission: Submission): Promise<void>;

  progress(key: string): Promise<Progress>;

  /** The ledger's final word on the certificate that exactly this issuing message created. */
  certificateState(issuance: Message): Promise<CertificateState>;

  /**
   * The ledger's final word on the certificate at `index` of exactly this batch; nothing is issued where no such batch is
   * anchored, or it has no such index.
   */
  batchedCertificateState(header: BatchHeader, index: number): Promise<CertificateState>;

  /**
   * Proves that an event is in the ledger's final history.
   *
   * @param place of an event that `read` announced
   * @throws ChannelFailure retry `evidence-unavailable` when there is no such event, it is not final, or the ledger's client
   * does not give what a proof is made of
   */
  evidence(place: EvidencePlace): Promise<LedgerEvidence>;

  /** Signs as this node, with the key that holds the participant's node right. */
  signAsNode(payload: Uint8Array): Promise<AccountSignature>;

  /**
   * Whether `signed` is a signature over `payload` by an account that at present holds the node right of `participant`,
   * and `participant` is active.
   */
  isNodeSignature(participant: Domain, payload: Uint8Array, signed: AccountSignature): Promise<boolean>;

  /**
   * Whether `account` at present holds the node right of `participant`, and `participant` is active: for keys that sign
   * otherwise than through the ledger, such as that of a TLS certificate. What is no account of this ledger holds none.
   */
  isNodeKey(participant: Domain, account: string): Promise<boolean>;

  /** Who may do what by the ledger's final state; null where the plug-in cannot say. */
  rights(): Promise<ChannelRights | null>;

  /**
   * The accounts that sign for this node, with what is under way; null where the plug-in cannot say. That the ledger is out
   * of reach is told in the answer: what is stored here is worth knowing just then.
   */
  signingAccounts(): Promise<readonly SigningAccount[] | null>;

  /** Stops background work; resolves when nothing of this channel runs any more. Nothing durable is lost. */
  close(): Promise<void>;
}
