import { createHash } from "node:crypto";

import { expect } from "chai";

import { contractBatch } from "../../src/channels/evm/encode.ts";
import { batchId, bodyLine, type BatchHeader } from "../../src/domain/batch.ts";
import { messageId, type Message } from "../../src/domain/message.ts";
import { MerkleTree } from "../../src/domain/merkle-tree.ts";
import { multihashOf } from "../../src/domain/multihash.ts";
import { parsePredicate } from "../../src/domain/predicate.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { findBatch, headerOf } from "../../src/messages/final-batch-repository.ts";
import type { MessageRecord } from "../../src/messages/message-record.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { DatabaseLocation, Store } from "../../src/store/store.ts";
import { au, cn, created, message, revoked } from "../channels/fixtures.ts";
import { nameHash } from "../channels/evm/test-channel.ts";
import { startPeer, type Peer } from "../documents/peer.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import type { Officer } from "./officer.ts";
import { startWorld, type World } from "./world.ts";

const COUNT = 60;

const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));

eachStore("a batch at its receiver", (_openFresh, source) => {
  // Its own suite, so that the nodes are stopped before their databases are deleted.
  describe("over one EVM channel", () => {
    let world: World;
    let peer: Peer | undefined;
    let opened: Store[];

    beforeEach(async function () {
      this.timeout(60_000);
      world = await startWorld();
      opened = [];
    });

    afterEach(async () => {
      await Promise.all(opened.map((store) => store.close()));
      await world.close();
      await peer?.close();
      peer = undefined;
    });

    const found = async (participant: typeof au, jurisdiction: string, database: DatabaseLocation) => {
      const { officer } = await world.start(await world.configure(participant, jurisdiction, database));
      await eventually(async () => (await officer.request("/health/ready")).status === 200);
      return officer;
    };
    const storeAt = async (database: DatabaseLocation, participant: typeof au): Promise<Store> => {
      const store = await openStore({ database, participant });
      opened.push(store);
      return store;
    };
    const list = async (officer: Officer, query: string) => {
      const response = await officer.request(`/messages?limit=1000&${query}`);
      const { items } = (await response.json()) as { items: MessageRecord[] };
      return items;
    };

    it("is fetched with its documents in a few requests; what its issuer revokes and the consortium invalidates is marked", async function () {
      this.timeout(180_000);
      const [home, abroad] = [await source.freshLocation(), await source.freshLocation()];
      const [australia, china] = [await found(au, "AU", home), await found(cn, "CN", abroad)];
      const drafts = [];
      for (let number = 0; number < COUNT; number += 1) {
        const obj = await australia.store(json({ number, salt: "0c7b9f" }), "application/json");
        drafts.push({ receiver: cn, subject: `chamber.com.au:coo:${number}`, predicate: created, obj });
      }
      const answer = await australia.request("/messages/batch", {
        method: "POST",
        headers: { "content-type": "application/x-ndjson" },
        body: drafts.map((draft) => JSON.stringify(draft)).join("\n"),
      });
      const lines = (await answer.text()).trimEnd().split("\n");
      const ids = lines.map((line) => (JSON.parse(line) as { id: string }).id);
      await eventually(
        async () => (await list(china, `predicate=${created}&status=available`)).length === COUNT,
        { what: "every document is here", within: 60_000 },
      );
      for (const [number, { obj }] of drafts.entries()) {
        if (number % 10 === 0)
          expect((await china.read(obj)).bytes).to.deep.equal(json({ number, salt: "0c7b9f" }));
      }
      // Each request of a node uses one token: the body's, and those for the documents.
      const sender = await storeAt(home, au);
      const requests = await sender.db.selectFrom("used_token").selectAll().execute();
      expect(requests.length).to.be.lessThan(COUNT / 3);

      const revocation = await australia.send({
        receiver: cn,
        subject: drafts[3]?.subject ?? "",
        predicate: revoked,
        obj: drafts[3]?.obj ?? "",
      });
      await china.until(revocation, "available");
      const taken = await china.message(ids[3] ?? "");
      expect(taken?.certificate).to.include({ revoked: true, revokedBy: revocation, invalidated: false });

      const receiver = await storeAt(abroad, cn);
      const [row] = await receiver.db.selectFrom("batch").selectAll().execute();
      if (row === undefined) throw new Error("there is no batch");
      const { contract, consortium } = world.channel;
      await (await contract.connect(consortium).suspend(nameHash(au))).wait();
      await (
        await contract.connect(consortium).invalidateBatch(contractBatch(headerOf(row)), [0n], [1n << 5n])
      ).wait();
      await eventually(async () => (await china.message(ids[5] ?? ""))?.certificate?.invalidated === true);
      expect((await china.message(ids[6] ?? ""))?.certificate).to.include({ revoked: false });
    });

    it("is quarantined when its body lies, shows none of its messages, and is answered on the ledger", async function () {
      this.timeout(120_000);
      const { contract, consortium, admins, operators } = world.channel;
      const disputed = parsePredicate("UN.CEFACT.Regulatory.CertificateOfOrigin.disputed");
      const none = `0x${"0".repeat(64)}`;
      const [noHook, operator] = [`0x${"0".repeat(40)}`, operators.get(cn)?.address ?? ""];
      await (await contract.connect(consortium).registerMessageType(disputed, 1, false, none, noHook)).wait();
      const admin = contract.connect(admins.get(cn));
      await (await admin.appointOperator(nameHash(cn), nameHash(disputed), operator)).wait();

      const members: readonly Message[] = [1, 2, 3].map((number) =>
        message({ subject: parseSubject(`number:${number}`) }),
      );
      const body = Buffer.from(
        members
          .toReversed()
          .map((each) => bodyLine(each))
          .join(""),
      );
      const digest = createHash("sha256").update(body).digest("hex");
      peer = await startPeer((request, response) => {
        if (request.url?.endsWith(multihashOf(digest)) === true) response.end(body);
        else response.writeHead(404).end();
      });
      await (await contract.connect(admins.get(au)).setEndpoint(nameHash(au), peer.url)).wait();
      const header: BatchHeader = {
        ...{ sender: au, receiver: cn, predicate: created, validUntil: null, count: 3 },
        root: new MerkleTree(members.map((each) => messageId(each))).root,
        body: multihashOf(digest),
      };
      const signer = operators.get(au)?.connect(consortium.provider);
      await (await contract.connect(signer).anchor(contractBatch(header))).wait();

      const location = await source.freshLocation();
      const china = await found(cn, "CN", location);
      await eventually(
        async () => (await list(china, `predicate=${disputed}&status=delivered`)).length === 1,
      );
      const [dispute] = await list(china, `predicate=${disputed}`);
      expect(dispute).to.include({ sender: cn, receiver: au, direction: "outgoing" });
      const report = JSON.parse(
        Buffer.from((await china.read(dispute?.obj ?? "")).bytes).toString(),
      ) as unknown;
      expect(report).to.have.nested.property("fault.code", "batch-root");
      expect(await list(china, `predicate=${created}`)).to.deep.equal([]);
      const store = await storeAt(location, cn);
      const id = batchId(header);
      const [channel] = await store.db.selectFrom("channel").select("id").execute();
      expect(await findBatch(store.db, channel?.id ?? "", id)).to.include({ state: "quarantined" });
    });
  });
});
