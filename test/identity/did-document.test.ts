import { expect } from "chai";

import { DidFailure, didOfDomain, isDid, parseDidDocument } from "../../src/identity/did-document.ts";

const did = "did:web:customs.gov.cn";
const key = {
  id: `${did}#key-1`,
  type: "JsonWebKey",
  controller: did,
  publicKeyJwk: { kty: "EC", crv: "P-256", x: "x", y: "y" },
};
const account = {
  id: "#account-1",
  type: "EcdsaSecp256k1RecoveryMethod2020",
  controller: did,
  blockchainAccountId: "eip155:31337:0xF39FD6E51AAD88F6F4CE6AB8827279CFFFB92266",
};
const refused = (value: unknown) => {
  expect(() => parseDidDocument(did, value))
    .to.throw(DidFailure)
    .with.property("kind", "invalid");
};

describe("a DID document", () => {
  it("is read with its keys and accounts, relative ids made absolute", () => {
    const document = parseDidDocument(did, {
      "@context": ["https://www.w3.org/ns/did/v1"],
      id: did,
      verificationMethod: [key, account],
      assertionMethod: ["#key-1"],
    });
    expect(document.verificationMethods.map(({ id }) => id)).to.deep.equal([
      `${did}#key-1`,
      `${did}#account-1`,
    ]);
    expect(document.verificationMethods[1]?.blockchainAccountId).to.equal(
      "eip155:31337:0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
    );
    expect([...document.assertionMethods]).to.deep.equal([`${did}#key-1`]);
  });

  it("takes a method that stands in assertionMethod itself", () => {
    const document = parseDidDocument(did, { id: did, assertionMethod: [key] });
    expect(document.verificationMethods).to.have.length(1);
    expect([...document.assertionMethods]).to.deep.equal([key.id]);
  });

  it("is not believed when it is another's, or not of the form", () => {
    refused(null);
    refused([]);
    refused({ id: "did:web:customs.gov.au", verificationMethod: [] });
    refused({ id: did, verificationMethod: "all" });
    refused({ id: did, verificationMethod: [{ ...key, id: "did:web:customs.gov.au#key-1" }] });
    refused({ id: did, verificationMethod: [{ ...key, id: "#" }] });
    refused({ id: did, verificationMethod: [key, { ...account, id: key.id }] });
    refused({
      id: did,
      verificationMethod: Array.from({ length: 101 }, (_, at) => ({ ...key, id: `#${at}` })),
    });
  });

  it("is not believed when it publishes a private key", () => {
    refused({ id: did, verificationMethod: [{ ...key, publicKeyJwk: { ...key.publicKeyJwk, d: "d" } }] });
  });

  it("counts no account of an unknown form, and keeps the others", () => {
    const document = parseDidDocument(did, {
      id: did,
      verificationMethod: [key, { ...account, blockchainAccountId: "cosmos:hub:abc" }],
    });
    expect(document.verificationMethods[1]).not.to.have.property("blockchainAccountId");
  });
});

describe("the DID of a domain", () => {
  it("is that domain's did:web", () => {
    expect(didOfDomain("homeaffairs.gov.au")).to.equal("did:web:homeaffairs.gov.au");
    expect(() => didOfDomain("not a domain")).to.throw(DidFailure);
  });

  it("has the form of a DID, and a DID URL has not", () => {
    expect(isDid("did:web:homeaffairs.gov.au")).to.equal(true);
    expect(isDid("did:web:homeaffairs.gov.au#key-1")).to.equal(false);
    expect(isDid("did:web:homeaffairs.gov.au/../x")).to.equal(false);
    expect(isDid("https://homeaffairs.gov.au")).to.equal(false);
  });
});
