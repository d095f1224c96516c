import { readFile } from "node:fs/promises";

import { expect } from "chai";

import type { Vectors } from "../../scripts/make-vectors.ts";
import { messageId, parseMessage, toWire } from "../../src/domain/message.ts";
import { digestOf, multihashOf, parseMultihash } from "../../src/domain/multihash.ts";

const file = new URL("../vectors/messages.json", import.meta.url);
const { messages, batches } = JSON.parse(await readFile(file, "utf8")) as Vectors;

describe("the published test vectors, in TypeScript", () => {
  for (const [index, { message, digest, validUntil, id }] of messages.entries()) {
    it(`message ${index} has the id, digest and expiry that others compute`, () => {
      const parsed = parseMessage(message);
      expect(messageId(parsed)).to.equal(id);
      expect(`0x${digestOf(parsed.obj)}`).to.equal(digest);
      expect(parsed.validUntil ?? 0).to.equal(validUntil);
      expect(toWire(parsed)).to.deep.equal(message);
    });
  }

  for (const { header, digest, subjects, messageIds } of batches) {
    it(`the messages of the batch of ${header.count} have the ids that others compute`, () => {
      const obj = parseMultihash(multihashOf(digest.slice(2)));
      const { sender, receiver, predicate } = header;
      const validUntil = new Date(header.validUntil * 1000).toISOString();
      const ids = subjects.map((subject) => {
        const wire = { sender, receiver, subject, predicate, obj };
        return messageId(parseMessage(header.validUntil === 0 ? wire : { ...wire, validUntil }));
      });
      expect(ids).to.deep.equal(messageIds);
    });
  }
});
