import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";

import { openStore } from "../../src/store/open-store.ts";
import { attached, au, cn } from "../channels/fixtures.ts";
import { openRpcDoor, type RpcDoor } from "../channels/evm/rpc-door.ts";
import { MortalNode } from "../e2e/mortal-node.ts";
import { startWorld, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { allMessages } from "./all-messages.ts";

const ROUNDS = 20;
const A_ROUND = 10;
const BLOCKS_A_ROUND = 50;
const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));

describe("a node whose database is behind the ledger", () => {
  let directory: string;
  let world: World;
  let door: RpcDoor;
  let node: MortalNode;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "icl-behind-"));
    world = await startWorld();
    door = await openRpcDoor((method, params) => world.evm.send(method, params));
  });

  afterEach(async () => {
    await node.kill();
    await door.close();
    await world.close();
    await rm(directory, { recursive: true, force: true });
  });

  const file = (name: string) => join(directory, `${name}.db`);
  const configure = async (participant: typeof au, jurisdiction: string) => {
    const store = { technology: "sqlite" as const, file: file(jurisdiction) };
    const config = await world.configure(participant, jurisdiction, store);
    const channels = config.channels.map((channel) => ({ ...channel, rpcUrl: door.rpcUrl }));
    return new MortalNode({ ...config, channels }, dirname(config.documents.directory));
  };
  /** What is read of the ledger comes late; what is asked and sent does not. */
  const slowDown = (milliseconds: number) => {
    door.intercept(async ({ method }) => {
      if (method === "eth_getLogs") await delay(milliseconds);
      return null;
    });
  };
  const isReady = async (url: string) => (await fetch(`${url}/health/ready`)).status === 200;

  it("by a thousand blocks: is not ready and shows its lag, then has everything once and in order", async function () {
    this.timeout(240_000);
    const file = join(directory, "sender.db");
    const config = await world.configure(au, "AU", { technology: "sqlite", file });
    // However slow the ledger is here, each goes alone, in a block of its own.
    const batches = { ...config.batches, threshold: 10_000 };
    const australia = await world.start({ ...config, batches });
    node = await configure(cn, "CN");
    await node.start();
    const { publicUrl } = node.config;
    await eventually(() => isReady(publicUrl));
    await eventually(() => isReady(australia.config.publicUrl));
    await node.kill();

    const obj = await australia.officer.store(json({ of: "all" }), "application/json");
    for (let round = 0; round < ROUNDS; round += 1) {
      const sends = Array.from({ length: A_ROUND }, (_, place) =>
        australia.officer.send({
          ...{ receiver: cn, subject: `behind:${round * A_ROUND + place}`, predicate: attached, obj },
        }),
      );
      await Promise.all(sends);
      await world.evm.send("hardhat_mine", [`0x${BLOCKS_A_ROUND.toString(16)}`]);
    }
    await eventually(
      async () => (await allMessages(australia.officer, "&status=delivered")).length === ROUNDS * A_ROUND,
    );

    slowDown(300);
    await node.start();
    expect(await isReady(publicUrl), "ready before it has read the ledger").to.equal(false);
    const token = await world.issuer.mint({
      ...{ subject: "monitor", audience: cn, roles: ["admin"], lifetimeSeconds: 600 },
    });
    const headers = { authorization: `Bearer ${token}` };
    const lag = async () => {
      const text = await (await fetch(`${publicUrl}/metrics`, { headers })).text();
      return Number(/^icl_channel_lag_blocks\{[^}]*\} (\d+)$/m.exec(text)?.[1]);
    };
    const lags: number[] = [];
    await eventually(async () => {
      lags.push(await lag());
      return isReady(publicUrl);
    });
    door.intercept(null);
    expect(Math.max(...lags), "a lag that shows").to.be.at.least(BLOCKS_A_ROUND);
    expect(await lag(), "no lag once it is ready").to.equal(0);
    const officer = await world.officer(node.config);
    await eventually(
      async () => (await allMessages(officer, "&status=available")).length === ROUNDS * A_ROUND,
    );
    const { contract } = world.channel;
    const events = await contract.queryFilter(contract.filters.MessageSent());
    const received = (await allMessages(officer)).map(({ id }) => id);
    expect(received).to.have.members(events.map(({ args }) => args.id));
    expect(received).to.have.property("length", ROUNDS * A_ROUND);
    // Whoever reads on sees it in the ledger's order.
    await node.kill();
    const { store: database, participant } = node.config;
    const store = await openStore({ database, participant });
    try {
      const rows = await store.db.selectFrom("message").select("id").orderBy("seq").execute();
      expect(rows.map(({ id }) => id)).to.deep.equal(events.map(({ args }) => args.id));
    } finally {
      await store.close();
    }
  });

  it("put back from a backup: says nothing again that the ledger carries already", async function () {
    this.timeout(240_000);
    node = await configure(au, "AU");
    node.quiet = true;
    await node.start();
    const { publicUrl } = node.config;
    await eventually(() => isReady(publicUrl));
    const officer = await world.officer(node.config);
    const obj = await officer.store(json({ of: "backup" }), "application/json");
    door.setReachable(false);
    const id = await officer.send({ receiver: cn, subject: "backup:1", predicate: attached, obj });
    await node.kill();
    // Accepted, and not sent: that is what the backup holds.
    for (const part of ["", "-wal"]) await copyFile(`${file("AU")}${part}`, `${file("backup")}${part}`);
    door.setReachable(true);
    await node.start();
    await officer.until(id, "delivered");
    await node.kill();

    for (const part of ["", "-wal", "-shm"]) await rm(`${file("AU")}${part}`, { force: true });
    for (const part of ["", "-wal"]) await copyFile(`${file("backup")}${part}`, `${file("AU")}${part}`);
    slowDown(1_000);
    await node.start();
    await officer.until(id, "delivered");
    door.intercept(null);
    const { contract } = world.channel;
    expect(await contract.queryFilter(contract.filters.MessageSent(id))).to.have.length(1);
  });
});
