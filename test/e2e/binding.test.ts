import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";

import type { BindingRule } from "../../src/identity/binding.ts";
import type { Verification } from "../../src/verification/verification.ts";
import { au, cn, created } from "../channels/fixtures.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import { startWorld, type Country, type World } from "./world.ts";

interface Seat {
  readonly domain: string;
  readonly binding?: { readonly outcome: string; readonly reason: string | null };
}

eachStore("two countries whose domains vouch for their accounts", (_openFresh, source) => {
  // Its own suite, so that the nodes are stopped before their databases are deleted.
  describe("or do not", () => {
    let world: World;
    let domains: Server;
    /** What each domain publishes: accounts, or nothing where its server is away. */
    let published: Map<string, readonly string[] | "away">;
    let hosts: Record<string, string>;
    let australia: Country;
    let china: Country;
    let count = 0;

    const accountsOf = (participant: typeof au) => ({
      operator: world.channel.operators.get(participant)?.address.toLowerCase() ?? expect.fail(),
      node: world.channel.nodeKeys.get(participant)?.address.toLowerCase() ?? expect.fail(),
    });

    beforeEach(async function () {
      this.timeout(60_000);
      world = await startWorld();
      published = new Map();
      domains = createServer((request, response) => {
        const domain = (request.url ?? "").split("/")[1] ?? "";
        const accounts = published.get(domain);
        if (accounts === "away") {
          request.socket.destroy();
          return;
        }
        const id = `did:web:${domain}`;
        const verificationMethod = accounts?.map((account, index) => ({
          ...{ id: `${id}#${index}`, controller: id, type: "EcdsaSecp256k1RecoveryMethod2020" },
          blockchainAccountId: `eip155:31337:${account}`,
        }));
        response.writeHead(accounts === undefined ? 404 : 200, { "content-type": "application/did+json" });
        response.end(JSON.stringify({ id, verificationMethod }));
      });
      domains.listen(0, "127.0.0.1");
      await once(domains, "listening");
      const { port } = domains.address() as AddressInfo;
      hosts = Object.fromEntries([au, cn].map((domain) => [domain, `http://127.0.0.1:${port}/${domain}`]));
      for (const participant of [au, cn]) published.set(participant, Object.values(accountsOf(participant)));
    });

    afterEach(async () => {
      await world.close();
      domains.closeAllConnections();
      domains.close();
    });

    async function open(
      participant: typeof au,
      jurisdiction: string,
      binding: BindingRule,
    ): Promise<Country> {
      const config = await world.configure(participant, jurisdiction, await source.freshLocation());
      const country = await world.start(
        {
          ...config,
          channels: config.channels.map((channel) => ({ ...channel, binding })),
          identity: { ...config.identity, didHosts: hosts },
        },
        { bindings: { poll: 50, fresh: 10, soon: 200, again: 200 } },
      );
      await eventually(async () => (await country.officer.request("/health/ready")).status === 200);
      return country;
    }

    async function start(atAustralia: BindingRule, atChina: BindingRule): Promise<void> {
      [australia, china] = [await open(au, "AU", atAustralia), await open(cn, "CN", atChina)];
    }

    async function issue(): Promise<{ readonly id: string; readonly multihash: string }> {
      count += 1;
      const bytes = new TextEncoder().encode(
        JSON.stringify({ number: `BOUND-${count}`, salt: `${Math.random()}` }),
      );
      const multihash = await australia.officer.store(bytes, "application/json");
      const subject = `urn:uuid:${createHash("sha256").update(multihash).digest("hex").slice(0, 32)}`;
      const id = await australia.officer.send({ receiver: cn, subject, predicate: created, obj: multihash });
      return { id, multihash };
    }

    async function issuerFinding(
      multihash: string,
    ): Promise<{ outcome: string; evidence: unknown; verdict: string }> {
      const answer = await fetch(`${china.config.publicUrl}/verify/${multihash}`);
      const { findings, verdict } = (await answer.json()) as Verification;
      const found = findings.find(({ name }) => name === "issuer") ?? expect.fail("no finding on the issuer");
      return { outcome: found.outcome, evidence: found.evidence, verdict };
    }

    async function seatOf(country: Country, participant: string): Promise<Seat | undefined> {
      const answer = await fetch(`${country.config.publicUrl}/channels`);
      const { items } = (await answer.json()) as { items: { participants: Seat[] }[] };
      return items[0]?.participants.find(({ domain }) => domain === participant);
    }

    it("believe each other where they do", async function () {
      this.timeout(120_000);
      await start("required", "required");
      const { id, multihash } = await issue();
      const record = await china.officer.until(id, "available");
      expect(record.binding).to.deep.include({ outcome: "bound", account: accountsOf(au).operator });
      expect(await issuerFinding(multihash)).to.deep.include({ outcome: "pass" });
      await eventually(async () => (await seatOf(china, au))?.binding?.outcome === "bound");
      expect((await australia.officer.message(id))?.binding).to.equal(undefined);
    });

    it("do not believe a channel that merely claims an agency, and fetch nothing by it until the agency's domain says so", async function () {
      this.timeout(120_000);
      // Whoever holds the seat has an operator that the domain knows nothing of.
      published.set(au, [`0x${"77".repeat(20)}`]);
      await start("off", "required");
      const { id, multihash } = await issue();
      const withheld = await china.officer.until(id, "fetch-failed");
      await eventually(async () => (await china.officer.message(id))?.binding?.outcome === "unbound");
      const record = await china.officer.message(id);
      expect(record?.binding).to.deep.include({
        reason: "account-not-named",
        account: accountsOf(au).operator,
      });
      expect(withheld.journal.at(-1)?.reason?.code).to.match(/^sender-un/);
      expect((await china.officer.read(multihash)).status).to.equal(404);
      const finding = await issuerFinding(multihash);
      expect(finding).to.deep.include({ outcome: "fail", verdict: "unknown" });
      expect(JSON.stringify(finding.evidence)).to.contain("account-not-named");
      await eventually(async () => (await seatOf(china, au))?.binding?.reason === "account-not-named");

      published.set(au, Object.values(accountsOf(au)));
      const brought = await china.officer.until(id, "available");
      expect(brought.binding?.outcome).to.equal("bound");
      expect(await issuerFinding(multihash)).to.deep.include({ outcome: "pass" });
    });

    it("give no document to a node whose key its domain does not name", async function () {
      this.timeout(120_000);
      published.set(cn, [accountsOf(cn).operator]);
      await start("required", "off");
      const { id } = await issue();
      const refused = await china.officer.until(id, "fetch-failed");
      expect(refused.journal.at(-1)?.reason?.code).to.equal("peer-refused");
      published.set(cn, Object.values(accountsOf(cn)));
      await china.officer.until(id, "available");
    });

    it("only say so where binding is reported", async function () {
      this.timeout(120_000);
      published.delete(au);
      await start("reported", "reported");
      const { id, multihash } = await issue();
      await china.officer.until(id, "available");
      await eventually(async () => (await china.officer.message(id))?.binding?.reason === "did-invalid");
      expect(await issuerFinding(multihash)).to.deep.include({ outcome: "pass" });
      await eventually(async () => (await seatOf(china, au))?.binding?.outcome === "unbound");
    });

    it("say nothing where binding is off, and ask nobody", async function () {
      this.timeout(120_000);
      await start("off", "off");
      const { id } = await issue();
      expect((await china.officer.until(id, "available")).binding).to.equal(undefined);
      expect(await seatOf(china, au)).not.to.have.property("binding");
    });

    it("wait where a domain is out of reach, and go by what it said before where it has spoken", async function () {
      this.timeout(120_000);
      published.set(au, "away");
      await start("off", "required");
      const first = await issue();
      const unknown = await china.officer.until(first.id, "fetch-failed");
      expect(unknown.journal.at(-1)?.reason?.code).to.equal("sender-unchecked");
      expect(await issuerFinding(first.multihash)).to.deep.include({
        outcome: "unknown",
        verdict: "unknown",
      });

      published.set(au, Object.values(accountsOf(au)));
      await china.officer.until(first.id, "available");
      published.set(au, "away");
      const second = await issue();
      const record = await china.officer.until(second.id, "available");
      expect(record.binding?.outcome).to.equal("bound");
    });
  });
});
