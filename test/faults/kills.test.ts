import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";

import type { MessageStatus } from "../../src/domain/journal.ts";
import { multihashOf } from "../../src/domain/multihash.ts";
import { predecessorsOf } from "../../src/messages/journal.ts";
import type { MessageRecord } from "../../src/messages/message-record.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store.ts";
import { readNotifications } from "../../src/subscriptions/notification-repository.ts";
import { attached, au, cn, created } from "../channels/fixtures.ts";
import { openRpcDoor, type RpcDoor } from "../channels/evm/rpc-door.ts";
import { MortalNode } from "../e2e/mortal-node.ts";
import { Officer } from "../e2e/officer.ts";
import { startWorld, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import { startCallbackServer, type CallbackServer } from "../subscriptions/callback-server.ts";
import { allMessages } from "./all-messages.ts";
import { insist, Load } from "./load.ts";
import { onLedger } from "./on-ledger.ts";
import { chosenSeed, seeded } from "./seeded.ts";
import { openTcpDoor, type TcpDoor } from "./tcp-door.ts";

const KILLS = Number(process.env.FAULT_KILLS ?? 30);
/** The longest a node lives between two kills, counted from when its process began; milliseconds. */
const LONGEST_LIFE = 2_500;
const sha256 = async (bytes: Uint8Array) =>
  Buffer.from(await crypto.subtle.digest("SHA-256", Uint8Array.from(bytes))).toString("hex");
const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));

/** Whether every step of a journal is one that the protocol allows. */
function expectMonotone({ id, journal }: MessageRecord): void {
  let before: MessageStatus | null = null;
  for (const { status } of journal) {
    if (before !== null) expect(predecessorsOf(status), `${id}: ${status}`).to.include(before);
    before = status;
  }
}

