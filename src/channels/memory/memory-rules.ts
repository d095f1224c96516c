import { isOpaque, type Subject } from "../../domain/subject.ts";
import { messageId, type Message, type MessageId } from "../../domain/message.ts";
import type { Domain, Jurisdiction, ParticipantStatus } from "../../domain/participant.ts";
import type { Effect, MessageType, Predicate } from "../../domain/predicate.ts";
import type { CertificateState } from "../../domain/certificate.ts";
import type { ChannelStatus, LedgerEvent, Refusal } from "../channel.ts";
import { refusal, type RefusalCode } from "../refusals.ts";

/** The unchangeable terms of a channel in memory; moments are seconds since 1970. */
export interface MemoryTerms {
  readonly name: string;
  readonly type: "test" | "production";
  readonly opaqueSubjects: boolean;
  readonly validFrom: number;
  readonly validUntil: number | null;
}

type Unplaced<E> = E extends LedgerEvent ? Omit<E, "position" | "txn" | "time"> : never;

/** An event before the ledger has given it a place. */
export type Announcement = Unplaced<LedgerEvent>;

/** What a node hands to the ledger: a message, and the account that speaks. */
export interface MemoryCall {
  readonly message: Message;
  readonly effect: Effect;
  readonly issuance: Message | null;
  readonly operator: string;
}

/** Thrown by the rules: the ledger refuses, and its state is as before. */
export class LedgerRefusal extends Error {
  readonly refusal: Refusal;

  constructor(code: RefusalCode, nature?: Refusal["nature"]) {
    super(code);
    this.name = "LedgerRefusal";
    this.refusal = refusal(code, nature === undefined ? {} : { nature });
  }
}

interface Participant {
  jurisdiction: Jurisdiction;
  status: ParticipantStatus;
  endpoint: string | null;
  readonly operators: Set<string>;
  readonly nodeKeys: Set<string>;
}

interface Slot {
  readonly id: MessageId;
  acquitted: boolean;
  revoked: boolean;
}

function require(condition: boolean, code: RefusalCode): void {
  if (!condition) throw new LedgerRefusal(code);
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
  #status: ChannelStatus = "active";
  #successor: string | null = null;

  constructor(terms: MemoryTerms) {
    this.#terms = terms;
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
   * Checks a message against the rules, changing nothing.
   *
   * @param time the ledger's clock, seconds since 1970
   * @throws LedgerRefusal
   */
  check(call: MemoryCall, time: number): void {
    const { message, effect } = call;
    const type = this.#types.get(message.predicate);
    if (type === undefined) throw new LedgerRefusal("MessageTypeUnknown");
    require(!type.closed, "MessageTypeClosedToMessages");
    require(isAbout(type.effect) === isAbout(effect), "MessageEffectMismatch");
    if (isAbout(type.effect)) this.#checkAbout(call, type, time);
    else this.#checkCreating(call, type, time);
  }

  /**
   * Takes a message and applies its type's effect.
   *
   * @throws LedgerRefusal
   */
  send(call: MemoryCall, time: number): Announcement[] {
    this.check(call, time);
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

  isNodeKey(domain: Domain, account: string): boolean {
    const participant = this.#participants.get(domain);
    return participant?.status === "active" && participant.nodeKeys.has(account);
  }

  #checkCreating(call: MemoryCall, type: MessageType, time: number): void {
    const { message, operator } = call;
    const { validUntil, opaqueSubjects } = this.#terms;
    require(this.#status === "active", "ChannelNotActive");
    this.#checkBegun(time);
    require(validUntil === null || time <= validUntil, "ChannelOutsideValidity");
    this.#checkOperator(message, operator);
    require(message.sender !== message.receiver, "MessageReceiverIsSender");
    require(this.#participants.get(message.receiver)?.status === "active", "ParticipantNotActive");
    require(!opaqueSubjects || isOpaque(message.subject), "MessageSubjectNotOpaque");
    if (type.effect === "issue") {
      require(!isExpired(message, time), "CertificateExpired");
      require(!this.#certificates.has(numberOf(message)), "CertificateAlreadyIssued");
    } else {
      require(message.validUntil === null, "MessageExpiryNotAllowed");
    }
  }

  #checkAbout(call: MemoryCall, type: MessageType, time: number): void {
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

  #checkOperator(message: Message, account: string): void {
    const sender = this.#participants.get(message.sender);
    require(sender?.operators.has(`${message.predicate} ${account}`) ?? false, "OperatorUnauthorized");
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

function isExpired(issuance: Message, time: number): boolean {
  return issuance.validUntil !== null && time > issuance.validUntil;
}

function numberOf(issuance: { sender: Domain; predicate: Predicate; subject: Subject }): string {
  return `${issuance.sender} ${issuance.predicate} ${issuance.subject}`;
}

/** As on a real ledger, the issuer and the number follow from the acting message; the rest is resupplied. */
function issuanceOf({ message, issuance }: MemoryCall, effect: Effect): Message {
  if (issuance === null) throw new Error("A message that acquits or revokes needs the message that issued");
  return {
    ...issuance,
    sender: effect === "acquit" ? message.receiver : message.sender,
    subject: message.subject,
  };
}
