import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { calculateJwkThumbprint } from "jose";

import { openIssuerKeys, signingKeyOf } from "../../src/credentials/issuer-keys.ts";
import { agencyDidDocument } from "../../src/identity/agency-did-document.ts";
import { parseDidDocument } from "../../src/identity/did-document.ts";
import { newSigner } from "./fixtures.ts";

const did = "did:web:homeaffairs.gov.au";

describe("the keys that a node signs credentials with", () => {
  it("are named by their own kid, or their thumbprint, within a did:web; and by themselves within a did:key", async () => {
    const agency = newSigner("EdDSA", did);
    const named = await signingKeyOf(did, JSON.stringify({ ...agency.privateJwk, kid: "2027" }));
    expect(named?.kid).to.equal(`${did}#2027`);
    const bare = await signingKeyOf(did, JSON.stringify(agency.privateJwk));
    expect(bare?.kid).to.equal(`${did}#${await calculateJwkThumbprint(agency.publicJwk)}`);
    const chamber = newSigner("ES256");
    const own = await signingKeyOf(chamber.did, JSON.stringify(chamber.privateJwk));
    expect(own?.kid).to.equal(chamber.kid);
    expect(JSON.stringify(own?.publicJwk)).not.to.contain(String(chamber.privateJwk.d));
  });

  it("are refused where they are none, public, of another kind, or another did:key's", async () => {
    const chamber = newSigner("ES256");
    for (const text of [
      "",
      "{}",
      "not json",
      JSON.stringify(chamber.publicJwk),
      JSON.stringify({ kty: "oct", k: "c2VjcmV0" }),
      JSON.stringify({ ...chamber.privateJwk, alg: "ES512" }),
      JSON.stringify({ ...chamber.privateJwk, x: newSigner("ES256").publicJwk.x }),
      JSON.stringify(newSigner("ES256").privateJwk),
    ]) {
      expect(await signingKeyOf(chamber.did, text), text.slice(0, 40)).to.equal(null);
    }
  });

  it("are told of by their issuer alone when they cannot be used", async () => {
    const directory = await mkdtemp(join(tmpdir(), "icl-keys-"));
    try {
      const file = join(directory, "key.jwk");
      await writeFile(file, '{"kty":"EC","d":"topsecret"}');
      const error: unknown = await openIssuerKeys([{ did, key: { file }, name: null }]).catch(
        (caught: unknown) => caught,
      );
      expect(String(error)).to.contain(did).and.not.to.contain("topsecret");
      expect((error as Error).cause).to.equal(undefined);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe("an agency's DID document", () => {
  const [one, two, other] = [
    newSigner("EdDSA", did, "new"),
    newSigner("ES256", did, "old"),
    newSigner("ES256"),
  ];
  const account = "eip155:31337:0xAbCdEf0123456789aBcDeF0123456789AbCdEf01";
  const made = agencyDidDocument({
    did,
    keys: [one, two, other].map(({ kid, privateJwk }) => ({ kid, publicJwk: privateJwk })),
    accounts: [account, account.toLowerCase()],
    endpoint: "https://icl.homeaffairs.gov.au",
  });

  it("names its signing keys and its accounts, as strangers read it", () => {
    const document = parseDidDocument(did, JSON.parse(JSON.stringify(made)));
    expect([...document.assertionMethods]).to.deep.equal([`${did}#new`, `${did}#old`]);
    expect(document.verificationMethods.map(({ blockchainAccountId }) => blockchainAccountId)).to.deep.equal([
      undefined,
      undefined,
      account.toLowerCase(),
    ]);
    expect(document.verificationMethods[1]?.publicKeyJwk).to.deep.equal(two.publicJwk);
  });

  it("never holds a private member, nor another's key", () => {
    const text = JSON.stringify(made);
    for (const { privateJwk } of [one, two, other]) expect(text).not.to.contain(String(privateJwk.d));
    expect(text).not.to.contain(other.did);
  });
});
