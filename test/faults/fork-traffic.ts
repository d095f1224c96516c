import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";
import { ethers } from "ethers";

import type { Config, ChannelConfig } from "../../src/config.ts";
import { asMessageStatus, predecessorsOf } from "../../src/messages/journal.ts";
import type { MessageRecord } from "../../src/messages/message-record.ts";
import { contractMessage } from "../../src/channels/evm/encode.ts";
import { parseMessage } from "../../src/domain/message.ts";
import type { Domain } from "../../src/domain/participant.ts";
import { roles } from "../../src/identity/caller.ts";
import type { DatabaseLocation } from "../../src/store/store.ts";
import { acquitted, attached, au, cn, created, revoked } from "../channels/fixtures.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { startCallbackServer, type CallbackServer } from "../subscriptions/callback-server.ts";
import { startAnvil, type Anvil } from "./anvil.ts";

/** Blocks on top of one that make it final in these tests: more than any fork takes but one that stops the channel. */
export const CONFIRMATIONS = 24;
const BATCHED = 4;
/** Transactions that a wave comes to: five messages, a batch and a revocation at home; an acquittal and a settlement abroad. */
const TRANSACTIONS = { home: 6, abroad: 2 };
const TRANSFER_GAS = 21_000;

/** Messages of every effect, all of which are under way at the same time. */
export interface Wave {
  readonly home: readonly string[];
  readonly abroad: readonly string[];
  /** Issued by this wave, for the next one to use and revoke. */
  readonly issued: readonly string[];
  readonly batched: readonly string[];
}

interface LedgerTransaction {
  readonly hash: string;
  readonly from: string;
  readonly nonce: string;
  readonly to: string;
  readonly input: string;
  readonly gas: string;
  readonly maxFeePerGas: string;
}

/** Two countries on a ledger whose history a test replaces, with traffic both ways and a subscriber at each. */
export class ForkTraffic {
  readonly evm: Anvil;
  readonly world: World;
  home: Country;
  abroad: Country;
  readonly #systems: ReadonlyMap<string, CallbackServer>;
  readonly #waves: Wave[] = [];
  #count = 0;

  private constructor(
    evm: Anvil,
    world: World,
    countries: readonly [Country, Country],
    systems: ReadonlyMap<string, CallbackServer>,
  ) {
    this.evm = evm;
    this.world = world;
    [this.home, this.abroad] = countries;
    this.#systems = systems;
  }

  /** @param freshLocation makes a database for a node */
  static async start(freshLocation: () => Promise<DatabaseLocation>): Promise<ForkTraffic> {
    const evm = await startAnvil();
    const finality = { kind: "confirmations", blocks: CONFIRMATIONS } as const;
    const world = await startWorld({}, { evm, finality });
    const configured = async (participant: Domain, jurisdiction: string) =>
      world.configure(participant, jurisdiction, await freshLocation());
    const configs = [await configured(au, "AU"), await configured(cn, "CN")].map(quick);
    await evm.setAutomine(false);
    await evm.mine(CONFIRMATIONS + 1);
    const [home, abroad] = await Promise.all(configs.map((config) => world.start(config)));
    if (home === undefined || abroad === undefined) throw new Error("There are two countries.");
    const systems = new Map<string, CallbackServer>();
    for (const country of [home, abroad]) {
      await eventually(async () => (await country.officer.request("/health/ready")).status === 200);
      systems.set(country.config.participant, await subscribed(country));
    }
    return new ForkTraffic(evm, world, [home, abroad], systems);
  }

