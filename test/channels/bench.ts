import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";

import type {
  BatchBits,
  Channel,
  LedgerEvent,
  LedgerPage,
  MessageEvent,
  Progress,
  Submission,
} from "../../src/channels/channel.ts";
import type { BatchHeader } from "../../src/domain/batch.ts";
import type { Message } from "../../src/domain/message.ts";
import type { Domain } from "../../src/domain/participant.ts";
import type { Predicate } from "../../src/domain/predicate.ts";

/** Terms of a channel that a test needs; seconds since 1970. */
export interface BenchTerms {
  readonly opaqueSubjects?: boolean;
  /** Seconds from the ledger's present time. */
  readonly validFor?: number;
  readonly validAfter?: number;
}

/**
 * A ledger to try a plug-in on. The channel's message types and participants are those of `fixtures.ts`; its finality is
 * two confirmations. From the beginning on, blocks are made by `mine` only, but for the acts below, which resolve once
 * they are in a block.
 */
export interface Bench {
  /** Opens the channel as a participant's node; again after a close, as a restart would. */
  open(participant: Domain): Promise<Channel>;
  mine(count?: number): Promise<void>;
  /** Takes the newest blocks back, their transactions with them; the next blocks differ from those. */
  fork(depth: number): Promise<void>;
  /** Moves the ledger's clock on, which the next block shows. */
  advance(seconds: number): Promise<void>;
  setReachable(reachable: boolean): void;
  suspend(participant: Domain): Promise<void>;
  reinstate(participant: Domain): Promise<void>;
  setEndpoint(participant: Domain, endpoint: string): Promise<void>;
  dismissOperator(participant: Domain, predicate: Predicate): Promise<void>;
  /** Appoints another account to speak for a participant's node. */
  appointNodeKey(participant: Domain, account: string): Promise<void>;
  /** @param account the one that the participant's node signs with where left out */
  dismissNodeKey(participant: Domain, account?: string): Promise<void>;
  closeMessageType(predicate: Predicate): Promise<void>;
  invalidate(issuance: Message): Promise<void>;
  invalidateBatch(header: BatchHeader, bits: readonly BatchBits[]): Promise<void>;
  deprecate(): Promise<void>;
  retire(): Promise<void>;
  /** Whether the plug-in can say who may do what, and by which accounts it signs; it can where left out. */
  readonly tellsRights?: boolean;
  /** Seconds since 1970, of the newest block. */
  time(): Promise<number>;
  close(): Promise<void>;
}

/** An event without its place in the ledger. */
export function contentOf(event: LedgerEvent): Record<string, unknown> {
  const placed = new Set(["position", "txn", "time"]);
  return Object.fromEntries(Object.entries(event).filter(([name]) => !placed.has(name)));
}

const MAX_PAGES = 400;
const MAX_BLOCKS = 50;
const LOOKS_A_BLOCK = 20;

/** What a follower knows of a ledger: the events that stand, and how far they are final. */
export class Follower {
  readonly #channel: Channel;
  cursor: string | null = null;
  followed = -1;
  final = -1;
  events: LedgerEvent[] = [];
  /** Heights above which events were retracted, in order. */
  readonly retractions: number[] = [];

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  get messages(): MessageEvent[] {
    return this.events.filter((event) => event.kind === "message");
  }

  /** Reads one page, checks what every page must keep to, and applies it. */
  async step(): Promise<LedgerPage> {
    const page = await this.#channel.read(this.cursor);
    const base = page.retractAbove ?? this.followed;
    if (page.retractAbove !== null) {
      expect(page.retractAbove, "a retraction lies below what was followed").to.be.lessThan(this.followed);
      expect(page.retractAbove, "what is final is not retracted").to.be.at.least(this.final);
      this.retractions.push(page.retractAbove);
      this.events = this.events.filter(({ position }) => position.height <= base);
    }
    expect(page.final, "final never goes back").to.be.at.least(this.final);
    expect(page.final, "final never exceeds followed").to.be.at.most(page.followed);
    expect(page.followed, "followed never exceeds head").to.be.at.most(page.head);
    let last = { height: base, index: Number.MAX_SAFE_INTEGER };
    for (const { position } of page.events) {
      const later =
        position.height > last.height || (position.height === last.height && position.index > last.index);
      expect(later, "events come in ledger order").to.equal(true);
      expect(position.height, "events lie within the page").to.be.within(base + 1, page.followed);
      last = position;
    }
    this.events.push(...page.events);
    this.followed = page.followed;
    this.final = page.final;
    this.cursor = page.cursor;
    return page;
  }

  /** Reads until nothing is new. */
  async follow(): Promise<this> {
    for (let pages = 0; pages < MAX_PAGES; pages += 1) {
      const before = this.followed;
      const page = await this.step();
      if (page.followed === before && page.retractAbove === null) return this;
    }
    throw new Error("There is no end to the pages");
  }
}

/** Mines, one block after another, until a submission stands where it should. */
export async function carriedTo(
  bench: Pick<Bench, "mine">,
  channel: Channel,
  key: string,
  states: readonly Progress["state"][],
): Promise<Progress> {
  let progress = await channel.progress(key);
  for (let blocks = 0; blocks < MAX_BLOCKS; blocks += 1) {
    if (states.includes(progress.state)) return progress;
    await bench.mine();
    const before = progress.state;
    // A plug-in may carry and look in the background: it gets a moment after each block.
    for (let looks = 0; looks < LOOKS_A_BLOCK && progress.state === before; looks += 1) {
      await delay(10);
      progress = await channel.progress(key);
    }
  }
  throw new Error(`${key} never came to ${states.join(" or ")}: it is ${progress.state}`);
}

/** Hands a submission over, and mines until the ledger's last word on it. */
export async function send(
  bench: Pick<Bench, "mine">,
  channel: Channel,
  sent: Submission,
): Promise<Progress> {
  await channel.submit(sent);
  return carriedTo(bench, channel, sent.key, ["accepted", "refused"]);
}

/** What the ledger would say to a submission: `accepted`, or code and nature of its refusal. */
export async function judgedAs(channel: Channel, sent: Submission): Promise<string> {
  const judgement = await channel.judge(sent);
  if (judgement.accepted) return "accepted";
  expect(judgement.refusal.detail).to.match(/^[A-Z].*\.$/);
  return `${judgement.refusal.code} ${judgement.refusal.nature}`;
}
