import { isOpaque, type Subject } from "../../domain/subject.ts";
import { messageId, type Message, type MessageId } from "../../domain/message.ts";
import type { Domain, Jurisdiction, ParticipantStatus } from "../../domain/participant.ts";
import type { Effect, MessageType, Predicate } from "../../domain/predicate.ts";
import type { CertificateState } from "../../domain/certificate.ts";
import type { BatchHeader } from "../../domain/batch.ts";
import type {
  AnchorSubmission,
  BatchBits,
  ChannelStatus,
  LedgerEvent,
  MessageSubmission,
  SettlementSubmission,
} from "../channel.ts";
import { LedgerRefusal, require } from "./ledger-refusal.ts";
import { MemoryBatches, type SettlementPlan } from "./memory-batches.ts";
import type { MemoryPredecessor, MemoryTerms } from "./memory-terms.ts";

type Unplaced<E> = E extends LedgerEvent ? Omit<E, "position" | "txn" | "time"> : never;

/** An event before the ledger has given it a place. */
export type Announcement = Unplaced<LedgerEvent>;

/** A submission, and the account that speaks. */
type By<S> = Omit<S, "key"> & { readonly operator: string };
type MessageCall = By<MessageSubmission>;
type AnchorCall = By<AnchorSubmission>;
type SettlementCall = By<SettlementSubmission>;

/** What a node hands to the ledger: a message, a batch or a settlement, and the account that speaks. */
export type MemoryCall = MessageCall | AnchorCall | SettlementCall;

interface Participant {
  jurisdiction: Jurisdiction;
  status: ParticipantStatus;
  endpoint: string | null;
  readonly operators: Set<string>;
  readonly nodeKeys: Set<string>;
}

type Parties = Pick<Message, "sender" | "receiver">;
type Said = Pick<Message, "sender" | "predicate">;
type Expiring = Pick<Message, "validUntil">;

const NOTHING: CertificateState = { issued: false, acquitted: false, revoked: false, expired: false };

interface Slot {
  readonly id: MessageId;
  acquitted: boolean;
  revoked: boolean;
}

/**
 * The ledger's rules (PROTOCOL §4) over plain maps: what `contracts/Channel.sol` enforces, restated for tests. A method
 * either throws and changes nothing, or changes the state and returns what is announced.
 */
export class MemoryRules {
  readonly #terms: MemoryTerms;
  readonly #participants = new Map<Domain, Participant>();
  readonly #types = new Map<Predicate, MessageType>();
  readonly #certificates = new Map<string, Slot>();
  readonly #batches = new MemoryBatches();
  readonly #predecessor: MemoryPredecessor | null;
  #status: ChannelStatus = "active";
  #successor: string | null = null;

  constructor(terms: MemoryTerms, predecessor: MemoryPredecessor | null = null) {
    this.#terms = terms;
    this.#predecessor = predecessor;
  }

  hasHandedOverTo(channelId: string): boolean {
    return this.#status !== "active" && this.#successor === channelId;
  }

  isIssued(issuance: Message): boolean {
    return this.#certificates.has(numberOf(issuance)) || (this.#predecessor?.isIssued(issuance) ?? false);
  }

  admit(domain: Domain, jurisdiction: Jurisdiction): Announcement[] {
    if (this.#participants.has(domain)) throw new Error(`${domain} has been invited before`);
    this.#participants.set(domain, {
      jurisdiction,
      status: "invited",
      endpoint: null,
      operators: new Set(),
      nodeKeys: new Set(),
    });
    return [this.#record(domain)];
  }

  withdrawInvitation(domain: Domain): Announcement[] {
    const { jurisdiction, status, endpoint } = this.#known(domain);
    if (status !== "invited") throw new Error(`${domain} is not invited`);
    this.#participants.delete(domain);
    return [{ kind: "participant", participant: domain, jurisdiction, status: "withdrawn", endpoint }];
  }

  accept(domain: Domain, endpoint: string): Announcement[] {
    return this.#move(domain, "invited", "active", endpoint);
  }

  suspend(domain: Domain): Announcement[] {
    return this.#move(domain, "active", "suspended");
  }

