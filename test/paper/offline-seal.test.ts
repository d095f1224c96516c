import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";

import { decode as decodeIndependently } from "cbor2";
import { encode } from "cborg";
import { expect } from "chai";
import type { CryptoKey } from "jose";
import { encodeQR } from "qr";

import { fromBase45, toBase45 } from "../../src/paper/base45.ts";
import { checkOfflineSeal } from "../../src/paper/check-seal.ts";
import { fitLines, type SealedLine } from "../../src/paper/fit-lines.ts";
import {
  keyIdOf,
  readOfflineSeal,
  SEAL_PREFIX,
  SealFault,
  signOfflineSeal,
  type SealedFacts,
} from "../../src/paper/offline-seal.ts";
import { au, cn } from "../channels/fixtures.ts";
import { newSealKey, sampleFacts, sampleNow, trusted, trustListOf } from "./seal-fixtures.ts";

const key = newSealKey();
const trust = trustListOf(trusted(au, [newSealKey(), key]), trusted(cn, [newSealKey()]));

interface Parts {
  header: Uint8Array;
  unprotected: unknown;
  payload: Uint8Array;
  signature: Uint8Array;
}

function partsOf(seal: string): Parts {
  const [header, unprotected, payload, signature] = decodeIndependently<
    [Uint8Array, unknown, Uint8Array, Uint8Array]
  >(fromBase45(seal.slice(SEAL_PREFIX.length)).subarray(1));
  return { header, unprotected, payload, signature };
}

const sealed = (bytes: Uint8Array) => SEAL_PREFIX + toBase45(bytes);
function put({ header, unprotected, payload, signature }: Parts): string {
  return sealed(Uint8Array.from([0xd2, ...encode([header, unprotected, payload, signature])]));
}

/** A seal as its key would have signed it, had it been told to sign this header and payload. */
async function forged(header: Uint8Array, payload: Uint8Array, by = key): Promise<string> {
  const signed = Uint8Array.from(encode(["Signature1", header, new Uint8Array(0), payload]));
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, by.key as CryptoKey, signed);
  return put({ header, unprotected: new Map(), payload, signature: new Uint8Array(signature) });
}

const payloadWith = (seal: string, members: readonly (readonly [number, unknown])[]) => {
  const payload = new Map(decodeIndependently<Map<number, unknown>>(partsOf(seal).payload));
  for (const [name, value] of members) {
    if (value === undefined) payload.delete(name);
    else payload.set(name, value);
  }
  return Uint8Array.from(encode(payload));
};
const outcomeOf = async (seal: string, list = trust) =>
  (await checkOfflineSeal(seal, list, sampleNow)).outcome;

