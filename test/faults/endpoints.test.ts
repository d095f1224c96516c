import { expect } from "chai";

import { ChannelFailure, type Channel, type Finality, type LedgerEvent } from "../../src/channels/channel.ts";
import { contractMessage } from "../../src/channels/evm/encode.ts";
import type { ChannelWarning, EvmChannelOptions } from "../../src/channels/evm/evm-options.ts";
import { channelInterface } from "../../src/channels/evm/contract-events.ts";
import { openChannel } from "../../src/channels/open-channel.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import type { Fault } from "../../src/operations/fault.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store.ts";
import { attached, au, message, submission } from "../channels/fixtures.ts";
import { startLocalEvm, type LocalEvm } from "../channels/evm/local-evm.ts";
import { openRpcDoor, type RpcDoor } from "../channels/evm/rpc-door.ts";
import { deployTestChannel, nameHash, type TestChannel } from "../channels/evm/test-channel.ts";
import { eventually } from "../eventually.ts";
import { rejection } from "../rejection.ts";
import { frozenAt, openFaultyEndpoint, type EndpointFault, type FaultyEndpoint } from "./faulty-endpoint.ts";

const immediate: Finality = { kind: "immediate" };
/** Milliseconds between two looks at the endpoints. */
const PROBE = 25;

/** A channel over several endpoints, what it told of them, and what has been read of it. */
class Followed {
  readonly channel: Channel;
  readonly warnings: readonly ChannelWarning[];
  readonly faults: readonly Fault[];
  readonly events: LedgerEvent[] = [];
  #cursor: string | null = null;

  constructor(channel: Channel, warnings: readonly ChannelWarning[], faults: readonly Fault[]) {
    this.channel = channel;
    this.warnings = warnings;
    this.faults = faults;
  }

  get subjects(): readonly string[] {
    return this.events.flatMap((event) => (event.kind === "message" ? [event.message.subject] : []));
  }

  /** Reads on as a follower does: what is worth trying again is tried again. */
  async until(subject: string): Promise<void> {
    await eventually(
      async () => {
        await this.read().catch((error: unknown) => {
          if (!(error instanceof ChannelFailure) || error.action === "stop") throw error;
        });
        return this.subjects.includes(subject);
      },
      { what: `the message ${subject}`, within: 30_000 },
    );
  }