  reinstate(domain: Domain): Announcement[] {
    return this.#move(domain, "suspended", "active");
  }

  setEndpoint(domain: Domain, endpoint: string): Announcement[] {
    this.#known(domain).endpoint = endpoint;
    return [this.#record(domain)];
  }

  setOperator(domain: Domain, predicate: Predicate, account: string, appointed: boolean): Announcement[] {
    const { operators } = this.#known(domain);
    if (appointed) operators.add(`${predicate} ${account}`);
    else operators.delete(`${predicate} ${account}`);
    const name = appointed ? "OperatorAppointed" : "OperatorDismissed";
    return [{ kind: "other", name, fields: { participant: domain, predicate, account } }];
  }

  setNodeKey(domain: Domain, account: string, appointed: boolean): Announcement[] {
    const { nodeKeys } = this.#known(domain);
    if (appointed) nodeKeys.add(account);
    else nodeKeys.delete(account);
    const name = appointed ? "NodeKeyAppointed" : "NodeKeyDismissed";
    return [{ kind: "other", name, fields: { participant: domain, account } }];
  }

  registerMessageType(type: Omit<MessageType, "closed">): Announcement[] {
    if (this.#types.has(type.predicate)) throw new Error(`${type.predicate} has been registered before`);
    const registered = { ...type, closed: false };
    this.#types.set(type.predicate, registered);
    return [{ kind: "message-type", type: registered }];
  }

  closeMessageType(predicate: Predicate): Announcement[] {
    const type = this.#types.get(predicate);
    if (type === undefined || type.closed) throw new Error(`${predicate} is not open`);
    const closed = { ...type, closed: true };
    this.#types.set(predicate, closed);
    return [{ kind: "message-type", type: closed }];
  }

  deprecate(successor: string | null): Announcement[] {
    if (this.#status !== "active" && (this.#status !== "deprecated" || this.#successor !== null)) {
      throw new Error("The channel has a successor, or is retired");
    }
    this.#status = "deprecated";
    this.#successor = successor;
    return [{ kind: "channel-status", status: this.#status, successor }];
  }

  retire(): Announcement[] {
    if (this.#status !== "deprecated") throw new Error("Only a deprecated channel is retired");
    this.#status = "retired";
    return [{ kind: "channel-status", status: this.#status, successor: this.#successor }];
  }

  /** The consortium invalidates a certificate of a suspended issuer. */
  invalidate(issuance: Message): Announcement[] {
    if (this.#known(issuance.sender).status !== "suspended") throw new Error("The issuer is not suspended");
    const slot = this.#slotOf(issuance);
    require(!slot.revoked, "CertificateAlreadyRevoked");
    slot.revoked = true;
    return [{ kind: "invalidation", id: slot.id }];
  }

  /**
   * The consortium invalidates certificates of a suspended issuer's batch.
   *
   * @param time the ledger's clock, seconds since 1970
   * @throws LedgerRefusal
   */
  invalidateBatch(header: BatchHeader, bits: readonly BatchBits[], time: number): Announcement[] {
    if (this.#known(header.sender).status !== "suspended") throw new Error("The issuer is not suspended");
    require(this.#types.get(header.predicate)?.effect === "issue", "BatchNotIssuing");
    const plan = this.#batches.plan(header, "revoke", bits, time);
    this.#batches.apply(header, plan);
    return [{ kind: "batch-invalidation", id: plan.id, applied: plan.applied }];
  }

  /**
   * Checks a call against the rules, changing nothing.
   *
   * @param time the ledger's clock, seconds since 1970
   * @throws LedgerRefusal
   */
  check(call: MemoryCall, time: number): void {
    if (call.kind === "message") this.#checkMessage(call, time);
    else if (call.kind === "anchor") this.#checkAnchor(call, time);
    else this.#planSettlement(call, time);
  }

  /**
   * Takes a call and applies its type's effect.
   *
   * @throws LedgerRefusal
   */
  take(call: MemoryCall, time: number): Announcement[] {
    if (call.kind === "message") return this.#send(call, time);
    const { header, operator } = call;
    if (call.kind === "anchor") {
      this.#checkAnchor(call, time);
      return [{ kind: "batch", id: this.#batches.anchor(header), header, operator }];
    }
    const plan = this.#planSettlement(call, time);
    this.#batches.apply(header, plan);
    const { predicate, obj } = call;
    const { id, applied } = plan;
    return [{ kind: "settlement", id, ...partiesOf(header, plan.effect), predicate, obj, operator, applied }];
  }

  stateOf(issuance: Message, time: number): CertificateState {
    const slot = this.#certificates.get(numberOf(issuance));
    const issued = slot?.id === messageId(issuance);
    return {
      issued,
      acquitted: issued && slot.acquitted,
      revoked: issued && slot.revoked,
      expired: issued && isExpired(issuance, time),
    };
  }

  batchedStateOf(header: BatchHeader, index: number, time: number): CertificateState {
    // Only certificates have a state: there are none in a batch that informs.
    const issuing = this.#types.get(header.predicate)?.effect === "issue";
    return (issuing ? this.#batches.stateOf(header, index, time) : null) ?? NOTHING;
  }

  isNodeKey(domain: Domain, account: string): boolean {
    const participant = this.#participants.get(domain);
    return participant?.status === "active" && participant.nodeKeys.has(account);
  }

  #send(call: MessageCall, time: number): Announcement[] {
    this.#checkMessage(call, time);
    const { message, operator } = call;
    const id = messageId(message);
    const effect = this.#types.get(message.predicate)?.effect;
    if (effect === "issue") {
      this.#certificates.set(numberOf(message), { id, acquitted: false, revoked: false });
    } else if (effect === "acquit") {
      this.#slotOf(issuanceOf(call, effect)).acquitted = true;
    } else if (effect === "revoke") {
      this.#slotOf(issuanceOf(call, effect)).revoked = true;
    }
    return [{ kind: "message", id, message, operator }];
  }

  #checkMessage(call: MessageCall, time: number): void {
    const type = this.#openType(call.message.predicate);
    require(isAbout(type.effect) === isAbout(call.effect), "MessageEffectMismatch");
    if (isAbout(type.effect)) this.#checkAbout(call, type, time);
    else this.#checkCreating(call, type, time);
  }

  #checkAnchor({ header, operator }: AnchorCall, time: number): void {
    this.#checkOpen(header, operator, time);
    const type = this.#openType(header.predicate);
    require(type.batchable, "BatchNotBatchable");
    this.#checkParties(header);
    this.#checkExpiry(header, type, time);
    this.#batches.checkAnchor(header);
  }

  #planSettlement(call: SettlementCall, time: number): SettlementPlan {
    const { header, predicate, operator } = call;
    const { effect, target } = this.#openType(predicate);
    if (effect !== "acquit" && effect !== "revoke") throw new LedgerRefusal("MessageEffectMismatch");
    require(target === header.predicate, "CertificateTypeMismatch");
    require(this.#status !== "retired", "ChannelNotActive");
    this.#checkBegun(time);
    this.#checkOperator({ ...partiesOf(header, effect), predicate }, operator);
    return this.#batches.plan(header, effect, call.bits, time);
  }

  #openType(predicate: Predicate): MessageType {
    const type = this.#types.get(predicate);
    if (type === undefined) throw new LedgerRefusal("MessageTypeUnknown");
    require(!type.closed, "MessageTypeClosedToMessages");
    return type;
  }

  #checkCreating({ message, operator }: MessageCall, type: MessageType, time: number): void {
    this.#checkOpen(message, operator, time);
    this.#checkParties(message);
    require(!this.#terms.opaqueSubjects || isOpaque(message.subject), "MessageSubjectNotOpaque");
    this.#checkExpiry(message, type, time);
    if (type.effect === "issue") require(!this.isIssued(message), "CertificateAlreadyIssued");
  }

  #checkOpen(said: Said, operator: string, time: number): void {
    const { validUntil } = this.#terms;
    require(this.#status === "active", "ChannelNotActive");
    this.#checkBegun(time);
    require(validUntil === null || time <= validUntil, "ChannelOutsideValidity");
    this.#checkOperator(said, operator);
  }

  #checkParties({ sender, receiver }: Parties): void {
    require(sender !== receiver, "MessageReceiverIsSender");
    require(this.#participants.get(receiver)?.status === "active", "ParticipantNotActive");
  }

  #checkExpiry(said: Expiring, type: MessageType, time: number): void {
    if (type.effect !== "issue") {
      require(said.validUntil === null, "MessageExpiryNotAllowed");
      return;
    }
    require(!isExpired(said, time), "CertificateExpired");
    require(this.#predecessor?.handedOver() ?? true, "ChannelPredecessorActive");
  }

  #checkAbout(call: MessageCall, type: MessageType, time: number): void {
    const { message, operator } = call;
    const issuance = issuanceOf(call, type.effect);
    require(this.#status !== "retired", "ChannelNotActive");
    this.#checkBegun(time);
    require(issuance.predicate === type.target, "CertificateTypeMismatch");
    this.#checkOperator(message, operator);
    require(message.sender !== message.receiver, "MessageReceiverIsSender");
    require(message.validUntil === null, "MessageExpiryNotAllowed");
    if (type.effect === "revoke") {
      require(issuance.receiver === message.receiver, "CertificateReceiverMismatch");
      require(!this.#slotOf(issuance).revoked, "CertificateAlreadyRevoked");
      return;
    }
    require(issuance.receiver === message.sender, "CertificateNotReceiver");
    const slot = this.#slotOf(issuance);
    require(!slot.revoked, "CertificateAlreadyRevoked");
    require(!slot.acquitted, "CertificateAlreadyAcquitted");
    require(!isExpired(issuance, time), "CertificateExpired");
  }

  #checkBegun(time: number): void {
    if (time < this.#terms.validFrom) throw new LedgerRefusal("ChannelOutsideValidity", "dependent");
  }

  #checkOperator(said: Said, account: string): void {
    const sender = this.#participants.get(said.sender);
    require(sender?.operators.has(`${said.predicate} ${account}`) ?? false, "OperatorUnauthorized");
    require(sender?.status === "active", "ParticipantNotActive");
  }

  #slotOf(issuance: Message): Slot {
    const slot = this.#certificates.get(numberOf(issuance));
    if (slot === undefined) throw new LedgerRefusal("CertificateUnknown");
    require(slot.id === messageId(issuance), "CertificateMismatch");
    return slot;
  }

  #known(domain: Domain): Participant {
    const participant = this.#participants.get(domain);
    if (participant === undefined) throw new Error(`${domain} is not a participant`);
    return participant;
  }

  #move(domain: Domain, from: ParticipantStatus, to: ParticipantStatus, endpoint?: string): Announcement[] {
    const participant = this.#known(domain);
    if (participant.status !== from) throw new Error(`${domain} is not ${from}`);
    participant.status = to;
    if (endpoint !== undefined) participant.endpoint = endpoint;
    return [this.#record(domain)];
  }

  #record(domain: Domain): Announcement {
    const { jurisdiction, status, endpoint } = this.#known(domain);
    return { kind: "participant", participant: domain, jurisdiction, status, endpoint };
  }
}

function isAbout(effect: Effect): boolean {
  return effect === "acquit" || effect === "revoke";
}

function isExpired({ validUntil }: Expiring, time: number): boolean {
  return validUntil !== null && time > validUntil;
}

/** Who speaks to whom when certificates of a batch are settled. */
function partiesOf({ sender, receiver }: Parties, effect: Effect): Parties {
  return effect === "acquit" ? { sender: receiver, receiver: sender } : { sender, receiver };
}

function numberOf(issuance: { sender: Domain; predicate: Predicate; subject: Subject }): string {
  return `${issuance.sender} ${issuance.predicate} ${issuance.subject}`;
}

/** As on a real ledger, the issuer and the number follow from the acting message; the rest is resupplied. */
function issuanceOf({ message, issuance }: MessageCall, effect: Effect): Message {
  if (issuance === null) throw new Error("A message that acquits or revokes needs the message that issued");
  return {
    ...issuance,
    sender: effect === "acquit" ? message.receiver : message.sender,
    subject: message.subject,
  };
}
