import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";

import type { Geth } from "./geth.ts";

/** Blocks below the newest that are `safe`, and `finalized`. */
const SAFE_DEPTH = 2;
const FINAL_DEPTH = 3;
/** What a client gets for picking transactions; one that needs longer makes an empty block, and the next carries them. */
const BUILD_MS = 200;
const NOTHING = `0x${"0".repeat(64)}`;
const none = { safeBlockHash: NOTHING, finalizedBlockHash: NOTHING };

interface ExecutionPayload {
  readonly blockHash: string;
  readonly parentHash: string;
  readonly blockNumber: string;
  readonly timestamp: string;
}

interface Block {
  readonly hash: string;
  readonly parent: string;
  readonly height: number;
  readonly timestamp: number;
  /** What a client is given to know the block; null for the first one. */
  readonly payload: readonly unknown[] | null;
}

interface Side {
  readonly clients: ReadonlySet<Geth>;
  head: Block;
  /** Counts blocks, so that each client makes one in turn. */
  turn: number;
}

/**
 * The consensus of a few geths, as their consensus clients would be: makes a block every so often, by each in turn, and gives
 * it to the others over their engine APIs. Transactions they tell each other of themselves. It can part them, so that each side
 * has a history of its own until they are brought together again, and can leave one behind.
 */
export class Consensus {
  readonly #clients: readonly Geth[];
  readonly #blocks = new Map<string, Block>();
  /** The newest block of each side; one side while nothing is parted. */
  #sides: Side[];
  readonly #behind = new Set<Geth>();
  #finalized: Block;
  #making: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #beat: Promise<unknown> = Promise.resolve();
  #failure: unknown = null;

  private constructor(clients: readonly Geth[], genesis: Block) {
    this.#clients = clients;
    this.#blocks.set(genesis.hash, genesis);
    this.#finalized = genesis;
    this.#sides = [{ clients: new Set(clients), head: genesis, turn: 0 }];
  }

  /** @param clients running, and all of one genesis */
  static async over(clients: readonly Geth[]): Promise<Consensus> {
    const first = (await clients[0]?.send("eth_getBlockByNumber", ["0x0", false])) as {
      hash: string;
      parentHash: string;
      timestamp: string;
    };
    const { hash, parentHash: parent, timestamp } = first;
    for (const [index, client] of clients.entries()) {
      for (const other of clients.slice(index + 1)) await client.befriend(other);
    }
    return new Consensus(clients, { hash, parent, height: 0, timestamp: Number(timestamp), payload: null });
  }

