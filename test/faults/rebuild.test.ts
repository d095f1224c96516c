import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect } from "chai";
import type { Wallet } from "ethers";

import type { Channel } from "../../src/channels/channel.ts";
import { walletSigner } from "../../src/channels/evm/local-signer.ts";
import { signPayload } from "../../src/channels/evm/node-identity.ts";
import type { Config } from "../../src/config.ts";
import { multihashOf } from "../../src/domain/multihash.ts";
import type { Domain } from "../../src/domain/participant.ts";
import { NodeTokenIssuer } from "../../src/identity/node-token.ts";
import type { MessageRecord } from "../../src/messages/message-record.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store.ts";
import { configFile, environmentOf } from "../backup/config-file.ts";
import { acquitted, attached, au, cn, created, revoked, sg } from "../channels/fixtures.ts";
import { icl } from "../cli/icl.ts";
import type { Officer } from "../e2e/officer.ts";
import { startWorld, type Country, type CountryConfig, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";

const BATCH = 12;
const BLOCKS = 1_000;

const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));

const list = async (officer: Officer, query = ""): Promise<readonly MessageRecord[]> => {
  const response = await officer.request(`/messages?limit=1000&${query}`);
  return ((await response.json()) as { items: MessageRecord[] }).items;
};

const ended = ({ status }: MessageRecord) => status === "delivered" || status === "available";

/** What a ledger and the documents bring back of a database; who accepted what, and when, is not among it. */
async function recordOf({ db }: Store) {
  const messages = await db
    .selectFrom("message")
    .select(["id", "sender", "receiver", "subject", "predicate", "digest", "valid_until", "direction"])
    .select(["channel_id", "effect", "status", "attempt", "txn", "height", "batch_id", "batch_index"])
    .orderBy("id")
    .execute();
  const certificates = await db.selectFrom("certificate").selectAll().orderBy("message_id").execute();
  const batches = await db
    .selectFrom("batch")
    .select(["channel_id", "id", "direction", "root", "count", "body", "state", "txn", "height", "index"])
    .orderBy("id")
    .execute();
  const members = await db
    .selectFrom("batch_member")
    .selectAll()
    .orderBy("batch_id")
    .orderBy("batch_index")
    .execute();
  const readers = await db
    .selectFrom("document_acl")
    .select(["digest", "participant", "message_id", "granted_by"])
    .orderBy("digest")
    .orderBy("participant")
    .execute();
  const intents = await db.selectFrom("document_intent").selectAll().orderBy("message_id").execute();
  const documents = await db
    .selectFrom("document")
    .select(["digest", "size", "media_type", "origin"])
    .orderBy("digest")
    .execute();
  const fetches = await db
    .selectFrom("document_fetch")
    .select(["message_id", "digest", "source", "channel_id", "state"])
    .orderBy("message_id")
    .execute();
  const participants = await db.selectFrom("participant").selectAll().orderBy("domain").execute();
  return {
    ...{ messages, certificates, batches, members, readers, intents, documents, fetches, participants },
  };
}

