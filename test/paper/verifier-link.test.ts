import { expect } from "chai";

import { parseMultihash } from "../../src/domain/multihash.ts";
import { Problem } from "../../src/domain/problems.ts";
import { formatFragment, formatVerifierLink, parseFragment } from "../../src/paper/verifier-link.ts";

const multihash = parseMultihash("QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n");
const messageId = `0x${"5b".repeat(32)}` as const;
const accessKey = Uint8Array.from({ length: 32 }, (_, place) => place * 7);

describe("the link on paper", () => {
  it("says hash, message and key in the fragment, and reads them back", () => {
    const link = formatVerifierLink("https://icl.homeaffairs.gov.au", { multihash, messageId, accessKey });
    const url = new URL(link);
    expect(url.origin + url.pathname + url.search).to.equal("https://icl.homeaffairs.gov.au/verify");
    expect(parseFragment(url.hash.slice(1))).to.deep.equal({ multihash, messageId, accessKey });
    expect(link.length).to.be.below(190);
  });

  it("may leave out the message and the key", () => {
    const bare = { multihash, messageId: null, accessKey: null };
    expect(formatFragment(bare)).to.equal(`1.${multihash}.-.-`);
    expect(parseFragment(formatFragment(bare))).to.deep.equal(bare);
  });

  it("is refused when it is cut, longer, of another version or not what it should be", () => {
    const whole = formatFragment({ multihash, messageId, accessKey });
    const [, , id = "", key = ""] = whole.split(".");
    for (const broken of [
      "",
      whole.slice(0, -1),
      `${whole}A`,
      whole.replace("1.", "2."),
      `${whole}.-`,
      `1.${multihash}.${id}`,
      `1.${multihash}.${key.slice(1)}.-`,
      `1.${multihash}..-`,
      `1.notahash.-.-`,
      `1.${multihash}.-.${key}${"=".repeat(400)}`,
    ]) {
      expect(() => parseFragment(broken), broken).to.throw(Problem);
    }
  });

  it("keeps the key out of what it says of a broken code", () => {
    const broken = formatFragment({ multihash, messageId, accessKey }).slice(0, -3);
    const key = broken.split(".")[3] ?? "";
    try {
      parseFragment(broken);
      expect.fail("it was read");
    } catch (error) {
      expect(error).to.be.instanceOf(Problem);
      expect(JSON.stringify(error) + String((error as Error).stack)).not.to.contain(key);
    }
  });
});
