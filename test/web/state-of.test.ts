import { expect } from "chai";

import { findingsOf, type Judged } from "../../src/verification/findings.ts";
import { verdictOver } from "../../src/verification/verdict.ts";
import type { Verification as Answered } from "../../src/verification/verification.ts";
import { countedOf, stateOf, type CertificateState } from "../../web/verify/state-of.ts";
import type { Verification } from "../../web/verify/verification.ts";
import { au, cn, message } from "../channels/fixtures.ts";
import { messageId } from "../../src/domain/message.ts";
import { parseSubject } from "../../src/domain/subject.ts";

const standings = ["live", "used", "revoked", "expired", "pending", "duplicate", "unknown"] as const;

/** One certificate of the node's, as it is judged. */
function judged(changes: Partial<Judged> & { readonly number?: number } = {}): Judged {
  const { number = 1, ...rest } = changes;
  const issued = message({ subject: parseSubject(`coo:${number}`) });
  return {
    issue: {
      ...{ channelId: "channel", id: messageId(issued), message: issued, batch: null, final: true },
      ...{ duplicate: false, issuedAt: 1, acquittedBy: null, acquittedAt: null, revokedAt: null },
    },
    issuer: { jurisdiction: "AU", status: "active" },
    receiverJurisdiction: "CN",
    binding: null,
    reachable: true,
    state: "live",
    channelType: "production",
    issuerActive: true,
    ...rest,
  };
}

/** What the node's own code answers to certificates that stand so. */
function answered(certificates: readonly Judged[], more = false): Verification {
  const said = verdictOver(certificates);
  const verdict = said === "valid" && more ? "unknown" : said;
  const matter = {
    presented: { document: message().obj, pin: null },
    multihash: message().obj,
    ...{ judged: certificates, verdict, contradiction: null, remark: null, more },
    ...{ checks: new Map(), seal: null },
  };
  const findings = findingsOf(matter);
  const answer: Answered = {
    ...{ multihash: message().obj, verdict, findings, more },
    certificates: certificates.map(({ issue, state, channelType }) => ({
      ...{ id: issue.id, issuer: au, jurisdiction: "AU", receiver: cn, receiverJurisdiction: "CN" },
      ...{ predicate: issue.message.predicate, state, channel: issue.channelId, channelType },
      ...{ issuedAt: null, validUntil: null, acquittedBy: null, acquittedAt: null, revokedAt: null },
    })),
  };
  return answer;
}

const stateFor = (...certificates: readonly Judged[]): CertificateState =>
  stateOf(answered(certificates)).state;

describe("what an officer is told about a verification", () => {
  it("of one certificate, is its standing on the ledger", () => {
    const told = Object.fromEntries(standings.map((state) => [state, stateFor(judged({ state }))]));
    expect(told).to.deep.equal({
      ...{ live: "genuine", used: "used", revoked: "revoked", expired: "expired" },
      ...{ pending: "pending", duplicate: "duplicate", unknown: "unknown" },
    });
  });

  it("of none, is that it is unknown, and of no country or training", () => {
    expect(stateOf(answered([]))).to.deep.equal({ state: "unknown", certificate: null, training: false });
  });

  it("tells the reasons of an unknown apart", () => {
    expect(stateFor(judged({ state: "unknown", reachable: false }))).to.equal("ledger-unreachable");
    expect(stateFor(judged({ channelType: "test" }))).to.equal("training");
    const suspended = { jurisdiction: "AU", status: "suspended" };
    expect(stateFor(judged({ issuer: suspended, issuerActive: false }))).to.equal("issuer-suspended");
    expect(stateFor(judged({ issuer: null, issuerActive: false }))).to.equal("issuer-unconfirmed");
    const unbound = { outcome: "unbound", reason: null, required: true } as const;
    expect(stateFor(judged({ binding: unbound, issuerActive: false }))).to.equal("issuer-unconfirmed");
    expect(stateOf(answered([judged()], true)).state).to.equal("too-many-certificates");
  });

  it("is `genuine` for a domain that does not name its account only where the channel merely reports that", () => {
    const reported = { outcome: "unbound", reason: null, required: false } as const;
    expect(stateFor(judged({ binding: reported }))).to.equal("genuine");
  });

  it("marks what stands on a test channel as training, also when it was used", () => {
    for (const state of standings) {
      const told = stateOf(answered([judged({ state, channelType: "test" })]));
      expect(told.training, state).to.equal(true);
      expect(told.state, state).not.to.equal("genuine");
    }
    const used = stateOf(answered([judged({ state: "used", channelType: "test" })]));
    expect(used.state).to.equal("used");
    expect(stateOf(answered([judged({ channelType: "test" }), judged({ number: 2 })])).training).to.equal(
      false,
    );
  });

  it("of two certificates, never says genuine where the node would not, and names the one that decides", () => {
    for (const first of standings) {
      for (const second of standings) {
        for (const types of [
          ["production", "production"],
          ["production", "test"],
          ["test", "test"],
        ] as const) {
          const answer = answered([
            judged({ state: first, channelType: types[0] }),
            judged({ state: second, channelType: types[1], number: 2 }),
          ]);
          const { state, certificate } = stateOf(answer);
          const what = `${types.join()}: ${first}, ${second} gives ${answer.verdict} and ${state}`;
          expect(state === "genuine", what).to.equal(answer.verdict === "valid");
          if (answer.verdict !== "valid" && answer.verdict !== "unknown") {
            expect(state, what).to.equal(answer.verdict);
            expect(certificate?.state, what).to.equal(answer.verdict);
          }
        }
      }
    }
  });

  it("is altered where what was presented contradicts the ledger, or its seal is false, and blames no certificate", () => {
    const answer = answered([judged()]);
    expect(stateOf({ ...answer, verdict: "altered" })).to.include({ state: "altered", certificate: null });
    const seal = { name: "seal", outcome: "fail", detail: "", evidence: {} } as const;
    expect(stateOf({ ...answer, findings: [...answer.findings, seal] }).state).to.equal("altered");
  });

  it("is not genuine where the document fails its check as a credential", () => {
    const answer = answered([judged()]);
    const credential = (outcome: "pass" | "fail" | "unknown") =>
      stateOf({
        ...answer,
        findings: [...answer.findings, { name: "credential", outcome, detail: "", evidence: {} }],
      }).state;
    expect(credential("fail")).to.equal("credential-refused");
    expect(credential("pass")).to.equal("genuine");
    expect(credential("unknown")).to.equal("genuine");
  });

  it("counts the certificates that the node counts", () => {
    const list = answered([
      judged({ channelType: "test" }),
      judged({ state: "duplicate", number: 2 }),
      judged({ number: 3 }),
    ]).certificates;
    expect(countedOf(list)).to.deep.equal([list[2]]);
    expect(countedOf(list.slice(0, 2))).to.deep.equal([list[1]]);
    expect(countedOf(list.slice(0, 1))).to.deep.equal([list[0]]);
  });

  it("reads evidence of any form without falling over", () => {
    const answer = answered([judged({ state: "unknown", reachable: false })]);
    for (const certificates of [undefined, null, "", 7, {}]) {
      const findings = answer.findings.map((each) => ({ ...each, evidence: { certificates } }));
      expect(stateOf({ ...answer, findings }).state).to.equal("unknown");
    }
  });
});

/** The compiler compares what the node answers with what the page reads. */
export const sameForm = (answer: Answered): Verification => answer;
