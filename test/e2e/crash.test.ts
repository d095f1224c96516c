import { randomInt } from "node:crypto";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";

import type { MessageStatus } from "../../src/domain/journal.ts";
import { predecessorsOf } from "../../src/messages/journal.ts";
import type { MessageRecord } from "../../src/messages/message-record.ts";
import { attached, au, cn, created } from "../channels/fixtures.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import { MortalNode } from "./mortal-node.ts";
import type { Officer } from "./officer.ts";
import { startWorld, type World } from "./world.ts";

const KILLS = 5;
const MESSAGES_A_LIFE = 20;
const LONGEST_LIFE = 1_200;

/** Numbers from 0 to 1 that a seed determines (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function allMessages(officer: Officer): Promise<readonly MessageRecord[]> {
  const response = await officer.request("/messages?limit=1000");
  return ((await response.json()) as { items: MessageRecord[] }).items;
}

/** Whether every step of a journal is one that the protocol allows. */
function expectMonotone({ id, journal }: MessageRecord): void {
  let before: MessageStatus | null = null;
  for (const { status } of journal) {
    if (before !== null) expect(predecessorsOf(status), `${id}: ${status}`).to.include(before);
    before = status;
  }
}

eachStore("nodes killed at random moments", (_openFresh, source) => {
  // Its own suite, so that the nodes are dead before their databases are deleted.
  describe("and started again", () => {
    let world: World;
    let nodes: readonly MortalNode[];

    beforeEach(async function () {
      this.timeout(60_000);
      world = await startWorld();
      const made = [];
      for (const [participant, jurisdiction] of [
        [au, "AU"],
        [cn, "CN"],
      ] as const) {
        const config = await world.configure(participant, jurisdiction, await source.freshLocation());
        made.push(new MortalNode(config, dirname(config.documents.directory)));
      }
      nodes = made;
    });

    afterEach(async () => {
      for (const node of nodes) await node.kill();
      await world.close();
    });

    it("lose, double and hold up nothing", async function () {
      this.timeout(300_000);
      const seed = Number(process.env.ICL_CRASH_SEED ?? randomInt(2 ** 31));
      process.stdout.write(`        seed ${seed} (ICL_CRASH_SEED=${seed} repeats it)\n`);
      const random = seeded(seed);
      const [australia, china] = nodes;
      if (australia === undefined || china === undefined) throw new Error("There are two nodes.");
      const sender = await world.officer(australia.config);
      const receiver = await world.officer(china.config);
      const accepted = new Set<string>();
      const shown = new Map<string, MessageRecord["journal"]>();

      /** Posts a message until it is accepted or the node is dead; then the next life posts it again. */
      const send = async (number: number): Promise<boolean> => {
        try {
          const content = new TextEncoder().encode(JSON.stringify({ number, seed }));
          const obj = await sender.store(content, "application/json");
          const predicate = number % 2 === 0 ? created : attached;
          const { status, body } = await sender.post({
            receiver: cn,
            subject: `number:${number}`,
            predicate,
            obj,
          });
          if (status === 503) {
            // A node that has yet to read its channel says so.
            await delay(100);
            return false;
          }
          expect(status, JSON.stringify(body)).to.be.within(200, 202);
          accepted.add((body as MessageRecord).id);
          return true;
        } catch (error) {
          // Only a dead node's silence is forgiven.
          if (!(error instanceof TypeError)) throw error;
          return false;
        }
      };

      const waiting = Array.from({ length: KILLS * MESSAGES_A_LIFE }, (_, index) => index);
      const postFrom = async (count: number): Promise<void> => {
        for (const number of waiting.splice(0, count)) if (!(await send(number))) waiting.push(number);
      };

      for (let life = 0; life < KILLS; life += 1) {
        await Promise.all(nodes.map((node) => node.start()));
        for (const record of await allMessages(sender)) shown.set(record.id, record.journal);
        const posting = postFrom(MESSAGES_A_LIFE);
        // Each dies at a moment of its own.
        const deaths = nodes.map(async (node) => {
          await delay(random() * LONGEST_LIFE);
          await node.kill();
        });
        await Promise.all([posting, ...deaths]);
      }

      await Promise.all(nodes.map((node) => node.start()));
      while (waiting.length > 0) await postFrom(MESSAGES_A_LIFE);
      expect(accepted).to.have.property("size", KILLS * MESSAGES_A_LIFE);
      let under: readonly string[] = [];
      const arrived = async () => {
        const [sent, received] = [await allMessages(sender), await allMessages(receiver)];
        const here = new Set(received.map(({ id }) => id));
        under = [
          ...sent.filter(({ status }) => status !== "delivered").map(({ id, status }) => `${id} ${status}`),
          ...received
            .filter(({ status }) => status !== "available")
            .map(({ id, status }) => `${id} ${status}`),
          ...[...accepted].filter((id) => !here.has(id)).map((id) => `${id} not received`),
        ];
        return under.length === 0;
      };
      await eventually(arrived, { within: 120_000 }).catch((cause: unknown) => {
        throw new Error(`Still under way: ${under.join(", ")}`, { cause });
      });

      const { contract } = world.channel;
      const events = await contract.queryFilter(contract.filters.MessageSent());
      expect(events.map(({ args }) => args.id).sort(), "once on the ledger").to.deep.equal(
        [...accepted].sort(),
      );
      for (const officer of [sender, receiver]) {
        const records = await allMessages(officer);
        expect(records.map(({ id }) => id).sort(), "once at each side").to.deep.equal([...accepted].sort());
        for (const record of records) expectMonotone(record);
      }
      for (const { id, journal } of await allMessages(sender)) {
        const earlier = shown.get(id) ?? [];
        expect(journal.slice(0, earlier.length), `${id}: only added to`).to.deep.equal(earlier);
        expect(journal.filter(({ status }) => status === "delivered")).to.have.length(1);
      }
    });
  });
});
