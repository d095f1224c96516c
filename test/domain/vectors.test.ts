import { readFile } from "node:fs/promises";

import { expect } from "chai";

import type { Vectors } from "../../scripts/make-vectors.ts";
import { BatchBody, batchId, bodyLine, type BatchHeader } from "../../src/domain/batch.ts";
import { isIncluded, MerkleTree } from "../../src/domain/merkle-tree.ts";
import { messageId, parseMessage, toWire, type Message, type MessageId } from "../../src/domain/message.ts";
import type { Hex32 } from "../../src/domain/hex.ts";
import { digestOf, multihashOf } from "../../src/domain/multihash.ts";
import { parseDomain } from "../../src/domain/participant.ts";
import { parsePredicate } from "../../src/domain/predicate.ts";

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

  for (const { header, id, digest, subjects, messageIds, proofs } of batches) {
    const obj = multihashOf(digest);
    const validUntil = header.validUntil === 0 ? null : header.validUntil;
    const messages = subjects.map((subject): Message => {
      const { sender, receiver, predicate } = header;
      const wire = parseMessage({ sender, receiver, subject, predicate, obj });
      return { ...wire, validUntil };
    });
    const ours: BatchHeader = {
      sender: parseDomain(header.sender),
      receiver: parseDomain(header.receiver),
      predicate: parsePredicate(header.predicate),
      validUntil,
      root: header.root as Hex32,
      count: header.count,
      body: multihashOf(header.body),
    };

    describe(`the batch of ${header.count}`, () => {
      it("has messages with the ids that others compute", () => {
        expect(messages.map(messageId)).to.deep.equal(messageIds);
      });

      it("has the root and the id that others compute", () => {
        expect(new MerkleTree(messageIds as MessageId[]).root).to.equal(header.root);
        expect(batchId(ours)).to.equal(id);
      });

      it("has the proofs that others compute, each good for its own message and place only", () => {
        const tree = new MerkleTree(messageIds as MessageId[]);
        for (const [place, proof] of Object.entries(proofs)) {
          const index = Number(place);
          expect(tree.proof(index)).to.deep.equal(proof);
          const member = messageIds[index] as MessageId;
          expect(isIncluded(ours.root, index, member, proof as Hex32[])).to.equal(true);
          expect(isIncluded(ours.root, index + 1, member, proof as Hex32[])).to.equal(false);
          expect(isIncluded(ours.root, index, id as MessageId, proof as Hex32[])).to.equal(false);
        }
      });

      it("is read back from its body", () => {
        const body = new BatchBody(ours);
        for (const [index, message] of messages.entries()) {
          expect(body.add(bodyLine(message).trimEnd())).to.deep.equal({
            index,
            id: messageIds[index],
            message,
          });
        }
        expect(body.finish().root).to.equal(header.root);
      });
    });
  }
});