  async close(): Promise<void> {
    await this.world.close();
    for (const system of this.#systems.values()) await system.close();
  }

  /** Has both countries say something of every effect. With `between`, the second speaks only after that. */
  async send(between: () => Promise<void> = () => Promise.resolve()): Promise<Wave> {
    const number = (this.#count += 1);
    const last = this.#waves.at(-1);
    const subject = (index: number) => `chamber.com.au:coo:${number}-${index}`;
    const obj = await this.home.officer.store(json({ wave: number }), "application/json");
    const issued = [subject(0), subject(1)];
    const drafts = [
      ...issued.map((each) => ({ receiver: cn, subject: each, predicate: created, obj })),
      ...issued.map((each) => ({ receiver: cn, subject: each, predicate: attached, obj })),
      ...(last?.issued.slice(0, 1) ?? []).map((each) => ({
        ...{ receiver: cn, subject: each, predicate: revoked, obj },
      })),
    ];
    const batched = Array.from({ length: BATCHED }, (_, index) => subject(10 + index));
    const home = await Promise.all(drafts.map((draft) => this.home.officer.send(draft)));
    const batch = batched.map((each) => ({ receiver: cn, subject: each, predicate: created, obj }));
    home.push(...(await post(this.home, batch)));

    await between();
    const abroad: string[] = [];
    if (last !== undefined) {
      const evidence = await this.abroad.officer.store(json({ used: number }), "application/json");
      const use = { receiver: au, predicate: acquitted, obj: evidence };
      abroad.push(await this.abroad.officer.send({ ...use, subject: last.issued[1] ?? "" }));
      abroad.push(
        ...(await post(
          this.abroad,
          last.batched.slice(0, 2).map((each) => ({ ...use, subject: each })),
        )),
      );
    }
    const wave = { home, abroad, issued, batched };
    this.#waves.push(wave);
    return wave;
  }

  /** Waits until so many transactions, or all of a wave, are offered to the ledger. */
  async offered(many: number = TRANSACTIONS.home + TRANSACTIONS.abroad): Promise<void> {
    await eventually(
      async () => {
        const { pending } = (await this.evm.send("txpool_status")) as { pending: string };
        return Number(pending) >= many;
      },
      { what: `${many} transactions in the pool` },
    );
  }

  /** Says a wave and has it in the ledger's newest `depth` blocks, known to both nodes to be there. */
  async include(depth: number): Promise<Wave> {
    const { home, abroad } = TRANSACTIONS;
    let mined = 0;
    const wave = await this.send(async () => {
      await this.offered(home);
      if (depth === 1) return;
      await this.evm.mine();
      mined += 1;
    });
    await this.offered(depth === 1 ? home + abroad : abroad);
    await this.evm.mine(depth - mined);
    await this.seen(wave);
    return wave;
  }

  /** Waits until both nodes know that a wave is in blocks, and follow to the newest. */
  async seen(wave: Wave): Promise<void> {
    for (const [country, ids] of this.#senders(wave)) {
      await eventually(async () => (await statuses(country, ids)).every((status) => status === "sent"), {
        what: `all is sent from ${country.config.participant}`,
      });
    }
    await this.followed();
  }

  /** Waits until both nodes have read the newest block. */
  async followed(): Promise<void> {
    for (const country of [this.home, this.abroad]) {
      await eventually(
        async () => {
          const { channels } = (await (await country.officer.request("/health")).json()) as {
            channels: { head: number; lag: number }[];
          };
          return channels[0]?.head === (await this.height()) && channels[0].lag === 0;
        },
        { what: "the newest block is read" },
      );
    }
  }

  async height(): Promise<number> {
    return Number(await this.evm.send("eth_blockNumber"));
  }

  /** How often each message of a wave was told to have lost its block. */
  async forkedAway(wave: Wave): Promise<readonly number[]> {
    const counts: number[] = [];
    for (const [country, ids] of this.#senders(wave)) {
      const records = await recordsOf(country);
      for (const id of ids) {
        const journal = records.get(id)?.journal ?? [];
        counts.push(
          journal.filter(({ status, reason }) => status === "pending" && reason?.code === "fork").length,
        );
      }
    }
    return counts;
  }

  /** The transactions of the newest `depth` blocks, lowest first. */
  async newest(depth: number): Promise<readonly LedgerTransaction[]> {
    const height = await this.height();
    const blocks = await Promise.all(
      Array.from({ length: depth }, (_, index) =>
        this.evm.send("eth_getBlockByNumber", [ethers.toQuantity(height - depth + 1 + index), true]),
      ),
    );
    return (blocks as { transactions: LedgerTransaction[] }[]).flatMap(({ transactions }) => transactions);
  }

  /** Replaces the newest blocks, and drops what was in them. */
  async drop(depth: number): Promise<void> {
    await this.evm.reorg(depth);
  }

  /**
   * Replaces the newest blocks by some that hold the same transactions elsewhere and in another order, but for the last of
   * each signer's.
   *
   * @returns how many were left out
   */
  async shuffle(depth: number): Promise<number> {
    const places: [string, number][] = [];
    let left = 0;
    for (const own of bySigner(await this.newest(depth)).toReversed()) {
      const kept = own.length === 1 ? own : own.slice(0, -1);
      left += own.length - kept.length;
      for (const [index, { hash }] of kept.entries()) {
        const raw = (await this.evm.send("eth_getRawTransactionByHash", [hash])) as string;
        places.push([raw, Math.floor(((index + 1) * depth) / (kept.length + 1))]);
      }
    }
    await this.evm.reorg(depth, places);
    return left;
  }

  /**
   * Replaces the newest blocks by some in which other transactions of the same keys took the nonces: of each signer, the
   * first is now a transfer, the second the same call at another fee; the rest is gone.
   */
  async change(depth: number): Promise<void> {
    const places: [string, number][] = [];
    for (const own of bySigner(await this.newest(depth))) {
      for (const [index, transaction] of own.slice(0, 2).entries()) {
        const { to, input: data, gas } = transaction;
        const raw = await (index === 0
          ? this.#instead(transaction)
          : this.#instead(transaction, { to, data, gasLimit: BigInt(gas) }));
        places.push([raw, Math.min(index, depth - 1)]);
      }
    }
    await this.evm.reorg(depth, places);
  }

  /** Transfers of the same keys in place of all the newest blocks' transactions, for another client to take. */
  async overtaking(depth: number): Promise<readonly (readonly [string, number])[]> {
    const own = bySigner(await this.newest(depth)).flat();
    return Promise.all(own.map(async (each) => [await this.#instead(each), 0] as const));
  }

  /** Another transaction of the same key and nonce: a transfer where it is not said what it calls. */
  #instead(
    { from, nonce, maxFeePerGas }: LedgerTransaction,
    call: ethers.TransactionRequest = { to: from, data: "0x", gasLimit: TRANSFER_GAS },
  ): Promise<string> {
    return this.#keyOf(from).signTransaction({
      ...{ ...call, type: 2, chainId: this.evm.chainId, nonce: Number(nonce), value: 0 },
      ...{ maxFeePerGas: BigInt(maxFeePerGas) + 1n, maxPriorityFeePerGas: 1n },
    });
  }

  /** Makes blocks until everything said so far is final everywhere, then compares the ledger, both nodes and the subscribers. */
  async settle(): Promise<void> {
    const all = this.#waves;
    await this.#mining(async () => {
      const [home, abroad] = [await recordsOf(this.home), await recordsOf(this.abroad)];
      const stand = (records: typeof home, ids: readonly string[], status: string) =>
        ids.every((id) => records.get(id)?.status === status);
      return all.every(
        (wave) =>
          stand(home, wave.home, "delivered") &&
          stand(abroad, wave.abroad, "delivered") &&
          stand(abroad, wave.home, "available") &&
          stand(home, wave.abroad, "available"),
      );
    }, "everything is delivered");
    await this.#agree();
  }

  async #agree(): Promise<void> {
    const said = await this.#saidOnLedger();
    const twice = [...said].filter(([, times]) => times !== 1);
    expect(twice, "nothing is on the ledger twice").to.deep.equal([]);
    const [home, abroad] = [await recordsOf(this.home), await recordsOf(this.abroad)];
    for (const wave of this.#waves) {
      for (const [records, ids] of [
        [home, wave.home],
        [abroad, wave.abroad],
      ] as const) {
        for (const id of ids) {
          const record = records.get(id);
          if (record === undefined) throw new Error(`There is no record of ${id}.`);
          expectMonotone(record);
          const settled = record.batch === undefined && !said.has(id);
          const place = record.batch?.root ?? (settled ? record.channelTxnId : id) ?? "";
          expect(said.get(place), `${record.predicate} ${record.subject} on the ledger`).to.equal(1);
          expect(said.get(record.channelTxnId ?? ""), "the transaction on record is on the ledger").to.equal(
            1,
          );
        }
      }
    }
    await this.#sameCertificates(home, abroad);
    await this.#told("message.delivered", "message.received");
  }

