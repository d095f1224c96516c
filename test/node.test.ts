import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { ChannelFailure, type Channel } from "../src/channels/channel.ts";
import type { MemoryLedger } from "../src/channels/memory/memory-ledger.ts";
import type { ChannelConfig, Config } from "../src/config.ts";
import { parseJurisdiction } from "../src/domain/participant.ts";
import { NodeTokenIssuer } from "../src/identity/node-token.ts";
import { silentLogger } from "../src/log.ts";
import { startNode, type Node } from "../src/node.ts";
import { au, cn } from "./channels/fixtures.ts";
import { eventually } from "./eventually.ts";
import { channelOf, ledgerOf, testClock } from "./messages/rig.ts";
import { rejection } from "./rejection.ts";

const timing = { followerPoll: 20, outboxPoll: 20 };
const zero = `0x${"00".repeat(32)}`;

describe("a node", () => {
  let directory: string;
  let nodes: Node[];
  let one: MemoryLedger;
  let two: MemoryLedger;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "icl-node-"));
    nodes = [];
    [one, two] = [ledgerOf(testClock(), { name: "one" }), ledgerOf(testClock(), { name: "two" })];
  });

  afterEach(async () => {
    for (const node of nodes) await node.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** A configuration for as many channels as there are ledgers; `fromBlock` tells which is which. */
  const configFor = (ledgers: readonly MemoryLedger[]): Config => ({
    mode: "development",
    participant: au,
    jurisdiction: parseJurisdiction("AU"),
    listen: { host: "127.0.0.1", port: 0, trustedProxies: [] },
    publicUrl: "http://127.0.0.1",
    store: { technology: "sqlite", file: join(directory, "node.db") },
    documents: { directory: join(directory, "documents"), maxBytes: 1_000_000 },
    channels: ledgers.map((_, fromBlock) => ({
      ...{ technology: "evm", rpcUrl: "http://127.0.0.1:1", chainId: 1, genesisHash: zero, address: zero },
      ...{ codeHash: zero, fromBlock, finality: { kind: "immediate" }, nodeKey: { env: "NONE" } },
    })),
    identity: { issuers: [] },
    peers: { allowPrivateAddresses: false, allowHttp: false },
    batches: { threshold: 100, maxSize: 16_384, linesPerRequest: 100_000, disputes: true },
    limits: {
      messageBytes: 65_536,
      requestsPerMinute: 10_000,
      anonymousRequestsPerMinute: 10_000,
      requestSeconds: 60,
      connections: 100,
    },
    subscriptions: { retentionDays: 30 },
    log: { level: "error" },
  });

  /** Opens the ledger of a configured channel, as a plug-in would: not while it is out of reach. */
  const opening =
    (ledgers: readonly MemoryLedger[]) =>
    async (config: ChannelConfig): Promise<Channel> => {
      await Promise.resolve();
      const ledger = "fromBlock" in config ? ledgers[config.fromBlock] : undefined;
      if (ledger === undefined) throw new Error("No such ledger.");
      ledger.requireReachable();
      return channelOf(ledger, au);
    };

  const start = async (
    ledgers: readonly MemoryLedger[],
    open: (config: ChannelConfig) => Promise<Channel> = opening(ledgers),
  ): Promise<Node> => {
    const node = await startNode(configFor(ledgers), {
      log: silentLogger,
      timing,
      open,
      validateResponses: true,
    });
    nodes.push(node);
    return node;
  };

  const get = async (node: Node, path: string) => {
    const response = await fetch(`${node.url}${path}`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  const ready = async (node: Node) => (await get(node, "/health/ready")).status === 200;

  it("is ready once it has caught up with every channel, and says how far each is", async () => {
    const node = await start([one, two]);
    await eventually(() => ready(node));
    const { body } = await get(node, "/health");
    expect(body).to.deep.include({ status: "ok", participant: au });
    const channels = body.channels as readonly { readonly quiet: number }[];
    expect(channels.every(({ quiet }) => quiet >= 0)).to.equal(true);
    expect(channels.map((channel) => ({ ...channel, quiet: 0 }))).to.deep.equal(
      [one, two].map(({ id, head }) => ({
        ...{ id, name: "Channel in memory", status: "active", stopped: null },
        ...{ head, final: head, lag: 0, quiet: 0 },
      })),
    );
  });

  it("runs while a ledger is out of reach, is not ready, and opens its channel when it is back", async () => {
    two.reachable = false;
    const node = await start([one, two]);
    await eventually(async () => {
      const { channels } = (await get(node, "/health")).body as { channels: { id: string; lag: number }[] };
      return channels.length === 1 && channels[0]?.id === one.id && channels[0].lag === 0;
    });
    const { status, body } = await get(node, "/health/ready");
    expect(status).to.equal(503);
    expect(body.checks).to.deep.include({
      ...{ name: "channels", ok: false },
      detail: "1 of 2 channels are open, 1 have been followed to their end.",
    });
    two.reachable = true;
    await eventually(() => ready(node));
  });

  it("knows nobody by the word of a ledger that took back what was final", async () => {
    const node = await start([one]);
    await eventually(() => ready(node));
    const peer = channelOf(one, cn);
    const tokens = new NodeTokenIssuer(cn);
    const status = async () => {
      const request = { audience: au, method: "GET", path: "/messages" };
      const headers = { authorization: await tokens.authorize(peer, request) };
      return (await fetch(`${node.url}/messages`, { headers })).status;
    };
    expect(await status()).to.equal(200);
    one.fork(3, () => []);
    one.mine(5);
    await eventually(async () => {
      const { channels } = (await get(node, "/health")).body as { channels: { stopped: string | null }[] };
      return channels[0]?.stopped === "fork-below-final";
    });
    expect(await status()).to.equal(401);
  });

  it("is not ready any more once one of its channels is stopped", async () => {
    const node = await start([one, two]);
    await eventually(() => ready(node));
    two.fork(3, () => []);
    two.mine(5);
    await eventually(async () => !(await ready(node)));
    const { body } = await get(node, "/health/ready");
    expect(body.checks).to.deep.include({
      ...{ name: "channels", ok: false },
      detail:
        "2 of 2 channels are open, 2 have been followed to their end. 1 must be looked at by an operator.",
    });
  });

  it("is not ready while its documents' directory is gone", async () => {
    const node = await start([one]);
    await eventually(() => ready(node));
    await rm(join(directory, "documents"), { recursive: true });
    const { status, body } = await get(node, "/health/ready");
    expect(status).to.equal(503);
    expect(body.checks).to.deep.include({
      ...{ name: "documents", ok: false },
      detail: "The document store cannot be written.",
    });
  });

  it("can be stopped while it waits for a ledger", async () => {
    two.reachable = false;
    const node = await start([one, two]);
    await node.close();
    await node.close();
    expect(await rejection(fetch(`${node.url}/health/live`))).to.be.instanceOf(TypeError);
  });

  it("does not start, and leaves nothing running, on a channel that is not what it is said to be", async () => {
    let closed = 0;
    const open = async (config: ChannelConfig) => {
      if ("fromBlock" in config && config.fromBlock === 1)
        throw new ChannelFailure("stop", "wrong-chain", "This is another chain.");
      const channel = await opening([one])(config);
      channel.close = () => {
        closed += 1;
        return Promise.resolve();
      };
      return channel;
    };
    expect(await rejection(start([one, two], open))).to.include({ code: "wrong-chain" });
    expect(closed).to.equal(1);
    // The database was let go: another start takes it.
    await eventually(async () => ready(await start([one])));
  });

  it("does not start with the same channel configured twice", async () => {
    expect(await rejection(start([one, one]))).to.include({ code: "channel-twice" });
  });

  it("does not start where its address is taken, and lets everything go again", async () => {
    const node = await start([one]);
    const port = Number(new URL(node.url).port);
    const config = {
      ...configFor([one]),
      store: { technology: "sqlite", file: join(directory, "other.db") },
    } as const;
    const taken = { ...config, listen: { ...config.listen, port } };
    const options = { log: silentLogger, timing, open: opening([one]) };
    expect(await rejection(startNode(taken, options))).to.have.property("code", "EADDRINUSE");
    nodes.push(await startNode(config, options));
  });
});
