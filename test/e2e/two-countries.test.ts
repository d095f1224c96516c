import { readFile } from "node:fs/promises";

import { expect } from "chai";

import { acquitted, attached, au, cn, created, revoked, sg } from "../channels/fixtures.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import { startWorld, type Country, type World } from "./world.ts";

const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));

eachStore("two countries and a third", (_openFresh, source) => {
  // Its own suite, so that the nodes are stopped before their databases are deleted.
  describe("over one EVM channel", () => {
    let world: World;
    let australia: Country;
    let china: Country;

    const found = async (participant: typeof au, jurisdiction: string): Promise<Country> => {
      const config = await world.configure(participant, jurisdiction, await source.freshLocation());
      return world.start(config);
    };

    beforeEach(async function () {
      this.timeout(60_000);
      world = await startWorld();
      australia = await found(au, "AU");
      china = await found(cn, "CN");
      for (const { officer } of [australia, china]) {
        await eventually(async () => (await officer.request("/health/ready")).status === 200);
      }
    });

    afterEach(() => world.close());

    const certificate = async () =>
      readFile(new URL("../../scripts/demo/certificate.json", import.meta.url)).then(
        (bytes) => new Uint8Array(bytes),
      );

    it("exchange a certificate of origin: issued, fetched, read, acquitted, and every second use refused", async function () {
      this.timeout(120_000);
      const subject = "chamber.com.au:chafta-coo:WBC208897";
      const bytes = await certificate();
      const obj = await australia.officer.store(bytes, "application/json");
      const issue = { receiver: cn, subject, predicate: created, obj };

      // Issued: to the ledger, then open to China and to nobody else.
      const id = await australia.officer.send(issue);
      const issued = await australia.officer.until(id, "delivered");
      expect(issued.journal.map(({ status }) => status)).to.deep.equal(["pending", "sent", "delivered"]);
      expect(issued.channelTxnId).to.match(/^0x[0-9a-f]{64}$/);
      expect(await australia.officer.readers(obj)).to.deep.equal([cn]);

      // Received: the very bytes, under the same hash.
      const received = await china.officer.until(id, "available");
      const way = received.journal.map(({ status }) => status);
      expect([way[0], way[1], way.at(-1)]).to.deep.equal(["received", "fetching", "available"]);
      expect(received.channelTxnId).to.equal(issued.channelTxnId);
      expect(await china.officer.read(obj)).to.deep.equal({ status: 200, bytes });

      // Used once.
      const evidence = await china.officer.store(json({ entry: "020120201000001234" }), "application/json");
      const acquittal = { receiver: au, subject, predicate: acquitted, obj: evidence };
      const acquittalId = await china.officer.send(acquittal);
      await china.officer.until(acquittalId, "delivered");
      await australia.officer.until(acquittalId, "available");
      const used = await australia.officer.until(id, "delivered");
      expect(used.certificate).to.include({
        issued: true,
        acquitted: true,
        revoked: false,
        acquittedBy: acquittalId,
      });

      // Saying the same thing again is the same message.
      expect((await china.officer.post(acquittal)).status).to.equal(200);

      // Used a second time: refused by the contract.
      const again = await china.officer.send({
        ...acquittal,
        obj: await china.officer.store(json({ again: 1 }), "application/json"),
      });
      expect(await china.officer.reason(again)).to.equal("CertificateAlreadyAcquitted");

      // Issued a second time: refused by the contract.
      const forged = await australia.officer.store(json({ wines: "other" }), "application/json");
      const twice = await australia.officer.send({ ...issue, obj: forged });
      expect(await australia.officer.reason(twice)).to.equal("CertificateAlreadyIssued");
      expect(await australia.officer.readers(forged), "a refused message opens nothing").to.deep.equal([]);
    });

    it("refuse by the contract an acquittal by another agency, and that of a revoked certificate", async function () {
      this.timeout(120_000);
      const singapore = await found(sg, "SG");
      const obj = await australia.officer.store(await certificate(), "application/json");
      const issue = { receiver: cn, subject: "chamber.com.au:chafta-coo:WBC208898", predicate: created, obj };
      const id = await australia.officer.send(issue);
      await australia.officer.until(id, "delivered");
      await china.officer.until(id, "available");

      await eventually(async () => (await singapore.officer.request("/health/ready")).status === 200);
      const claim = await singapore.officer.store(json({ entry: 1 }), "application/json");
      const theft = await singapore.officer.send({
        ...issue,
        receiver: au,
        predicate: acquitted,
        obj: claim,
      });
      expect(await singapore.officer.reason(theft)).to.equal("CertificateNotReceiver");
      expect(await singapore.officer.message(id), "what is between others is hidden").to.equal(null);
      expect((await singapore.officer.read(obj)).status).to.equal(404);

      const why = await australia.officer.store(
        json({ reason: "goods not as described" }),
        "application/json",
      );
      const revocation = await australia.officer.send({ ...issue, predicate: revoked, obj: why });
      await australia.officer.until(revocation, "delivered");
      await china.officer.until(revocation, "available");
      const evidence = await china.officer.store(json({ entry: 2 }), "application/json");
      const late = await china.officer.send({ ...issue, receiver: au, predicate: acquitted, obj: evidence });
      expect(await china.officer.reason(late)).to.equal("CertificateAlreadyRevoked");
      const { certificate: state } = await china.officer.until(id, "available");
      expect(state).to.include({ acquitted: false, revoked: true, revokedBy: revocation });
    });

    it("go on after both were stopped in the middle, without losing or doubling anything", async function () {
      this.timeout(120_000);
      const ids: string[] = [];
      for (let number = 0; number < 10; number += 1) {
        const obj = await australia.officer.store(json({ number }), "application/json");
        ids.push(
          await australia.officer.send({
            receiver: "CN",
            subject: `note:${number}`,
            predicate: attached,
            obj,
          }),
        );
      }
      await Promise.all([australia.node.close(), china.node.close()]);
      const [au2, cn2] = [await world.start(australia.config), await world.start(china.config)];
      for (const id of ids) {
        const sent = await au2.officer.until(id, "delivered");
        expect(sent.journal.map(({ status }) => status)).to.deep.equal(["pending", "sent", "delivered"]);
        await cn2.officer.until(id, "available");
      }
      const response = await cn2.officer.request("/messages?limit=1000");
      const { items } = (await response.json()) as { items: { id: string }[] };
      expect(items.map((item) => item.id).sort()).to.deep.equal([...ids].sort());
      const events = await world.channel.contract.queryFilter(world.channel.contract.filters.MessageSent());
      expect(events).to.have.length(ids.length);
    });

    it("refuse to run a node on the database of another participant", async function () {
      this.timeout(60_000);
      const config = await world.configure(sg, "SG", australia.config.store);
      const refused = await world.start(config).catch((error: unknown) => error);
      expect(refused).to.have.property("code", "database-foreign");
    });
  });
});
