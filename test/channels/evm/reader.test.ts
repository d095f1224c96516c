import { expect } from "chai";
import { ethers } from "ethers";

import {
  ChannelFailure,
  type Finality,
  type LedgerEvent,
  type LedgerPage,
} from "../../../src/channels/channel.ts";
import { contractMessage } from "../../../src/channels/evm/encode.ts";
import { EvmReader } from "../../../src/channels/evm/reader.ts";
import { EvmRpc } from "../../../src/channels/evm/rpc.ts";
import { messageId } from "../../../src/domain/message.ts";
import { parseSubject } from "../../../src/domain/subject.ts";
import { frozenAt, openFaultyEndpoint } from "../../faults/faulty-endpoint.ts";
import { rejection } from "../../rejection.ts";
import { attached, au, cn, message, nz } from "../fixtures.ts";
import { startLocalEvm, type LocalEvm } from "./local-evm.ts";
import { openRpcDoor, type Interception } from "./rpc-door.ts";
import { deployTestChannel, nameHash, type TestChannel } from "./test-channel.ts";

interface RawLog {
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockHash: string;
}

interface RawHeader {
  readonly number: string;
  readonly hash: string;
}

const immediate: Finality = { kind: "immediate" };
const confirmed: Finality = { kind: "confirmations", blocks: 3 };

