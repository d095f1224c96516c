import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { ethers } from "ethers";

import type { Finality } from "../../src/channels/channel.ts";
import type { Config } from "../../src/config.ts";
import type { Domain } from "../../src/domain/participant.ts";
import type { MessageRecord } from "../../src/messages/message-record.ts";
import { acquitted, au, cn, created } from "../channels/fixtures.ts";
import { openRpcDoor, type RpcDoor } from "../channels/evm/rpc-door.ts";
import { icl } from "../cli/icl.ts";
import type { Draft } from "../e2e/officer.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { findGeth } from "./geth-binary.ts";
import { GethError, type Geth } from "./geth.ts";
import { startGethLedger, type GethLedger } from "./geth-ledger.ts";

const PERIOD_MS = 2_000;
const WITHIN = 120_000;
const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));

/**
 * A real client besides the embedded networks: three geths, each with its own idea of the ledger, and a node of ours on each
 * of two. Australia believes what is `finalized`, China what has three blocks on top.
 */
describe("two nodes on a ledger of three geths", function () {
  this.timeout(WITHIN);
  let directory: string;
  let ledger: GethLedger;
  let world: World;
  let door: RpcDoor;
  let australia: Country;
  let china: Country;
  let canberra: Geth;
  let beijing: Geth;
  let singapore: Geth;

  before(async function () {
    this.timeout(WITHIN);
    const found = findGeth();
    if ("why" in found) {
      process.stdout.write(`geth: skipped, ${found.why}\n`);
      this.skip();
    }
    directory = await mkdtemp(join(tmpdir(), "icl-geth-nodes-"));
    ledger = await startGethLedger(found.file);
    [canberra, beijing, singapore] = ledger.geths;
    world = await startWorld({}, { evm: ledger });
    door = await openRpcDoor((method, params) => canberra.send(method, params));
    const on = async (participant: Domain, country: string, rpcUrl: string, finality: Finality) => {
      const file = join(directory, `${country}.db`);
      const config = await world.configure(participant, country, { technology: "sqlite", file });
      const channels = config.channels.map((channel) => ({ ...channel, rpcUrl, finality }));
      return { ...config, channels } as Config;
    };
    const ours = await on(au, "AU", door.rpcUrl, { kind: "finalized" });
    const theirs = await on(cn, "CN", beijing.rpcUrl, { kind: "confirmations", blocks: 3 });
    ledger.keepTime(PERIOD_MS);
    australia = await world.start(ours);
    china = await world.start(theirs);
    for (const { officer } of [australia, china]) {
      await eventually(async () => (await officer.request("/health/ready")).status === 200);
    }
  });

  after(async function () {
    this.timeout(60_000);
    // A suite that skipped itself opened nothing.
    const opened = [world, door] as readonly ({ close(): Promise<void> } | undefined)[];
    for (const each of opened) await each?.close();
    if ((directory as string | undefined) !== undefined) await rm(directory, { recursive: true });
  });

  // Whatever a test leaves parted, dead or behind is made whole for the next.
  afterEach(async () => {
    door.intercept(null);
    const { consensus } = ledger;
    if (consensus.isParted) await consensus.join(beijing);
    await consensus.leaveBehind(beijing, false);
    if (canberra.isRunning) return;
    await canberra.start();
    await consensus.rejoin(canberra);
  });

  /** Stores a document and drafts certificates that name it, of one number after the other. */
  async function drafts(prefix: string, count: number): Promise<readonly Draft[]> {
    const obj = await australia.officer.store(json({ prefix, salt: "0b5e2c7d" }), "application/json");
    return Array.from({ length: count }, (_, number) => {
      return { receiver: cn, subject: `${prefix}:${number}`, predicate: created, obj };
    });
  }

  /** Issues certificates singly, a transaction each. @returns their ids */
  async function issue(prefix: string, count: number): Promise<readonly string[]> {
    const each = await drafts(prefix, count);
    return Promise.all(each.map((draft) => australia.officer.send(draft)));
  }

  /** Issues certificates in one request, which makes a batch. @returns the id of the first */
  async function issueBatch(prefix: string, count: number): Promise<string> {
    const lines = (await drafts(prefix, count)).map((draft) => JSON.stringify(draft));
    const response = await australia.officer.request("/messages/batch", {
      method: "POST",
      headers: { "content-type": "application/x-ndjson" },
      body: lines.join("\n"),
    });
    const [line = ""] = (await response.text()).split("\n");
    return (JSON.parse(line) as { id?: string }).id ?? "";
  }

  /** Waits until all are delivered here and available there. @returns the records of the sender */
  async function arrived(ids: readonly string[]): Promise<readonly MessageRecord[]> {
    const records: MessageRecord[] = [];
    for (const id of ids) {
      records.push(await australia.officer.until(id, "delivered"));
      await china.officer.until(id, "available");
    }
    return records;
  }

  /** How often the ledger, as one client has it, announced each of these subjects. */
  async function announcements(on: Geth): Promise<ReadonlyMap<string, number>> {
    const address = world.channel.address;
    const logs = (await on.send("eth_getLogs", [{ address, fromBlock: "0x0", toBlock: "latest" }])) as {
      topics: string[];
      data: string;
    }[];
    const counts = new Map<string, number>();
    for (const log of logs) {
      const { name, args } = world.channel.contract.interface.parseLog(log) ?? {};
      if (name !== "MessageSent") continue;
      const id = String(args?.[0]);
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  }

  const statusesOf = ({ journal }: MessageRecord) => journal.map(({ status }) => status);

  it("carry a certificate and its acquittal, each believing by its own finality", async () => {
    const [id = ""] = await issue("single", 1);
    const [record] = await arrived([id]);
    expect(record && statusesOf(record)).to.deep.equal(["pending", "sent", "delivered"]);
    const evidence = await china.officer.store(json({ entry: 1 }), "application/json");
    const use = await china.officer.send({
      ...{ receiver: au, subject: "single:0", predicate: acquitted, obj: evidence },
    });
    await china.officer.until(use, "delivered");
    await eventually(async () => {
      const issued = await australia.officer.message(id);
      return issued?.certificate?.acquitted === true;
    });
  });

  it("carry a batch of certificates, and prove one of them and a single one to a third client", async () => {
    const [single = ""] = await issue("proof", 1);
    const member = await issueBatch("batch", 150);
    const [record] = await arrived([member]);
    expect(record && statusesOf(record)).to.deep.equal(["pending", "bundled", "sent", "delivered"]);
    expect(record?.batch?.count).to.equal(150);
    await arrived([single]);
    for (const id of [single, member]) {
      const response = await australia.officer.request(`/messages/${id}/evidence`);
      expect(response.status).to.equal(200);
      const bundle = (await response.json()) as { ledger: { block: { hash: string } } };
      const file = join(directory, "evidence.json");
      await writeFile(file, JSON.stringify(bundle));
      const asked = await icl(["verify", file, "--rpc", singapore.rpcUrl, "--live"]);
      expect(asked.out).to.contain("The evidence holds.").and.to.contain("live");
      expect(asked.code).to.equal(0);
      const hash = /"hash":"(0x[0-9a-f]{64})"/.exec(JSON.stringify(bundle))?.[1] ?? "";
      const offline = await icl(["verify", file, "--offline", "--header", hash]);
      expect(offline.out).to.contain("The evidence holds.");
      expect(offline.code).to.equal(0);
    }
  });

  it("do not mind what geth says of a transaction it knows, has mined, or has a better one for", async () => {
    const operator = new ethers.Wallet(world.channel.operators.get(au)?.privateKey ?? "");
    const told = new Set<string>();
    const tell = async (raw: string) => {
      await canberra.send("eth_sendRawTransaction", [raw]).catch((error: unknown) => {
        if (!(error instanceof GethError)) throw error;
        told.add(error.message);
      });
    };
    let rival: Promise<void> | null = null;
    door.intercept(async ({ method, params }, pass) => {
      if (method !== "eth_sendRawTransaction") return null;
      const [raw = ""] = params as string[];
      // The same key, used by somebody else at the same nonce, who offers more.
      const { nonce } = ethers.Transaction.from(raw);
      rival ??= operator
        .signTransaction({
          ...{ type: 2, chainId: ledger.chainId, nonce, to: operator.address, gasLimit: 21_000 },
          ...{ maxFeePerGas: 10n ** 13n, maxPriorityFeePerGas: 10n ** 11n },
        })
        .then(tell);
      await rival;
      // Geth has the transaction before the node sends it, and the node does not hear the answer of the first time.
      await tell(raw);
      try {
        await pass();
      } catch (error) {
        if (error instanceof GethError) told.add(error.message);
        throw error;
      }
      return "hang up";
    });
    const ids = [...(await issue("grumbling", 40))];
    await eventually(() => told.size >= 2, { within: 60_000, what: `refusals but ${[...told].join("; ")}` });
    door.intercept(null);
    await arrived(ids);

    // Another client was given it and it is in a block before the node has told its own.
    door.intercept(async ({ method, params }) => {
      const [raw = ""] = params as string[];
      if (method !== "eth_sendRawTransaction") return null;
      const { hash } = ethers.Transaction.from(raw);
      await singapore.send("eth_sendRawTransaction", [raw]);
      const mined = async () => (await canberra.send("eth_getTransactionReceipt", [hash])) !== null;
      await eventually(mined);
      await tell(raw);
      return null;
    });
    ids.push(...(await issue("belated", 1)));
    await arrived(ids);
    const said = [...told].join("\n");
    expect(said)
      .to.contain("nonce too low")
      .and.to.contain("replacement transaction underpriced")
      .and.to.contain("already known");
    const counts = await announcements(singapore);
    expect(ids.map((id) => counts.get(id))).to.deep.equal(ids.map(() => 1));
  });

  it("send again, and once, what a fork of several blocks took back", async () => {
    await ledger.consensus.part([canberra]);
    const from = ledger.consensus.heightOf(canberra);
    const ids = await issue("forked", 30);
    const last = ids.at(-1) ?? "";
    await australia.officer.until(last, "sent");
    await eventually(() => ledger.consensus.heightOf(canberra) >= from + 3);
    expect(await ledger.consensus.join(beijing)).to.be.greaterThanOrEqual(3);
    const records = await arrived(ids);
    const reasons = records.map(({ journal }) => journal.find(({ reason }) => reason?.code === "fork"));
    expect(reasons.filter((entry) => entry !== undefined)).to.have.length(ids.length);
    const counts = await announcements(canberra);
    expect(ids.map((id) => counts.get(id))).to.deep.equal(ids.map(() => 1));
  });

  it("wait for a geth that was killed, and go on when it is back without its last blocks", async () => {
    const before = await issue("before", 10);
    await australia.officer.until(before.at(-1) ?? "", "sent");
    await canberra.kill();
    const meanwhile = await issue("meanwhile", 10);
    const height = ledger.consensus.heightOf(beijing);
    await eventually(() => ledger.consensus.heightOf(beijing) >= height + 2);
    expect((await australia.officer.message(meanwhile[0] ?? ""))?.status).to.equal("pending");
    await canberra.start();
    const kept = Number(await canberra.send("eth_blockNumber"));
    expect(kept).to.be.lessThan(height);
    // For a while it answers out of an old time; only then does it learn what it missed.
    const after = await issue("after", 1);
    await ledger.consensus.rejoin(canberra);
    const ids = [...before, ...meanwhile, ...after];
    await arrived(ids);
    const counts = await announcements(canberra);
    expect(ids.map((id) => counts.get(id))).to.deep.equal(ids.map(() => 1));
  });

  it("take a geth that was left behind for what it is, and catch up with it", async () => {
    await ledger.consensus.leaveBehind(beijing, true);
    const ids = await issue("unseen", 5);
    for (const id of ids) await australia.officer.until(id, "delivered");
    expect(await china.officer.message(ids[0] ?? "")).to.equal(null);
    await ledger.consensus.leaveBehind(beijing, false);
    await arrived(ids);
  });

  it("get through while strangers fill the blocks and the base fee rises by half", async () => {
    const baseFee = async () => {
      const block = (await singapore.send("eth_getBlockByNumber", ["latest", false])) as {
        baseFeePerGas: string;
      };
      return Number(block.baseFeePerGas);
    };
    const start = await baseFee();
    const ids: string[] = [];
    let height = ledger.consensus.heightOf(singapore);
    for (let round = 0; (await baseFee()) < 1.5 * start; round += 1) {
      await ledger.burn([14_000_000, 14_000_000]);
      if (round < 3) ids.push(...(await issue(`crowded-${round}`, 3)));
      const next = height + 1;
      await eventually(() => ledger.consensus.heightOf(singapore) >= next);
      height = ledger.consensus.heightOf(singapore);
    }
    await arrived(ids);
  });
});
