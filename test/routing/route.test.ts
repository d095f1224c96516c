import { expect } from "chai";

import { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { parseDomain, parseJurisdiction, type Domain } from "../../src/domain/participant.ts";
import { parsePredicate } from "../../src/domain/predicate.ts";
import { Problem } from "../../src/domain/problems.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { route, type RouteRequest } from "../../src/routing/route.ts";
import {
  acquitted,
  attached,
  au,
  cn,
  created,
  endpointOf,
  messageTypes,
  nz,
  revoked,
  sg,
} from "../channels/fixtures.ts";
import { channelOf, ledgerOf, rigOf, testClock, type TestClock } from "../messages/rig.ts";
import { rejection } from "../rejection.ts";
import { eachStore } from "../store/each-store.ts";

const subject = parseSubject("chamber:1");
const day = 24 * 3_600;

type Options = ConstructorParameters<typeof MemoryLedger>[0];
type Issued = { readonly channelId: string; readonly receiver: Domain } | null;

eachStore("routing", (openFresh) => {
  let clock: TestClock;

  beforeEach(() => {
    clock = testClock();
  });

  const seconds = () => Math.floor(clock.now() / 1000);
  const ledger = (name: string, options: Options = {}) => ledgerOf(clock, { name, ...options });

  const seat = (on: MemoryLedger, domain: Domain, jurisdiction: string) => {
    const keys = { operator: "x", nodeKey: "x", predicates: [] };
    on.seat({ domain, jurisdiction: parseJurisdiction(jurisdiction), endpoint: endpointOf(domain), ...keys });
  };

  /** Routes from Australia to China by the registries of some ledgers, but for what `request` says. */
  const routed = async (
    ledgers: readonly MemoryLedger[],
    request: Partial<RouteRequest> = {},
    options: {
      readonly prefer?: "production" | "test";
      readonly issued?: (issuer: Domain) => Issued;
      readonly awaits?: (channelId: string) => boolean;
    } = {},
  ) => {
    const channels = ledgers.map((each) => channelOf(each, au));
    const { store } = await rigOf({ store: await openFresh(au), clock, channels });
    const context = {
      channels: channels.map(({ description }) => description),
      prefer: options.prefer ?? ("production" as const),
      now: clock.now(),
      awaits: options.awaits ?? (() => false),
      findIssuance: ({ issuer }: { readonly issuer: Domain }) =>
        Promise.resolve(options.issued?.(issuer) ?? null),
    };
    return route(store.db, context, { predicate: created, sender: au, receiver: cn, subject, ...request });
  };

  const refusal = async (...parameters: Parameters<typeof routed>): Promise<Problem> => {
    const error = await rejection(routed(...parameters));
    if (!(error instanceof Problem)) throw error;
    return error;
  };

  const code = async (...parameters: Parameters<typeof routed>) => (await refusal(...parameters)).code;

  it("finds the channel, the effect and the receiver", async () => {
    const one = ledger("one");
    expect(await routed([one])).to.deep.equal({ channelId: one.id, effect: "issue", receiver: cn });
    expect(await routed([one], { predicate: attached })).to.include({ effect: "inform" });
  });

  describe("where several channels would do", () => {
    it("takes the active one before the deprecated one, which takes nothing new", async () => {
      const [old, fresh] = [ledger("a-old"), ledger("b-new")];
      old.deprecate(fresh.id);
      expect(await routed([old, fresh])).to.include({ channelId: fresh.id });
      expect(await code([old])).to.equal("no-channel");
    });

    it("takes the kind that the node is configured for before the other", async () => {
      const real = ledger("b-real", { terms: { type: "production" } });
      const trial = ledger("a-trial", { terms: { type: "test" } });
      expect(await routed([trial, real], {}, { prefer: "production" })).to.include({ channelId: real.id });
      expect(await routed([real, trial], {}, { prefer: "test" })).to.include({ channelId: trial.id });
    });

    it("takes the one that is valid longest, an open end counting as longest", async () => {
      const short = ledger("a", { terms: { validUntil: seconds() + day } });
      const long = ledger("b", { terms: { validUntil: seconds() + 2 * day } });
      const open = ledger("c", { terms: { validUntil: null } });
      expect(await routed([short, long])).to.include({ channelId: long.id });
      expect(await routed([short, open, long])).to.include({ channelId: open.id });
    });

    it("takes the one of the lowest id when all else is equal", async () => {
      expect(await routed([ledger("b"), ledger("a"), ledger("c")])).to.include({ channelId: "memory:a" });
    });

    it("takes one that both participants are on and that has the type", async () => {
      const [lacking, complete] = [ledger("a"), ledger("b")];
      lacking.suspend(cn);
      expect(await routed([lacking, complete])).to.include({ channelId: complete.id });
      const typeless = ledger("0");
      typeless.closeMessageType(created);
      expect(await routed([typeless, complete])).to.include({ channelId: complete.id });
    });
  });

  describe("between a channel and its successor", () => {
    it("takes the channel until it hands over, though the successor has the lower id and is valid longer", async () => {
      const old = ledger("b-old", { terms: { validUntil: seconds() + day } });
      const heir = ledger("a-heir", { succeeds: old });
      for (const predicate of [created, attached]) {
        expect(await routed([heir, old], { predicate })).to.include({ channelId: old.id });
      }
      old.deprecate(heir.id);
      for (const predicate of [created, attached]) {
        expect(await routed([heir, old], { predicate })).to.include({ channelId: heir.id });
      }
    });

    it("issues nothing on the successor before its time, and informs there whom the channel does not connect", async () => {
      const old = ledger("old");
      old.suspend(cn);
      const heir = ledger("heir", { succeeds: old });
      expect(await routed([old, heir], { predicate: attached })).to.include({ channelId: heir.id });
      expect(await code([old, heir])).to.equal("participant-suspended");
    });

    it("asks to try again while the successor of a channel that handed over is being opened", async () => {
      const old = ledger("old");
      old.deprecate("memory:heir");
      const awaits = (channelId: string) => channelId === "memory:heir";
      const problem = await refusal([old], {}, { awaits });
      expect(problem.code).to.equal("unavailable");
      expect(problem.retryAfterSeconds).to.be.greaterThan(0);
      expect(await code([old], {}, { awaits: () => false })).to.equal("no-channel");
    });
  });

  it("takes a channel on the first and on the last second of its validity, and not outside it", async () => {
    const bounded = { terms: { validFrom: seconds(), validUntil: seconds() } };
    expect(await routed([ledger("now", bounded)])).to.include({ channelId: "memory:now" });
    expect(await code([ledger("past", { terms: { validUntil: seconds() - 1 } })])).to.equal("no-channel");
    expect(await code([ledger("soon", { terms: { validFrom: seconds() + 1 } })])).to.equal("no-channel");
  });

  it("tells an unknown from a closed message type", async () => {
    const one = ledger("one");
    one.closeMessageType(attached);
    expect(await code([one], { predicate: parsePredicate("no.such.type") })).to.equal("predicate-unknown");
    expect(await code([one], { predicate: attached })).to.equal("predicate-closed");
  });

  describe("by participant", () => {
    it("tells an unknown or merely invited receiver from a suspended one", async () => {
      const one = ledger("one");
      expect(await code([one], { receiver: "customs.gov.fr" })).to.equal("participant-unknown");
      expect(await code([one], { receiver: nz })).to.equal("participant-unknown");
      one.suspend(sg);
      const suspended = await refusal([one], { receiver: sg });
      expect(suspended.code).to.equal("participant-suspended");
      expect(suspended.message).to.include(sg);
    });

    it("says when it is the sender who is suspended", async () => {
      const one = ledger("one");
      one.suspend(au);
      const suspended = await refusal([one]);
      expect(suspended.code).to.equal("participant-suspended");
      expect(suspended.message).to.include(au);
    });

    it("says when no channel has both, though each is on one", async () => {
      const one = new MemoryLedger({ name: "one" });
      for (const type of messageTypes) one.registerMessageType(type);
      const fr = parseDomain("douane.gouv.fr");
      seat(one, fr, "FR");
      expect(await code([one, ledger("two")], { receiver: fr })).to.equal("no-channel");
    });

    it("refuses the sender as receiver, and what is no name", async () => {
      expect(await code([ledger("one")], { receiver: au })).to.equal("malformed-message");
      expect(await code([ledger("one")], { receiver: "China" })).to.equal("malformed-message");
    });
  });

  describe("to a jurisdiction", () => {
    const second = parseDomain("gacc.gov.cn");

    it("goes to the one participant there that takes the type", async () => {
      expect(await routed([ledger("one")], { receiver: "CN" })).to.include({ receiver: cn });
    });

    it("asks to choose among several, and names them", async () => {
      const one = ledger("one");
      seat(one, second, "CN");
      const problem = await refusal([one], { receiver: "CN" });
      expect(problem.code).to.equal("receiver-ambiguous");
      expect(problem.members).to.deep.equal({ participants: [cn, second] });
    });

    it("leaves out those who are suspended, or on channels without the type", async () => {
      const one = ledger("one");
      seat(one, second, "CN");
      one.suspend(second);
      expect(await routed([one], { receiver: "CN" })).to.include({ receiver: cn });
      const [taking, other] = [ledger("taking"), ledger("other")];
      seat(other, second, "CN");
      other.closeMessageType(created);
      expect(await routed([taking, other], { receiver: "CN" })).to.include({ receiver: cn });
    });

    it("never goes back to the sender, and finds nobody where there is nobody", async () => {
      expect(await code([ledger("one")], { receiver: "AU" })).to.equal("participant-unknown");
      expect(await code([ledger("one")], { receiver: "FR" })).to.equal("participant-unknown");
      expect(await code([ledger("one")], { receiver: "NZ" })).to.equal("participant-unknown");
    });
  });

  it("takes a telling subject only where none need be opaque", async () => {
    const strict = ledger("a-strict", { terms: { opaqueSubjects: true } });
    expect(await code([strict])).to.equal("subject-not-opaque");
    const opaque = parseSubject("urn:uuid:3b241101-e2bb-4255-8caf-4136c566a962");
    expect(await routed([strict], { subject: opaque })).to.include({ channelId: strict.id });
    expect(await routed([strict, ledger("b-open")])).to.include({ channelId: "memory:b-open" });
  });

  describe("of what acts on a certificate", () => {
    const issuedOn = (channelId: string) => () => ({ channelId, receiver: cn });

    it("goes where the certificate was issued, though another channel would be preferred", async () => {
      const [one, two] = [ledger("one"), ledger("two")];
      const acting = await routed([one, two], { predicate: revoked }, { issued: issuedOn(two.id) });
      expect(acting).to.deep.equal({ channelId: two.id, effect: "revoke", receiver: cn });
    });

    it("goes there even when that channel is deprecated, past its validity, or the other side suspended", async () => {
      const old = ledger("old", { terms: { validUntil: seconds() + day } });
      old.deprecate(null);
      old.suspend(cn);
      clock.advance(2 * day * 1000);
      const acting = await routed([old, ledger("new")], { predicate: revoked }, { issued: issuedOn(old.id) });
      expect(acting).to.include({ channelId: old.id });
    });

    it("goes nowhere when that channel is retired, or the sender suspended on it", async () => {
      const old = ledger("old");
      old.deprecate(null);
      old.retire();
      const next = ledger("new");
      expect(await code([old, next], { predicate: revoked }, { issued: issuedOn(old.id) })).to.equal(
        "no-channel",
      );
      const one = ledger("one");
      one.suspend(au);
      const suspended = await code([one], { predicate: revoked }, { issued: issuedOn(one.id) });
      expect(suspended).to.equal("participant-suspended");
    });

    it("is refused where no such certificate is known", async () => {
      expect(await code([ledger("one")], { predicate: acquitted })).to.equal("certificate-unknown");
      expect(await code([ledger("one")], { predicate: revoked })).to.equal("certificate-unknown");
    });

    it("resolves a jurisdiction to the certificate's issuer among its participants", async () => {
      const one = ledger("one");
      const other = parseDomain("gacc.gov.cn");
      seat(one, other, "CN");
      const issued = (issuer: Domain) => (issuer === other ? { channelId: one.id, receiver: au } : null);
      const acquittal = await routed([one], { predicate: acquitted, receiver: "CN" }, { issued });
      expect(acquittal).to.include({ receiver: other });
    });
  });
});
