import { expect } from "chai";

import { checkSteps } from "../../src/credentials/finding.ts";
import { encodeList, statusMember } from "../../src/credentials/status-list.ts";
import { signVcJwt } from "../../src/credentials/vc-jwt.ts";
import { parseDomain } from "../../src/domain/participant.ts";
import { didOfDomain } from "../../src/identity/did-document.ts";
import { certificatePayload, Chain, documentOf, LISTS, newSigner, NOON, saidOf } from "./fixtures.ts";

const DAY = 86_400_000;

describe("the check of a credential", () => {
  let chain: Chain;

  beforeEach(() => {
    chain = new Chain();
  });

  it("passes at every link from the certificate to the participant, in the order that is told", async () => {
    const { outcome, findings } = await chain.check(await chain.certificate());
    expect(findings.map(({ name }) => name)).to.deep.equal([...checkSteps]);
    expect(findings.map((each) => `${each.outcome} ${each.code}`)).to.deep.equal([
      "pass well-formed",
      "pass schema-met",
      "pass signed-by-issuer",
      "pass anchored",
      "pass vouched-for",
      "pass in-force",
      "pass not-revoked",
    ]);
    expect(outcome).to.equal("pass");
    const issuer = findings.find(({ name }) => name === "issuer");
    expect(issuer?.evidence).to.include({
      agency: didOfDomain(chain.participant),
      registeredId: "51824753556",
    });
  });

  it("passes for what the agency itself issued, without an anchor", async () => {
    chain.anchors = [];
    const check = await chain.check(await chain.certificate({}, chain.agency));
    expect(check.outcome).to.equal("pass");
    expect(saidOf(check, "issuer")).to.equal("pass agency-itself");
  });

  it("passes for an issuer whose did:web document names its key", async () => {
    const did = "did:web:chamber.com.au";
    const chamber = newSigner("EdDSA", did);
    chain.documents.set(did, documentOf(did, [chamber]));
    chain.anchors = [await chain.anchor({ about: did })];
    expect((await chain.check(await chain.certificate({}, chamber))).outcome).to.equal("pass");
  });

  it("asks an issuer's host for nothing before the agency vouches for that issuer", async () => {
    const did = "did:web:chamber.com.au";
    const chamber = newSigner("EdDSA", did);
    chain.documents.set(did, documentOf(did, [chamber]));
    chain.anchors = [];
    const certificate = await chain.certificate({}, chamber);
    const check = await chain.check(certificate);
    expect(saidOf(check, "issuer")).to.equal("fail anchor-missing");
    expect(saidOf(check, "signature")).to.equal("unknown not-checked");
    expect(chain.asked).not.to.include(did);
    chain.anchors = [await chain.anchor({ about: did })];
    expect((await chain.check(certificate)).outcome).to.equal("pass");
    expect(chain.asked).to.include(did);
  });

  describe("refuses by its form", () => {
    const refused = async (
      otherwise: Readonly<Record<string, unknown>>,
      code: string,
      step = "structure",
    ) => {
      const check = await chain.check(await chain.certificate(otherwise));
      expect(check.outcome).to.equal("fail");
      expect(saidOf(check, step as "structure")).to.equal(`fail ${code}`);
    };

    it("an unknown context, without fetching it", async () => {
      await refused(
        { "@context": ["https://www.w3.org/ns/credentials/v2", "https://evil.test/context"] },
        "context-unknown",
      );
      expect(chain.asked).to.deep.equal([]);
    });

    it("contexts in another order, one too many, or one written into it", async () => {
      const [base, own] = ["https://www.w3.org/ns/credentials/v2", "https://contexts.test/certificate/v1"];
      await refused({ "@context": [own, base] }, "credential-malformed");
      await refused({ "@context": [base, own, "https://contexts.test/other"] }, "context-unknown");
      await refused({ "@context": [base, own, { wine: "https://evil.test/water" }] }, "credential-malformed");
    });

    it("an unknown type, and several types", async () => {
      await refused({ type: ["VerifiableCredential", "Diploma"] }, "type-unknown");
      await refused({ type: ["VerifiableCredential", "TestCertificate", "Diploma"] }, "type-unknown");
    });

    it("a schema that is not the type's own, without fetching it", async () => {
      await refused(
        { credentialSchema: { id: "https://evil.test/any.json", type: "JsonSchema" } },
        "schema-unknown",
        "schema",
      );
      await refused({ credentialSchema: undefined }, "schema-unknown", "schema");
    });

    it("content that violates the schema, and says where", async () => {
      const check = await chain.check(
        await chain.certificate({ credentialSubject: { id: "urn:x:1", salt: "short" } }),
      );
      expect(saidOf(check, "schema")).to.equal("fail schema-violated");
      expect(check.findings[1]?.detail).to.contain("/credentialSubject/salt");
    });
  });

  describe("refuses a forged link:", () => {
    it("an altered payload", async () => {
      const [head, , signature] = (await chain.certificate()).split(".");
      const other = Buffer.from(
        JSON.stringify(
          certificatePayload(chain.chamber.did, {
            credentialSubject: { id: "urn:uuid:2f1c", salt: "0123456789abcdefghijkl", goods: "gold" },
          }),
        ),
      ).toString("base64url");
      const check = await chain.check(`${head}.${other}.${signature}`);
      expect(saidOf(check, "signature")).to.equal("fail signature-invalid");
      expect(check.outcome).to.equal("fail");
    });

    it("a certificate signed by somebody else in the issuer's name, and nothing is fetched for it", async () => {
      const thief = newSigner("ES256");
      const text = await signVcJwt(certificatePayload(chain.chamber.did), {
        ...thief,
        kid: chain.chamber.kid,
      });
      const check = await chain.check(text);
      expect(saidOf(check, "signature")).to.equal("fail signature-invalid");
      expect(saidOf(check, "issuer")).to.equal("unknown not-checked");
      expect(chain.asked, "neither anchors nor lists").to.deep.equal([]);
    });

    it("a key that the issuer's document does not have, and one that may not assert", async () => {
      const did = "did:web:chamber.com.au";
      const [named, other] = [newSigner("ES256", did, "key-1"), newSigner("ES256", did, "key-2")];
      chain.anchors = [await chain.anchor({ about: did })];
      chain.documents.set(did, documentOf(did, [named]));
      expect(saidOf(await chain.check(await chain.certificate({}, other)), "signature")).to.equal(
        "fail key-unknown",
      );
      chain.documents.set(did, documentOf(did, [named, other], [named]));
      expect(saidOf(await chain.check(await chain.certificate({}, other)), "signature")).to.equal(
        "fail key-not-asserting",
      );
    });

    it("an issuer for whom nobody vouches", async () => {
      chain.anchors = [];
      const check = await chain.check(await chain.certificate());
      expect(saidOf(check, "issuer")).to.equal("fail anchor-missing");
      expect(saidOf(check, "participant")).to.equal("unknown not-checked");
    });

    it("an anchor by another agency, which is not even asked for its document", async () => {
      const foreign = newSigner("EdDSA", "did:web:customs.gov.cn");
      chain.documents.set(foreign.did, documentOf(foreign.did, [foreign]));
      chain.anchors = [await chain.anchor({ by: foreign })];
      const check = await chain.check(await chain.certificate());
      expect(saidOf(check, "issuer")).to.equal("fail anchor-of-other-agency");
      expect(chain.asked).not.to.include(foreign.did);
    });

    it("an anchor that the chamber made for itself in the agency's name", async () => {
      const forged = { ...chain.chamber, did: chain.agency.did, kid: chain.agency.kid };
      chain.anchors = [await chain.anchor({ by: { ...forged, algorithm: "ES256" } })];
      expect(saidOf(await chain.check(await chain.certificate()), "issuer")).to.equal("fail anchor-refused");
    });

    it("an anchor that is about somebody else", async () => {
      chain.anchors = [await chain.anchor({ about: newSigner().did })];
      expect(saidOf(await chain.check(await chain.certificate()), "issuer")).to.equal("fail anchor-refused");
    });

    it("another credential of the agency presented as an anchor", async () => {
      chain.anchors = [
        await chain.listAt(`${LISTS}/1`),
        await chain.anchor({ with: { type: ["VerifiableCredential", "MembershipCredential"] } }),
        await chain.anchor({
          with: { "@context": ["https://www.w3.org/ns/credentials/v2", "https://evil.test/"] },
        }),
      ];
      expect(saidOf(await chain.check(await chain.certificate()), "issuer")).to.equal("fail anchor-refused");
    });

    it("a revoked anchor", async () => {
      chain.revoked.add(7);
      const check = await chain.check(await chain.certificate());
      expect(saidOf(check, "issuer")).to.equal("fail anchor-revoked");
      expect(saidOf(check, "status")).to.equal("pass not-revoked");
    });

    it("an expired anchor, and one that is yet to begin", async () => {
      chain.anchors = [await chain.anchor({ until: NOON - DAY / 24, from: NOON - DAY })];
      expect(saidOf(await chain.check(await chain.certificate()), "issuer")).to.equal("fail anchor-expired");
      chain.anchors = [await chain.anchor({ from: NOON + DAY / 24 })];
      expect(saidOf(await chain.check(await chain.certificate()), "issuer")).to.equal("fail anchor-expired");
    });

    it("an agency's certificate sent by another participant", async () => {
      const text = await chain.certificate();
      chain.participant = parseDomain("customs.gov.sg");
      expect(saidOf(await chain.check(text), "issuer")).to.equal("fail anchor-of-other-agency");
    });

    it("an agency whose own domain does not name its account on the channel", async () => {
      chain.isBound = () => Promise.resolve("unbound");
      expect(saidOf(await chain.check(await chain.certificate(), "c1"), "participant")).to.equal(
        "fail account-unbound",
      );
      chain.isBound = () => Promise.resolve("unknown");
      const unsure = await chain.check(await chain.certificate(), "c1");
      expect([unsure.outcome, saidOf(unsure, "participant")]).to.deep.equal([
        "unknown",
        "unknown account-binding-unknown",
      ]);
      chain.isBound = () => Promise.resolve("bound");
      expect((await chain.check(await chain.certificate(), "c1")).outcome).to.equal("pass");
    });

    it("an expired certificate, and one of the future", async () => {
      const past = { validFrom: "2026-01-01T00:00:00Z", validUntil: "2027-01-01T00:00:00Z" };
      expect(saidOf(await chain.check(await chain.certificate(past)), "validity")).to.equal("fail expired");
      const future = { validFrom: "2027-12-01T00:00:00+08:00" };
      expect(saidOf(await chain.check(await chain.certificate(future)), "validity")).to.equal(
        "fail not-yet-valid",
      );
    });

    it("a revoked certificate", async () => {
      chain.revoked.add(94_567);
      const check = await chain.check(await chain.certificate());
      expect([check.outcome, saidOf(check, "status")]).to.deep.equal(["fail", "fail revoked"]);
    });
  });

  describe("refuses a status list", () => {
    const status = async () => saidOf(await chain.check(await chain.certificate()), "status");
    const only = (make: (url: string) => Promise<string> | string) => {
      chain.list = (url) => make(url);
    };

    beforeEach(async () => {
      // The anchor's own status would be asked of the same list.
      chain.anchors = [await chain.anchor({ with: { credentialStatus: undefined } })];
    });

    it("that is signed by somebody else, though the entry is not set there", async () => {
      const thief = newSigner("ES256");
      chain.revoked.add(94_567);
      only(async (url) => {
        const other = new Chain();
        other.listSigner = thief;
        return other.listAt(url);
      });
      expect(await status()).to.equal("fail status-list-refused");
    });

    it("that is signed in the agency's name by another key", async () => {
      chain.listSigner = { ...newSigner("EdDSA"), did: chain.agency.did, kid: chain.agency.kid };
      expect(await status()).to.equal("fail status-list-refused");
    });

    it("of another address", async () => {
      only(() => chain.listAt(`${LISTS}/2`));
      expect(await status()).to.equal("fail status-list-refused");
    });

    it("that unpacks to more than is ever needed", async () => {
      const bomb = encodeList(new Uint8Array(64 * 1024 * 1024));
      expect(bomb.length).to.be.lessThan(128 * 1024);
      only((url) =>
        chain.listAt(url, {
          credentialSubject: { type: "BitstringStatusList", statusPurpose: "revocation", encodedList: bomb },
        }),
      );
      expect(await status()).to.equal("fail status-list-refused");
    });

    it("with so few entries that each of them tells who is asked about", async () => {
      const short = encodeList(new Uint8Array(1_024));
      only((url) =>
        chain.listAt(url, {
          credentialSubject: { type: "BitstringStatusList", statusPurpose: "revocation", encodedList: short },
        }),
      );
      expect(await status()).to.equal("fail status-list-refused");
    });

    it("that is out of date, so that an old one cannot be shown again", async () => {
      const old = await chain.listAt(`${LISTS}/1`);
      chain.now += DAY;
      chain.anchors = [await chain.anchor({ until: null, with: { credentialStatus: undefined } })];
      only(() => old);
      expect(await status()).to.equal("fail status-list-refused");
    });

    it("for an index beyond its end, or that is none", async () => {
      const member = statusMember({ purpose: "revocation", index: 131_072, list: `${LISTS}/1` });
      const beyond = await chain.check(await chain.certificate({ credentialStatus: member }));
      expect(saidOf(beyond, "status")).to.equal("fail status-malformed");
      for (const statusListIndex of ["-1", "1e3", "0x10", 7, "99999999999"]) {
        const check = await chain.check(
          await chain.certificate({ credentialStatus: { ...member, statusListIndex } }),
        );
        expect(saidOf(check, "status"), String(statusListIndex)).to.equal("fail status-malformed");
      }
    });

    it("for an entry of a kind that cannot be read, which may say that it is revoked", async () => {
      for (const credentialStatus of [
        {
          type: "StatusList2021Entry",
          statusPurpose: "revocation",
          statusListIndex: "1",
          statusListCredential: LISTS,
        },
        { ...statusMember({ purpose: "revocation", index: 1, list: LISTS }), statusPurpose: "suspension" },
        [
          statusMember({ purpose: "revocation", index: 1, list: LISTS }),
          statusMember({ purpose: "revocation", index: 2, list: LISTS }),
        ],
      ]) {
        const check = await chain.check(await chain.certificate({ credentialStatus }));
        expect(saidOf(check, "status")).to.equal("fail status-malformed");
      }
    });
  });

  it("says unknown, and not fail, of what is out of reach at present", async () => {
    chain.documents.delete(chain.agency.did);
    const check = await chain.check(await chain.certificate());
    expect(check.outcome).to.equal("unknown");
    expect(saidOf(check, "signature")).to.equal("pass signed-by-issuer");
    expect(saidOf(check, "issuer")).to.equal("unknown anchor-unreachable");
    expect(saidOf(check, "status")).to.equal("unknown issuer-unreachable");
  });

  it("tells nothing out of the content in its findings", async () => {
    const check = await chain.check(
      await chain.certificate({
        credentialSubject: { id: "urn:uuid:2f1c", salt: "x", goods: "secret-goods" },
      }),
    );
    expect(JSON.stringify(check)).not.to.contain("secret-goods").and.not.to.contain("2f1c");
  });
});