eachStore(
  "nodes killed by SIGKILL",
  (_openFresh, source) => {
    const title = { log: "" };
    // Its own suite, so that the nodes are dead before their databases are deleted.
    describe("and started again", () => {
      let world: World;
      let australia: MortalNode;
      let china: MortalNode;
      let sender: Officer;
      let receiver: Officer;
      /** Between each node and the ledger a door of its own. */
      let door: RpcDoor;
      let otherDoor: RpcDoor;
      /** Between the sender's users and their node. */
      let front: TcpDoor;
      let system: CallbackServer;
      /** Ids of a batch whose first upload was cut off. */
      let uploaded: readonly string[] = [];

      const subscribe = async (officer: Officer, path: string) => {
        const form = { "hub.mode": "subscribe", "hub.topic": "UN.CEFACT.*" };
        const body = new URLSearchParams({ ...form, "hub.callback": system.url + path }).toString();
        const headers = { "content-type": "application/x-www-form-urlencoded" };
        const asked = system.questions().length;
        const answer = await insist(() =>
          officer.request("/subscriptions", { method: "POST", headers, body }),
        );
        expect(answer.status).to.equal(202);
        await eventually(() => system.questions().length > asked);
      };

      before(async function () {
        this.timeout(120_000);
        world = await startWorld();
        system = await startCallbackServer();
        const made = [];
        for (const [participant, jurisdiction] of [
          [au, "AU"],
          [cn, "CN"],
        ] as const) {
          const location = await source.freshLocation();
          title.log = `kills-${location.technology}`;
          const own = await openRpcDoor((method, params) => world.evm.send(method, params));
          const config = await world.configure(participant, jurisdiction, location);
          const channels = config.channels.map((channel) => ({ ...channel, rpcUrl: own.rpcUrl }));
          const node = new MortalNode({ ...config, channels }, dirname(config.documents.directory));
          made.push({ node, own });
        }
        const [home, abroad] = made;
        if (home === undefined || abroad === undefined) throw new Error("There are two nodes.");
        [australia, china, door, otherDoor] = [home.node, abroad.node, home.own, abroad.own];
        front = await openTcpDoor(australia.config.listen.port);
        await Promise.all([australia.start(), china.start()]);
        sender = await world.officer(australia.config);
        receiver = await world.officer(china.config);
        for (const officer of [sender, receiver]) {
          await eventually(async () => (await officer.request("/health/ready")).status === 200);
        }
        await subscribe(sender, "/au");
        await subscribe(receiver, "/cn");
      });

      after(async () => {
        for (const node of [australia, china]) await node.kill();
        for (const each of [door, otherDoor, front]) await each.close();
        await system.close();
        await world.close();
      });

      const isReady = async () => {
        await eventually(async () => {
          const answer = await sender.request("/health/ready").catch(() => null);
          return answer?.status === 200;
        });
      };
      const draft = async (subject: string, predicate: string = created) => ({
        ...{ receiver: cn, subject, predicate },
        obj: await sender.store(json({ subject }), "application/json"),
      });
      const timesOnLedger = async (id: string) => (await onLedger(world.channel, sender)).times.get(id) ?? 0;

      /** Kills the sender's node when it broadcasts a transaction, before or after the ledger has it. */
      const killAtBroadcast = (passes: boolean) =>
        new Promise<void>((resolve, reject) => {
          door.intercept(async ({ method }, pass) => {
            if (method !== "eth_sendRawTransaction") return null;
            door.intercept(null);
            if (passes) await pass();
            australia.kill().then(resolve, reject);
            return "hang up";
          });
        });

      for (const [moment, passes] of [
        ["between signing and broadcast", false],
        ["between broadcast and receipt", true],
      ] as const) {
        it(`${moment}: the message is on the ledger once`, async function () {
          this.timeout(120_000);
          const dead = killAtBroadcast(passes);
          const id = await sender.send(await draft(`${moment.replaceAll(" ", "-")}:1`, attached));
          await dead;
          expect(await timesOnLedgerWhileDead(id)).to.equal(passes ? 1 : 0);
          await australia.start();
          await sender.until(id, "delivered");
          await receiver.until(id, "available");
          expect(await timesOnLedger(id)).to.equal(1);
        });
      }

      const timesOnLedgerWhileDead = async (id: string) => {
        const { contract } = world.channel;
        const events = await contract.queryFilter(contract.filters.MessageSent(id));
        return events.length;
      };

      it("between commit and acknowledgement: posted again, the message is known, and sent once", async function () {
        this.timeout(120_000);
        await isReady();
        const message = await draft("unheard:1", attached);
        const token = await tokenOf(world, au);
        const behindDoor = new Officer(front.url, token);
        const dead = new Promise<void>((resolve) => {
          front.keepBack(async () => {
            await australia.kill();
            resolve();
          });
        });
        const unheard = await behindDoor.post(message).then(
          () => null,
          (error: unknown) => error,
        );
        expect(unheard, "the client heard nothing").to.be.instanceOf(TypeError);
        await dead;
        await australia.start();
        await isReady();
        const { status, body } = await behindDoor.post(message);
        expect(status, "it was accepted before").to.equal(200);
        const { id } = body as MessageRecord;
        await sender.until(id, "delivered");
        expect(await timesOnLedger(id)).to.equal(1);
      });

      it("between a delivery and its acknowledgement: it is delivered again, and what follows in order", async function () {
        this.timeout(120_000);
        await isReady();
        const posted = Promise.withResolvers<null>();
        const dead = new Promise<void>((resolve, reject) => {
          system.receive = async ({ path, body }) => {
            // Not at what is still to be told of others: the message has to be accepted first.
            if (path !== "/au" || !body.includes('"delivery:1"')) return { status: 204 };
            system.receive = () => ({ status: 204 });
            await posted.promise;
            await australia.kill().then(resolve, reject);
            return { status: 204 };
          };
        });
        const id = await sender.send(await draft("delivery:1"));
        posted.resolve(null);
        await dead;
        const before = system.deliveries("/au");
        const last = before.at(-1);
        await australia.start();
        await sender.until(id, "delivered");
        await eventually(() => {
          const types = system.deliveries("/au").filter(({ message }) => message.id === id);
          return types.some(({ type }) => type === "message.delivered");
        });
        const after = system.deliveries("/au").slice(before.length);
        expect(after[0]?.id, "first what was not acknowledged").to.equal(last?.id);
      });

      it("during a document's upload: nothing half is there, and the upload is repeated", async function () {
        this.timeout(120_000);
        await isReady();
        const bytes = new Uint8Array(400_000).map((_, index) => index % 251);
        const digest = await sha256(bytes);
        await uploadHalf(australia, await tokenOf(world, au), "/documents", "application/pdf", bytes);
        await australia.kill();
        await australia.start();
        expect((await sender.read(multihashOf(digest))).status).to.equal(404);
        expect(await sender.store(bytes, "application/pdf")).to.equal(multihashOf(digest));
        expect(await sha256((await sender.read(multihashOf(digest))).bytes)).to.equal(digest);
      });

      it("during the upload of a batch: sent again whole, every line is answered by its id", async function () {
        this.timeout(120_000);
        await isReady();
        const { obj } = await draft("batch:0");
        // More than is taken up at a time, so that some is stored when the node dies.
        const lines = Array.from({ length: 1_200 }, (_, place) =>
          JSON.stringify({ receiver: cn, subject: `upload:${place}`, predicate: created, obj }),
        );
        const body = new TextEncoder().encode(lines.join("\n"));
        const type = "application/x-ndjson";
        await uploadHalf(australia, await tokenOf(world, au), "/messages/batch", type, body);
        await australia.kill();
        await australia.start();
        await isReady();
        const headers = { "content-type": type };
        const answer = await sender.request("/messages/batch", { method: "POST", headers, body });
        const answers = (await answer.text()).trimEnd().split("\n");
        const ids = answers.map((line) => (JSON.parse(line) as { id: string }).id);
        expect(new Set(ids)).to.have.property("size", lines.length);
        expect(answer.status).to.equal(200);
        uploaded = ids;
      });

      it(`${KILLS} times at random moments under load: lose, double, reorder and hold up nothing`, async function () {
        this.timeout(300_000 + KILLS * 20_000);
        const seed = chosenSeed();
        process.stdout.write(`        seed ${seed} (ICL_CRASH_SEED=${seed} repeats it)\n`);
        const random = seeded(seed);
        const began = Date.now();
        const log = [`seed ${seed}, ${KILLS} kills, ${title.log}, begun ${new Date(began).toISOString()}`];
        const load = new Load(sender, receiver, `load-${seed}`);
        const shown = new Map<string, MessageRecord["journal"]>();
        load.start({ single: 40, batch: 1_500 });
        let kills = 0;
        const live = async (node: MortalNode, officer: Officer) => {
          while (kills < KILLS) {
            kills += 1;
            if (kills % 10 === 0) {
              const seconds = Math.round((Date.now() - began) / 1000);
              const { accepted, acquittals } = load;
              log.push(
                `${seconds} s: ${kills} kills, ${accepted.size} messages and ${acquittals.size} acquittals accepted`,
              );
            }
            await delay(random() * LONGEST_LIFE);
            await node.kill();
            const started = node.start().then(
              () => true,
              () => false,
            );
            // One life in four ends before the node is up.
            if (random() < 0.25 && kills < KILLS) continue;
            if (!(await started)) continue;
            const records = await allMessages(officer).catch(() => []);
            for (const { id, journal } of records) shown.set(`${officer === sender} ${id}`, journal);
          }
          await node.kill();
          await node.start();
        };
        await Promise.all([live(australia, sender), live(china, receiver)]);
        await load.arrived(180_000 + KILLS * 1_000);
        log.push(`${Math.round((Date.now() - began) / 1000)} s: all have arrived`);

        const [sent, received] = [await allMessages(sender), await allMessages(receiver)];
        const { times, settled } = await onLedger(world.channel, sender);
        const twice = [...times].filter(([, count]) => count !== 1);
        expect(twice, "once on the ledger").to.deep.equal([]);
        expect([...load.accepted].filter((id) => !times.has(id))).to.deep.equal([]);
        const inBits = [...load.acquittals].filter((id) => !times.has(id));
        expect(settled, "each acquittal of a batch's certificate is one bit").to.equal(inBits.length);

        const ids = sent.map(({ id }) => id).sort();
        expect(new Set(ids)).to.have.property("size", ids.length);
        expect(received.map(({ id }) => id).sort(), "once at each side").to.deep.equal(ids);
        const atSender = new Map(sent.map((record) => [record.id, record]));
        for (const id of load.accepted) expect(atSender.get(id)?.status, id).to.equal("delivered");
        for (const [ofSender, records] of [
          [true, sent],
          [false, received],
        ] as const) {
          for (const record of records) {
            expectMonotone(record);
            const earlier = shown.get(`${ofSender} ${record.id}`) ?? [];
            expect(record.journal.slice(0, earlier.length), "only added to").to.deep.equal(earlier);
            const last = record.journal.filter(
              ({ status }) => status === "delivered" || status === "available",
            );
            expect(last, record.id).to.have.length(1);
          }
        }
        for (const { obj } of received.filter(({ direction }) => direction === "incoming")) {
          const { status, bytes } = await receiver.read(obj);
          expect([status, multihashOf(await sha256(bytes))]).to.deep.equal([200, obj]);
        }
        for (const [node, path] of [
          [australia, "/au"],
          [china, "/cn"],
        ] as const) {
          await expectTold(node, path);
        }
        log.push(
          `${load.accepted.size} messages and ${load.acquittals.size} acquittals: each once on the ledger and once at each side,`,
          `${system.deliveries().length} deliveries: every notification at least once and in order.`,
        );
        await mkdir("test-output", { recursive: true });
        await writeFile(`test-output/${title.log}.txt`, `${log.join("\n")}\n`);
      });

      it("during the upload of a batch: it is on the ledger once in the end, the half that came before the kill, too", async function () {
        this.timeout(120_000);
        await eventually(async () => {
          const done = await allMessages(sender, "&direction=outgoing&status=delivered");
          const delivered = new Set(done.map(({ id }) => id));
          return uploaded.every((id) => delivered.has(id));
        });
        const { times } = await onLedger(world.channel, sender);
        expect(uploaded.filter((id) => times.get(id) !== 1)).to.deep.equal([]);
      });

      /** Every notification of a node was delivered, and, the first time each, in order. */
      async function expectTold(node: MortalNode, path: string): Promise<void> {
        const store = await openStore({ database: node.config.store, participant: node.config.participant });
        try {
          const all = await numbersOf(store);
          await eventually(() => new Set(system.deliveries(path).map(({ id }) => id)).size >= all.length, {
            what: `the last delivery to ${path}`,
          });
          const firsts = [...new Set(system.deliveries(path).map(({ id }) => id))];
          expect(firsts, `told ${path}`).to.deep.equal(all);
        } finally {
          await store.close();
        }
      }
    });
  },
  "suite",
);

async function numbersOf(store: Store): Promise<readonly number[]> {
  const numbers: number[] = [];
  for (let position = 0; ;) {
    const page = await readNotifications(store.db, { topic: null, subjects: null }, position, 1_000);
    numbers.push(...page.items.map(({ seq }) => seq));
    position = page.position;
    if (!page.more) return numbers;
  }
}

function tokenOf(world: World, participant: string): Promise<string> {
  const lifetimeSeconds = 3_600;
  const roles = ["documents:write", "messages:read", "messages:write"] as const;
  return world.issuer.mint({ subject: "officer-8", audience: participant, roles, lifetimeSeconds });
}

/** Uploads half of a body, and waits until the node has read it. */
async function uploadHalf(
  node: MortalNode,
  token: string,
  path: string,
  type: string,
  body: Uint8Array,
): Promise<void> {
  const { port } = node.config.listen;
  const headers = { authorization: `Bearer ${token}`, "content-type": type, "content-length": body.length };
  const upload = request({ host: "127.0.0.1", port, path, method: "POST", headers });
  upload.on("error", () => undefined); // the node dies
  const half = body.slice(0, Math.ceil(body.length / 2));
  if (!upload.write(half)) await once(upload, "drain");
  await delay(300);
}