describe("the offline seal", () => {
  let seal: string;

  before(async () => {
    seal = await signOfflineSeal(sampleFacts, key);
  });

  it("says its facts, is genuine, and has fewer than 700 characters, all of them cheap in a QR code", async () => {
    const found = await checkOfflineSeal(seal, trust, sampleNow);
    expect(found).to.deep.equal({ outcome: "genuine", facts: sampleFacts, remarks: [] });
    expect(seal.length).to.be.below(700);
    expect(seal).to.match(/^ICL1:[0-9A-Z $%*+\-./:]+$/);
    expect(encodeQR(seal, "raw", { ecc: "medium", border: 4 }).length).to.be.at.most(97);
  });

  it("is what another reader of CBOR and another check of ECDSA take it for", async () => {
    const { header, payload, signature } = partsOf(seal);
    const kid = Buffer.from(await keyIdOf(key.publicJwk), "hex");
    expect(Buffer.from(header).toString("hex")).to.equal(`a2012604` + `48${kid.toString("hex")}`);
    const said = decodeIndependently<Map<number, unknown>>(payload);
    expect([...said.keys()]).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(said.get(1)).to.equal(au);
    expect(said.get(3)).to.equal(sampleFacts.statusAsOf / 1000);
    expect(said.get(9)).to.deep.equal(sampleFacts.lines.flat());
    const text = (value: string) => Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)]);
    const signed = Buffer.concat([
      Buffer.from([0x84]),
      text("Signature1"),
      Buffer.from([0x40 + header.length]),
      header,
      Buffer.from([0x40]),
      Buffer.from([0x59, payload.length >> 8, payload.length & 0xff]),
      payload,
    ]);
    const publicKey = createPublicKey({ key: { ...key.publicJwk }, format: "jwk" });
    expect(verify("sha256", signed, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature)).to.equal(true);
  });

  it("stays below 700 characters whatever it has to say, and nothing but lines is cut", async () => {
    const hsCodes = Array.from({ length: 200 }, (_, n) => String(220_000 + n)).join(", ");
    const chinese = "中华人民共和国上海市浦东新区国际贸易有限责任公司".repeat(8);
    const longDomain = `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(57)}.au`;
    const cases: readonly Partial<SealedFacts>[] = [
      { lines: [...sampleFacts.lines.slice(0, 3), ["HS codes", hsCodes]] },
      { lines: [["编号", chinese], ["出口商", chinese], ["收货人", chinese], ["HS", hsCodes]] }, // prettier-ignore
      { lines: Array.from({ length: 200 }, (_, n): SealedLine => [`Line ${n}`, hsCodes]) },
      { lines: [["Family", "👨‍👩‍👧‍👦".repeat(100)]] },
      { type: `UN.CEFACT.${"x".repeat(190)}` },
      {
        issuer: longDomain as typeof au,
        type: `UN.CEFACT.${"x".repeat(190)}`,
        lines: [["Number", "WBC208897"]],
      },
      { issuer: longDomain as typeof au, lines: [["Label", chinese], ["HS", hsCodes]] }, // prettier-ignore
    ];
    for (const otherwise of cases) {
      const facts = { ...sampleFacts, ...otherwise };
      const made = await signOfflineSeal(facts, key);
      expect(made.length).to.be.below(700);
      const { facts: read } = readOfflineSeal(made);
      const isLong = facts.issuer.length + (facts.type ?? "").length > 200;
      expect({ ...read, lines: [] }).to.deep.equal({ ...facts, type: isLong ? null : facts.type, lines: [] });
      for (const [place, [label, text]] of read.lines.entries()) {
        const [asked = "", whole = ""] = facts.lines[place] ?? [];
        expect(label).to.equal(asked);
        expect(text === whole || (text.endsWith("…") && whole.startsWith(text.slice(0, -1)))).to.equal(true);
      }
      expect(isLong || read.lines.length > 0 || facts.lines.length === 0).to.equal(true);
    }
  });

  it("is cut between characters, with what moves a cursor taken out, the last line going first", () => {
    const room = (most: number) => (lines: readonly SealedLine[]) => lines.flat().join("").length <= most;
    expect(fitLines([["A", "é".repeat(30)]], room(20))).to.deep.equal([["A", `${"é".repeat(18)}…`]]);
    const family = "👨‍👩‍👧‍👦";
    expect(fitLines([["A", family.repeat(3)]], room(30))).to.deep.equal([["A", `${family}${family}…`]]);
    expect(fitLines([["A", "x\u0000\u202e\n y"]], room(100))).to.deep.equal([["A", "x y"]]);
    expect(fitLines([["A", "x".repeat(50)], ["B", "y".repeat(50)]], room(20))).to.deep.equal([["A", `${"x".repeat(18)}…`]]); // prettier-ignore
    expect(fitLines([["A", "x"]], room(0))).to.deep.equal([]);
  });

  it("holds with known answers", async () => {
    const file = new URL("../vectors/offline-seals.json", import.meta.url);
    const vectors = JSON.parse(readFileSync(file, "utf8")) as {
      trustList: typeof trust;
      now: string;
      seals: { name: string; text: string; check: Awaited<ReturnType<typeof checkOfflineSeal>> }[];
    };
    expect(vectors.seals.length).to.be.at.least(8);
    for (const { name, text, check } of vectors.seals) {
      const found = await checkOfflineSeal(text, vectors.trustList, Date.parse(vectors.now));
      expect(found, name).to.deep.equal(check);
    }
  });

  it("tells expiry, clocks and old lists beside its outcome", async () => {
    const remarks = async (otherwise: Partial<SealedFacts>, now = sampleNow) =>
      (await checkOfflineSeal(await signOfflineSeal({ ...sampleFacts, ...otherwise }, key), trust, now))
        .remarks;
    expect(await remarks({ validUntil: sampleNow - 1000 })).to.deep.equal(["expired"]);
    expect(await remarks({ validFrom: sampleNow + 3_600_000 })).to.deep.equal(["not-yet-valid"]);
    expect(await remarks({ statusAsOf: sampleNow + 3_600_000 })).to.deep.equal(["status-ahead"]);
    expect(await remarks({ validUntil: null, validFrom: null }, Date.parse("2026-12-01"))).to.deep.equal([
      "list-old",
    ]);
  });

  it("says what the status was, so that a used certificate's is no free pass", async () => {
    for (const status of ["pending", "used", "revoked", "expired"] as const) {
      const made = await signOfflineSeal({ ...sampleFacts, status }, key);
      expect((await checkOfflineSeal(made, trust, sampleNow)).facts?.status).to.equal(status);
    }
  });
});

