import { concat, encodeBytes32String, id as hashOf, keccak256, ZeroHash } from "ethers";

import type { Domain } from "../../domain/participant.ts";
import type { Predicate } from "../../domain/predicate.ts";
import type { Finality } from "../channel.ts";
import { RightsBook } from "../rights-book.ts";
import type { ChannelRights } from "../rights.ts";
import { readEnds } from "./contract.ts";
import { channelInterface, readEvent, recordTopics, textArg, type ContractEvent } from "./contract-events.ts";
import { LogRanges, type ChannelLog } from "./logs.ts";
import { Records } from "./records.ts";
import type { EvmRpc } from "./rpc.ts";

/** OpenZeppelin's `AccessControl`, whose events are not in the contract's own interface: role, account and sender. */
const GRANTED = hashOf("RoleGranted(bytes32,address,address)");
const REVOKED = hashOf("RoleRevoked(bytes32,address,address)");
const appointments = ["AdminTransferred", "OperatorAppointed", "NodeKeyAppointed"] as const;
const topics = [
  ...recordTopics,
  ...appointments.map((name) => channelInterface.getEvent(name).topicHash),
  ...[GRANTED, REVOKED],
];
const NODE = encodeBytes32String("node");
const WIDEST = 1_000_000;

/** What a role lets its holders do; a null `predicate` stands for speaking for the node. */
interface RoleMeaning {
  readonly participant: Domain;
  readonly predicate: Predicate | null;
}

/** Where rights are read from. */
export interface RightsLogOptions {
  /** The contract, lower-case. */
  readonly address: string;
  /** Such as `eip155:31337`. */
  readonly network: string;
  readonly fromBlock: number;
  readonly finality: Finality;
}

/**
 * Who may do what on a channel, folded out of the events of its final blocks. What was read is remembered, so that the next
 * question reads on from there; a right that its holder renounced is told by `RoleRevoked` alone, and so that counts, not
 * the dismissal.
 */
export class RightsLog {
  readonly #rpc: EvmRpc;
  readonly #options: RightsLogOptions;
  readonly #book = new RightsBook();
  readonly #records: Records;
  readonly #meanings = new Map<string, RoleMeaning>();
  readonly #consortium = new Set<string>();
  #covered: number;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(rpc: EvmRpc, options: RightsLogOptions) {
    this.#rpc = rpc;
    this.#options = options;
    this.#records = new Records(options.network);
    this.#covered = options.fromBlock - 1;
  }

  /**
   * Rights as of the last final block.
   *
   * @throws ChannelFailure
   */
  read(): Promise<ChannelRights> {
    const turn = this.#turn.then(() => this.#readOn());
    this.#turn = turn.catch(() => undefined); // whoever asked is told; the next one goes on
    return turn;
  }

  async #readOn(): Promise<ChannelRights> {
    const { address, finality } = this.#options;
    const { final } = await readEnds(this.#rpc, finality);
    const ranges = new LogRanges(this.#rpc, address, { topics: [topics], span: WIDEST });
    while (this.#covered < final.height) {
      const { logs, covered } = await ranges.read(this.#covered + 1, final.height);
      for (const log of logs) this.#take(log);
      this.#covered = covered;
    }
    return {
      height: Math.max(0, this.#covered),
      consortium: [...this.#consortium].sort(),
      participants: this.#book.all(),
    };
  }

  #take(log: ChannelLog): void {
    const [topic, role = "", account = ""] = log.topics;
    if (topic === GRANTED || topic === REVOKED) {
      this.#roleMoved(role, `0x${account.slice(-40)}`, topic === GRANTED);
      return;
    }
    const event = readEvent(log);
    const hash = textArg(event, "participant");
    // Before the record: a withdrawn participant has no name after it.
    const before = this.#records.domainOf(hash);
    this.#records.apply(event);
    const participant = this.#records.domainOf(hash) ?? before;
    if (participant !== null) this.#appointed(event, hash, participant);
  }

  #appointed(event: ContractEvent, hash: string, participant: Domain): void {
    const account = textArg(event, "account").toLowerCase();
    switch (event.name) {
      case "ParticipantInvited":
        this.#book.seat(participant, textArg(event, "admin").toLowerCase());
        return;
      case "AdminTransferred":
        this.#book.seat(participant, textArg(event, "newAdmin").toLowerCase());
        return;
      case "InvitationWithdrawn":
        this.#book.withdraw(participant);
        return;
      case "NodeKeyAppointed":
        this.#meanings.set(roleOf(hash, NODE), { participant, predicate: null });
        this.#book.appointNodeKey(participant, account);
        return;
      case "OperatorAppointed": {
        const type = textArg(event, "predicate");
        const predicate = this.#records.predicateOf(type);
        if (predicate === null) return;
        this.#meanings.set(roleOf(hash, type), { participant, predicate });
        this.#book.appointOperator(participant, predicate, account);
      }
    }
  }

  #roleMoved(role: string, account: string, granted: boolean): void {
    if (role === ZeroHash) {
      if (granted) this.#consortium.add(account);
      else this.#consortium.delete(account);
      return;
    }
    const meaning = granted ? undefined : this.#meanings.get(role);
    if (meaning === undefined) return; // what is granted, the appointment after it says by name
    const { participant, predicate } = meaning;
    if (predicate === null) this.#book.dismissNodeKey(participant, account);
    else this.#book.dismissOperator(participant, predicate, account);
  }
}

function roleOf(participant: string, what: string): string {
  return keccak256(concat([participant, what]));
}
