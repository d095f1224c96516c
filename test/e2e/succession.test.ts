import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";
import { ethers } from "ethers";

import { contractMessage } from "../../src/channels/evm/encode.ts";
import type { Config } from "../../src/config.ts";
import { parseMessage } from "../../src/domain/message.ts";
import type { Domain } from "../../src/domain/participant.ts";
import type { MessageRecord } from "../../src/messages/message-record.ts";
import { acquitted, attached, au, cn, created } from "../channels/fixtures.ts";
import { deployTestChannel, nameHash, type TestChannel } from "../channels/evm/test-channel.ts";
import { deployTestDirectory, type TestDirectory } from "../channels/evm/test-directory.ts";
import { eventually } from "../eventually.ts";
import { rejection } from "../rejection.ts";
import { eachStore } from "../store/each-store.ts";
import type { Draft, Officer } from "./officer.ts";
import { startWorld, type Country, type World } from "./world.ts";

const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));
const idOf = ({ address }: TestChannel) => `eip155:31337:${address.toLowerCase()}`;

/** Messages of a request that is to go as a batch. */
const BURST = 8;

interface Listed {
  readonly id: string;
  readonly status: string;
  readonly successor: string | null;
}

async function channelsOf(officer: Officer): Promise<readonly Listed[]> {
  const response = await officer.request("/channels");
  return ((await response.json()) as { items: Listed[] }).items;
}

async function allMessages(officer: Officer): Promise<readonly MessageRecord[]> {
  const response = await officer.request("/messages?limit=1000");
  return ((await response.json()) as { items: MessageRecord[] }).items;
}

/** A node's configuration that names no channel, only the directory in which they are found. */
function byDirectory<C extends Config>(config: C, directory: TestDirectory, consortium: string): C {
  const [channel] = config.channels;
  if (channel?.technology !== "evm") throw new Error("The world's channel is an EVM's.");
  const { nodeKey, operatorKey } = channel;
  return {
    ...config,
    channels: [],
    directories: [
      {
        ...directory.pins,
        ...{ codeHashes: [], consortiums: [consortium], nodeKey },
        ...(operatorKey === undefined ? {} : { operatorKey }),
      },
    ],
  };
}

