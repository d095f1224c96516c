import { expect } from "chai";

import { createMemoryAccount, MemoryChannel } from "../../../src/channels/memory/memory-channel.ts";
import { MemoryLedger } from "../../../src/channels/memory/memory-ledger.ts";
import { parseJurisdiction } from "../../../src/domain/participant.ts";
import { au, cn, endpointOf, message, messageTypes, submission } from "../fixtures.ts";

describe("MemoryLedger", () => {
  const operator = createMemoryAccount();
  const nodeKey = createMemoryAccount();

  function setUp(options: ConstructorParameters<typeof MemoryLedger>[0] = {}): {
    ledger: MemoryLedger;
    channel: MemoryChannel;
  } {
    const ledger = new MemoryLedger(options);
    for (const type of messageTypes) ledger.registerMessageType(type);
    for (const [domain, country] of [
      [au, "AU"],
      [cn, "CN"],
    ] as const) {
      ledger.seat({
        domain,
        jurisdiction: parseJurisdiction(country),
        endpoint: endpointOf(domain),
        operator: operator.account,
        nodeKey: nodeKey.account,
        predicates: messageTypes.map(({ predicate }) => predicate),
      });
    }
    return { ledger, channel: new MemoryChannel(ledger, { operator, nodeKey }) };
  }

  it("makes a block for each transaction while automine is on, and none while it is off", async () => {
    const { ledger, channel } = setUp();
    const before = ledger.head;
    await channel.submit(submission(message()));
    expect(ledger.head).to.equal(before + 1);
    ledger.automine = false;
    await channel.submit(
      submission(message({ obj: message().obj, subject: message().subject }), { attempt: 2 }),
    );
    expect(ledger.head).to.equal(before + 1);
    ledger.mine(2);
    expect(ledger.head).to.equal(before + 3);
  });

  it("declares blocks final at once, after confirmations, or when told", () => {
    expect(setUp().ledger).to.satisfy((ledger: MemoryLedger) => ledger.final === ledger.head);
    const confirmed = setUp({ finality: { kind: "confirmations", blocks: 3 } }).ledger;
    expect(confirmed.final).to.equal(confirmed.head - 3);
    const told = setUp({ finality: { kind: "finalized" } }).ledger;
    expect(told.final).to.equal(0);
    told.finalise();
    told.mine(2);
    expect(told.final).to.equal(told.head - 2);
  });

  it("drops what a fork leaves out, and takes the rest in the order asked for", async () => {
    const { ledger, channel } = setUp({ finality: { kind: "confirmations", blocks: 10 } });
    const first = submission(message());
    const second = submission(message({ receiver: au, sender: cn }));
    await channel.submit(first);
    await channel.submit(second);
    const height = ledger.head;
    ledger.fork(2, (dropped) => dropped.slice(1));
    expect(await channel.progress(first.key)).to.deep.equal({ state: "absent" });
    expect((await channel.progress(second.key)).state).to.equal("carried");
    ledger.mine();
    expect(await channel.progress(second.key)).to.include({ state: "included", height: height - 1 });
  });

  it("loses a waiting submission when told to, so that it is absent", async () => {
    const { ledger, channel } = setUp();
    ledger.automine = false;
    const lost = submission(message());
    await channel.submit(lost);
    const carried = await channel.progress(lost.key);
    expect(carried.state).to.equal("carried");
    ledger.lose(operator.account, lost.key);
    expect(await channel.progress(lost.key)).to.deep.equal({ state: "absent" });
  });

  it("stamps blocks by the clock it was given, and never backwards", async () => {
    let now = 1_000;
    const { ledger, channel } = setUp({ clock: () => now });
    now = 2_000;
    await channel.submit(submission(message()));
    now = 1_500;
    ledger.suspend(cn);
    const times = (await channel.read(null)).events.map(({ time }) => time);
    expect(times.slice(-2)).to.deep.equal([2_000, 2_000]);
  });

  it("is as it was after an act that makes no sense", () => {
    const { ledger } = setUp();
    const { head } = ledger;
    expect(() => {
      ledger.reinstate(cn);
    }).to.throw("is not suspended");
    expect(ledger.head).to.equal(head);
  });
});
