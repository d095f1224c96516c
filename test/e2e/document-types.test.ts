import { readFileSync } from "node:fs";

import { expect } from "chai";
import { ethers } from "ethers";

import { effectNumbers, idOf, readMessageTypes, targetOf } from "../../scripts/tasks/message-types.ts";
import type { Domain } from "../../src/domain/participant.ts";
import { loadDocumentTypes } from "../../src/semantics/document-types.ts";
import { Channel__factory } from "../../types/ethers-contracts/factories/Channel__factory.ts";
import { au, cn } from "../channels/fixtures.ts";
import { startLocalEvm, type LocalEvm } from "../channels/evm/local-evm.ts";
import { fundedWallet } from "../channels/evm/test-channel.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import { startWorld, type Country, type World } from "./world.ts";

const PHYTO = "phytosanitary-certificate";
const folder = (type: string) => new URL(`../../document-types/${type}/`, import.meta.url);
const messageTypesOf = (type: string) => readMessageTypes(new URL("message-types.json", folder(type)));
const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));

describe("the message types of the document types", function () {
  this.timeout(60_000);
  let evm: LocalEvm;

  before(async () => {
    evm = await startLocalEvm();
  });

  after(() => evm.close());

  it("can all be registered on one channel, with the effects that they say", async () => {
    const provider = new ethers.JsonRpcProvider(evm.rpcUrl, evm.chainId, {
      ...{ staticNetwork: true, cacheTimeout: -1, batchStallTime: 0 },
    });
    const consortium = (await fundedWallet(evm)).connect(provider);
    const contract = await new Channel__factory(consortium).deploy({
      ...{ name: "Documents of cross-border trade", consortium: consortium.address },
      ...{ adminDelay: 0, recoveryDelay: 60, validFrom: 0, validUntil: 0, test: true, opaqueSubjects: false },
      predecessor: ethers.ZeroAddress,
    });
    await contract.waitForDeployment();
    const all = loadDocumentTypes().all.flatMap(({ name }) => messageTypesOf(name));
    expect(all).to.have.length.greaterThan(20);
    for (const type of all) {
      const { name, effect, batchable } = type;
      const sent = await contract.registerMessageType(
        ...([name, effectNumbers[effect], batchable, targetOf(type), ethers.ZeroAddress] as const),
      );
      await sent.wait();
      const registered = await contract.messageType(idOf(name));
      expect(Number(registered.effect), name).to.equal(effectNumbers[effect]);
      expect(registered.batchable, name).to.equal(batchable);
      expect(registered.target, name).to.equal(targetOf(type));
      expect(registered.closed, name).to.equal(false);
    }
    provider.destroy();
  });
});

eachStore("a document type that is data alone", (_openFresh, source) => {
  // Its own suite, so that the nodes are stopped before their databases are deleted.
  describe("a phytosanitary certificate", () => {
    let world: World;
    let australia: Country;
    let china: Country;

    /** What a consortium and two participants do to take up a kind of document. */
    async function takeUp(type: string): Promise<void> {
      const { contract, admins, operators } = world.channel;
      for (const messageType of messageTypesOf(type)) {
        const { name, effect, batchable } = messageType;
        const hook = ethers.ZeroAddress;
        const sent = await contract.registerMessageType(
          ...([name, effectNumbers[effect], batchable, targetOf(messageType), hook] as const),
        );
        await sent.wait();
        for (const participant of [au, cn]) {
          const asAdmin = contract.connect(admins.get(participant));
          const operator = operators.get(participant)?.address ?? "";
          await (await asAdmin.appointOperator(idOf(participant), idOf(name), operator)).wait();
        }
      }
    }

    async function start(participant: Domain, jurisdiction: string): Promise<Country> {
      const config = await world.configure(participant, jurisdiction, await source.freshLocation());
      const { secret = null } = config.semantics?.subjects ?? {};
      const semantics = { documentTypes: null, subjects: { secret, rules: { [PHYTO]: "hmac" } } } as const;
      const country = await world.start({ ...config, semantics });
      await eventually(async () => (await country.officer.request("/health/ready")).status === 200);
      return country;
    }

    beforeEach(async function () {
      this.timeout(120_000);
      world = await startWorld();
      await takeUp(PHYTO);
      australia = await start(au, "AU");
      china = await start(cn, "CN");
    });

    afterEach(() => world.close());

    const verb = (name: string) => `UN.CEFACT.Regulatory.PhytosanitaryCertificate.${name}`;

    it("is issued under a private subject, queried, answered and used once, between nodes that hold no word of it in code", async function () {
      this.timeout(120_000);
      const document = JSON.parse(
        readFileSync(new URL("samples/valid/table-grapes.json", folder(PHYTO)), "utf8"),
      ) as { credentialSubject: { number: string } };
      const obj = await australia.officer.store(json(document), "application/json");
      const { number } = document.credentialSubject;

      // By its number it is not sent: everybody could read that on the ledger.
      const plain = { receiver: cn, subject: number, predicate: verb("created"), obj };
      const refused = await australia.officer.post(plain);
      expect(refused.status).to.equal(422);
      expect(refused.body).to.include({ code: "subject-not-private" });

      const made = await australia.officer.request("/subjects/private", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ type: PHYTO, number }),
      });
      const { subject } = (await made.json()) as { subject: string };
      expect(subject).to.match(/^urn:hmac-sha256:/);

      const id = await australia.officer.send({ ...plain, subject });
      await australia.officer.until(id, "delivered");
      await china.officer.until(id, "available");

      const exchange = async (from: Country, to: Country, predicate: string, content: unknown) => {
        const about = await from.officer.store(json(content), "application/json");
        const receiver = to.config.participant;
        const sent = await from.officer.send({ receiver, subject, predicate, obj: about });
        await from.officer.until(sent, "delivered");
        await to.officer.until(sent, "available");
        return sent;
      };
      await exchange(china, australia, verb("queried"), { question: "Which protocol?" });
      await exchange(australia, china, verb("answered"), { answer: "That of 2019." });
      const use = await exchange(china, australia, verb("acquitted"), { entry: "020120261000001234" });
      const { certificate } = await australia.officer.until(id, "delivered");
      expect(certificate).to.include({ acquitted: true, revoked: false, acquittedBy: use });

      const twice = await china.officer.store(json({ entry: "020120261000001235" }), "application/json");
      const again = { receiver: au, subject, predicate: verb("acquitted"), obj: twice };
      expect(await china.officer.reason(await china.officer.send(again))).to.equal(
        "CertificateAlreadyAcquitted",
      );
    });
  });
});
