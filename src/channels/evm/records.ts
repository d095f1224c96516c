import { ZeroAddress, ZeroHash } from "ethers";

import {
  isDomain,
  isJurisdiction,
  type Domain,
  type Jurisdiction,
  type ParticipantStatus,
} from "../../domain/participant.ts";
import { parsePredicate, type Effect, type MessageType, type Predicate } from "../../domain/predicate.ts";
import { Problem } from "../../domain/problems.ts";
import type { ChannelStatus, ChannelStatusEvent, MessageTypeEvent, ParticipantEvent } from "../channel.ts";
import { isHashOf, numberArg, textArg, type ContractEvent } from "./contract-events.ts";

type Unplaced<E> = Omit<E, "position" | "txn" | "time">;

/** A record after a change. */
export type RecordChange =
  Unplaced<ParticipantEvent> | Unplaced<MessageTypeEvent> | Unplaced<ChannelStatusEvent>;

interface ParticipantRecord {
  readonly participant: Domain;
  readonly jurisdiction: Jurisdiction;
  readonly status: ParticipantStatus;
  readonly endpoint: string | null;
}

const effects: readonly (Effect | null)[] = [null, "inform", "issue", "acquit", "revoke"];

/**
 * The records of participants, message types and the channel, and with them the names behind the ledger's hashes: a fold
 * over the events that change them, in ledger order. A name is believed only where its hash is the one announced.
 */
export class Records {
  readonly #network: string;
  readonly #participants = new Map<string, ParticipantRecord>();
  readonly #types = new Map<string, MessageType>();
  #status: ChannelStatus = "active";
  #successor: string | null = null;

  /** @param network such as `eip155:31337`, the beginning of a successor's id */
  constructor(network: string) {
    this.#network = network;
  }

  /** The domain behind a participant's hash; null when it was never announced. */
  domainOf(hash: string): Domain | null {
    return this.#participants.get(hash)?.participant ?? null;
  }

  /** The name behind a message type's hash; null when it was never announced. */
  predicateOf(hash: string): Predicate | null {
    return this.#types.get(hash)?.predicate ?? null;
  }

  /**
   * Takes up the next event.
   *
   * @returns the whole record that it changed; null when it changed none, or none that the protocol can name
   */
  apply(event: ContractEvent): RecordChange | null {
    switch (event.name) {
      case "ParticipantInvited":
        return this.#invited(event);
      case "InvitationWithdrawn":
        return this.#withdrawn(event);
      case "ParticipantAccepted":
      case "ParticipantReinstated":
        return this.#participant(event, { status: "active" });
      case "ParticipantSuspended":
        return this.#participant(event, { status: "suspended" });
      case "EndpointChanged":
        return this.#participant(event, { endpoint: textArg(event, "endpoint").replace(/\/+$/, "") });
      case "MessageTypeRegistered":
        return this.#registered(event);
      case "MessageTypeClosed":
        return this.#closed(event);
      case "ChannelDeprecated":
        return this.#deprecated(event);
      case "ChannelRetired":
        this.#status = "retired";
        return { kind: "channel-status", status: this.#status, successor: this.#successor };
      default:
        return null;
    }
  }

  #invited(event: ContractEvent): RecordChange | null {
    const hash = textArg(event, "participant");
    const participant = textArg(event, "domain");
    const jurisdiction = Buffer.from(textArg(event, "jurisdiction").slice(2), "hex").toString("latin1");
    if (!isHashOf(participant, hash) || !isDomain(participant) || !isJurisdiction(jurisdiction)) return null;
    const record: ParticipantRecord = { participant, jurisdiction, status: "invited", endpoint: null };
    this.#participants.set(hash, record);
    return { kind: "participant", ...record };
  }

  #withdrawn(event: ContractEvent): RecordChange | null {
    const hash = textArg(event, "participant");
    const known = this.#participants.get(hash);
    if (known === undefined) return null;
    this.#participants.delete(hash);
    return { kind: "participant", ...known, status: "withdrawn" };
  }

  #participant(event: ContractEvent, change: Partial<ParticipantRecord>): RecordChange | null {
    const hash = textArg(event, "participant");
    const known = this.#participants.get(hash);
    if (known === undefined) return null;
    const record = { ...known, ...change };
    this.#participants.set(hash, record);
    return { kind: "participant", ...record };
  }

  #registered(event: ContractEvent): RecordChange | null {
    const hash = textArg(event, "predicate");
    const name = textArg(event, "name");
    const effect = effects[Number(numberArg(event, "effect"))];
    const predicate = isHashOf(name, hash) ? predicateOrNull(name) : null;
    if (predicate === null || effect === null || effect === undefined) return null;
    const targetHash = textArg(event, "target");
    const target = targetHash === ZeroHash ? null : this.predicateOf(targetHash);
    if (targetHash !== ZeroHash && target === null) return null;
    const type = {
      predicate,
      effect,
      batchable: event.args?.getValue("batchable") === true,
      closed: false,
      target,
    };
    this.#types.set(hash, type);
    return { kind: "message-type", type };
  }

  #closed(event: ContractEvent): RecordChange | null {
    const hash = textArg(event, "predicate");
    const known = this.#types.get(hash);
    if (known === undefined) return null;
    const type = { ...known, closed: true };
    this.#types.set(hash, type);
    return { kind: "message-type", type };
  }

  #deprecated(event: ContractEvent): RecordChange {
    const successor = textArg(event, "successor");
    this.#status = "deprecated";
    this.#successor = successor === ZeroAddress ? null : `${this.#network}:${successor.toLowerCase()}`;
    return { kind: "channel-status", status: this.#status, successor: this.#successor };
  }
}

function predicateOrNull(name: string): Predicate | null {
  try {
    return parsePredicate(name);
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}
