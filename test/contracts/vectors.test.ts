import { readFile } from "node:fs/promises";

import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import { HDNodeWallet, id, Mnemonic, ZeroAddress, ZeroHash } from "ethers";
import { network } from "hardhat";

import {
  makeVectors,
  type BatchVector,
  type MessageVector,
  type Vectors,
} from "../../scripts/make-vectors.ts";
import type { Channel } from "../../types/ethers-contracts/Channel.ts";
import { Effect, noIssuance } from "./fixture.ts";

const file = new URL("../vectors/messages.json", import.meta.url);
const vectors = JSON.parse(await readFile(file, "utf8")) as Vectors;
const { messages, authorisations, batches } = vectors;

function hashed({ message, digest, validUntil }: MessageVector) {
  const { sender, receiver, subject, predicate } = message;
  return {
    sender: id(sender),
    receiver: id(receiver),
    subject,
    predicate: id(predicate),
    obj: digest,
    validUntil,
  };
}

function headerOf({ header }: BatchVector) {
  const { sender, receiver, predicate } = header;
  return { ...header, sender: id(sender), receiver: id(receiver), predicate: id(predicate) };
}

describe("the published test vectors, on chain", () => {
  let channel: Channel;

  // The signatures are bound to a chain and to an address: the first contract of a fresh development chain.
  before(async () => {
    const { ethers } = await network.create({
      network: "default",
      override: { chainId: vectors.domain.chainId },
    });
    const [deployer] = await ethers.getSigners();
    if (deployer === undefined) expect.fail("A development chain has accounts.");
    const operator = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(vectors.phrase), vectors.signerPath);
    const factory = await ethers.getContractFactory("Channel", deployer);
    channel = await factory.deploy({
      name: "Vectors",
      consortium: deployer,
      adminDelay: 0,
      recoveryDelay: 86_400,
      validFrom: 0,
      validUntil: 0,
      test: false,
      opaqueSubjects: false,
      predecessor: ZeroAddress,
    });
    const all = messages.map(({ message }) => message);
    for (const domain of new Set(all.flatMap(({ sender, receiver }) => [sender, receiver]))) {
      await channel.admit(domain, "0x5858", deployer);
      await channel.accept(id(domain), "https://icl.example.org");
    }
    for (const predicate of new Set(all.map((message) => message.predicate))) {
      await channel.registerMessageType(predicate, Effect.issue, true, ZeroHash, ZeroAddress);
      for (const domain of new Set(all.map(({ sender }) => sender))) {
        await channel.appointOperator(id(domain), id(predicate), operator);
        await channel.appointOperator(id(domain), id(predicate), deployer);
      }
    }
  });

  it("are what ethers and OpenZeppelin's merkle-tree compute today", () => {
    expect(makeVectors()).to.deep.equal(vectors);
  });

  it("are of this channel's EIP-712 domain", async () => {
    const { name, version, chainId, verifyingContract } = await channel.eip712Domain();
    expect({ name, version, chainId: Number(chainId), verifyingContract }).to.deep.equal(vectors.domain);
  });

  for (const [index, vector] of messages.entries()) {
    it(`message ${index} has its id`, async () => {
      expect(await channel.messageId(hashed(vector))).to.equal(vector.id);
    });
  }

  for (const [index, { message, nonce, deadline, signer, signature }] of authorisations.entries()) {
    it(`authorisation ${index} is taken as its signer's word`, async () => {
      const vector = messages[message] ?? expect.fail();
      await expect(channel.sendBySig(hashed(vector), noIssuance, { signer, nonce, deadline, signature }))
        .to.emit(channel, "MessageSent")
        .withArgs(
          vector.id,
          id(vector.message.sender),
          id(vector.message.receiver),
          id(vector.message.predicate),
          vector.digest,
          vector.validUntil,
          signer,
          vector.message.subject,
        );
    });
  }

  for (const vector of batches) {
    describe(`the batch of ${vector.header.count}`, () => {
      it("has its id", async () => {
        expect(await channel.batchId(headerOf(vector))).to.equal(vector.id);
      });

      it("proves each message at its place, and at no other", async () => {
        const header = headerOf(vector);
        await channel.anchor(header);
        const { count, root, validUntil } = vector.header;
        for (const [place, proof] of Object.entries(vector.proofs)) {
          const index = Number(place);
          const message = {
            sender: header.sender,
            receiver: header.receiver,
            subject: vector.subjects[index] ?? expect.fail(),
            predicate: header.predicate,
            obj: vector.digest,
            validUntil,
          };
          expect(await channel.messageId(message)).to.equal(vector.messageIds[index]);
          expect(await channel.verify(message, header, index, [...proof])).to.deep.equal([
            true,
            false,
            false,
            false,
          ]);
          if (count > 1) {
            const other = (index + 1) % count;
            await expect(channel.verify(message, header, other, [...proof]))
              .to.be.revertedWithCustomError(channel, "BatchProofInvalid")
              .withArgs(header.sender, root, other);
          }
        }
      });

      it("has the root that its message ids give", () => {
        const leaves = vector.messageIds.map((messageId, index): [number, string] => [index, messageId]);
        expect(StandardMerkleTree.of(leaves, ["uint256", "bytes32"]).root).to.equal(vector.header.root);
      });
    });
  }
});