  /** How often the ledger's present history says each message, anchors each root, and has each of those transactions. */
  async #saidOnLedger(): Promise<ReadonlyMap<string, number>> {
    const { contract, address } = this.world.channel;
    const logs = (await this.evm.send("eth_getLogs", [{ address, fromBlock: "0x0", toBlock: "latest" }])) as {
      topics: string[];
      data: string;
      transactionHash: string;
    }[];
    const said = new Map<string, number>();
    const count = (what: string) => said.set(what, (said.get(what) ?? 0) + 1);
    for (const log of logs) {
      const event = contract.interface.parseLog(log);
      if (event?.name === "MessageSent") count(event.args.getValue("id") as string);
      else if (event?.name === "BatchAnchored") count(event.args.getValue("root") as string);
      else if (event?.name === "BatchSettled") {
        const { id, predicate, applied } = event.args as unknown as Record<string, unknown> & {
          applied: bigint[];
        };
        for (const [index, mask] of applied.entries()) {
          for (let bit = 0n; bit < 256n; bit += 1n) {
            if ((mask >> bit) % 2n === 1n) count(`${String(id)} ${String(predicate)} ${index} ${bit}`);
          }
        }
      } else continue;
      count(log.transactionHash);
    }
    return said;
  }

  /** Certificates stand at both nodes as they do in the contract; each was used, and revoked, by exactly what was sent. */
  async #sameCertificates(
    home: ReadonlyMap<string, MessageRecord>,
    abroad: ReadonlyMap<string, MessageRecord>,
  ): Promise<void> {
    const { address, contract } = this.world.channel;
    for (const record of home.values()) {
      if (record.certificate === undefined) continue;
      const there = abroad.get(record.id)?.certificate;
      expect(there, `the certificate ${record.subject} abroad`).to.deep.equal(record.certificate);
      if (record.batch !== undefined) continue;
      const { sender, receiver, subject, predicate, obj } = record;
      const message = contractMessage(parseMessage({ sender, receiver, subject, predicate, obj }));
      const call = { to: address, data: contract.interface.encodeFunctionData("stateOf", [message]) };
      const answer = (await this.evm.send("eth_call", [call, "latest"])) as string;
      const [state] = contract.interface.decodeFunctionResult("stateOf", answer) as unknown as [
        Record<"issued" | "acquitted" | "revoked", boolean>,
      ];
      const { acquitted: used, revoked: gone } = record.certificate;
      expect([state.issued, state.acquitted, state.revoked]).to.deep.equal([true, used, gone]);
    }
  }

  /** Each node's subscriber was told of everything final exactly once, in the order of the ledger. */
  async #told(delivered: string, received: string): Promise<void> {
    for (const [country, own, others] of [
      [this.home, this.#waves.flatMap((wave) => wave.home), this.#waves.flatMap((wave) => wave.abroad)],
      [this.abroad, this.#waves.flatMap((wave) => wave.abroad), this.#waves.flatMap((wave) => wave.home)],
    ] as const) {
      await eventually(() => this.told(country, delivered).length >= own.length, {
        what: "subscribers are told",
      });
      await eventually(() => this.told(country, received).length >= others.length);
      expect([...this.told(country, delivered)].sort()).to.deep.equal([...own].sort());
      expect([...this.told(country, received)].sort()).to.deep.equal([...others].sort());
      const finals = this.#systems
        .get(country.config.participant)
        ?.deliveries()
        .filter(({ type }) => type === delivered || type === received);
      const order = await this.#placesOnLedger();
      const places = (finals ?? []).flatMap(({ message: { id } }) => order.get(id) ?? []);
      expect(places, "told in the order of the ledger").to.deep.equal([...places].sort((a, b) => a - b));
    }
  }

  /** Ids that a country's subscriber was told of, with that word. */
  told(country: Country, type: string): readonly string[] {
    const system = this.#systems.get(country.config.participant);
    return (system?.deliveries() ?? []).filter((each) => each.type === type).map(({ message }) => message.id);
  }

  /** Where single messages are in the ledger's present history, as numbers that grow with it. */
  async #placesOnLedger(): Promise<ReadonlyMap<string, number>> {
    const { contract, address } = this.world.channel;
    const topics = [contract.interface.getEvent("MessageSent").topicHash];
    const logs = (await this.evm.send("eth_getLogs", [
      { address, fromBlock: "0x0", toBlock: "latest", topics },
    ])) as { topics: string[]; blockNumber: string; logIndex: string }[];
    return new Map(
      logs.map((log) => [log.topics[1] ?? "", Number(log.blockNumber) * 10_000 + Number(log.logIndex)]),
    );
  }

  /** A number of a country's node, out of its metrics. */
  async metric(country: Country, name: string): Promise<number> {
    const administrator = await this.world.officer(country.config, [...roles]);
    const text = await (await administrator.request("/metrics")).text();
    const line = text.split("\n").find((each) => each.startsWith(`${name}{`));
    return line === undefined ? 0 : Number(line.split(" ").at(-1));
  }

  /** Stops both nodes, and starts them again after what is done meanwhile. */
  async whileDown(work: () => Promise<void>): Promise<void> {
    await Promise.all([this.home.node.close(), this.abroad.node.close()]);
    await work();
    this.home = await this.world.start(this.home.config);
    this.abroad = await this.world.start(this.abroad.config);
  }

  /** Keeps the ledger from both nodes while something is done. */
  async whileCutOff(work: () => Promise<void>): Promise<void> {
    this.evm.setReachable(false);
    await work();
    this.evm.setReachable(true);
  }

  #senders(wave: Wave): readonly (readonly [Country, readonly string[]])[] {
    return [
      [this.home, wave.home],
      [this.abroad, wave.abroad],
    ];
  }

  #keyOf(account: string): ethers.BaseWallet {
    const found = [...this.world.channel.operators.values()].find(
      ({ address }) => address.toLowerCase() === account.toLowerCase(),
    );
    if (found === undefined) throw new Error(`${account} is no operator.`);
    return found;
  }

  /** Makes blocks every moment until something holds. */
  async #mining(holds: () => Promise<boolean>, what: string): Promise<void> {
    await eventually(
      async () => {
        if (await holds()) return true;
        await this.evm.mine(3);
        await delay(50);
        return false;
      },
      { what, within: 120_000 },
    );
  }
}

