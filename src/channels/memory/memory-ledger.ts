import { createHash } from "node:crypto";

import type { BatchHeader } from "../../domain/batch.ts";
import type { CertificateState } from "../../domain/certificate.ts";
import type { Message } from "../../domain/message.ts";
import type { Domain, Jurisdiction } from "../../domain/participant.ts";
import type { MessageType, Predicate } from "../../domain/predicate.ts";
import { ChannelFailure, type BatchBits, type Finality, type LedgerEvent, type Refusal } from "../channel.ts";
import { LedgerRefusal } from "./ledger-refusal.ts";
import { MemoryRules, type Announcement, type MemoryCall } from "./memory-rules.ts";
import type { MemoryTerms } from "./memory-terms.ts";

/** What happens in one transaction; thrown errors leave the rules as they were. */
type Action = (rules: MemoryRules, time: number) => Announcement[];

interface MemoryTransaction {
  readonly txn: string;
  /** Whose submission this is; null for an act of the consortium or of a participant's admin. */
  readonly key: string | null;
  readonly action: Action;
}

interface MemoryBlock {
  readonly hash: string;
  readonly time: number;
  readonly transactions: readonly MemoryTransaction[];
  readonly events: readonly LedgerEvent[];
  readonly refusals: ReadonlyMap<string, Refusal>;
}

/** A participant seated in one step. */
export interface MemorySeat {
  readonly domain: Domain;
  readonly jurisdiction: Jurisdiction;
  readonly endpoint: string;
  /** Account that may send `predicates`. */
  readonly operator: string;
  readonly nodeKey: string;
  readonly predicates: readonly Predicate[];
}

const DEFAULT_TERMS: MemoryTerms = {
  name: "Channel in memory",
  type: "test",
  opaqueSubjects: false,
  validFrom: 0,
  validUntil: null,
};

/**
 * A ledger in this process, **for tests only**: it keeps the rules of PROTOCOL §4, forgets everything with the process,
 * and does on demand what a real ledger does at the worst moment. Blocks are mined one for every transaction, or, with
 * `automine` off, by `mine()`. Whoever writes a plug-in may use it as the measure of the conformance suite.
 */
export class MemoryLedger {
  readonly id: string;
  readonly terms: MemoryTerms;
  readonly finality: Finality;
  /** Whether each transaction gets a block of its own at once. */
  automine = true;
  /** Set to false, the ledger is out of reach: whatever is asked of it fails with `ledger-unreachable`. */
  reachable = true;
  /** The clock that blocks are stamped by, in seconds since 1970. */
  clock: () => number;

  readonly #predecessor: MemoryLedger | null;
  #blocks: MemoryBlock[] = [];
  #pool: MemoryTransaction[] = [];
  #rules: MemoryRules;
  #finalRules: MemoryRules;
  #finalHeight = 0;
  #declaredFinal = 0;
  #counter = 0;

  /**
   * @param options `terms` differing from an open-ended test channel's; `finality`, immediate by default; `clock` in
   * seconds since 1970, the system's by default; `name` tells several ledgers of one test apart in `id`; `succeeds` is the channel
   * that this one takes over from
   */
  constructor(
    options: {
      readonly terms?: Partial<MemoryTerms>;
      readonly finality?: Finality;
      readonly clock?: () => number;
      readonly name?: string;
      readonly succeeds?: MemoryLedger;
    } = {},
  ) {
    this.terms = { ...DEFAULT_TERMS, ...options.terms };
    this.finality = options.finality ?? { kind: "immediate" };
    this.clock = options.clock ?? (() => Math.floor(Date.now() / 1000));
    this.id = `memory:${options.name ?? "0"}`;
    this.#predecessor = options.succeeds ?? null;
    this.#rules = this.#newRules();
    this.#finalRules = this.#newRules();
  }

  /** Id of the channel that this one takes over from; null for none. */
  get predecessor(): string | null {
    return this.#predecessor?.id ?? null;
  }

  /** Height of the newest block; 0 before there is one. */
  get head(): number {
    return this.#blocks.length;
  }

