import { expect } from "chai";

import type { Finality } from "../../src/channels/channel.ts";
import type { EvmChannelOptions } from "../../src/channels/evm/evm-options.ts";
import { openChannel } from "../../src/channels/open-channel.ts";
import type { Config } from "../../src/config.ts";
import { createLogger } from "../../src/log.ts";
import { startNode } from "../../src/node.ts";
import { openStore } from "../../src/store/open-store.ts";
import { attached, au, cn, sg } from "../channels/fixtures.ts";
import { startLocalEvm, type LocalEvm } from "../channels/evm/local-evm.ts";
import type { RpcRequest } from "../channels/evm/rpc-door.ts";
import { deployTestChannel, type TestChannel } from "../channels/evm/test-channel.ts";
import { quickTiming } from "../e2e/quick-timing.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { rejection } from "../rejection.ts";
import { eachStore } from "../store/each-store.ts";
import { startAnvil, type Anvil } from "./anvil.ts";

const finalized: Finality = { kind: "finalized" };
const immediate: Finality = { kind: "immediate" };
const confirmations = (blocks: number): Finality => ({ kind: "confirmations", blocks });

/** Opens a channel and closes it. */
async function tryOpen(options: EvmChannelOptions): Promise<void> {
  const store = await openStore({ database: { technology: "sqlite", file: ":memory:" }, participant: au });
  try {
    const channel = await openChannel(options, { store });
    await channel.close();
  } finally {
    await store.close();
  }
}

eachStore(
  "finality as a ledger declares it",
  (_openFresh, source) => {
    // Its own suite, so that the nodes are stopped before their databases are deleted.
    describe("on a ledger whose finalized block is two behind its newest", () => {
      let anvil: Anvil;
      let world: World;

      before(async function () {
        this.timeout(120_000);
        anvil = await startAnvil();
        world = await startWorld({}, { evm: anvil, finality: finalized });
      });

      afterEach(() => {
        anvil.intercept(null);
        anvil.setReachable(true);
      });

      after(() => world.close());

      const options = (finality: Finality) => world.channel.options(au, finality);

      const configured = async (
        participant: typeof au,
        jurisdiction: string,
        finality: Finality,
      ): Promise<Config> => {
        const config = await world.configure(participant, jurisdiction, await source.freshLocation());
        return { ...config, channels: config.channels.map((channel) => ({ ...channel, finality })) };
      };

      it("is refused when it is weaker than the ledger's own", async () => {
        const wrong = await rejection(tryOpen(options(immediate)));
        expect(wrong).to.include({ action: "stop", code: "finality-too-weak" });
        expect(wrong.message).to.include("2 blocks").and.include("finality: finalized");
        expect(await rejection(tryOpen(options(confirmations(1))))).to.include({ code: "finality-too-weak" });
        await tryOpen(options(confirmations(2)));
        await tryOpen(options(confirmations(9_999)));
        await tryOpen(options(finalized));
      });

      it("is refused to a node that starts", async () => {
        const config = await configured(sg, "SG", immediate);
        const failure = await rejection(startNode(config, { log: createLogger({ write: () => undefined }) }));
        expect(failure).to.include({ action: "stop", code: "finality-too-weak" });
      });

      it("raises the alarm of a node whose ledger came up later, and does not end it", async function () {
        this.timeout(120_000);
        const lines: string[] = [];
        const config = await configured(sg, "SG", immediate);
        anvil.setReachable(false);
        const node = await startNode(config, {
          log: createLogger({ write: (line) => lines.push(line) }),
          timing: quickTiming,
        });
        try {
          anvil.setReachable(true);
          const alarm = () => lines.find((line) => line.includes("finality-too-weak"));
          await eventually(() => alarm() !== undefined, { what: "the alarm" });
          expect(JSON.parse(alarm() ?? "")).to.include({ level: "error" });
          expect((await fetch(`${node.url}/health/live`)).status).to.equal(200);
          expect((await fetch(`${node.url}/health/ready`)).status).to.equal(503);
        } finally {
          await node.close();
        }
      });

      it("is waited for by each node as it is told: no effect before", async function () {
        this.timeout(120_000);
        const australia = await world.start(await configured(au, "AU", finalized));
        const china = await world.start(await configured(cn, "CN", confirmations(4)));
        for (const { officer } of [australia, china])
          await eventually(async () => (await officer.request("/health/ready")).status === 200);
        await anvil.setAutomine(false);
        const obj = await australia.officer.store(
          new TextEncoder().encode("what China may read"),
          "text/plain",
        );
        const id = await australia.officer.send({
          ...{ receiver: cn, subject: "urn:test:finality", predicate: attached, obj },
        });
        const pooled = async () =>
          Number(((await anvil.send("txpool_status")) as { pending: string }).pending) > 0;
        await eventually(pooled, { what: "a transaction in the pool" });
        await anvil.mine();
        await australia.officer.until(id, "sent");

        await anvil.mine();
        await hasRead(australia);
        expect((await australia.officer.message(id))?.status).to.equal("sent");
        expect(await australia.officer.readers(obj), "open to nobody before").to.deep.equal([]);
        await anvil.mine();
        await australia.officer.until(id, "delivered");
        expect(await australia.officer.readers(obj)).to.deep.equal([cn]);

        await anvil.mine();
        await hasRead(china);
        expect((await china.officer.message(id))?.status ?? "unknown", "one block early").not.to.equal(
          "available",
        );
        expect((await china.officer.read(obj)).status).to.equal(404);
        await anvil.mine();
        await china.officer.until(id, "available");
        await anvil.setAutomine(true);
      });

      /** Waits until a node has read the ledger's newest block. */
      async function hasRead({ officer }: Country): Promise<void> {
        const head = Number(await anvil.send("eth_blockNumber"));
        await eventually(async () => {
          const body = (await (await officer.request("/health")).json()) as {
            channels: { head: number; lag: number }[];
          };
          return body.channels.some((channel) => channel.head === head && channel.lag === 0);
        });
      }
    });
  },
  "suite",
);

