import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";

import type { Config, EvmChannelConfig } from "../../src/config.ts";
import { roles } from "../../src/identity/caller.ts";
import { createLogger } from "../../src/log.ts";
import { startNode, type Node } from "../../src/node.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { DatabaseLocation, Store } from "../../src/store/store.ts";
import { attached, au, cn, created } from "../channels/fixtures.ts";
import { deployTestChannel, nameHash, type TestChannel } from "../channels/evm/test-channel.ts";
import { quickFetching, quickSubscriptions, quickTiming } from "../e2e/quick-timing.ts";
import { startWorld, type World } from "../e2e/world.ts";
import type { Officer } from "../e2e/officer.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import { startAnvil, type Anvil } from "./anvil.ts";

const OTHER_CHAIN = 31_338;
const CONFIRMATIONS = 2;
const finality = { kind: "confirmations", blocks: CONFIRMATIONS } as const;
/** Longer than the first in line ever waits to be offered to the ledger again. */
const REBROADCAST_MS = 2_500;
const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));

eachStore("A fork below the last final block", (_openFresh, source) => {
  // Its own suite, so that the nodes are stopped before their databases are deleted.
  describe("of one of a node's two ledgers", function () {
    this.timeout(120_000);
    let directory: string;
    let world: World;
    let ledger: Anvil;
    let otherLedger: Anvil;
    let other: TestChannel;
    let database: DatabaseLocation;
    let config: Config;
    let node: Node;
    let officer: Officer;
    let log: Record<string, unknown>[];

    /** The second channel of the node, on the second ledger. */
    const second = async (publicUrl: string): Promise<EvmChannelConfig> => {
      const admin = other.admins.get(au);
      if (admin === undefined) throw new Error("Australia has no admin.");
      await (await other.contract.connect(admin).setEndpoint(nameHash(au), publicUrl)).wait();
      const { operatorKey, nodeKey, ...options } = other.options(au, finality);
      const [operatorFile, nodeFile] = [join(directory, "operator"), join(directory, "node")];
      await writeFile(operatorFile, operatorKey, { mode: 0o600 });
      await writeFile(nodeFile, nodeKey, { mode: 0o600 });
      return { ...options, operatorKey: { file: operatorFile }, nodeKey: { file: nodeFile } };
    };

    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), "icl-deep-fork-"));
      ledger = await startAnvil();
      otherLedger = await startAnvil(OTHER_CHAIN);
      world = await startWorld({}, { evm: ledger, finality });
      other = await deployTestChannel(otherLedger);
      // One channel is for certificates, the other for notes.
      await (await other.contract.closeMessageType(nameHash(created))).wait();
      await (await world.channel.contract.closeMessageType(nameHash(attached))).wait();
      database = await source.freshLocation();
      const single = await world.configure(au, "AU", database);
      const channels = [...single.channels, await second(single.publicUrl)];
      config = { ...single, channels: channels.map((each) => ({ ...each, pollMilliseconds: 50 })) };
      for (const each of [ledger, otherLedger]) {
        await each.setAutomine(false);
        await each.mine(CONFIRMATIONS + 1);
      }
      log = [];
      node = await startNode(config, {
        log: createLogger({ write: (line) => log.push(JSON.parse(line) as Record<string, unknown>) }),
        timing: quickTiming,
        fetching: quickFetching,
        subscriptions: quickSubscriptions,
      });
      officer = await world.officer(config, [...roles]);
      await eventually(async () => (await officer.request("/health/ready")).status === 200);
    });

    afterEach(async () => {
      await node.close();
      await world.close();
      await otherLedger.close();
      await rm(directory, { recursive: true, force: true });
    });

    const send = async (predicate: string, subject: string) => {
      const obj = await officer.store(json({ subject }), "application/json");
      return officer.send({ receiver: cn, subject, predicate, obj });
    };

    const idOf = (chainId: number, { address }: TestChannel) => `eip155:${chainId}:${address.toLowerCase()}`;

    /** Has a message in a block, with so many on top. */
    const carried = async (on: Anvil, id: string, onTop: number) => {
      await eventually(async () => {
        const { pending } = (await on.send("txpool_status")) as { pending: string };
        return Number(pending) === 1;
      });
      await on.mine(1 + onTop);
      return officer.until(id, onTop >= CONFIRMATIONS ? "delivered" : "sent");
    };

    const metrics = async () => (await officer.request("/metrics")).text();

    /** Everything that this node says or does because of a ledger. */
    const rowsOf = async ({ db }: Store) => ({
      messages: await db.selectFrom("message").selectAll().orderBy("id").execute(),
      journal: (await db.selectFrom("journal").selectAll().execute())
        .map((row) => JSON.stringify(row))
        .sort(),
      certificates: await db.selectFrom("certificate").selectAll().execute(),
      readers: await db.selectFrom("document_acl").selectAll().execute(),
      events: await db.selectFrom("ledger_event").selectAll().execute(),
      told: await db.selectFrom("notification").selectAll().execute(),
      participants: await db.selectFrom("participant").selectAll().execute(),
    });

    it("stops that channel with an alarm, touches nothing, and leaves the other alone", async () => {
      await carried(ledger, await send(created, "chamber:final"), CONFIRMATIONS + 1);
      const forked = await send(created, "chamber:forked-away");
      await carried(ledger, forked, 0);
      const channelId = idOf(ledger.chainId, world.channel);
      const store = await openStore({ database, participant: au });
      try {
        const before = await rowsOf(store);
        await ledger.reorg(CONFIRMATIONS + 1);

        const health = async () => {
          const { channels } = (await (await officer.request("/health")).json()) as {
            channels: { id: string; stopped: string | null }[];
          };
          return new Map(channels.map(({ id, stopped }) => [id, stopped]));
        };
        await eventually(async () => (await health()).get(channelId) !== null);
        expect(await health()).to.deep.equal(
          new Map([
            [channelId, "fork-below-final"],
            [idOf(OTHER_CHAIN, other), null],
          ]),
        );
        expect((await officer.request("/health/ready")).status).to.equal(503);
        const alarm = log.find(({ level, code }) => level === "error" && code === "fork-below-final");
        expect(alarm).to.include({ message: "the channel is stopped", channelId });
        const text = await metrics();
        expect(text).to.include(`icl_channel_stopped{channel="${channelId}"} 1`);
        expect(text).to.include(`icl_channel_stopped{channel="${idOf(OTHER_CHAIN, other)}"} 0`);

        // Nothing more is said on a ledger that is not believed, not even what was signed before.
        const broadcasts = () =>
          ledger.requests.filter(({ method }) => method === "eth_sendRawTransaction").length;
        await delay(REBROADCAST_MS / 2); // what was under way when it stopped
        const said = broadcasts();
        await delay(REBROADCAST_MS);
        expect(broadcasts()).to.equal(said);
        expect(await rowsOf(store)).to.deep.equal(before);

        await carried(otherLedger, await send(attached, "note:1"), CONFIRMATIONS);
        const after = await officer.message(forked);
        expect(after?.status, "the stopped channel's message stays as it was").to.equal("sent");
      } finally {
        await store.close();
      }
    });
  });
});