  /** Height of the last block that cannot be taken back. */
  get final(): number {
    if (this.finality.kind === "immediate") return this.head;
    if (this.finality.kind === "finalized") return Math.min(this.#declaredFinal, this.head);
    return Math.max(0, this.head - this.finality.blocks);
  }

  // ---------------------------------------------------------------- acts of the consortium and of participants' admins

  admit(domain: Domain, jurisdiction: Jurisdiction): void {
    this.#act((rules) => rules.admit(domain, jurisdiction));
  }

  withdrawInvitation(domain: Domain): void {
    this.#act((rules) => rules.withdrawInvitation(domain));
  }

  accept(domain: Domain, endpoint: string): void {
    this.#act((rules) => rules.accept(domain, endpoint));
  }

  suspend(domain: Domain): void {
    this.#act((rules) => rules.suspend(domain));
  }

  reinstate(domain: Domain): void {
    this.#act((rules) => rules.reinstate(domain));
  }

  setEndpoint(domain: Domain, endpoint: string): void {
    this.#act((rules) => rules.setEndpoint(domain, endpoint));
  }

  appointOperator(domain: Domain, predicate: Predicate, account: string): void {
    this.#act((rules) => rules.setOperator(domain, predicate, account, true));
  }

  dismissOperator(domain: Domain, predicate: Predicate, account: string): void {
    this.#act((rules) => rules.setOperator(domain, predicate, account, false));
  }

  appointNodeKey(domain: Domain, account: string): void {
    this.#act((rules) => rules.setNodeKey(domain, account, true));
  }

  dismissNodeKey(domain: Domain, account: string): void {
    this.#act((rules) => rules.setNodeKey(domain, account, false));
  }

  registerMessageType(type: Omit<MessageType, "closed">): void {
    this.#act((rules) => rules.registerMessageType(type));
  }

  closeMessageType(predicate: Predicate): void {
    this.#act((rules) => rules.closeMessageType(predicate));
  }

  deprecate(successor: string | null): void {
    this.#act((rules) => rules.deprecate(successor));
  }

  retire(): void {
    this.#act((rules) => rules.retire());
  }

  invalidate(issuance: Message): void {
    this.#act((rules) => rules.invalidate(issuance));
  }

  invalidateBatch(header: BatchHeader, bits: readonly BatchBits[]): void {
    this.#act((rules, time) => rules.invalidateBatch(header, bits, time));
  }

  /** Admits a participant, and does for its admin what makes a node of it: seat, operator and node key. */
  seat(seat: MemorySeat): void {
    this.admit(seat.domain, seat.jurisdiction);
    this.accept(seat.domain, seat.endpoint);
    for (const predicate of seat.predicates) this.appointOperator(seat.domain, predicate, seat.operator);
    this.appointNodeKey(seat.domain, seat.nodeKey);
  }

  // ---------------------------------------------------------------- the course of the ledger

  /**
   * Makes blocks.
   *
   * @param count the first takes all that waits, the others are empty
   */
  mine(count = 1): void {
    for (let made = 0; made < count; made += 1) {
      const transactions = this.#pool;
      this.#pool = [];
      this.#append(transactions);
    }
  }

  /**
   * Takes back the newest blocks. Their transactions wait again, and go into the next block that is mined.
   *
   * @param depth how many blocks; more than are not final makes a fork below final
   * @param reorder what becomes of the transactions taken back: any order, any part of them; as they were by default
   */
  fork(
    depth: number,
    reorder: (dropped: readonly { readonly txn: string }[]) => readonly { readonly txn: string }[] = (
      dropped,
    ) => dropped,
  ): void {
    const dropped = this.#blocks
      .splice(Math.max(0, this.#blocks.length - depth))
      .flatMap((block) => block.transactions);
    const kept = new Set(reorder(dropped).map(({ txn }) => txn));
    const byName = new Map(dropped.map((transaction) => [transaction.txn, transaction]));
    this.#pool = [...[...kept].flatMap((txn) => byName.get(txn) ?? []), ...this.#pool];
    this.#rules = this.#replay(this.#blocks);
    if (this.#finalHeight > this.#blocks.length) {
      this.#finalHeight = this.#blocks.length;
      this.#finalRules = this.#replay(this.#blocks);
    }
  }

  /**
   * On a ledger whose finality is `finalized`: declares its blocks final.
   *
   * @param height the last final one, by default the newest
   */
  finalise(height = this.head): void {
    this.#declaredFinal = Math.max(this.#declaredFinal, height);
  }

  // ---------------------------------------------------------------- what a channel asks

  /** @throws ChannelFailure `ledger-unreachable` while the ledger is out of reach */
  requireReachable(): void {
    if (!this.reachable)
      throw new ChannelFailure("retry", "ledger-unreachable", "The ledger in memory is out of reach.");
  }

  /** The block at a height, 1 for the first. */
  block(height: number): { readonly hash: string; readonly events: readonly LedgerEvent[] } | undefined {
    return this.#blocks[height - 1];
  }

  /** Hands a transaction over; the same key of the same operator again changes nothing. */
  carry(submissionKey: string, call: MemoryCall): void {
    const key = keyOf(call.operator, submissionKey);
    if (this.#pool.some((waiting) => waiting.key === key) || this.#heightOf(key) !== undefined) return;
    this.#add({ txn: this.#name(key), key, action: (rules, time) => rules.take(call, time) });
  }

  /** Loses a submission of `operator` that waits, as when another transaction has consumed its nonce. */
  lose(operator: string, key: string): void {
    this.#pool = this.#pool.filter((waiting) => waiting.key !== keyOf(operator, key));
  }

  /** Where a submission is: waiting (no height), or in a block, with the refusal where it was refused. */
  find(
    operator: string,
    submissionKey: string,
  ): { readonly txn: string; readonly height?: number; readonly refusal?: Refusal } | undefined {
    const key = keyOf(operator, submissionKey);
    const waiting = this.#pool.find((transaction) => transaction.key === key);
    if (waiting !== undefined) return { txn: waiting.txn };
    const height = this.#heightOf(key);
    if (height === undefined) return undefined;
    const block = this.#blocks[height - 1];
    const txn = block?.transactions.find((transaction) => transaction.key === key)?.txn ?? "";
    const refused = block?.refusals.get(txn);
    return refused === undefined ? { txn, height } : { txn, height, refusal: refused };
  }

  /** What the ledger would say to a call: null for yes. `at` chooses the newest state or the last final one. */
  judge(call: MemoryCall, at: "head" | "final"): Refusal | null {
    const [rules, time] = this.#state(at);
    try {
      rules.check(call, time);
      return null;
    } catch (error) {
      if (error instanceof LedgerRefusal) return error.refusal;
      throw error;
    }
  }

  stateOf(issuance: Message): CertificateState {
    const [rules, time] = this.#state("final");
    return rules.stateOf(issuance, time);
  }

  batchedStateOf(header: BatchHeader, index: number): CertificateState {
    const [rules, time] = this.#state("final");
    return rules.batchedStateOf(header, index, time);
  }

  isNodeKey(domain: Domain, account: string): boolean {
    return this.#rules.isNodeKey(domain, account);
  }

  #newRules(): MemoryRules {
    const predecessor = this.#predecessor;
    if (predecessor === null) return new MemoryRules(this.terms);
    return new MemoryRules(this.terms, {
      handedOver: () => predecessor.#rules.hasHandedOverTo(this.id),
      isIssued: (issuance) => predecessor.#rules.isIssued(issuance),
    });
  }

  #act(action: Action): void {
    this.#add({ txn: this.#name("act"), key: null, action });
  }

  #add(transaction: MemoryTransaction): void {
    this.#pool.push(transaction);
    if (this.automine) this.mine();
  }

  #append(transactions: readonly MemoryTransaction[]): void {
    const height = this.#blocks.length + 1;
    const time = Math.max(this.clock(), this.#blocks.at(-1)?.time ?? 0);
    const events: LedgerEvent[] = [];
    const refusals = new Map<string, Refusal>();
    const taken: MemoryTransaction[] = [];
    for (const transaction of transactions) {
      const { txn, action } = transaction;
      try {
        for (const announced of action(this.#rules, time)) {
          events.push({ ...announced, position: { height, index: events.length }, txn, time });
        }
        taken.push(transaction);
      } catch (error) {
        if (!(error instanceof LedgerRefusal) || transaction.key === null) {
          // A test asked for what makes no sense: the block is not made, and what was done for it is undone.
          this.#rules = this.#replay(this.#blocks);
          throw error;
        }
        refusals.set(txn, error.refusal);
        taken.push(transaction);
      }
    }
    this.#blocks.push({ hash: this.#name(`block ${height}`), time, transactions: taken, events, refusals });
  }

  #state(at: "head" | "final"): [MemoryRules, number] {
    if (at === "head") return [this.#rules, this.#blocks.at(-1)?.time ?? 0];
    const { final } = this;
    for (const block of this.#blocks.slice(this.#finalHeight, final)) apply(this.#finalRules, block);
    this.#finalHeight = Math.max(this.#finalHeight, final);
    return [this.#finalRules, this.#blocks[this.#finalHeight - 1]?.time ?? 0];
  }

  #replay(blocks: readonly MemoryBlock[]): MemoryRules {
    const rules = this.#newRules();
    for (const block of blocks) apply(rules, block);
    return rules;
  }

  #heightOf(key: string): number | undefined {
    const index = this.#blocks.findIndex((block) => block.transactions.some((each) => each.key === key));
    return index === -1 ? undefined : index + 1;
  }

  #name(about: string): string {
    this.#counter += 1;
    return `0x${createHash("sha256").update(`${this.id} ${this.#counter} ${about}`).digest("hex")}`;
  }
}

/** Submissions of two nodes never meet, even where their keys are alike. */
function keyOf(operator: string, submissionKey: string): string {
  return `${operator} ${submissionKey}`;
}

/** Repeats a block on a state that has all before it: what was refused is left out, the rest holds as it did. */
function apply(rules: MemoryRules, block: MemoryBlock): void {
  for (const { txn, action } of block.transactions) {
    if (!block.refusals.has(txn)) action(rules, block.time);
  }
}
