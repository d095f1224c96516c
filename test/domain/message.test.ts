import { expect } from "chai";
import { TypedDataEncoder } from "ethers";

import {
  isMessageId,
  messageId,
  parseMessage,
  parseValidUntil,
  toWire,
  type WireMessage,
} from "../../src/domain/message.ts";
import { digestOf } from "../../src/domain/multihash.ts";
import { Problem } from "../../src/domain/problems.ts";

const endless: WireMessage = {
  sender: "homeaffairs.gov.au",
  receiver: "customs.gov.cn",
  subject: "chamber.com.au:chafta-coo:123",
  predicate: "UN.CEFACT.Regulatory.CertificateOfOrigin.created",
  obj: "QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n",
};
const wire: WireMessage = { ...endless, validUntil: "2027-06-03T00:00:00Z" };

// An independent implementation of EIP-712.
function idByEthers(message: WireMessage): string {
  const parsed = parseMessage(message);
  return TypedDataEncoder.hashStruct(
    "Message",
    {
      Message: [
        { name: "sender", type: "string" },
        { name: "receiver", type: "string" },
        { name: "subject", type: "string" },
        { name: "predicate", type: "string" },
        { name: "obj", type: "bytes32" },
        { name: "validUntil", type: "uint64" },
      ],
    },
    { ...parsed, obj: `0x${digestOf(parsed.obj)}`, validUntil: parsed.validUntil ?? 0 },
  );
}

function codeOf(change: Partial<Record<keyof WireMessage, string>>): string {
  try {
    parseMessage({ ...wire, ...change });
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
  return "accepted";
}

describe("message", () => {
  it("has its EIP-712 struct hash as its id", () => {
    expect(messageId(parseMessage(wire))).to.equal(idByEthers(wire));
    expect(messageId(parseMessage(endless))).to.equal(idByEthers(endless));
  });

  it("has another id when any member is another", () => {
    const changes: readonly Partial<WireMessage>[] = [
      { sender: "customs.gov.sg" },
      { receiver: "customs.gov.sg" },
      { subject: "chamber.com.au:chafta-coo:124" },
      { predicate: "UN.CEFACT.Regulatory.CertificateOfOrigin.attached" },
      { obj: "QmRN6wdp1S2A5EtjW9A3M1vKSBuQQGcgvuhoMUoEz4iiT5" },
      { validUntil: "2027-06-03T00:00:01Z" },
    ];
    const ids = [wire, ...changes.map((change) => ({ ...wire, ...change }))].map((each) =>
      messageId(parseMessage(each)),
    );
    expect(new Set(ids).size).to.equal(ids.length);
    expect(ids.every(isMessageId)).to.equal(true);
  });

  it("has the same id however its hash and its expiry are written", () => {
    const hex = `1220${digestOf(parseMessage(wire).obj)}`;
    const other = { ...wire, obj: hex, validUntil: "2027-06-03T10:00:00.999+10:00" };
    expect(messageId(parseMessage(other))).to.equal(messageId(parseMessage(wire)));
  });

  it("is written to JSON as it was read, without an expiry where there is none", () => {
    expect(toWire(parseMessage(wire))).to.deep.equal(wire);
    expect(toWire(parseMessage(endless))).to.deep.equal(endless);
  });

  const bad: readonly (readonly [string, Partial<Record<keyof WireMessage, string>>])[] = [
    ["an upper-case domain", { sender: "Homeaffairs.gov.au" }],
    ["a domain of one label", { sender: "localhost" }],
    ["a domain with a trailing dot", { receiver: "customs.gov.cn." }],
    ["a domain that is not in A-labels", { receiver: "zölle.de" }],
    ["a label that begins with a hyphen", { receiver: "-customs.gov.cn" }],
    ["a domain longer than 253 characters", { receiver: `${"a.".repeat(126)}cn` }],
    ["an empty subject", { subject: "" }],
    ["a subject of 201 characters", { subject: "s".repeat(201) }],
    ["a subject with a space", { subject: "a b" }],
    ["a subject with a line break", { subject: "a\nb" }],
    ["a subject that ends with a line break", { subject: "ab\n" }],
    ["a subject beyond ASCII", { subject: "證書" }],
    ["an empty predicate", { predicate: "" }],
    ["a predicate of 201 characters", { predicate: "p".repeat(201) }],
    ["an expiry without time zone", { validUntil: "2027-06-03T00:00:00" }],
    ["an expiry that is only a date", { validUntil: "2027-06-03" }],
    ["an expiry on a day that does not exist", { validUntil: "2027-13-03T00:00:00Z" }],
    ["an expiry on 30 February, instead of moving it to March", { validUntil: "2027-02-30T00:00:00Z" }],
    ["an expiry at the hour 24", { validUntil: "2027-06-03T24:00:00Z" }],
    ["an expiry past the year 9999 in universal time", { validUntil: "9999-12-31T23:59:59-01:00" }],
    ["an expiry at the epoch", { validUntil: "1970-01-01T00:00:00Z" }],
  ];
  for (const [name, change] of bad) {
    it(`refuses ${name}`, () => {
      expect(codeOf(change)).to.equal("malformed-message");
    });
  }

  it("takes a subject of 200 characters", () => {
    expect(codeOf({ subject: "s".repeat(200) })).to.equal("accepted");
  });

  it("cuts fractions of a second off an expiry", () => {
    expect(parseValidUntil("2027-06-03T00:00:00.999Z")).to.equal(Date.parse("2027-06-03T00:00:00Z") / 1000);
  });

  it("takes an expiry with lower-case t and z, as RFC 3339 allows", () => {
    expect(parseValidUntil("2027-06-03t00:00:00z")).to.equal(Date.parse("2027-06-03T00:00:00Z") / 1000);
  });
});
