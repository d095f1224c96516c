/**
 * The traps of PROTOCOL §7, each shown on whole nodes over a real EVM where it can be shown there. Where else:
 *
 * | trap | also, or only, shown in |
 * |---|---|
 * | 1 stranger sends as any country | test/contracts (every right from every stranger), test/identity/node-token.test.ts |
 * | 2 events after the first of a block dropped | test/messages/follower.test.ts, test/channels/conformance.ts |
 * | 3 only the first channel listened to | test/messages/follower.test.ts |
 * | 4 reader taken from header or query | test/http/documents-router.test.ts |
 * | 5 foreign sender accepted | test/messages/accept.test.ts, test/http/messages.test.ts |
 * | 6 hash not recomputed, links followed | test/documents/document-fetcher.test.ts, test/documents/retrieve.test.ts |
 * | 7 hash named without holding it | test/documents/document-repository.test.ts, test/messages/accept.test.ts |
 * | 8 reverted counted as done, forks ignored, nonces collide | test/messages/follower.test.ts, test/channels/evm |
 * | 9, 11 webhooks | not built yet: subscriptions are an issue of their own |
 * | 10 work in flight done twice or never | test/messages/crash-points.test.ts, test/faults/kills.test.ts |
 * | 12 send timed out, nonce gap | test/messages/outbox.test.ts, test/channels/evm |
 * | 13 one signer stops all | test/channels/evm; one channel stops no other: test/messages/outbox.test.ts |
 * | 14 twenty confirmations everywhere | test/messages/follower.test.ts (finality declared by the channel) |
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import type { Domain } from "../../src/domain/participant.ts";
import type { MessageRecord } from "../../src/messages/message-record.ts";
import { acquitted, attached, au, cn, created, sg } from "../channels/fixtures.ts";
import { deployTestChannel, fundedWallet, nameHash } from "../channels/evm/test-channel.ts";
import { eventually } from "../eventually.ts";
import { startWorld, type Country, type World } from "./world.ts";

const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));

describe("the known traps", function () {
  this.timeout(120_000);
  let directory: string;
  let world: World;
  let australia: Country;
  let china: Country;

  const configure = (participant: Domain, jurisdiction: string) =>
    world.configure(participant, jurisdiction, {
      technology: "sqlite",
      file: join(directory, `${participant}.db`),
    });

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "icl-traps-"));
    world = await startWorld();
    australia = await world.start(await configure(au, "AU"));
    china = await world.start(await configure(cn, "CN"));
    for (const { officer } of [australia, china]) {
      await eventually(async () => (await officer.request("/health/ready")).status === 200);
    }
  });

  afterEach(async () => {
    await world.close();
    await rm(directory, { recursive: true, force: true });
  });

  const draft = async (subject: string, predicate: string, content: unknown = { subject }) => {
    const obj = await australia.officer.store(json(content), "application/json");
    return { receiver: cn, subject, predicate, obj };
  };

  const messagesOf = async ({ officer }: Country): Promise<readonly MessageRecord[]> => {
    const response = await officer.request("/messages?limit=1000");
    return ((await response.json()) as { items: MessageRecord[] }).items;
  };

  /** Has a true message arrive, so that whatever came before it on the ledger has been seen. */
  const arrival = async (subject: string) => {
    const id = await australia.officer.send(await draft(subject, attached));
    await china.officer.until(id, "available");
    return id;
  };

  it("1: nobody sends as a country by calling the contract, nor by a contract that looks like it", async () => {
    const stranger = (await fundedWallet(world.evm)).connect(world.channel.contract.runner?.provider ?? null);
    const forged = {
      sender: nameHash(au),
      receiver: nameHash(cn),
      subject: "forged:1",
      predicate: nameHash(created),
      obj: `0x${"ab".repeat(32)}`,
      validUntil: 0,
    };
    const sent = await world.channel.contract
      .connect(stranger)
      .send(forged)
      .catch((error: unknown) => error);
    expect(world.channel.contract.interface.parseError((sent as { data: string }).data)?.name).to.equal(
      "OperatorUnauthorized",
    );

    // Another channel on the same chain, where the forger seats whom he likes.
    const lookalike = await deployTestChannel(world.evm);
    const operator = lookalike.operators.get(au)?.connect(lookalike.contract.runner?.provider ?? null);
    if (operator === undefined) throw new Error("The lookalike has no operator.");
    await (await lookalike.contract.connect(operator).send(forged)).wait();

    const id = await arrival("true:1");
    expect((await messagesOf(china)).map((message) => message.id)).to.deep.equal([id]);
  });

  it("2: every message of one block arrives", async () => {
    await world.evm.send("evm_setAutomine", [false]);
    const drafts = await Promise.all(["a", "b", "c", "d"].map((subject) => draft(subject, attached)));
    const ids = await Promise.all(drafts.map((each) => australia.officer.send(each)));
    await eventually(async () => {
      const pending = (await world.evm.send("eth_getBlockByNumber", ["pending", false])) as {
        transactions: string[];
      };
      return pending.transactions.length === ids.length;
    });
    await world.evm.send("evm_mine");
    for (const id of ids) await china.officer.until(id, "available");
    const { contract } = world.channel;
    const events = await contract.queryFilter(contract.filters.MessageSent());
    expect(new Set(events.map(({ blockNumber }) => blockNumber))).to.have.property("size", 1);
    await world.evm.send("evm_setAutomine", [true]);
  });

  it("3: with two channels configured, both are listened to", async () => {
    const second = await deployTestChannel(world.evm);
    const config = await configure(sg, "SG");
    const first = config.channels.find((channel) => channel.technology === "evm");
    if (first === undefined) throw new Error("There is a first channel.");
    const { address, codeHash, fromBlock } = second.options(sg, { kind: "immediate" });
    const both = { ...config, channels: [first, { ...first, address, codeHash, fromBlock }] };
    const singapore = await world.start(both);
    await eventually(async () => (await singapore.officer.request("/health/ready")).status === 200);

    const onFirst = await australia.officer.send({ ...(await draft("on:first", attached)), receiver: sg });
    const operator = second.operators.get(au)?.connect(second.contract.runner?.provider ?? null);
    if (operator === undefined) throw new Error("The second channel has no operator.");
    const onSecond = {
      sender: nameHash(au),
      receiver: nameHash(sg),
      subject: "on:second",
      predicate: nameHash(attached),
      obj: `0x${"cd".repeat(32)}`,
      validUntil: 0,
    };
    await (await second.contract.connect(operator).send(onSecond)).wait();
    await eventually(async () => (await messagesOf(singapore)).length === 2);
    const channels = (await messagesOf(singapore)).map(({ id, channelId }) => [id === onFirst, channelId]);
    expect(channels).to.have.deep.members([
      [true, `eip155:31337:${first.address.toLowerCase()}`],
      [false, `eip155:31337:${address.toLowerCase()}`],
    ]);
  });

  it("4: a reader is never taken from a header or a query parameter", async () => {
    const sent = await draft("private:1", attached);
    await australia.officer.send(sent);
    const path = `${australia.config.publicUrl}/documents/${sent.obj}`;
    const claims = { "x-participant": cn, "x-icl-participant": cn, from: cn, "x-forwarded-user": cn };
    for (const [url, headers] of [
      [path, {}],
      [`${path}?participant=${cn}&reader=${cn}&as=${cn}`, {}],
      [path, claims],
      [path, { ...claims, authorization: `ICL ${cn}` }],
    ] as const) {
      expect((await fetch(url, { headers })).status).to.equal(401);
    }
  });

  it("5: a message of a foreign sender cannot be posted, as if it came from the ledger", async () => {
    const sent = await draft("foreign:1", created);
    const { status, body } = await australia.officer.post({ ...sent, sender: cn, receiver: au });
    expect(status).to.equal(403);
    expect(body).to.include({ code: "foreign-sender" });
    expect(await messagesOf(australia)).to.deep.equal([]);
  });

  it("7: naming a document's hash opens it only to its holder's own choice", async () => {
    const sent = await draft("shared:1", created);
    const id = await australia.officer.send(sent);
    await china.officer.until(id, "available");
    const singapore = await world.start(await configure(sg, "SG"));
    await eventually(async () => (await singapore.officer.request("/health/ready")).status === 200);
    const named = { receiver: au, subject: "curious:1", predicate: attached, obj: sent.obj };
    expect((await singapore.officer.post(named)).body).to.include({ status: 422, code: "document-not-held" });
    const passedOn = await china.officer.post({ ...named, receiver: sg });
    expect(passedOn.body).to.include({ status: 422, code: "document-not-shareable" });
    expect(await australia.officer.readers(sent.obj)).to.deep.equal([cn]);
  });

  it("8: what the ledger reverted is never taken for done, and parallel sends do not collide", async () => {
    // Another node of Australia's, with a key of its own, pays more to be first with the same number.
    const { contract, admins } = world.channel;
    const rival = (await fundedWallet(world.evm)).connect(contract.runner?.provider ?? null);
    const admin = contract.connect(admins.get(au));
    await (await admin.appointOperator(nameHash(au), nameHash(created), rival.address)).wait();
    const poolHas = (count: number) =>
      eventually(async () => {
        const pending = (await world.evm.send("eth_getBlockByNumber", ["pending", false])) as {
          transactions: string[];
        };
        return pending.transactions.length === count;
      });
    await world.evm.send("evm_setAutomine", [false]);
    const overtaken = await australia.officer.send(await draft("number:1", created, { version: 1 }));
    await poolHas(1);
    const quicker = {
      sender: nameHash(au),
      receiver: nameHash(cn),
      subject: "number:1",
      predicate: nameHash(created),
      obj: `0x${"ef".repeat(32)}`,
      validUntil: 0,
    };
    const fees = { maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 11n, gasLimit: 500_000n };
    await contract.connect(rival).send(quicker, fees);
    await poolHas(2);
    await world.evm.send("evm_mine");
    await world.evm.send("evm_setAutomine", [true]);
    const parallel = await Promise.all(
      Array.from({ length: 20 }, async (_, index) =>
        australia.officer.send(await draft(`parallel:${index}`, attached)),
      ),
    );
    for (const id of parallel) await australia.officer.until(id, "delivered");
    const failed = await australia.officer.until(overtaken, "failed");
    expect(failed.journal.map(({ status, reason }) => [status, reason?.code])).to.deep.equal([
      ["pending", undefined],
      ["failed", "CertificateAlreadyIssued"],
    ]);
  });

  it("12: a send whose answer is lost is found again, not sent twice, and leaves no gap", async () => {
    let lost = 0;
    world.evm.intercept(async ({ method }, pass) => {
      if (method !== "eth_sendRawTransaction" || lost >= 2) return null;
      lost += 1;
      // The first is taken and its answer lost; the second is lost before it arrives.
      if (lost === 1) await pass();
      return { error: { code: -32_000, message: "gateway timeout" } };
    });
    const ids = [];
    for (const subject of ["lost:1", "lost:2", "after:3"]) {
      ids.push(await australia.officer.send(await draft(subject, attached)));
    }
    for (const id of ids) await australia.officer.until(id, "delivered");
    expect(lost).to.equal(2);
    const { contract } = world.channel;
    const events = await contract.queryFilter(contract.filters.MessageSent());
    expect(events.map(({ args }) => args.id).sort()).to.deep.equal([...ids].sort());
  });

  it("14: on a ledger of immediate finality a message is delivered with the block that holds it", async () => {
    const before = Number(await world.evm.send("eth_blockNumber"));
    const id = await australia.officer.send(await draft("quick:1", created));
    await australia.officer.until(id, "delivered");
    expect(Number(await world.evm.send("eth_blockNumber"))).to.equal(before + 1);
    const record = await china.officer.until(id, "available");
    const evidence = await china.officer.store(json({ entry: 1 }), "application/json");
    const acquittal = { ...{ receiver: au, subject: record.subject }, predicate: acquitted, obj: evidence };
    await china.officer.until(await china.officer.send(acquittal), "delivered");
    expect(Number(await world.evm.send("eth_blockNumber"))).to.equal(before + 2);
  });
});