eachStore("a node that lost its database", (_openFresh, source) => {
  // Its own suite, so that the nodes are stopped before their databases are deleted.
  describe("rebuilds it from the ledger and its documents", function () {
    this.timeout(240_000);
    let world: World;
    let australia: Country;
    let china: Country;

    const begin = async (participant: Domain, jurisdiction: string): Promise<Country> =>
      ready(
        await world.start(await world.configure(participant, jurisdiction, await source.freshLocation())),
      );

    const ready = async (country: Country): Promise<Country> => {
      await eventually(async () => (await country.officer.request("/health/ready")).status === 200);
      return country;
    };

    beforeEach(async () => {
      world = await startWorld();
      australia = await begin(au, "AU");
      china = await begin(cn, "CN");
    });

    afterEach(() => world.close());

    const look = async <T>({ config }: Country, work: (store: Store) => Promise<T>): Promise<T> => {
      const store = await openStore({ database: config.store, participant: config.participant });
      try {
        return await work(store);
      } finally {
        await store.close();
      }
    };

    const batchOf = async (officer: Officer, drafts: readonly object[]) => {
      const answer = await officer.request("/messages/batch", {
        method: "POST",
        headers: { "content-type": "application/x-ndjson" },
        body: drafts.map((draft) => JSON.stringify(draft)).join("\n"),
      });
      expect(answer.status).to.equal(200);
    };

    const settled = (...counts: readonly (readonly [Country, number])[]) =>
      eventually(
        async () => {
          for (const [{ officer }, count] of counts) {
            const records = await list(officer);
            if (records.length !== count || !records.every(ended)) return false;
          }
          return true;
        },
        { what: `${counts.map(([, count]) => count).join(" and ")} messages at their ends` },
      );

    /** The same node on a new database; the old one is gone. `forgetful`: its documents are gone as well. */
    async function rebuilt({ config: old }: Country, forgetful = false): Promise<CountryConfig> {
      const config = { ...old, store: await source.freshLocation() };
      if (forgetful) await rm(config.documents.directory, { recursive: true });
      const done = await icl(["rebuild", "-c", await configFile(config), "--json"], {
        env: environmentOf(config),
      });
      expect(done.code, done.err + done.out).to.equal(0);
      return config;
    }

    /** Asks Australia's node for a document as another participant's node. @returns the answer's status */
    async function readAs(reader: Domain, digest: string, channelId: string): Promise<number> {
      const wallet = world.channel.nodeKeys.get(reader) as Wallet;
      const channel = {
        description: { id: channelId },
        signAsNode: (payload: Uint8Array) => signPayload(walletSigner(wallet), payload),
      } as unknown as Channel;
      const path = `/documents/${multihashOf(digest)}`;
      const tokens = new NodeTokenIssuer(reader);
      const authorization = await tokens.authorize(channel, { audience: au, method: "GET", path });
      const { url } = australia.node;
      return (await fetch(`${url}${path}`, { headers: { authorization } })).status;
    }

    it("every message, certificate, batch and reader as it was; each document again for its receivers and for nobody else", async () => {
      const [home, abroad] = [australia.officer, china.officer];
      const bytes = await home.store(randomBytes(300), "application/octet-stream");
      const pdf = await home.store(new TextEncoder().encode("%PDF-1.7\nnot much of one"), "application/pdf");
      const coo = await home.store(json({ number: 1, salt: "c3" }), "application/json");
      await home.store(json({ draft: "sent to nobody" }), "application/json");
      const subject = (number: number) => `chamber.com.au:coo:${number}`;
      const singles: string[] = [];
      for (const [number, obj] of [coo, pdf, bytes].entries())
        singles.push(await home.send({ receiver: cn, subject: subject(number), predicate: created, obj }));
      await home.send({ receiver: sg, subject: "also:for:Singapore", predicate: attached, obj: pdf });
      for (const id of singles) await abroad.until(id, "available");
      const batched = Array.from({ length: BATCH }, (_, number) => subject(100 + number));
      await batchOf(
        home,
        batched.map((each) => ({ receiver: cn, subject: each, predicate: created, obj: coo })),
      );
      await settled([australia, 4 + BATCH], [china, 3 + BATCH]);

      // Used with evidence of China's own, and with the very document that came from Australia; revoked; many at once.
      const entry = await abroad.store(json({ entry: 1 }), "application/json");
      const use = (each: string, obj: string) => ({
        receiver: au,
        ...{ subject: each, predicate: acquitted, obj },
      });
      await abroad.send(use(subject(0), entry));
      await abroad.send(use(subject(1), pdf));
      await batchOf(
        abroad,
        batched.slice(0, 5).map((each) => use(each, entry)),
      );
      await settled([australia, 11 + BATCH], [china, 10 + BATCH]);
      const why = await home.store(json({ reason: "forged" }), "application/json");
      const revoke = (each: string) => ({ receiver: cn, subject: each, predicate: revoked, obj: why });
      await home.send(revoke(subject(2)));
      await batchOf(home, batched.slice(4, 8).map(revoke));
      await settled([australia, 16 + BATCH], [china, 15 + BATCH]);
      // One by one: of blocks that are asked for in one go, this EVM makes up the hashes later.
      for (let block = 0; block < BLOCKS; block += 1) await world.evm.send("evm_mine", []);

      const before = await look(australia, recordOf);
      const theirs = await look(china, recordOf);
      expect(before.readers).to.have.length.greaterThan(5);
      const channelId = before.messages[0]?.channel_id ?? "";
      const readersNow = async () => {
        const found: Record<string, readonly number[]> = {};
        for (const { digest } of before.documents)
          found[digest] = [await readAs(cn, digest, channelId), await readAs(sg, digest, channelId)];
        return found;
      };
      const readBefore = await readersNow();
      expect(new Set(Object.values(readBefore).map(String))).to.deep.equal(
        new Set(["200,404", "200,200", "404,404"]),
      );

      await australia.node.close();
      const auConfig = await rebuilt(australia);
      const after = await look({ ...australia, config: auConfig }, recordOf);
      for (const part of Object.keys(before) as (keyof typeof before)[])
        expect(after[part], part).to.deep.equal(before[part]);

      // China too, while Australia is away: what it holds it need not fetch.
      await china.node.close();
      const cnConfig = await rebuilt(china);
      const again = await look({ ...china, config: cnConfig }, recordOf);
      for (const part of Object.keys(theirs) as (keyof typeof theirs)[])
        expect(again[part], part).to.deep.equal(theirs[part]);
      china = await ready(await world.start(cnConfig));
      for (const { obj } of await list(china.officer))
        expect((await china.officer.read(obj)).status).to.equal(200);

      australia = await ready(await world.start(auConfig));
      expect(await readersNow()).to.deep.equal(readBefore);

      // China loses its documents as well: what is rebuilt at Australia gives all of them out again.
      await china.node.close();
      china = await ready(await world.start(await rebuilt({ ...china, config: cnConfig }, true)));
      await eventually(async () => {
        const received = await list(china.officer, "direction=incoming");
        return received.length === 8 + BATCH && received.every(ended);
      });

      // Both go on: a number that was issued stays taken, a new one goes its way and is used.
      const taken = await australia.officer.post({
        receiver: cn,
        ...{ subject: subject(0), predicate: created, obj: bytes },
      });
      if (taken.status === 202) await australia.officer.reason((taken.body as MessageRecord).id);
      else expect(taken.status).to.equal(409);
      const fresh = await australia.officer.store(json({ after: 1 }), "application/json");
      const next = await australia.officer.send({
        receiver: cn,
        ...{ subject: subject(999), predicate: created, obj: fresh },
      });
      await china.officer.until(next, "available");
      const evidence = await china.officer.store(json({ entry: 999 }), "application/json");
      const used = await china.officer.send(use(subject(999), evidence));
      await australia.officer.until(used, "available");
      const { contract } = world.channel;
      const said = (await contract.queryFilter(contract.filters.MessageSent())).map(({ args }) => args.id);
      expect(new Set(said).size, "nothing was said twice").to.equal(said.length);
    });

    it("opens nothing that another key of the participant sent, and adopts no wrong bytes; a database in use is refused", async () => {
      const { officer } = australia;
      const [one, two] = [
        await officer.store(json({ number: 1 }), "application/json"),
        await officer.store(json({ number: 2 }), "application/json"),
      ];
      for (const [subject, obj] of [
        ["one", one],
        ["two", two],
      ] as const)
        await china.officer.until(
          await officer.send({ receiver: cn, subject, predicate: created, obj }),
          "available",
        );
      const { documents } = await look(australia, recordOf);
      const channelId = (await list(officer))[0]?.channelId ?? "";
      const damagedDigest = documents[0]?.digest ?? "";
      const other = documents[1]?.digest ?? "";
      await australia.node.close();
      const inUse = await icl(["rebuild", "-c", await configFile(australia.config)], {
        env: environmentOf(australia.config),
      });
      expect(inUse.code).to.equal(1);
      expect(inUse.err).to.contain("database-not-empty");

      // Its key is replaced: what the earlier one sent is opened only where the operator says that it was this node's.
      const content = join(australia.config.documents.directory, "content");
      await writeFile(join(content, damagedDigest.slice(0, 2), damagedDigest), "something else");
      const strange = join(australia.config.documents.directory, "strange.key");
      await writeFile(strange, `0x${randomBytes(32).toString("hex")}`, { mode: 0o600 });
      const call = async (more: readonly string[]) => {
        const store = await source.freshLocation();
        const channels = australia.config.channels.map((channel) => ({
          ...channel,
          operatorKey: { file: strange },
        }));
        const config = { ...australia.config, store, channels } as Config;
        const done = await icl(["rebuild", "-c", await configFile(config), "--json", ...more], {
          env: environmentOf(config),
        });
        expect(done.code, "wrong bytes are told").to.equal(1);
        expect(done.err).to.contain(damagedDigest);
        return { config, report: JSON.parse(done.out) as { documents: { own: number; kept: number } } };
      };
      const closed = await call([]);
      expect(closed.report.documents).to.include({ own: 0, kept: 1, damagedCount: 1 });
      australia = await ready(await world.start(closed.config));
      expect(await readAs(cn, other, channelId)).to.equal(404);
      expect(await readAs(cn, damagedDigest, channelId)).to.equal(404);
      await australia.node.close();

      const account = world.channel.operators.get(au)?.address ?? "";
      const open = await call(["--operator", account]);
      expect(open.report.documents).to.include({ own: 1, kept: 0, damagedCount: 1 });
      australia = await ready(await world.start(open.config));
      expect(await readAs(cn, other, channelId)).to.equal(200);
      expect(await readAs(sg, other, channelId)).to.equal(404);
    });
  });
});
