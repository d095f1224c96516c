import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import type { EvmChannelConfig } from "../../src/config.ts";
import type { Domain } from "../../src/domain/participant.ts";
import type { SubjectGraph } from "../../src/graph/subject-graph.ts";
import { loadDocumentTypes } from "../../src/semantics/document-types.ts";
import { acquitted, attached, au, cn, created } from "../channels/fixtures.ts";
import { startLocalEvm, type LocalEvm } from "../channels/evm/local-evm.ts";
import { deployTestChannel, nameHash, type TestChannel } from "../channels/evm/test-channel.ts";
import { eventually } from "../eventually.ts";
import { quadsOf } from "../semantics/bundled-contexts.ts";
import { validSamples } from "../semantics/samples.ts";
import { eachStore } from "../store/each-store.ts";
import { startWorld, type Country, type CountryConfig, type World } from "./world.ts";

const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));
const OTHER_CHAIN = 31_338;
const idOf = (chainId: number, { address }: TestChannel) => `eip155:${chainId}:${address.toLowerCase()}`;

eachStore("channels on two networks", (_openFresh, source) => {
  // Its own suite, so that the nodes are stopped before their databases are deleted.
  describe("at the same two nodes", () => {
    let directory: string;
    let world: World;
    let otherEvm: LocalEvm;
    let other: TestChannel;
    let australia: Country;
    let china: Country;

    /** The same node on both networks, with keys of its own on each. */
    const onBoth = async (config: CountryConfig): Promise<CountryConfig> => {
      const { participant, publicUrl } = config;
      const admin = other.admins.get(participant);
      if (admin === undefined) throw new Error(`${participant} has no admin.`);
      const announced = await other.contract.connect(admin).setEndpoint(nameHash(participant), publicUrl);
      await announced.wait();
      const { operatorKey, nodeKey, finality, ...pins } = other.options(participant, {
        kind: "confirmations",
        blocks: 1,
      });
      const { technology, rpcUrl, chainId, genesisHash, address, codeHash, fromBlock } = pins;
      const [operatorFile, nodeFile] = ["operator", "node"].map((key) =>
        join(directory, `${participant}.${key}`),
      );
      await writeFile(operatorFile ?? "", operatorKey, { mode: 0o600 });
      await writeFile(nodeFile ?? "", nodeKey, { mode: 0o600 });
      const second: EvmChannelConfig = {
        ...{ technology, rpcUrl, chainId, genesisHash, address, codeHash, fromBlock, finality },
        operatorKey: { file: operatorFile ?? "" },
        nodeKey: { file: nodeFile ?? "" },
      };
      return { ...config, channels: [...config.channels, second] };
    };

    beforeEach(async function () {
      this.timeout(120_000);
      directory = await mkdtemp(join(tmpdir(), "icl-networks-"));
      world = await startWorld();
      otherEvm = await startLocalEvm(OTHER_CHAIN);
      // One channel is for certificates, the other for notes.
      other = await deployTestChannel(otherEvm);
      await (await other.contract.closeMessageType(nameHash(created))).wait();
      await (await world.channel.contract.closeMessageType(nameHash(attached))).wait();
      const found = async (participant: Domain, jurisdiction: string) =>
        world.start(
          await onBoth(await world.configure(participant, jurisdiction, await source.freshLocation())),
        );
      australia = await found(au, "AU");
      china = await found(cn, "CN");
      for (const { officer } of [australia, china]) {
        await eventually(async () => (await officer.request("/health/ready")).status === 200);
      }
    });

    afterEach(async function () {
      this.timeout(60_000);
      await world.close();
      await otherEvm.close();
      await rm(directory, { recursive: true, force: true });
    });

    it("carry messages side by side, each by its own finality, and one does not wait for the other", async function () {
      this.timeout(180_000);
      const { officer } = australia;
      const obj = await officer.store(json({ wine: "Semillon" }), "application/json");
      const send = (predicate: string, subject: string) =>
        officer.send({ receiver: "CN", subject, predicate, obj });
      const ids = { certificate: await send(created, "chamber:1"), note: await send(attached, "note:1") };
      const certificate = await officer.until(ids.certificate, "delivered");
      expect(certificate.channelId).to.equal(idOf(31_337, world.channel));
      // In a block, and not final there: this network asks for a block on top.
      const note = await officer.until(ids.note, "sent");
      expect(note.channelId).to.equal(idOf(OTHER_CHAIN, other));
      await otherEvm.send("evm_mine");
      await officer.until(ids.note, "delivered");
      for (const id of Object.values(ids)) {
        const { channelId } = await china.officer.until(id, "available");
        expect(channelId).to.equal((await officer.message(id))?.channelId);
      }

      // One network out of reach: the other goes on, and what was accepted for it goes out when it is back.
      otherEvm.setReachable(false);
      const waiting = await send(attached, "note:2");
      const passing = await send(created, "chamber:2");
      await china.officer.until(passing, "available");
      expect((await officer.message(waiting))?.status).to.equal("pending");
      otherEvm.setReachable(true);
      await officer.until(waiting, "sent");
      await otherEvm.send("evm_mine");
      await china.officer.until(waiting, "available");

      const response = await officer.request("/channels?country.eq=CN");
      const { items } = (await response.json()) as { items: { network: string }[] };
      expect(items.map(({ network }) => network)).to.have.members(["eip155:31337", `eip155:${OTHER_CHAIN}`]);
    });

    it("tell one story of a subject: the receiver reads messages of both networks, a batch's too, as linked data", async function () {
      this.timeout(180_000);
      const { officer } = australia;
      const types = loadDocumentTypes();
      const type = types.ofPredicate(created);
      if (type === null) throw new Error("There is no such type.");
      const sample = validSamples(type).get("chafta-wine.json");
      const obj = await officer.store(json(sample), "application/json");
      const photograph = await officer.store(json({ photograph: "of the seals" }), "application/json");
      const subject = "chamber:batched-1";
      const lines = [subject, "chamber:batched-2"].map((each) =>
        JSON.stringify({ receiver: cn, subject: each, predicate: created, obj }),
      );
      const headers = { "content-type": "application/x-ndjson" };
      const answer = await officer.request("/messages/batch", {
        method: "POST",
        headers,
        body: lines.join("\n"),
      });
      const [first = ""] = (await answer.text()).split("\n");
      const { id } = JSON.parse(first) as { id: string };
      const note = await officer.send({ receiver: cn, subject, predicate: attached, obj: photograph });
      await officer.until(note, "sent");
      await otherEvm.send("evm_mine");
      for (const each of [id, note]) await china.officer.until(each, "available");
      const evidence = await china.officer.store(json({ entry: "0201" }), "application/json");
      const use = await china.officer.send({ receiver: au, subject, predicate: acquitted, obj: evidence });
      await china.officer.until(use, "delivered");

      const response = await china.officer.request(`/subjects/${encodeURIComponent(subject)}`);
      expect(response.headers.get("content-type")).to.match(/^application\/ld\+json/);
      const graph = (await response.json()) as SubjectGraph;
      const told = graph.messages.map(({ messageId, channel, direction }) => [
        messageId,
        channel.channelId,
        direction,
      ]);
      expect(told).to.have.deep.members([
        [id, idOf(31_337, world.channel), "incoming"],
        [note, idOf(OTHER_CHAIN, other), "incoming"],
        [use, idOf(31_337, world.channel), "outgoing"],
      ]);
      const issued = graph.messages.find(({ messageId }) => messageId === id);
      expect(issued?.batch).to.match(/^urn:icl:batch:0x/);
      expect(issued?.certificate).to.include({ acquitted: true, acquittedBy: `urn:icl:message:${use}` });
      const quads = await quadsOf(types, graph);
      expect(quads).to.contain(
        `<https://vocabulary.uncefact.org/identifier> "WBC208897" <urn:icl:document:${obj}> .`,
      );
      expect(graph.documents.find(({ multihash }) => multihash === photograph)?.contentOmitted).to.equal(
        "unknown-type",
      );
    });
  });
});