  /**
   * Makes one block at once on every side, and gives it to all who are there. Unless blocks are made by the clock, it is
   * one second younger than the one before.
   *
   * @param by who makes it, and in how many milliseconds; whose turn it is where left out
   */
  makeBlock(by?: { readonly maker: Geth; readonly within: number }): Promise<void> {
    const made = this.#making.then(async () => {
      for (const side of this.#sides) await this.#extend(side, by);
    });
    this.#making = made.catch(() => undefined);
    return made;
  }

  /** Makes a block every so many milliseconds, until `stop`. */
  start(periodMs: number): void {
    const beat = () => {
      this.#beat = this.makeBlock()
        .catch((error: unknown) => {
          this.#failure ??= error;
        })
        .then(() => {
          if (this.#timer !== null) this.#timer = setTimeout(beat, periodMs);
        });
    };
    this.#timer = setTimeout(beat, periodMs);
  }

  /** @throws the error that kept a block from being made, if one ever did */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#beat;
    await this.#making;
    if (this.#failure !== null) throw this.#failure as Error;
  }

  /** From now on these make a history of their own, and the others another. Nothing becomes final meanwhile. */
  part(apart: readonly Geth[]): Promise<void> {
    return this.#between(async () => {
      const [whole] = this.#sides;
      if (whole === undefined || this.#sides.length !== 1) throw new Error("They are parted already.");
      const rest = this.#clients.filter((client) => !apart.includes(client));
      for (const one of apart) for (const other of rest) await one.forsake(other);
      this.#sides = [rest, apart].map((clients) => ({
        clients: new Set(clients),
        head: whole.head,
        turn: 0,
      }));
    });
  }

  /**
   * Brings all together again: the history of the side that this client is on is everybody's from now on.
   *
   * @returns how many blocks the other side loses
   */
  join(winner: Geth): Promise<number> {
    return this.#between(async () => {
      const kept = this.#sides.find(({ clients }) => clients.has(winner));
      const lost = this.#sides.find((side) => side !== kept);
      if (kept === undefined || lost === undefined) throw new Error("Nothing is parted.");
      let depth = 0;
      for (let at = lost.head; !this.#isAncestor(at, kept.head); at = this.#block(at.parent)) depth += 1;
      this.#sides = [{ clients: new Set(this.#clients), head: kept.head, turn: 0 }];
      for (const client of this.#clients) await this.#give(client, kept.head);
      for (const one of lost.clients) for (const other of kept.clients) await one.befriend(other);
      return depth;
    });
  }

  get isParted(): boolean {
    return this.#sides.length > 1;
  }

  /** Leaves a client without new blocks (true), or gives it all that it missed (false). */
  leaveBehind(client: Geth, behind: boolean): Promise<void> {
    return this.#between(async () => {
      if (behind) {
        this.#behind.add(client);
        return;
      }
      this.#behind.delete(client);
      await this.#give(client, this.#sideOf(client).head);
    });
  }

  /** Takes a client that was started again back among the others. */
  rejoin(client: Geth): Promise<void> {
    return this.#between(async () => {
      const side = this.#sideOf(client);
      await this.#give(client, side.head);
      for (const other of side.clients) if (other !== client) await client.befriend(other);
    });
  }

  /** The newest block's height on a client's side. */
  heightOf(client: Geth): number {
    return this.#sideOf(client).head.height;
  }

  #between<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#making.then(work);
    this.#making = done.catch(() => undefined);
    return done;
  }

  #sideOf(client: Geth): Side {
    const side = this.#sides.find(({ clients }) => clients.has(client));
    if (side === undefined) throw new Error(`${client.name} is on no side.`);
    return side;
  }

  async #extend(side: Side, by?: { readonly maker: Geth; readonly within: number }): Promise<void> {
    const able = [...side.clients].filter((client) => client.isRunning && !this.#behind.has(client));
    const maker = by?.maker ?? able[side.turn % able.length];
    side.turn += 1;
    if (maker === undefined) return;
    try {
      await this.#give(maker, side.head);
      const made = await this.#build(maker, side.head, by?.within ?? BUILD_MS);
      this.#blocks.set(made.hash, made);
      side.head = made;
    } catch (error) {
      if (maker.isRunning) throw error;
      return; // it was ended while it made one: the next one's turn
    }
    if (this.#sides.length === 1) this.#finalized = this.#below(side.head, FINAL_DEPTH);
    for (const client of able) {
      await this.#give(client, side.head).catch((error: unknown) => {
        if (client.isRunning) throw error;
      });
    }
  }

  async #build(maker: Geth, parent: Block, withinMs: number): Promise<Block> {
    const earliest = parent.timestamp + 1;
    const timestamp = this.#timer === null ? earliest : Math.max(earliest, Math.floor(Date.now() / 1000));
    const beaconRoot = `0x${randomBytes(32).toString("hex")}`;
    const answer = (await maker.engine("engine_forkchoiceUpdatedV3", [
      this.#forkChoice(parent),
      {
        timestamp: `0x${timestamp.toString(16)}`,
        prevRandao: `0x${randomBytes(32).toString("hex")}`,
        suggestedFeeRecipient: `0x${"0".repeat(39)}1`,
        withdrawals: [],
        parentBeaconBlockRoot: beaconRoot,
      },
    ])) as { payloadId: string | null };
    if (answer.payloadId === null) throw new Error(`${maker.name} does not build on ${parent.hash}.`);
    await delay(withinMs);
    const { executionPayload: made, executionRequests } = (await maker.engine("engine_getPayloadV5", [
      answer.payloadId,
    ])) as { executionPayload: ExecutionPayload; executionRequests: unknown };
    return {
      hash: made.blockHash,
      parent: made.parentHash,
      height: Number(made.blockNumber),
      timestamp: Number(made.timestamp),
      payload: [made, [], beaconRoot, executionRequests],
    };
  }

  /** Gives a client a block as its newest one, and before it every block on the way there that it lacks. */
  async #give(client: Geth, head: Block): Promise<void> {
    if (!client.isRunning || this.#behind.has(client)) return;
    const missing: Block[] = [];
    let known = head;
    while (known.payload !== null && !(await knows(client, known))) {
      missing.push(known);
      known = this.#block(known.parent);
    }
    // One that was killed may have a block and not its state: told that it is the newest, it computes that again.
    if (missing.length > 0 && known.payload !== null) await this.#choose(client, known, none);
    for (const block of missing.reverse()) {
      await this.#accepted(client, client.engine("engine_newPayloadV4", block.payload ?? []));
    }
    await this.#choose(client, head, this.#forkChoice(head));
  }

  async #choose(client: Geth, head: Block, choice: object): Promise<void> {
    const answer = client.engine("engine_forkchoiceUpdatedV3", [
      { ...choice, headBlockHash: head.hash },
      null,
    ]);
    await this.#accepted(
      client,
      answer.then((chosen) => (chosen as { payloadStatus: unknown }).payloadStatus),
    );
  }

  async #accepted(client: Geth, answer: Promise<unknown>): Promise<void> {
    const { status, validationError } = (await answer) as { status: string; validationError?: string };
    if (status !== "VALID") throw new Error(`${client.name}: ${status} ${validationError ?? ""}`);
  }

  #forkChoice(head: Block) {
    const safe = this.#below(head, SAFE_DEPTH);
    const isSafe = safe.height >= this.#finalized.height;
    const known = ({ payload, hash }: Block) => (payload === null ? NOTHING : hash);
    return {
      headBlockHash: head.hash,
      safeBlockHash: known(isSafe ? safe : this.#finalized),
      finalizedBlockHash: known(this.#finalized),
    };
  }

  #below(head: Block, depth: number): Block {
    let at = head;
    for (let step = 0; step < depth && at.payload !== null; step += 1) at = this.#block(at.parent);
    return at;
  }

  #isAncestor(block: Block, head: Block): boolean {
    let at = head;
    while (at.height > block.height) at = this.#block(at.parent);
    return at.hash === block.hash;
  }

  #block(hash: string): Block {
    const block = this.#blocks.get(hash);
    if (block === undefined) throw new Error(`Nobody made ${hash}.`);
    return block;
  }
}

async function knows(client: Geth, { hash }: Block): Promise<boolean> {
  return (await client.send("eth_getBlockByHash", [hash, false])) !== null;
}
