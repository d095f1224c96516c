import { expect } from "chai";

import { digestOf, multihashOf, parseMultihash } from "../../src/domain/multihash.ts";
import { Problem } from "../../src/domain/problems.ts";

const MULTIHASH = "QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n";
const DIGEST = "25e360ac3ba29797844f80627e39a43972b0199e340433b89154f9c4e0781b91";
const BYTES = Buffer.from(`1220${DIGEST}`, "hex");

function refusalOf(text: string): Problem {
  try {
    parseMultihash(text);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe("multihash", () => {
  const forms: readonly (readonly [string, string])[] = [
    ["base58btc", MULTIHASH],
    ["base64 with padding", BYTES.toString("base64")],
    ["base64 without padding", BYTES.toString("base64").replace(/=+$/, "")],
    ["URL-safe base64 without padding", BYTES.toString("base64url")],
    ["hexadecimal", BYTES.toString("hex")],
    ["upper-case hexadecimal", BYTES.toString("hex").toUpperCase()],
    ["hexadecimal with 0x", `0x${BYTES.toString("hex")}`],
    ["multibase base16 (f)", `f${BYTES.toString("hex")}`],
    ["multibase base58btc (z)", `z${MULTIHASH}`],
    ["multibase base64 (m)", `m${BYTES.toString("base64").replace(/=+$/, "")}`],
    ["multibase base64url (u)", `u${BYTES.toString("base64url")}`],
  ];
  for (const [name, text] of forms) {
    it(`reads ${name} as the same hash`, () => {
      expect(parseMultihash(text)).to.equal(MULTIHASH);
    });
  }

  it("reads every multibase form of every kind of digest that base64 characters can trouble", () => {
    for (let byte = 0; byte < 256; byte++) {
      const bytes = Buffer.concat([Buffer.from([0x12, 0x20]), Buffer.alloc(32, byte)]);
      const expected = multihashOf(bytes.subarray(2).toString("hex"));
      for (const text of [bytes.toString("base64"), bytes.toString("base64url"), bytes.toString("hex")]) {
        expect(parseMultihash(text), text).to.equal(expected);
      }
    }
  });

  const bad: readonly (readonly [string, string])[] = [
    ["an empty text", ""],
    ["the malformed example hash of the specification", "QEiCcvAfD+ZFyWDajqipYHKICkZiqQgudmbwOEx2fPiy+Rw"],
    ["a digest without the multihash header", DIGEST],
    ["one byte too few", BYTES.subarray(0, 33).toString("hex")],
    ["one byte too many", `${BYTES.toString("hex")}00`],
    ["another hash function", `1120${DIGEST}`],
    ["another declared length", `1221${DIGEST}`],
    ["a version 1 CID", "bafybeibf4nqkyo5cs6lyit4amj7dtjbzokybthruaqz3rekt7hcoa6a3se"],
    ["a path", "../../etc/passwd"],
    ["a very long text", "Q".repeat(100_000)],
  ];
  for (const [name, text] of bad) {
    it(`refuses ${name}`, () => {
      const problem = refusalOf(text);
      expect(problem.code).to.equal("malformed-multihash");
      expect(problem.status).to.equal(400);
    });
  }

  it("goes to the digest and back", () => {
    expect(digestOf(parseMultihash(MULTIHASH))).to.equal(DIGEST);
    expect(multihashOf(DIGEST)).to.equal(MULTIHASH);
    expect(multihashOf(`0x${DIGEST.toUpperCase()}`)).to.equal(MULTIHASH);
  });

  it("refuses to build a multihash around anything but 32 bytes", () => {
    expect(() => multihashOf(DIGEST.slice(2))).to.throw(Problem, "64 hexadecimal digits");
    expect(() => multihashOf(`${DIGEST.slice(1)}g`)).to.throw(Problem, "64 hexadecimal digits");
  });
});
