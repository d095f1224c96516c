import { createHmac, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";

import { expect } from "chai";
import { CompactSign } from "jose";

import { parseCredential } from "../../src/credentials/credential.ts";
import { CredentialFault } from "../../src/credentials/credential-fault.ts";
import {
  LARGEST_CREDENTIAL,
  readVcJwt,
  signVcJwt,
  verifySignature,
  verifyVcJwt,
} from "../../src/credentials/vc-jwt.ts";
import { certificatePayload, documentOf, newSigner, type Signer } from "./fixtures.ts";

interface Vectors {
  readonly keys: Readonly<Record<"p256" | "ed25519", Readonly<Record<string, string>>>>;
  readonly credentials: Readonly<
    Record<"minimal" | "bad-signature" | "bad-media-type" | "vc-vp-claims", string>
  >;
}

const vectors = JSON.parse(
  readFileSync(new URL("../vectors/vc-jose-cose.json", import.meta.url), "utf8"),
) as Vectors;

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return "none";
  } catch (error) {
    if (error instanceof CredentialFault) return error.code;
    throw error;
  }
}

/** A credential whose header is the usual one with something laid over it. */
async function withHeader(by: Signer, header: Readonly<Record<string, unknown>>): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify(certificatePayload(by.did)));
  const usual = { alg: by.algorithm, typ: "vc+jwt", cty: "vc", kid: by.kid };
  const critical = Object.fromEntries(((header.crit ?? []) as string[]).map((name) => [name, true]));
  return new CompactSign(payload)
    .setProtectedHeader(JSON.parse(JSON.stringify({ ...usual, ...header })) as { alg: string })
    .sign(by.key, { crit: critical });
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("a credential secured as vc+jwt", () => {
  for (const algorithm of ["ES256", "EdDSA"] as const) {
    it(`is signed by ${algorithm} so that another implementation verifies it`, async () => {
      const chamber = newSigner(algorithm);
      const text = await signVcJwt(certificatePayload(chamber.did), chamber);
      const [head = "", body = "", signature = ""] = text.split(".");
      const key = createPublicKey({ key: chamber.publicJwk, format: "jwk" });
      const bytes = Buffer.from(signature, "base64url");
      const data = Buffer.from(`${head}.${body}`);
      const holds =
        algorithm === "ES256"
          ? verify("sha256", data, { key, dsaEncoding: "ieee-p1363" }, bytes)
          : verify(null, data, key, bytes);
      expect(holds).to.equal(true);
      const jwt = readVcJwt(text);
      await verifyVcJwt(jwt, documentOf(chamber.did, [chamber]));
      expect(jwt.payload).to.deep.equal(certificatePayload(chamber.did));
    });
  }

  describe("of the W3C's test suite", () => {
    const alone = (text: string, algorithm: "ES256" | "EdDSA") => ({ text, algorithm });

    it("is verified where the suite says that it is right", async () => {
      const { minimal } = vectors.credentials;
      await verifySignature(alone(minimal, "ES256"), vectors.keys.p256);
      const claims = vectors.credentials["vc-vp-claims"].trim();
      await verifySignature(alone(claims, "EdDSA"), vectors.keys.ed25519);
      const payload = JSON.parse(Buffer.from(minimal.split(".")[1] ?? "", "base64url").toString()) as unknown;
      expect(parseCredential(payload)).to.deep.include({
        id: "http://university.example/credentials/1872",
        types: ["VerifiableCredential", "ExampleAlumniCredential"],
        validFrom: Date.parse("2010-01-01T19:23:24Z"),
      });
    });

    it("is refused where the suite says that the signature is bad", async () => {
      const bad = alone(vectors.credentials["bad-signature"], "EdDSA");
      expect(await codeOf(() => verifySignature(bad, vectors.keys.ed25519))).to.equal("signature-invalid");
    });

    it("is refused where the suite says that the media type is bad", async () => {
      expect(await codeOf(() => readVcJwt(vectors.credentials["bad-media-type"]))).to.equal(
        "media-type-refused",
      );
    });

    it("is refused where the suite says that claims of version 1.1 may not be there", async () => {
      const body = vectors.credentials["vc-vp-claims"].split(".")[1] ?? "";
      const payload = JSON.parse(Buffer.from(body, "base64url").toString()) as unknown;
      expect(await codeOf(() => parseCredential(payload))).to.equal("credential-malformed");
    });

    it("is refused for a key that is not named by a DID, which this node demands beyond the suite", async () => {
      expect(await codeOf(() => readVcJwt(vectors.credentials.minimal))).to.equal("key-id-malformed");
    });
  });

  describe("is refused", () => {
    const chamber = newSigner("ES256");
    const document = documentOf(chamber.did, [chamber]);
    const refusal = (text: string) =>
      codeOf(async () => {
        await verifyVcJwt(readVcJwt(text), document);
      });

    it("with alg none, with or without a signature", async () => {
      const head = encoded({ alg: "none", typ: "vc+jwt", kid: chamber.kid });
      const body = encoded(certificatePayload(chamber.did));
      expect(await refusal(`${head}.${body}.`)).to.equal("not-a-credential");
      expect(await refusal(`${head}.${body}.AAAA`)).to.equal("algorithm-refused");
    });

    it("with an HMAC made from the public key, which is no secret", async () => {
      const head = encoded({ alg: "HS256", typ: "vc+jwt", kid: chamber.kid });
      const body = encoded(certificatePayload(chamber.did));
      const pem = createPublicKey({ key: chamber.publicJwk, format: "jwk" }).export({
        type: "spki",
        format: "pem",
      });
      const mac = createHmac("sha256", pem).update(`${head}.${body}`).digest("base64url");
      expect(await refusal(`${head}.${body}.${mac}`)).to.equal("algorithm-refused");
    });

    it("with an algorithm that is not that of the issuer's key", async () => {
      const [, body, signature] = (await withHeader(chamber, {})).split(".");
      const head = encoded({ alg: "EdDSA", typ: "vc+jwt", kid: chamber.kid });
      expect(await refusal(`${head}.${body}.${signature}`)).to.equal("algorithm-refused");
    });

    it("with another typ, such as that of an access token or of a presentation, or none", async () => {
      for (const typ of ["JWT", "at+jwt", "vp+jwt", "vc+ld+jwt", "VC+JWT", undefined]) {
        expect(await refusal(await withHeader(chamber, { typ })), String(typ)).to.equal("media-type-refused");
      }
      expect(await refusal(await withHeader(chamber, { cty: "vp" }))).to.equal("media-type-refused");
    });

    it("with a kid that is missing, relative, a URL, or without the key's name", async () => {
      for (const kid of [
        undefined,
        "#key-1",
        "key-1",
        "https://evil.test/keys#1",
        chamber.did,
        `${chamber.did}#`,
      ]) {
        expect(await refusal(await withHeader(chamber, { kid })), String(kid)).to.equal("key-id-malformed");
      }
    });

    it("with the kid of another DID than its issuer, though the signature is that key's", async () => {
      const thief = newSigner("ES256");
      const text = await signVcJwt(certificatePayload(chamber.did), thief);
      expect(await codeOf(() => readVcJwt(text))).to.equal("issuer-mismatch");
      expect(await refusal(await withHeader(chamber, { iss: thief.did }))).to.equal("issuer-mismatch");
    });

    it("with a header that brings its own key or says where one is", async () => {
      const thief = newSigner("ES256");
      const brought: Readonly<Record<string, unknown>>[] = [
        { jwk: thief.publicJwk },
        { jku: "https://evil.test/keys" },
        { x5u: "https://evil.test/chain" },
        { x5c: ["MIIB"] },
        { crit: ["exp"], exp: 1 },
      ];
      for (const header of brought) {
        const text = await withHeader({ ...thief, did: chamber.did, kid: chamber.kid }, header);
        expect(await refusal(text), Object.keys(header).join()).to.equal("header-refused");
      }
    });

    it("with more bytes than a certificate ever has", async () => {
      const long = { credentialSubject: { id: "urn:x:1", filler: "x".repeat(LARGEST_CREDENTIAL) } };
      expect(await refusal(await signVcJwt(certificatePayload(chamber.did, long), chamber))).to.equal(
        "credential-too-large",
      );
    });

    it("in any other spelling of the same bytes, and what is none at all", async () => {
      const text = await withHeader(chamber, {});
      const [head = "", body = "", signature = ""] = text.split(".");
      for (const other of [
        `${text}=`,
        ` ${text}`,
        `${text}\n`,
        `${head}.${body}`,
        "{}",
        "",
        `${text}.${signature}`,
      ]) {
        expect(await refusal(other), other.slice(-20)).to.equal("not-a-credential");
      }
      expect(await refusal(`${encoded([1])}.${body}.${signature}`)).to.equal("header-malformed");
      expect(await refusal(`${head}.${Buffer.from("{").toString("base64url")}.${signature}`)).to.equal(
        "credential-malformed",
      );
      const notUtf8 = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString("base64url");
      expect(await refusal(`${head}.${notUtf8}.${signature}`)).to.equal("credential-malformed");
    });
  });
});