eachStore("a channel and its successor", (_openFresh, source) => {
  // Its own suite, so that the nodes are stopped before their databases are deleted.
  describe("on two running nodes", () => {
    let world: World;
    let old: TestChannel;
    let directory: TestDirectory;
    let australia: Country;
    let china: Country;

    beforeEach(async function () {
      this.timeout(120_000);
      world = await startWorld();
      old = world.channel;
      directory = await deployTestDirectory(world.evm, old);
      await directory.list(old);
      const found = async (participant: Domain, jurisdiction: string) => {
        const config = await world.configure(participant, jurisdiction, await source.freshLocation());
        return world.start(byDirectory(config, directory, old.consortium.address));
      };
      australia = await found(au, "AU");
      china = await found(cn, "CN");
      for (const { officer } of [australia, china]) {
        await eventually(async () => (await officer.request("/health/ready")).status === 200);
      }
    });

    afterEach(function () {
      this.timeout(60_000);
      return world.close();
    });

    /** The successor, with both nodes' addresses announced on it. */
    const deploySuccessor = async (): Promise<TestChannel> => {
      const heir = await deployTestChannel(world.evm, { succeeds: old });
      for (const { config } of [australia, china]) {
        const admin = heir.admins.get(config.participant);
        if (admin === undefined) throw new Error(`${config.participant} has no admin.`);
        const contract = heir.contract.connect(admin);
        await (await contract.setEndpoint(nameHash(config.participant), config.publicUrl)).wait();
      }
      return heir;
    };

    const bothKnow = (channel: TestChannel, status: string) =>
      eventually(
        async () => {
          for (const { officer } of [australia, china]) {
            const here = (await channelsOf(officer)).find(({ id }) => id === idOf(channel));
            if (here?.status !== status) return false;
          }
          return true;
        },
        { what: `both nodes know ${idOf(channel)} as ${status}` },
      );

    /** Keeps the operator's transactions from the ledger, as a slow network would, until it is let go. */
    const holdBack = (participant: Domain) => {
      const operator = old.operators.get(participant)?.address;
      world.evm.intercept(({ method, params }) => {
        const raw = method === "eth_sendRawTransaction" ? String(params[0]) : null;
        const held = raw !== null && ethers.Transaction.from(raw).from === operator;
        return Promise.resolve(held ? { error: { code: -32_000, message: "held back" } } : null);
      });
      return () => {
        world.evm.intercept(null);
      };
    };

    it("hand over under continuous traffic: no message is lost, doubled or refused", async function () {
      this.timeout(600_000);
      const { officer } = australia;
      const obj = await officer.store(json({ wine: "Shiraz" }), "application/json");
      const issue = (subject: string): Draft => ({ receiver: cn, subject, predicate: created, obj });
      const first = await officer.send(issue("chamber:first"));
      await officer.until(first, "delivered");

      // Single certificates, and batches of notes, without pause from here to the end.
      const accepted = new Set([first]);
      const refused: unknown[] = [];
      const run = { going: true };
      const say = async (draft: Draft) => {
        const { status, body } = await officer.post(draft);
        if (status === 202) accepted.add((body as MessageRecord).id);
        else refused.push({ status, body });
      };
      const sayTogether = async (number: number) => {
        const notes = Array.from({ length: BURST }, (_, note) =>
          JSON.stringify({ receiver: cn, subject: `note:${number}:${note}`, predicate: attached, obj }),
        );
        const response = await officer.request("/messages/batch", {
          method: "POST",
          headers: { "content-type": "application/x-ndjson" },
          body: notes.join("\n"),
        });
        for (const line of (await response.text()).trim().split("\n")) {
          const answer = JSON.parse(line) as { status: number; id?: string };
          if (answer.status === 202 && answer.id !== undefined) accepted.add(answer.id);
          else refused.push(answer);
        }
      };
      const traffic = (async () => {
        for (let number = 0; ; number += 1) {
          if (!run.going) return;
          await say(issue(`chamber:${number}`));
          if (number % 5 === 4) await sayTogether(number);
          await delay(100);
        }
      })();

      try {
        const heir = await deploySuccessor();
        await directory.list(heir);
        await bothKnow(heir, "active");
        const size = accepted.size;
        await eventually(() => accepted.size > size + 10);
        // What is signed for the old channel and has not reached it is overtaken by the deprecation.
        const letGo = holdBack(au);
        const before = accepted.size;
        await eventually(() => accepted.size > before + 10);
        await (await old.contract.connect(old.consortium).deprecate(heir.address)).wait();
        letGo();
        await bothKnow(old, "deprecated");
        const after = accepted.size;
        await eventually(() => accepted.size > after + 10);
        run.going = false;
        await traffic;
        expect(refused).to.deep.equal([]);

        let open: readonly string[] = [];
        await eventually(
          async () => {
            const received = new Map(
              (await allMessages(china.officer)).map((each) => [each.id, each.status]),
            );
            open = (await allMessages(officer))
              .filter(({ id, status }) => status !== "delivered" || received.get(id) !== "available")
              .map(({ id, status }) => `${id} ${status} ${received.get(id) ?? "not received"}`);
            return open.length === 0;
          },
          { within: 120_000 },
        ).catch((cause: unknown) => {
          throw new Error(`Still under way: ${open.join(", ")}`, { cause });
        });

        // Each once at both sides, and once on the ledgers, alone or in a batch.
        const sent = await allMessages(officer);
        expect(sent.map(({ id }) => id).sort()).to.deep.equal([...accepted].sort());
        const received = await allMessages(china.officer);
        expect(received.map(({ id }) => id).sort()).to.deep.equal([...accepted].sort());
        const [alone, batched]: [string[], number[]] = [[], []];
        for (const { contract } of [old, heir]) {
          const events = await contract.queryFilter(contract.filters.MessageSent());
          alone.push(...events.map(({ args }) => args.id));
          const anchored = await contract.queryFilter(contract.filters.BatchAnchored());
          batched.push(...anchored.map(({ args }) => Number(args.count)));
        }
        expect(new Set(alone).size, "none twice").to.equal(alone.length);
        expect(batched).not.to.be.empty;
        expect(batched.reduce((sum, count) => sum + count, alone.length)).to.equal(accepted.size);
        const statuses = sent.map(({ journal }) => journal.map(({ status }) => status));
        expect(statuses.flat()).not.to.include("failed");
        for (const each of statuses)
          expect(each.filter((status) => status === "delivered")).to.have.length(1);

        // Both channels carried some, and what was overtaken says why it went on.
        const byChannel = Map.groupBy(sent, ({ channelId }) => channelId);
        expect(byChannel.get(idOf(old))?.length).to.be.greaterThan(10);
        expect(byChannel.get(idOf(heir))?.length).to.be.greaterThan(10);
        const onward = sent.filter(({ journal }) =>
          journal.some(({ attempt, reason }) => attempt === 2 && reason?.code === "channel-succeeded"),
        );
        expect(onward).not.to.be.empty;
        for (const { channelId } of onward) expect(channelId).to.equal(idOf(heir));

        // What was issued on the old channel is acquitted there.
        const evidence = await china.officer.store(json({ entry: 1 }), "application/json");
        const acquittal = await china.officer.send({
          ...issue("chamber:first"),
          ...{ receiver: au, predicate: acquitted, obj: evidence },
        });
        expect(await china.officer.until(acquittal, "delivered")).to.include({ channelId: idOf(old) });
        const used = await officer.until(first, "delivered");
        await eventually(async () => (await officer.message(first))?.certificate?.acquitted === true);
        expect(used.channelId).to.equal(idOf(old));

        // Its number is not issued again: neither by the node, nor by the successor's contract.
        const forged = await officer.store(json({ wine: "other" }), "application/json");
        const again = await officer.send({ ...issue("chamber:first"), obj: forged });
        expect(await officer.reason(again)).to.be.oneOf([
          "certificate-already-issued",
          "CertificateAlreadyIssued",
        ]);
        const operator = heir.operators.get(au);
        if (operator === undefined) throw new Error("Australia has no operator.");
        const message = parseMessage({ sender: au, ...issue("chamber:first"), obj: forged });
        const refusal = await rejection(
          heir.contract
            .connect(operator.connect(heir.consortium.provider))
            .send.staticCall(contractMessage(message)),
        );
        expect(
          heir.contract.interface.parseError((refusal as { data?: string }).data ?? "0x")?.name,
        ).to.equal("CertificateAlreadyIssued");

        // And everybody can see what happened.
        const [now, then] = await channelsOf(officer);
        expect(now).to.include({ id: idOf(heir), status: "active" });
        expect(then).to.include({ id: idOf(old), status: "deprecated", successor: idOf(heir) });
      } finally {
        run.going = false;
        await traffic;
      }
    });

    it("finds the successor by its predecessor's word alone, and what waited goes on by it", async function () {
      this.timeout(180_000);
      const { officer } = australia;
      const heir = await deploySuccessor();
      const obj = await officer.store(json({ wine: "Riesling" }), "application/json");
      const letGo = holdBack(au);
      const id = await officer.send({ receiver: cn, subject: "chamber:late", predicate: created, obj });
      // Nobody has listed the successor.
      await (await old.contract.connect(old.consortium).deprecate(heir.address)).wait();
      letGo();
      const { journal, channelId } = await officer.until(id, "delivered");
      expect(channelId).to.equal(idOf(heir));
      expect(journal.map(({ attempt, status }) => `${attempt} ${status}`)).to.deep.equal([
        ...["1 pending", "2 pending", "2 sent", "2 delivered"],
      ]);
      expect(await china.officer.until(id, "available")).to.include({ channelId: idOf(heir) });
      expect(await officer.readers(obj)).to.deep.equal([cn]);
    });

    it("open no channel of another consortium, and go on with one that is listed no more", async function () {
      this.timeout(180_000);
      const stranger = await deployTestChannel(world.evm);
      const friend = await deployTestChannel(world.evm, { as: old, validUntil: 4_000_000_000 });
      await directory.list(stranger);
      await directory.list(friend);
      await bothKnow(friend, "active");
      await directory.delist(old);
      await australia.node.close();
      const again = await world.start(australia.config);
      await eventually(async () => (await again.officer.request("/health/ready")).status === 200);
      const known = (await channelsOf(again.officer)).map(({ id }) => id);
      expect(known).to.have.members([idOf(old), idOf(friend)]);
      const obj = await again.officer.store(json({ wine: "Verdelho" }), "application/json");
      const id = await again.officer.send({
        ...{ receiver: "CN", subject: "chamber:delisted", predicate: created, obj },
      });
      // Open-ended, it is still the one to take.
      expect(await again.officer.until(id, "delivered")).to.include({ channelId: idOf(old) });
    });
  });
});