  async read(): Promise<void> {
    const page = await this.channel.read(this.#cursor);
    expect(page.retractAbove, "nothing forked here").to.equal(null);
    this.events.push(...page.events);
    this.#cursor = page.cursor;
  }
}

describe("several endpoints of one ledger", () => {
  let evm: LocalEvm;
  let other: LocalEvm;
  let ground: TestChannel;
  let doors: readonly [RpcDoor, RpcDoor];
  let one: FaultyEndpoint;
  let two: FaultyEndpoint;
  let store: Store;
  const open: Followed[] = [];
  let sent = 0;

  before(async function () {
    this.timeout(120_000);
    evm = await startLocalEvm();
    ground = await deployTestChannel(evm);
    other = await startLocalEvm(4_242);
    const send = (method: string, params: readonly unknown[]) => evm.send(method, params);
    doors = [await openRpcDoor(send), await openRpcDoor(send)];
  });

  beforeEach(async () => {
    store = await openStore({ database: { technology: "sqlite", file: ":memory:" }, participant: au });
    one = await openFaultyEndpoint(doors[0].rpcUrl);
    two = await openFaultyEndpoint(doors[1].rpcUrl);
  });

  afterEach(async () => {
    for (const { channel } of open.splice(0)) await channel.close();
    await store.close();
    for (const door of doors) door.intercept(null);
    for (const endpoint of [one, two]) await endpoint.close();
  });

  after(async () => {
    for (const door of doors) await door.close();
    await other.close();
    await evm.close();
  });

  async function follow(changes: Partial<EvmChannelOptions> = {}): Promise<Followed> {
    const warnings: ChannelWarning[] = [];
    const faults: Fault[] = [];
    const options: EvmChannelOptions = {
      ...ground.options(au, immediate),
      ...{ rpcUrl: one.rpcUrl, otherRpcUrls: [two.rpcUrl] },
      ...{ probeMilliseconds: PROBE, answerMilliseconds: 2_000, ...changes },
    };
    const channel = await openChannel(options, {
      store,
      warn: (warning) => warnings.push(warning),
      countFault: (fault) => faults.push(fault),
    });
    const followed = new Followed(channel, warnings, faults);
    open.push(followed);
    return followed;
  }

  /** Says something on the ledger, past every endpoint. @returns its subject */
  async function inform(): Promise<string> {
    const operator = ground.operators.get(au)?.connect(ground.consortium.provider);
    if (operator === undefined) throw new Error("Australia has no operator.");
    const subject = `urn:test:${(sent += 1)}`;
    const said = message({ predicate: attached, subject: parseSubject(subject) });
    await (await ground.contract.connect(operator).send(contractMessage(said))).wait();
    return subject;
  }

  const height = async () => Number(await evm.send("eth_blockNumber"));
  const freeze = async (door: RpcDoor) => {
    door.intercept(frozenAt(await height(), (method, params) => evm.send(method, params)));
  };
  /** Whether it is this endpoint that is asked for the ledger's state. */
  const isUsed = (door: RpcDoor, followed: Followed) => async () => {
    const before = door.requests.length;
    await followed.channel.certificateState(message());
    return door.requests.slice(before).some(({ method }) => method === "eth_call");
  };

  const faults: readonly (readonly [string, EndpointFault, Partial<EvmChannelOptions>?])[] = [
    ["breaks connections off", "hang up"],
    ["breaks off within an answer", "cut the answer"],
    ["does not answer in time", "keep silent", { answerMilliseconds: 300 }],
    ["answers HTTP 500", { status: 500, body: "internal error" }],
    [
      "answers HTTP 429",
      { status: 429, body: '{"jsonrpc":"2.0","id":1,"error":{"code":429,"message":"slow down"}}' },
    ],
    ["answers what is not JSON", { status: 200, body: "<html>maintenance</html>" }],
    [
      "answers something else than it was asked",
      { status: 200, body: '{"jsonrpc":"2.0","id":999,"result":"0x1"}' },
    ],
  ];
  for (const [what, fault, changes] of faults) {
    it(`go on without the one that ${what}, and with it when it is well again`, async () => {
      const followed = await follow(changes);
      await followed.until(await inform());
      const meanwhile = await inform();
      one.setFault(fault);
      await followed.read(); // at once: there is no other try
      expect(followed.subjects).to.include(meanwhile);
      expect(followed.faults).to.include("ledger_endpoint_failures");
      expect(followed.faults.filter((each) => each === "ledger_failovers")).to.have.length(1);
      const told = followed.warnings.find(({ code }) => code === "ledger-failover");
      expect(told?.detail).to.include("Endpoint 2").and.not.include("127.0.0.1");

      one.setFault(null);
      await eventually(isUsed(doors[0], followed), { what: "the return to the preferred endpoint" });
      await followed.until(await inform());
      expect(new Set(followed.subjects).size, "each once").to.equal(followed.subjects.length);
    });
  }

  it("serve a node that starts while the preferred one is away", async () => {
    one.setFault("hang up");
    const followed = await follow();
    await followed.until(await inform());
  });

  it("are asked less and less often while they are away, and answer again when they are back", async () => {
    const followed = await follow();
    await followed.until(await inform());
    one.setFault("hang up");
    two.setFault("hang up");
    await eventually(async () => (await rejection(followed.channel.read(null))) instanceof ChannelFailure);
    const failure = await rejection(followed.channel.read(null));
    expect(failure).to.include({ action: "retry", code: "ledger-unreachable" });
    // Nobody reads now: what is asked is asked by the looks alone.
    const [from, until] = [performance.now(), performance.now() + 40 * PROBE];
    await eventually(() => performance.now() > until);
    const looks = one.asked.filter((at) => at > from).length;
    expect(looks, "not at every look").to.be.lessThan(15);
    const before = one.asked.length;
    await eventually(() => one.asked.length > before, { what: "one look more" });
    one.setFault(null);
    two.setFault(null);
    await followed.until(await inform());
  });

  it("are left when they stand still while another goes on, and used again when they have caught up", async () => {
    const followed = await follow();
    await followed.until(await inform());
    await freeze(doors[0]);
    // One block only: on a ledger that makes none without need, there may be no further one for long.
    await followed.until(await inform());
    expect(followed.faults).to.include("ledger_failovers");
    doors[0].intercept(null);
    await eventually(isUsed(doors[0], followed), { what: "the return to the one that caught up" });
  });

  it("lose nothing and say nothing old when the one that goes on is behind", async () => {
    const followed = await follow();
    await followed.until(await inform());
    await freeze(doors[1]);
    const certificate = message();
    await inform();
    const last = await inform();
    await followed.until(last);
    await followed.channel.certificateState(certificate);
    one.setFault("hang up");
    // The ledger has gone further: what its second client knows of the state is old.
    const told = await rejection(followed.channel.certificateState(certificate));
    expect(told).to.include({ action: "retry", code: "ledger-behind" });
    const judged = await rejection(followed.channel.judge(submission(message({ receiver: au }))));
    expect(judged).to.include({ action: "retry", code: "ledger-behind" });
    await followed.read();
    expect(followed.subjects.at(-1)).to.equal(last);
    doors[1].intercept(null);
    await followed.until(await inform());
    expect(await followed.channel.certificateState(certificate)).to.include({ issued: false });
  });

  it("are not mixed within one judgement", async () => {
    const followed = await follow();
    const submitted = submission(message());
    const behind = frozenAt(await height(), (method, params) => evm.send(method, params));
    await followed.until(await inform());
    // The first says how far the ledger is, and is gone; the second has not come so far, and refuses by what it has.
    const refused = channelInterface.encodeErrorResult("MessageReceiverIsSender", [nameHash(au)]);
    const refusal = { error: { code: 3, message: "execution reverted", data: refused } };
    doors[0].intercept(({ method }) => Promise.resolve(method === "eth_call" ? "hang up" : null));
    doors[1].intercept((request, pass) =>
      request.method === "eth_call" ? Promise.resolve(refusal) : behind(request, pass),
    );
    const failure = await rejection(followed.channel.judge(submitted));
    expect(failure).to.include({ action: "retry" });
    // The second is what the first, gone back to now and then, makes of it when it is gone again in the middle.
    expect(failure).to.have.property("code").that.is.oneOf(["ledger-behind", "ledger-inconsistent"]);
  });

  it("are never used when they are of another ledger, and that is told once", async () => {
    one.lead(other.rpcUrl);
    const followed = await follow();
    await followed.until(await inform());
    two.setFault("hang up");
    const failure = await rejection(followed.channel.read(null));
    expect(failure, "the right one may come back").to.include({ action: "retry" });
    two.setFault(null);
    await followed.until(await inform());
    const alarms = followed.warnings.filter(({ alarm }) => alarm === true);
    expect(alarms.map(({ code }) => code)).to.deep.equal(["wrong-chain"]);
    expect(alarms[0]?.detail).to.include("Endpoint 1");
    const asked = new Set(other.requests.map(({ method }) => method));
    expect([...asked]).to.deep.equal(["eth_chainId"]);
  });

  it("are made sure of again after they were away", async () => {
    const followed = await follow();
    await followed.until(await inform());
    one.setFault("hang up");
    await followed.until(await inform());
    one.lead(other.rpcUrl);
    one.setFault(null);
    await eventually(() => followed.warnings.some(({ code }) => code === "wrong-chain"));
    await followed.until(await inform());
    one.lead(doors[0].rpcUrl);
    await eventually(isUsed(doors[0], followed), { what: "the return once it is the right one" });
  });

  it("stop a channel from being opened when all are of another ledger", async () => {
    one.lead(other.rpcUrl);
    two.lead(other.rpcUrl);
    expect(await rejection(follow())).to.include({ action: "stop", code: "wrong-chain" });
  });

  it("are asked nothing any more once the channel is closed, also when one keeps silent", async () => {
    const followed = await follow({ answerMilliseconds: 60_000 });
    one.setFault("keep silent");
    const reading = rejection(followed.channel.read(null));
    const asked = one.asked.length;
    await eventually(() => one.asked.length > asked);
    await followed.channel.close();
    expect(await reading).to.include({ action: "retry", code: "channel-closed" });
    const after = one.asked.length + two.asked.length;
    const until = performance.now() + 5 * PROBE;
    await eventually(() => performance.now() > until);
    expect(one.asked.length + two.asked.length).to.equal(after);
  });
});
