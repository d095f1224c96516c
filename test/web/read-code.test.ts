import { expect } from "chai";

import { digestOf } from "../../src/domain/multihash.ts";
import { Problem } from "../../src/domain/problems.ts";
import { formatFragment, formatVerifierLink, type VerifierLink } from "../../src/paper/verifier-link.ts";
import { qrText, qrUrl } from "../../src/verification/qr-payload.ts";
import { readCode } from "../../web/verify/read-code.ts";
import { message } from "../channels/fixtures.ts";
import { messageId } from "../../src/domain/message.ts";

const own = "https://icl.homeaffairs.gov.au";
const multihash = message().obj;
const id = messageId(message());
const accessKey = Uint8Array.from({ length: 32 }, (_, index) => index * 7);
const link: VerifierLink = { multihash, messageId: id, accessKey };
const bare = { kind: "reference", multihash, messageId: null, accessKey: null, elsewhere: null };

describe("a code that the verifier's page is shown", () => {
  it("is read from the paper's link, and the same bare, and from both older forms", () => {
    const whole = { ...bare, messageId: id, accessKey };
    for (const text of [
      formatVerifierLink(own, link),
      `  ${formatVerifierLink(own, link)}\n`,
      formatFragment(link),
      `#${formatFragment(link)}`,
    ]) {
      expect(readCode(text, own), text).to.deep.equal(whole);
    }
    const keyless = { ...bare, messageId: id };
    expect(readCode(qrUrl(own, { multihash, messageId: id }), own)).to.deep.equal(keyless);
    expect(readCode(qrText({ multihash, messageId: id }), own)).to.deep.equal(keyless);
    expect(readCode(qrText({ multihash, messageId: null }), own)).to.deep.equal(bare);
  });

  it("may be a hash in any form, a plain digest, a message's id, or an offline seal", () => {
    const digest = digestOf(multihash);
    for (const text of [multihash, `1220${digest}`, digest, digest.toUpperCase(), `f1220${digest}`]) {
      expect(readCode(text, own), text).to.deep.equal(bare);
    }
    expect(readCode(id, own)).to.deep.equal({ ...bare, multihash: null, messageId: id });
    expect(readCode(" ICL1:6BF%X ", own)).to.deep.equal({ kind: "seal", text: "ICL1:6BF%X" });
  });

  it("that names another node, another port, another path or no TLS is told to lead elsewhere", () => {
    const elsewhereOf = (text: string, page = own) => {
      const code = readCode(text, page);
      return code.kind === "reference" ? code.elsewhere : undefined;
    };
    for (const base of [
      "https://icl.homeaffairs.gov.au.evil.example",
      "https://icl.homeaffairs.gov.au:8443",
      "https://icl.homeaffairs.gov.au/other",
      "http://icl.homeaffairs.gov.au",
      "https://icl.homeaffairs.gov.аu",
    ]) {
      const found = elsewhereOf(formatVerifierLink(base, link));
      expect(found?.base, base).to.equal(new URL(base).href.replace(/\/$/, ""));
    }
    const disguised = elsewhereOf(formatVerifierLink("https://icl.homeaffairs.gov.au@evil.example", link));
    expect(disguised).to.include({ host: "evil.example", base: "https://evil.example" });
    expect(elsewhereOf(formatVerifierLink("https://ICL.homeaffairs.gov.au:443", link))).to.equal(null);
    expect(elsewhereOf(formatVerifierLink(`${own}/icl`, link), `${own}/icl`)).to.equal(null);
  });

  it("that is anything else is refused, and never quoted", () => {
    const refused = [
      ...["", "   ", "hello", "javascript:alert(1)", "data:text/html,x", "ftp://x/verify", "x".repeat(3_000)],
      ...["https://", "https://evil.example/", "https://evil.example/verify", `${own}/verify#2.a.b.c`],
      ...[
        `${own}/verify/%E0%A4%A`,
        `${own}/verify/${multihash}?message=0x12`,
        `${own}/console#${formatFragment(link)}`,
      ],
      ...["1.Qm.x.y", `1.${multihash}.-.c2hvcnQ`, `urn:icl:verify:${multihash}:0x12`],
    ];
    for (const text of refused) {
      let thrown: unknown;
      try {
        readCode(text, own);
      } catch (error) {
        thrown = error;
      }
      expect(thrown, text).to.be.instanceOf(Problem);
      if (text.trim() !== "") expect((thrown as Problem).message).not.to.contain(text);
    }
  });
});