describe("a forged offline seal", () => {
  let seal: string;
  let parts: Parts;

  before(async () => {
    seal = await signOfflineSeal(sampleFacts, key);
    parts = partsOf(seal);
  });

  it("by another participant's key in the issuer's name is not genuine", async () => {
    const [, china] = [key, newSealKey()];
    const list = trustListOf(trusted(au, [key]), trusted(cn, [china]));
    const stolen = await signOfflineSeal(sampleFacts, china);
    expect(await outcomeOf(stolen, list)).to.equal("unknown-key");
    // With the name of the issuer's key on it as well: kid confusion.
    expect(await outcomeOf(await forged(parts.header, parts.payload, china), list)).to.equal("not-genuine");
  });

  it("by a participant that is suspended, or on no channel, is told", async () => {
    const suspended = trustListOf(trusted(au, [key], { status: "suspended" }));
    expect(await outcomeOf(seal, suspended)).to.equal("issuer-suspended");
    expect(await outcomeOf(seal, trustListOf(trusted(cn, [key])))).to.equal("unknown-issuer");
  });

  it("with any fact altered is not genuine", async () => {
    const altered: readonly (readonly [number, unknown])[] = [
      [2, 1],
      [3, sampleFacts.statusAsOf / 1000 + 86_400],
      [4, 1],
      [5, 2_000_000_000],
      [5, undefined],
      [6, new Uint8Array(32)],
      [7, new Uint8Array(32)],
      [8, "UN.CEFACT.Regulatory.PhytosanitaryCertificate.created"],
      [9, ["Number", "WBC999999"]],
      [9, undefined],
    ];
    for (const change of altered) {
      const made = put({ ...parts, payload: payloadWith(seal, [change]) });
      expect(await outcomeOf(made), JSON.stringify(change)).to.equal("not-genuine");
    }
    const china = put({ ...parts, payload: payloadWith(seal, [[1, cn]]) });
    expect(await outcomeOf(china), "another issuer has no such key").to.equal("unknown-key");
  });

  it("whose signature is flipped, empty or zero is not genuine or unreadable", async () => {
    const flipped = Uint8Array.from(parts.signature);
    flipped[10] = (flipped[10] ?? 0) ^ 1;
    expect(await outcomeOf(put({ ...parts, signature: flipped }))).to.equal("not-genuine");
    expect(await outcomeOf(put({ ...parts, signature: new Uint8Array(64) }))).to.equal("not-genuine");
    expect(await outcomeOf(put({ ...parts, signature: new Uint8Array(0) }))).to.equal("unreadable");
    expect(await outcomeOf(put({ ...parts, signature: new Uint8Array(96) }))).to.equal("unreadable");
  });

  it("with another algorithm, a key of its own, or more in its header is unreadable, though the signature holds", async () => {
    const kid = Buffer.from(await keyIdOf(key.publicJwk), "hex");
    const headers: readonly (readonly [unknown, unknown])[][] = [
      [[1, -35], [4, kid]], // ES384
      [[1, -8], [4, kid]], // EdDSA
      [[1, 5], [4, kid]], // HMAC
      [[1, "ES256"], [4, kid]],
      [[4, kid]],
      [[1, -7]],
      [[1, -7], [4, kid.subarray(1)]],
      [[1, -7], [4, "key"]],
      [[1, -7], [2, [4]], [4, kid]], // crit
      [[1, -7], [4, kid], [33, new Uint8Array(20)]], // x5chain
    ]; // prettier-ignore
    for (const header of headers) {
      const made = await forged(Uint8Array.from(encode(new Map(header))), parts.payload);
      expect(await outcomeOf(made), JSON.stringify(header)).to.equal("unreadable");
    }
    const beside = put({ ...parts, unprotected: new Map([[1, -7]]) });
    expect(await outcomeOf(beside), "what nobody signed").to.equal("unreadable");
  });

  it("whose key on the list is of another kind, or no point, is never by it", async () => {
    const odd = (jwk: Record<string, string>) =>
      trustListOf({ ...trusted(au, [key]), keys: [{ kid: `did:web:${au}#0`, jwk }] });
    const { x = "", y = "" } = trusted(au, [key]).keys[0]?.jwk ?? {};
    expect(await outcomeOf(seal, odd({ kty: "EC", crv: "P-256", x, y }))).to.equal("genuine");
    expect(await outcomeOf(seal, odd({ kty: "EC", crv: "P-384", x, y }))).to.equal("not-genuine");
    expect(await outcomeOf(seal, odd({ kty: "oct", k: x, x, y }))).to.equal("not-genuine");
    const off = y.replace(/^./, (first) => (first === "A" ? "B" : "A"));
    expect(await outcomeOf(seal, odd({ kty: "EC", crv: "P-256", x, y: off }))).to.equal("unknown-key");
  });

  it("replayed as another document's says which document it is of", async () => {
    const { facts } = await checkOfflineSeal(seal, trust, sampleNow);
    expect(facts?.multihash).to.equal(sampleFacts.multihash);
    expect(facts?.messageId).to.equal(sampleFacts.messageId);
  });

  it("in another encoding of the same is unreadable: none has two texts", async () => {
    const bytes = fromBase45(seal.slice(SEAL_PREFIX.length));
    const insert = (at: number, remove: number, ...more: number[]) =>
      sealed(Uint8Array.from([...bytes.subarray(0, at), ...more, ...bytes.subarray(at + remove)]));
    const others = {
      "a tail": insert(bytes.length, 0, 0),
      "no tag": sealed(bytes.slice(1)),
      "another tag": insert(0, 1, 0xd1),
      "a longer length": insert(1, 1, 0x98, 4),
      "an indefinite list": sealed(Uint8Array.from([0xd2, 0x9f, ...bytes.subarray(2), 0xff])),
      "lower case": SEAL_PREFIX.toLowerCase() + seal.slice(SEAL_PREFIX.length),
      "another version": seal.replace("ICL1:", "ICL2:"),
      cut: seal.slice(0, -3),
    };
    for (const [name, text] of Object.entries(others))
      expect(await outcomeOf(text), name).to.equal("unreadable");
    // Two bytes of zero stand as three characters of zero: in the code's own letters, and in no others.
    const zeroes = await signOfflineSeal({ ...sampleFacts, messageId: `0x${"00".repeat(32)}` }, key);
    const groups: string[] = [...(zeroes.slice(SEAL_PREFIX.length).match(/.{1,3}/g) ?? [])];
    expect(groups).to.include("000");
    groups[groups.indexOf("000")] = "\u0100AA";
    expect(await outcomeOf(zeroes)).to.equal("genuine");
    expect(await outcomeOf(SEAL_PREFIX + groups.join("")), "other letters").to.equal("unreadable");
    const odd: Readonly<Record<string, number[]>> = {
      "a key twice": [0xa2, 0x01, 0x61, 0x61, 0x01, 0x61, 0x62],
      "keys in another order": [0xa2, 0x02, 0x00, 0x01, 0x61, 0x61],
      "an indefinite map": [0xbf, 0x01, 0x61, 0x61, 0xff],
      "an indefinite text": [0xa1, 0x01, 0x7f, 0x61, 0x61, 0xff],
      "a longer number": [0xa1, 0x02, 0x18, 0x00],
      "a float for a number": [0xa1, 0x02, 0xf9, 0x00, 0x00],
      "no text": [0xa1, 0x01, 0x61, 0xff],
      "a member nobody knows": [0xa1, 0x0a, 0x00],
      "a list": [0x80],
      nothing: [],
      undefined: [0xf7],
    };
    for (const [name, payload] of Object.entries(odd)) {
      expect(await outcomeOf(await forged(parts.header, Uint8Array.from(payload))), name).to.equal(
        "unreadable",
      );
    }
  });

  it("with members of another type or size is unreadable", async () => {
    const wrong: readonly (readonly [number, unknown])[] = [
      [1, "not a domain"],
      [1, 5],
      [1, undefined],
      [2, 9],
      [2, -1],
      [2, "issued"],
      [3, 253_402_300_800],
      [3, -1],
      [3, undefined],
      [4, "today"],
      [6, new Uint8Array(31)],
      [6, "hash"],
      [7, new Uint8Array(33)],
      [8, 1],
      [9, ["odd"]],
      [9, [1, 2]],
      [9, new Map()],
    ];
    for (const change of wrong) {
      const made = await forged(parts.header, payloadWith(seal, [change]));
      expect(await outcomeOf(made), JSON.stringify(change)).to.equal("unreadable");
    }
  });

  it("that is to exhaust its reader is refused at once", () => {
    const bombs = [
      ICL(new Uint8Array(600).fill(0x81)), // lists within lists
      ICL(new Uint8Array(600).fill(0xd2)), // tags within tags
      ICL(Uint8Array.from([0xd2, 0x9b, ...new Array<number>(8).fill(0xff)])), // a list of 2^64 items
      ICL(Uint8Array.from([0xd2, 0x9a, 0xff, 0xff, 0xff, 0xff])),
      ICL(Uint8Array.from([0xd2, 0x84, 0x5b, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff])), // 4 GiB of bytes
      ICL(Uint8Array.from([0xd2, 0xbb, 0x00, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])),
      ICL(Uint8Array.from([0xd2, 0x7b, 0x00, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])),
      `ICL1:${"0".repeat(2_000)}`,
      `ICL1:${"A".repeat(1_000_000)}`,
    ];
    const began = process.hrtime.bigint();
    for (const bomb of bombs) expect(() => readOfflineSeal(bomb)).to.throw(SealFault);
    expect(Number((process.hrtime.bigint() - began) / 1_000_000n)).to.be.below(5_000);

    function ICL(bytes: Uint8Array): string {
      return SEAL_PREFIX + toBase45(bytes);
    }
  });

  it("that is no base45 is refused, and nothing of it is quoted", () => {
    for (const text of [
      "ICL1:",
      "ICL1:A",
      "ICL1:::::",
      "ICL1:ZZZ",
      "ICL1:abc",
      "ICL1:\u0000\u0000\u0000",
      "ICL1:é€",
    ]) {
      try {
        readOfflineSeal(text);
        expect.fail(text);
      } catch (error) {
        expect(error).to.be.instanceOf(SealFault);
        expect((error as Error).cause).to.equal(undefined);
      }
    }
  });
});
