import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";

import { contractBatch, contractMessage } from "../../src/channels/evm/encode.ts";
import { findBatch, headerOf } from "../../src/messages/final-batch-repository.ts";
import { parseMessage } from "../../src/domain/message.ts";
import type { MessageRecord } from "../../src/messages/message-record.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { DatabaseLocation } from "../../src/store/store.ts";
import { acquitted, au, cn, created } from "../channels/fixtures.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import type { Officer } from "./officer.ts";
import { startWorld, type World } from "./world.ts";

interface Answer {
  readonly line: number;
  readonly id?: string;
  readonly status: number;
}

const COUNT = 1_000;

/** A way for many messages, over a whole network: PROTOCOL §4, "Bulk". */
eachStore("batches between two countries", (_openFresh, source) => {
  // Its own suite, so that the nodes are stopped before their databases are deleted.
  describe("over one EVM channel", () => {
    let world: World;
    let australia: Officer;
    let china: Officer;
    let database: DatabaseLocation;

    beforeEach(async function () {
      this.timeout(60_000);
      world = await startWorld();
      database = await source.freshLocation();
      const home = await world.start(await world.configure(au, "AU", database));
      const abroad = await world.start(await world.configure(cn, "CN", await source.freshLocation()));
      [australia, china] = [home.officer, abroad.officer];
      for (const officer of [australia, china]) {
        await eventually(async () => (await officer.request("/health/ready")).status === 200);
      }
    });

    afterEach(() => world.close());

    const post = async (officer: Officer, lines: readonly object[]): Promise<readonly Answer[]> => {
      const response = await officer.request("/messages/batch", {
        method: "POST",
        headers: { "content-type": "application/x-ndjson" },
        body: lines.map((line) => JSON.stringify(line)).join("\n"),
      });
      expect(response.status).to.equal(200);
      const answers = (await response.text()).trimEnd().split("\n");
      return answers.map((line) => JSON.parse(line) as Answer);
    };

    const list = async (officer: Officer, query: string) => {
      const response = await officer.request(`/messages?limit=1000&${query}`);
      const { items } = (await response.json()) as { items: MessageRecord[] };
      return items;
    };

    const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));

    it("issue a thousand certificates in one request and one batch, prove each, and acquit them in one request, a conflict reported by itself", async function () {
      this.timeout(240_000);
      const obj = await australia.store(json({ salt: "5d0c6f1c" }), "application/json");
      const subjects = Array.from({ length: COUNT }, (_, number) => `chamber.com.au:coo:${number}`);
      const issued = await post(
        australia,
        subjects.map((subject) => ({ receiver: cn, subject, predicate: created, obj })),
      );
      expect(new Set(issued.map(({ status }) => status))).to.deep.equal(new Set([202]));
      const ids = issued.map(({ id }) => id ?? "");

      // One batch for all of them, on the ledger and at both nodes.
      const first = await australia.until(ids[0] ?? "", "delivered");
      expect(first.journal.map(({ status }) => status)).to.deep.equal([
        "pending",
        "bundled",
        "sent",
        "delivered",
      ]);
      await eventually(
        async () => (await list(china, `predicate=${created}&status=available`)).length === COUNT,
      );
      const here = await list(australia, `predicate=${created}&status=delivered`);
      const there = await list(china, `predicate=${created}`);
      expect(here).to.have.length(COUNT);
      const batch = here[0]?.batch;
      if (batch === undefined) throw new Error("the record shows no batch");
      for (const records of [here, there]) {
        expect(new Set(records.map((record) => record.batch?.root))).to.deep.equal(new Set([batch.root]));
      }

      // Anybody's tools check the proofs, and so does the contract.
      const leaf = ["uint256", "bytes32"];
      for (const record of [...here, ...there]) {
        const { root, index, proof, count } = record.batch ?? batch;
        expect(count).to.equal(COUNT);
        expect(StandardMerkleTree.verify(root, leaf, [String(index), record.id], [...proof])).to.equal(true);
      }
      const store = await openStore({ database, participant: au });
      try {
        const known = await findBatch(store.db, here[0]?.channelId ?? "", batch.id);
        if (known === null) throw new Error("the batch is not on record");
        const shown = there[COUNT - 1];
        if (shown?.batch === undefined) throw new Error("the receiver's record shows no batch");
        const { sender, receiver, subject, predicate } = shown;
        const said = contractMessage(parseMessage({ sender, receiver, subject, predicate, obj }));
        const state = (await world.channel.contract.getFunction("verify")(
          said,
          contractBatch(headerOf(known)),
          shown.batch.index,
          [...shown.batch.proof],
        )) as readonly boolean[];
        // Issued; neither acquitted nor revoked nor expired.
        expect([...state]).to.deep.equal([true, false, false, false]);
      } finally {
        await store.close();
      }

      // One is used beforehand; then all of them are acquitted in one request, with other evidence.
      const entry = await china.store(json({ entry: 1 }), "application/json");
      const early = { receiver: au, subject: subjects[7], predicate: acquitted, obj: entry };
      const [before] = await post(china, [early]);
      await china.until(before?.id ?? "", "delivered");
      const evidence = await china.store(json({ entry: 2 }), "application/json");
      const acquittals = await post(
        china,
        subjects.map((subject) => ({ receiver: au, subject, predicate: acquitted, obj: evidence })),
      );
      expect(new Set(acquittals.map(({ status }) => status))).to.deep.equal(new Set([202]));
      expect(await china.reason(acquittals[7]?.id ?? "")).to.equal("CertificateAlreadyAcquitted");
      const done = `predicate=${acquitted}`;
      await eventually(async () => (await list(china, `${done}&status=delivered`)).length === COUNT);
      await eventually(async () => (await list(australia, `${done}&status=available`)).length === COUNT);
      const used = await list(australia, `predicate=${created}`);
      expect(used.every(({ certificate }) => certificate?.acquitted === true)).to.equal(true);
      expect(used.find(({ subject }) => subject === subjects[7])?.certificate).to.include({
        acquittedBy: before?.id,
      });
      expect(used.find(({ subject }) => subject === subjects[8])?.certificate).to.include({
        acquittedBy: acquittals[8]?.id,
      });
    });
  });
});
