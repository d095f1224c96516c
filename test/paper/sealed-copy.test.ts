import { createDecipheriv, createHash, randomBytes } from "node:crypto";

import { expect } from "chai";
import { CompactEncrypt } from "jose";

import { multihashOf } from "../../src/domain/multihash.ts";
import { LARGEST_SEALED, openSealedCopy, paddedSize, SealedCopyFault } from "../../src/paper/sealed-copy.ts";
import { rejection } from "../rejection.ts";
import { sealedText } from "./sealed-text.ts";

const keyOf = () => Uint8Array.from(randomBytes(32));
const hashOf = (bytes: Uint8Array) => multihashOf(createHash("sha256").update(bytes).digest("hex"));
const bytes = new TextEncoder().encode('{"number":"WBC208897"}');
const mediaType = "application/json";
const multihash = hashOf(bytes);

describe("a document's sealed copy", () => {
  const accessKey = keyOf();
  let jwe: string;
  const codeOf = async (text: string, key = accessKey, hash = multihash) => {
    const error = await rejection(openSealedCopy(text, key, hash));
    if (!(error instanceof SealedCopyFault)) throw error;
    return error.code;
  };
  /** As somebody else would make one, by the same key. */
  const other = async (plaintext: Uint8Array, header: Record<string, string> = {}) =>
    new CompactEncrypt(plaintext)
      .setProtectedHeader({ alg: "dir", enc: "A256GCM", typ: "icl-sealed+jwe", ...header })
      .encrypt(accessKey);

  before(async () => {
    jwe = await sealedText({ mediaType, bytes }, accessKey);
  });

  it("opens with the key on the paper, to the very bytes and their type", async () => {
    expect(await openSealedCopy(jwe, accessKey, multihash)).to.deep.equal({ mediaType, bytes });
    const largest = new Uint8Array(LARGEST_SEALED).fill(7);
    const made = await sealedText({ mediaType: "application/pdf", bytes: largest }, accessKey);
    const opened = await openSealedCopy(made, accessKey, hashOf(largest));
    expect(Buffer.compare(opened.bytes, largest)).to.equal(0);
  });

  it("is AES-256-GCM as the platform knows it, and no two are the same", async () => {
    const [header = "", key, iv = "", content = "", tag = ""] = jwe.split(".");
    expect(key).to.equal("");
    const decipher = createDecipheriv("aes-256-gcm", accessKey, Buffer.from(iv, "base64url"));
    decipher.setAAD(Buffer.from(header, "ascii")).setAuthTag(Buffer.from(tag, "base64url"));
    const plain = Buffer.concat([decipher.update(Buffer.from(content, "base64url")), decipher.final()]);
    expect(plain.subarray(0, 1 + mediaType.length).toString("latin1")).to.equal(`\u0010${mediaType}`);
    expect(plain.readUInt32BE(1 + mediaType.length)).to.equal(bytes.length);
    expect(await sealedText({ mediaType, bytes }, accessKey)).not.to.equal(jwe);
  });

  it("has a length that says little of the document's", async () => {
    const lengths = new Set<number>();
    for (const size of [1, 100, 1_000, 4_000]) {
      lengths.add((await sealedText({ mediaType, bytes: new Uint8Array(size) }, accessKey)).length);
    }
    expect(lengths.size).to.equal(1);
    expect([1, 4_096, 4_097, 70_000, LARGEST_SEALED].map(paddedSize)).to.deep.equal([
      ...[4_096, 4_096, 8_192, 131_072, 8 * 1024 * 1024],
    ]);
  });

  it("is not made of a document that is too large", async () => {
    const error = await rejection(
      sealedText({ mediaType, bytes: new Uint8Array(LARGEST_SEALED + 1) }, accessKey),
    );
    expect(error).to.be.instanceOf(SealedCopyFault).and.to.include({ code: "too-large" });
  });

  it("opens with no other key, nor when it was changed, and says nothing of the key", async () => {
    const [another, short] = [keyOf(), Uint8Array.from(accessKey.subarray(1))];
    expect(await codeOf(jwe, another)).to.equal("wrong-key");
    expect(await codeOf(jwe, short)).to.equal("not-a-sealed-copy");
    const parts = jwe.split(".");
    const content = parts[3] ?? "";
    parts[3] = `${content.slice(0, 50)}${content[50] === "A" ? "B" : "A"}${content.slice(51)}`;
    expect(await codeOf(parts.join("."))).to.equal("wrong-key");
    const error = await rejection(openSealedCopy(jwe, another, multihash));
    const said = JSON.stringify(error) + String(error.stack);
    for (const form of ["base64", "base64url", "hex"] as const) {
      expect(said).not.to.contain(Buffer.from(another).toString(form));
    }
  });

  it("of another document is not shown, though the key opens it", async () => {
    const swapped = await sealedText({ mediaType, bytes: new TextEncoder().encode("{}") }, accessKey);
    expect(await codeOf(swapped)).to.equal("another-document");
  });

  it("that would unpack to more than it is, or asks for another key or algorithm, is refused before it is opened", async () => {
    const bomb = await other(new Uint8Array(200_000_000), { zip: "DEF" });
    expect(bomb.length).to.be.below(300_000);
    expect(await codeOf(bomb)).to.equal("not-a-sealed-copy");
    expect(await codeOf(await other(new Uint8Array(8), { cty: "text/html" }))).to.equal("not-a-sealed-copy");
    expect(await codeOf(await other(new Uint8Array(8), { typ: "JWT" }))).to.equal("not-a-sealed-copy");
    const headers = [
      { alg: "PBES2-HS256+A128KW", enc: "A256GCM", typ: "icl-sealed+jwe", p2c: 2_000_000_000, p2s: "AAAA" },
      { alg: "dir", enc: "A128CBC-HS256", typ: "icl-sealed+jwe" },
      { alg: "RSA-OAEP", enc: "A256GCM", typ: "icl-sealed+jwe" },
      {},
    ];
    const rest = jwe.split(".").slice(1).join(".");
    for (const header of headers) {
      const forged = `${Buffer.from(JSON.stringify(header)).toString("base64url")}.${rest}`;
      expect(await codeOf(forged), JSON.stringify(header)).to.equal("not-a-sealed-copy");
    }
  });

  it("whose frame lies about its lengths is refused", async () => {
    const frame = (type: number, size: number, length: number) => {
      const plain = new Uint8Array(length);
      plain[0] = type;
      if (length >= 5 + type) new DataView(plain.buffer).setUint32(1 + type, size);
      return plain;
    };
    for (const plain of [
      frame(0, 100, 20),
      frame(200, 0, 20),
      frame(0, 0xffffffff, 20),
      frame(0, 0, 0),
      frame(3, 1, 8),
    ]) {
      expect(await codeOf(await other(plain))).to.equal("not-a-sealed-copy");
    }
    const noText = frame(1, 0, 20);
    noText[1] = 0xff;
    expect(await codeOf(await other(noText))).to.equal("not-a-sealed-copy");
  });

  it("that is too long, or nothing of the kind, is refused", async () => {
    expect(await codeOf("A".repeat(12_000_000))).to.equal("too-large");
    for (const text of ["", "....", "a.b.c.d.e", "<html>", jwe.split(".").slice(0, 4).join(".")]) {
      expect(await codeOf(text), text.slice(0, 20)).to.be.oneOf(["not-a-sealed-copy", "wrong-key"]);
    }
  });
});