describe("Reading a channel off an EVM", () => {
  let evm: LocalEvm;
  let ground: TestChannel;
  let snapshot: unknown;
  let rpc: EvmRpc;
  let nonce: number;

  before(async () => {
    evm = await startLocalEvm();
    ground = await deployTestChannel(evm);
    snapshot = await evm.send("evm_snapshot");
  });

  beforeEach(() => {
    rpc = new EvmRpc(evm.rpcUrl, evm.chainId);
    nonce = 0;
  });

  afterEach(async () => {
    rpc.destroy();
    evm.intercept(null);
    await evm.send("evm_revert", [snapshot]);
    await evm.send("evm_setAutomine", [true]);
    snapshot = await evm.send("evm_snapshot");
  });

  after(() => evm.close());

  function reader(finality: Finality = immediate): EvmReader {
    const address = ground.address.toLowerCase();
    const { fromBlock } = ground.options(au, finality);
    return new EvmReader(rpc, { address, network: "eip155:31337", fromBlock, finality });
  }

  /** Sends an informing message straight to the contract. */
  async function inform(subject: string): Promise<void> {
    const wallet = ground.operators.get(au);
    if (wallet === undefined) throw new Error("Australia has no operator");
    const sent = message({ predicate: attached, subject: parseSubject(subject) });
    const raw = await wallet.signTransaction({
      chainId: evm.chainId,
      type: 2,
      to: ground.address,
      data: ground.contract.interface.encodeFunctionData("send", [contractMessage(sent)]),
      nonce,
      gasLimit: 300_000,
      maxFeePerGas: 10n ** 11n,
      maxPriorityFeePerGas: 1n,
    });
    nonce += 1;
    await evm.send("eth_sendRawTransaction", [raw]);
  }

  // One by one: blocks that the EVM makes up in bulk do not continue each other.
  async function mine(count: number): Promise<void> {
    for (let made = 0; made < count; made += 1) await evm.send("evm_mine");
  }

  async function readAll(from: EvmReader, start: string | null = null) {
    const events: LedgerEvent[] = [];
    let cursor = start;
    for (;;) {
      const page = await from.read(cursor);
      events.push(...page.events);
      if (page.followed === page.head) return { events, cursor: page.cursor, page };
      cursor = page.cursor;
    }
  }

  function subjects(events: readonly LedgerEvent[]): string[] {
    return events.filter((event) => event.kind === "message").map((event) => event.message.subject);
  }

  function onLogs(change: (logs: RawLog[], filter: Record<string, unknown>) => RawLog[]): Interception {
    return async ({ method, params }, pass) =>
      method === "eth_getLogs"
        ? { result: change((await pass()) as RawLog[], params[0] as Record<string, unknown>) }
        : null;
  }

  it("reads every event of a block and of a transaction, each at its own place", async () => {
    await evm.send("evm_setAutomine", [false]);
    for (const subject of ["a", "b", "c"]) await inform(subject);
    await evm.send("evm_mine");
    const { events } = await readAll(reader());
    expect(subjects(events)).to.deep.equal(["a", "b", "c"]);
    const places = events.map(({ position: { height, index } }) => `${height} ${index}`);
    expect(new Set(places).size).to.equal(places.length);
    // Accepting a seat and announcing the endpoint are two events of one transaction.
    const seats = events.filter((event) => event.kind === "participant" && event.participant === cn);
    expect(seats.map((event) => event.kind === "participant" && event.endpoint)).to.deep.equal([
      null,
      null,
      "https://icl.customs.gov.cn",
    ]);
    expect(seats[1]?.txn).to.equal(seats[2]?.txn);
  });

  it("asks for fewer blocks when the client refuses, and for more again when it does not", async () => {
    await mine(3_000);
    await inform("far");
    await mine(3_000);
    const widths: number[] = [];
    let refusals = 0;
    evm.intercept(({ method, params }) => {
      if (method !== "eth_getLogs") return Promise.resolve(null);
      const { fromBlock, toBlock, topics } = params[0] as Record<string, string>;
      if (topics !== undefined) return Promise.resolve(null);
      const width = Number(toBlock) - Number(fromBlock) + 1;
      widths.push(width);
      if (width <= 100 || refusals >= 4) return Promise.resolve(null);
      refusals += 1;
      return Promise.resolve({ error: { code: -32005, message: "query returned more than 10000 results" } });
    });
    const { events } = await readAll(reader());
    expect(subjects(events)).to.deep.equal(["far"]);
    expect(Math.min(...widths)).to.be.at.most(100);
    expect(Math.max(...widths.slice(-4))).to.be.greaterThan(1_000);
  });

  it("gives up, for now, on a client that refuses even a single block", async () => {
    evm.intercept(({ method }) =>
      Promise.resolve(method === "eth_getLogs" ? { error: { code: -32005, message: "limit" } } : null),
    );
    expect(await rejection(reader().read(null))).to.include({ action: "retry", code: "ledger-overloaded" });
  });

  it("finds the logs that a lagging client leaves out of a range", async () => {
    await inform("withheld");
    evm.intercept(onLogs((logs, filter) => (filter.blockHash === undefined ? [] : logs)));
    expect(subjects((await readAll(reader())).events)).to.deep.equal(["withheld"]);
  });

  describe("from a client that gives so many logs at a time and is silent about the rest", () => {
    const LIMIT = 12;

    /** The first so many of what is asked for. */
    const cut = () => {
      evm.intercept(onLogs((logs) => logs.slice(0, LIMIT)));
    };
    const many = Array.from({ length: 3 * LIMIT }, (_, place) => `many-${place}`);

    async function informTogether(names: readonly string[]): Promise<void> {
      await evm.send("evm_setAutomine", [false]);
      for (const name of names) await inform(name);
      await evm.send("evm_mine");
      await evm.send("evm_setAutomine", [true]);
    }

    async function everything(after: number): Promise<void> {
      const { cursor } = await readAll(reader());
      // Cut between blocks, within a block, exactly at the end of one, and where a block has more than is ever given.
      for (const name of many.slice(0, 5)) await inform(name);
      await informTogether(many.slice(5, 11));
      await informTogether(many.slice(11, 11 + LIMIT));
      await inform(many[11 + LIMIT] ?? "");
      await informTogether(many.slice(12 + LIMIT));
      await informTogether(many.map((name) => `more-${name}`));
      await inform("last");
      await mine(after);
      cut();
      const { events } = await readAll(reader(), cursor);
      expect(subjects(events)).to.deep.equal([...many, ...many.map((name) => `more-${name}`), "last"]);
    }

    it("loses nothing near the head", () => everything(0));

    it("loses nothing far below it", () => everything(150));

    it("loses no record of who takes part", async () => {
      await mine(100);
      const { cursor } = await readAll(reader());
      await inform("of-known-participants");
      cut();
      // A fresh reader, as after a restart: it has the records to load from the whole history.
      const { events } = await readAll(reader(), cursor);
      expect(subjects(events)).to.deep.equal(["of-known-participants"]);
      const whole = await readAll(reader());
      evm.intercept(null);
      expect(whole.events).to.deep.equal((await readAll(reader())).events);
    });
  });

  it("believes no client that has not come to the end of a range that it has no logs of", async () => {
    await mine(10);
    const lagging = Number(await evm.send("eth_blockNumber"));
    for (const subject of ["one", "two", "three"]) await inform(subject);
    await mine(200);
    const send = (method: string, params: readonly unknown[]) => evm.send(method, params);
    const behind = await openRpcDoor(send);
    behind.intercept(frozenAt(lagging, send));
    // One address, two clients behind it: each request goes to either.
    const address = await openFaultyEndpoint(evm.rpcUrl, behind.rpcUrl);
    const spread = new EvmRpc(address.rpcUrl, evm.chainId);
    try {
      const { fromBlock } = ground.options(au, immediate);
      const options = { address: ground.address.toLowerCase(), network: "eip155:31337", fromBlock };
      const read = new EvmReader(spread, { ...options, finality: immediate });
      const head = Number(await evm.send("eth_blockNumber"));
      const events: LedgerEvent[] = [];
      for (let cursor: string | null = null, followed = -1, tries = 0; followed < head; tries += 1) {
        expect(tries).to.be.lessThan(200);
        const page: LedgerPage | null = await read.read(cursor).catch((error: unknown) => {
          if (error instanceof ChannelFailure && error.action === "retry") return null;
          throw error;
        });
        if (page === null) continue;
        events.push(...page.events);
        ({ cursor, followed } = page);
      }
      expect(subjects(events)).to.deep.equal(["one", "two", "three"]);
    } finally {
      spread.destroy();
      await address.close();
      await behind.close();
    }
  });

  it("never mixes logs of one history with headers of another", async () => {
    await inform("elsewhere");
    const { cursor } = await readAll(reader());
    await inform("mixed");
    evm.intercept(onLogs((logs) => logs.map((log) => ({ ...log, blockHash: ethers.id("another history") }))));
    expect(await rejection(reader().read(cursor))).to.include({
      action: "retry",
      code: "ledger-inconsistent",
    });
    evm.intercept(null);
    expect(subjects((await readAll(reader(), cursor)).events)).to.deep.equal(["mixed"]);
  });

  it("never follows headers that do not continue each other", async () => {
    const { cursor } = await readAll(reader());
    await mine(3);
    evm.intercept(async ({ method }, pass) => {
      if (method !== "eth_getBlockByNumber") return null;
      return { result: { ...((await pass()) as object), parentHash: ethers.id("another parent") } };
    });
    expect(await rejection(reader().read(cursor))).to.include({
      action: "retry",
      code: "ledger-inconsistent",
    });
  });

  it("waits for a client that is behind what was read before", async () => {
    await mine(5);
    const { cursor, page } = await readAll(reader());
    const behind = (await evm.send("eth_getBlockByNumber", [
      ethers.toQuantity(page.head - 3),
      false,
    ])) as RawHeader;
    evm.intercept(({ method, params }) =>
      Promise.resolve(
        method === "eth_getBlockByNumber" && params[0] === "latest" ? { result: behind } : null,
      ),
    );
    const idle = await reader().read(cursor);
    expect(idle).to.deep.include({
      retractAbove: null,
      events: [],
      followed: page.followed,
      final: page.final,
      cursor,
    });
  });

  it("finds the common ancestor of a fork, whatever block it left off at", async () => {
    await evm.send("evm_setAutomine", [false]);
    await inform("kept");
    await mine(4);
    const fork = await evm.send("evm_snapshot");
    await inform("lost");
    await mine(2);
    const first = await readAll(reader(confirmed));
    await evm.send("evm_revert", [fork]);
    await evm.send("hardhat_setPrevRandao", [ethers.id("the other fork")]);
    const ancestor = Number(await evm.send("eth_blockNumber"));
    nonce -= 1;
    await inform("instead");
    await mine(3);
    // Another reader, as after a restart: the cursor is all there is.
    const page = await reader(confirmed).read(first.cursor);
    expect(page.retractAbove).to.equal(ancestor);
    expect(subjects(page.events)).to.deep.equal(["instead"]);
    expect(page.final).to.be.at.least(first.page.final);
  });

  it("stops at a fork below what was final", async () => {
    const fork = await evm.send("evm_snapshot");
    await mine(2);
    const { cursor } = await readAll(reader());
    await evm.send("evm_revert", [fork]);
    await evm.send("hardhat_setPrevRandao", [ethers.id("the other fork")]);
    await mine(4);
    expect(await rejection(reader().read(cursor))).to.include({ action: "stop", code: "fork-below-final" });
  });

  it("follows what the ledger itself calls finalized", async () => {
    await mine(5);
    const head = Number(await evm.send("eth_blockNumber"));
    const finalised = await evm.send("eth_getBlockByNumber", [ethers.toQuantity(head - 4), false]);
    evm.intercept(({ method, params }) =>
      Promise.resolve(
        method === "eth_getBlockByNumber" && params[0] === "finalized" ? { result: finalised } : null,
      ),
    );
    const { page } = await readAll(reader({ kind: "finalized" }));
    expect(page).to.include({ final: head - 4, followed: head, head });
  });

  it("takes no event for a message whose id is not that of its content", async () => {
    await inform("genuine");
    const forgedId = ethers.id("a forged id");
    const { topicHash } = ground.contract.interface.getEvent("MessageSent");
    evm.intercept(
      onLogs((logs) =>
        logs.map((log) =>
          log.topics[0] === topicHash
            ? { ...log, topics: [topicHash, forgedId, ...log.topics.slice(2)] }
            : log,
        ),
      ),
    );
    const { events } = await readAll(reader());
    expect(subjects(events)).to.deep.equal([]);
    const other = events.find((event) => event.kind === "other" && event.name === "MessageSent");
    expect(other).to.deep.include({ kind: "other" });
    expect(other?.kind === "other" && other.fields).to.include({ id: forgedId, subject: "genuine" });
  });

  it("takes no name for a participant's whose hash is another", async () => {
    await inform("impersonated");
    const { topicHash } = ground.contract.interface.getEvent("ParticipantInvited");
    evm.intercept(
      onLogs((logs) =>
        logs.map((log) =>
          log.topics[0] === topicHash
            ? { ...log, data: log.data.replace(hexOf("homeaffairs.gov.au"), hexOf("homeaffairs.gov.nz")) }
            : log,
        ),
      ),
    );
    const { events } = await readAll(reader());
    expect(subjects(events)).to.deep.equal([]);
    const named = events.flatMap((event) => (event.kind === "participant" ? [event.participant] : []));
    expect(named).not.to.include(au);
    expect(named).not.to.include("homeaffairs.gov.nz");
    expect(named).to.include(cn);
  });

  it("says that an invitation was withdrawn, and shows a later one with its own country", async () => {
    const { contract, admins } = ground;
    await (await contract.withdrawInvitation(nameHash(nz))).wait();
    const admin = admins.get(nz)?.address ?? "";
    await (await contract.admit(nz, ethers.hexlify(ethers.toUtf8Bytes("CK")), admin)).wait();
    const { events } = await readAll(reader());
    const told = events.filter((event) => event.kind === "participant" && event.participant === nz);
    expect(
      told.map((event) => event.kind === "participant" && `${event.jurisdiction} ${event.status}`),
    ).to.deep.equal(["NZ invited", "NZ withdrawn", "CK invited"]);
  });

  it("keeps what it does not act on, with its name and fields", async () => {
    const { events } = await readAll(reader());
    const appointed = events.find((event) => event.kind === "other" && event.name === "NodeKeyAppointed");
    expect(appointed?.kind === "other" && appointed.fields).to.deep.equal({
      participant: nameHash(au),
      account: ground.nodeKeys.get(au)?.address,
    });
    // Roles are OpenZeppelin's events, which the channel's interface does not know.
    const foreign = events.filter((event) => event.kind === "other" && event.name.startsWith("0x"));
    expect(foreign).not.to.be.empty;
  });

  it("reads the same from every cursor as in one go", async () => {
    for (const subject of ["one", "two", "three", "four"]) await inform(subject);
    await mine(150);
    const whole = await readAll(reader());
    const pieces: LedgerEvent[] = [];
    let cursor: string | null = null;
    let followed = -1;
    while (followed < whole.page.followed) {
      const page = await reader().read(cursor);
      pieces.push(...page.events);
      ({ cursor, followed } = page);
    }
    expect(pieces).to.deep.equal(whole.events);
    expect(subjects(pieces)).to.deep.equal(["one", "two", "three", "four"]);
    expect(pieces.flatMap((event) => (event.kind === "message" ? [event.id] : []))[0]).to.equal(
      messageId(message({ predicate: attached, subject: parseSubject("one") })),
    );
  });

  it("stops at a cursor that is none of its own", async () => {
    for (const cursor of ["", "null", "{}", '{"version":1,"final":1,"followed":5,"hashes":["0x00"]}']) {
      expect(await rejection(reader().read(cursor))).to.include({
        action: "stop",
        code: "cursor-unreadable",
      });
    }
  });
});

function hexOf(text: string): string {
  return Buffer.from(text).toString("hex");
}