describe("finality that is judged while the ledger goes on", () => {
  let evm: LocalEvm;
  let ground: TestChannel;

  before(async function () {
    this.timeout(120_000);
    evm = await startLocalEvm();
    ground = await deployTestChannel(evm);
  });

  afterEach(() => {
    evm.intercept(null);
  });

  after(() => evm.close());

  const isBlock = ({ method, params }: RpcRequest, ...tags: readonly string[]) =>
    method === "eth_getBlockByNumber" && tags.includes(String(params[0]));

  it("is not refused for a block that came between two questions", async () => {
    // Every block is final at once here, and there is another after each answer.
    evm.intercept(async (request, pass) => {
      if (!isBlock(request, "latest", "finalized")) return null;
      const result = await pass();
      await evm.send("evm_mine");
      return { result };
    });
    for (let count = 0; count < 3; count += 1) await tryOpen(ground.options(au, immediate));
  });

  it("is not refused because two clients behind one address are not at the same block", async () => {
    // What is asked alone goes to the one, what is asked together to the other, which is five blocks behind.
    const behind = await evm.send("eth_getBlockByNumber", ["latest", false]);
    for (let count = 0; count < 5; count += 1) await evm.send("evm_mine");
    let asked = 0;
    evm.intercept((request) => {
      if (!isBlock(request, "latest", "finalized")) return Promise.resolve(null);
      asked += 1;
      // The pins' question first, then one alone and two together, again and again.
      const together = asked > 2 && (asked - 2) % 3 !== 0;
      return Promise.resolve(together ? { result: behind } : null);
    });
    await tryOpen(ground.options(au, immediate));
  });

  it("is worth waiting for when the client does not say for a while what is final", async () => {
    const store = await openStore({ database: { technology: "sqlite", file: ":memory:" }, participant: au });
    const channel = await openChannel(ground.options(au, finalized), { store });
    try {
      evm.intercept((request) =>
        Promise.resolve(
          isBlock(request, "finalized") ? { error: { code: -32005, message: "too many requests" } } : null,
        ),
      );
      expect(await rejection(channel.read(null))).to.include({
        action: "retry",
        code: "finality-unavailable",
      });
      evm.intercept(null);
      expect((await channel.read(null)).events).not.to.be.empty;
    } finally {
      await channel.close();
      await store.close();
    }
  });
});
