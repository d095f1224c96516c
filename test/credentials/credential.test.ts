import { expect } from "chai";

import { parseCredential } from "../../src/credentials/credential.ts";
import { CredentialFault } from "../../src/credentials/credential-fault.ts";
import { certificatePayload } from "./fixtures.ts";

const issuer = "did:web:chamber.com.au";

function refusal(payload: unknown): string {
  try {
    parseCredential(payload);
    return "none";
  } catch (error) {
    if (error instanceof CredentialFault) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const refused = (otherwise: Readonly<Record<string, unknown>>) =>
  refusal(certificatePayload(issuer, otherwise));

describe("a credential of the VC Data Model 2.0", () => {
  it("is read with its issuer as text or object, and its moments by their offset", () => {
    const plain = parseCredential(
      certificatePayload(issuer, { issuer, validFrom: "2027-01-01T00:00:00+10:00" }),
    );
    expect(plain.issuer).to.deep.equal({ id: issuer, name: null });
    expect(plain.validFrom).to.equal(Date.parse("2026-12-31T14:00:00Z"));
    const named = parseCredential(certificatePayload(issuer));
    expect(named.issuer).to.deep.equal({ id: issuer, name: "Sample Chamber of Commerce" });
  });

  it("ends and begins no later and no earlier than its JWT claims say", () => {
    const claims = {
      exp: Date.parse("2027-07-01T00:00:00Z") / 1000,
      nbf: Date.parse("2027-06-01T00:00:00Z") / 1000,
    };
    const { validFrom, validUntil } = parseCredential(certificatePayload(issuer, claims));
    expect([validFrom, validUntil]).to.deep.equal([claims.nbf * 1000, claims.exp * 1000]);
  });

  it("is refused without the first context, a type, an issuer or a subject", () => {
    expect(refused({ "@context": undefined })).to.contain("credential-malformed");
    expect(refused({ "@context": ["https://www.w3.org/2018/credentials/v1"] })).to.contain("first context");
    expect(refused({ type: ["TestCertificate"] })).to.contain("VerifiableCredential");
    expect(refused({ issuer: undefined })).to.contain("issuer");
    expect(refused({ issuer: { name: "nobody" } })).to.contain("issuer");
    for (const credentialSubject of [undefined, [], {}, "urn:x:1"]) {
      expect(refused({ credentialSubject })).to.contain("credentialSubject");
    }
  });

  it("is refused where it is wrapped in a vc claim, as of version 1.1", () => {
    expect(refusal({ iss: issuer, vc: certificatePayload(issuer) })).to.contain("1.1");
    expect(refused({ vc: {} })).to.contain("1.1");
  });

  it("is refused where a JWT claim contradicts it", () => {
    for (const claim of [{ iss: "did:web:evil.test" }, { sub: "urn:x:2" }, { jti: "urn:x:3" }]) {
      expect(refused(claim)).to.contain(`contradicts itself in ${Object.keys(claim).join()}`);
    }
    expect(refused({ exp: "soon" })).to.contain("exp");
  });

  it("is refused for a moment without an offset, of a day that is none, or that ends before it begins", () => {
    for (const validFrom of [
      "2027-01-01",
      "2027-01-01T00:00:00",
      "2027-02-30T00:00:00Z",
      "2027-13-01T00:00:00Z",
      1,
    ]) {
      expect(refused({ validFrom }), String(validFrom)).to.contain("validFrom");
    }
    expect(refused({ validFrom: "2027-06-01T00:00:00Z", validUntil: "2027-05-01T00:00:00Z" })).to.contain(
      "ends before",
    );
  });

  it("is refused for a member that would change what all objects are, and changes nothing", () => {
    for (const name of ["__proto__", "constructor", "prototype"]) {
      const text = JSON.stringify(certificatePayload(issuer)).replace(
        '"goods"',
        `"${name}":{"polluted":1},"goods"`,
      );
      expect(refusal(JSON.parse(text)), name).to.contain("forbidden name");
    }
    expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
  });

  it("is refused where it is deeper, wider or longer than any certificate", () => {
    let deep: unknown = "x";
    for (let depth = 0; depth < 100; depth += 1) deep = { deep };
    expect(refused({ credentialSubject: { deep } })).to.contain("too deep");
    expect(refused({ credentialSubject: { list: new Array<number>(10_001).fill(0) } })).to.contain(
      "too long",
    );
    expect(refused({ type: ["VerifiableCredential", ...new Array<string>(30).fill("T")] })).to.contain(
      "too many",
    );
  });
});