/** The journal of a record goes only where a journal may go. */
export function expectMonotone({ id, journal }: MessageRecord): void {
  for (const [index, { status }] of journal.entries()) {
    const before = journal[index - 1]?.status;
    const next = asMessageStatus(status);
    if (next === null) throw new Error(`${status} is no status.`);
    if (before === undefined) continue;
    expect(predecessorsOf(next), `${id}: ${before} → ${status}`).to.include(before);
  }
}

/** The node looks after its transactions more often than a real ledger needs. */
function quick(config: Config): Config {
  const pace = { pollMilliseconds: 50, stallMilliseconds: 1_000 };
  return { ...config, channels: config.channels.map((channel): ChannelConfig => ({ ...channel, ...pace })) };
}

async function subscribed({ officer }: Country): Promise<CallbackServer> {
  const system = await startCallbackServer();
  const answer = await officer.request("/subscriptions", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      "hub.mode": "subscribe",
      "hub.topic": "UN.CEFACT.*",
      "hub.callback": `${system.url}/hook`,
    }).toString(),
  });
  expect(answer.status).to.equal(202);
  await eventually(() => system.questions().length > 0, { what: "the hub asks" });
  return system;
}

async function post({ officer }: Country, lines: readonly object[]): Promise<readonly string[]> {
  const response = await officer.request("/messages/batch", {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body: lines.map((line) => JSON.stringify(line)).join("\n"),
  });
  const answers = (await response.text()).trimEnd().split("\n");
  return answers.map((line) => {
    const { id, status } = JSON.parse(line) as { id?: string; status: number };
    if (status !== 202 || id === undefined) throw new Error(`A line was refused: ${line}`);
    return id;
  });
}

async function recordsOf({ officer }: Country): Promise<ReadonlyMap<string, MessageRecord>> {
  const response = await officer.request("/messages?limit=1000");
  const { items } = (await response.json()) as { items: MessageRecord[] };
  return new Map(items.map((record) => [record.id, record]));
}

async function statuses(country: Country, ids: readonly string[]): Promise<readonly (string | undefined)[]> {
  const records = await recordsOf(country);
  return ids.map((id) => records.get(id)?.status);
}

/** Each signer's transactions, in the order of their nonces. */
function bySigner(transactions: readonly LedgerTransaction[]): readonly (readonly LedgerTransaction[])[] {
  const signers = new Map<string, LedgerTransaction[]>();
  for (const transaction of transactions) {
    signers.set(transaction.from, [...(signers.get(transaction.from) ?? []), transaction]);
  }
  return [...signers.values()].map((own) => own.sort((a, b) => Number(a.nonce) - Number(b.nonce)));
}

const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));
