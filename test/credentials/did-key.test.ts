import { expect } from "chai";
import { base58btc } from "multiformats/bases/base58";

import { didKeyOf, resolveDidKey, resolverOf } from "../../src/credentials/did-key.ts";
import { DidFailure } from "../../src/identity/did-document.ts";
import { newSigner } from "./fixtures.ts";

/** Facts of the did:key method's own test vectors (w3c-ccg/did-method-key), and of RFC 8032's key of 32 zero bytes. */
const known = [
  {
    did: "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
    jwk: {
      kty: "EC",
      crv: "P-256",
      x: "fyNYMN0976ci7xqiSdag3buk-ZCwgXU4kz9XNkBlNUI",
      y: "hW2ojTNfH7Jbi8--CJUo3OCbH3y5n91g-IMA9MLMbTU",
    },
  },
  {
    did: "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp",
    jwk: { kty: "OKP", crv: "Ed25519", x: "O2onvM62pC1io6jQKm8Nc2UyFXcd4kOmOsBIoYtZ2ik" },
  },
];

const isRefused = (did: string) => {
  expect(() => resolveDidKey(did), did)
    .to.throw(DidFailure)
    .with.property("kind", "invalid");
};
const didOf = (...bytes: readonly number[]) => `did:key:${base58btc.encode(Uint8Array.from(bytes))}`;

describe("a did:key", () => {
  for (const { did, jwk } of known) {
    it(`of ${jwk.crv} is its own document`, () => {
      const document = resolveDidKey(did);
      const id = `${did}#${did.slice("did:key:".length)}`;
      expect(document).to.deep.equal({
        id: did,
        verificationMethods: [{ id, type: "JsonWebKey", controller: did, publicKeyJwk: jwk }],
        assertionMethods: new Set([id]),
      });
      expect(didKeyOf(jwk)).to.equal(did);
    });
  }

  it("of any new key comes back as that key", () => {
    for (let n = 0; n < 20; n += 1) {
      for (const algorithm of ["ES256", "EdDSA"] as const) {
        const { did, publicJwk } = newSigner(algorithm);
        expect(resolveDidKey(did).verificationMethods[0]?.publicKeyJwk).to.deep.equal(publicJwk);
      }
    }
  });

  it("is refused for a point that does not lie on the curve, and one of small order", () => {
    isRefused(didOf(0x80, 0x24, 2, ...new Array<number>(32).fill(0xff)));
    isRefused(didOf(0x80, 0x24, 5, ...new Array<number>(32).fill(1)));
    isRefused(didOf(0xed, 0x01, 1, ...new Array<number>(31).fill(0)));
    isRefused(didOf(0xed, 0x01, ...new Array<number>(32).fill(0)));
    isRefused(didOf(0xed, 0x01, 0xec, ...new Array<number>(31).fill(0xff)));
  });

  it("is refused for other kinds, lengths and spellings", () => {
    isRefused("did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"); // secp256k1
    isRefused(didOf(0xed, 0x01, ...new Array<number>(31).fill(9)));
    isRefused(didOf(0xed, 0x01, ...new Array<number>(33).fill(9)));
    isRefused("did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooW0");
    isRefused("did:key:u7QE7aie8zrakLWKjqNAqbw1zZTIVdx3iQ6Y6wEihi1naKQ");
    isRefused("did:key:");
    isRefused(`did:key:z${"1".repeat(500)}`);
  });

  it("is resolved without asking anybody; did:web as told, and no other method", async () => {
    const asked: string[] = [];
    const resolve = resolverOf((did) => {
      asked.push(did);
      return Promise.resolve({ id: did, verificationMethods: [], assertionMethods: new Set() });
    });
    await resolve(known[0]?.did ?? "");
    await resolve("did:web:customs.gov.cn");
    expect(asked).to.deep.equal(["did:web:customs.gov.cn"]);
    const refused = await resolve("did:ion:abc").catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(DidFailure).with.property("kind", "invalid");
  });
});
