import { createHash, createPublicKey, X509Certificate } from "node:crypto";

import { expect } from "chai";

import { dnsNamesOf } from "../../src/identity/certificate-names.ts";
import { tlsPin } from "../../src/identity/tls-pin.ts";
import { startAuthority } from "./certificates.ts";

describe("the pin of a TLS key", () => {
  it("is an account made of the key's SHA-256, and the same for each certificate of that key", async () => {
    const authority = await startAuthority();
    const first = await authority.issue({ names: ["customs.gov.cn"] });
    const spki = createPublicKey(first.key).export({ type: "spki", format: "der" });
    expect(first.pin).to.equal(`0x${createHash("sha256").update(spki).digest("hex").slice(0, 40)}`);
    const renewed = await authority.issue({ names: ["icl.customs.gov.cn"], key: first.key });
    expect(renewed.certificate).not.to.equal(first.certificate);
    expect(renewed.pin).to.equal(first.pin);
    expect(tlsPin(new X509Certificate((await authority.issue()).certificate))).not.to.equal(first.pin);
  });
});

describe("a certificate's names", () => {
  it("are its DNS names alone: no wildcard, no common name, nothing that merely looks like one", async () => {
    const authority = await startAuthority();
    const names = async (terms: Parameters<typeof authority.issue>[0]) =>
      dnsNamesOf(new X509Certificate((await authority.issue(terms)).certificate));
    expect(await names({ names: ["customs.gov.cn", "ICL.customs.gov.cn"] })).to.deep.equal([
      "customs.gov.cn",
      "icl.customs.gov.cn",
    ]);
    expect(await names({ names: ["*.gov.cn", "customs.gov.cn."] })).to.deep.equal([]);
    expect(await names({ commonName: "customs.gov.cn" })).to.deep.equal([]);
    for (const trick of [
      "a.example, DNS:customs.gov.cn",
      "a.example, DNS:customs.gov.cn, b.example",
      "a.example\u0000, DNS:customs.gov.cn",
      'x", DNS:customs.gov.cn, DNS:"y',
    ]) {
      expect(await names({ names: [trick] }), JSON.stringify(trick)).to.deep.equal([]);
    }
  });
});
