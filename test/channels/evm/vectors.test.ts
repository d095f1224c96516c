import { readFile } from "node:fs/promises";

import { expect } from "chai";
import { recoverAddress, verifyTypedData } from "ethers";

import type { Vectors } from "../../../scripts/make-vectors.ts";
import {
  authorisationDigest,
  authorisationTypedData,
  encodeAuthorised,
} from "../../../src/channels/evm/authorisation.ts";
import { channelInterface } from "../../../src/channels/evm/contract-events.ts";
import { contractMessage } from "../../../src/channels/evm/encode.ts";
import { parseMessage } from "../../../src/domain/message.ts";

const file = new URL("../../vectors/messages.json", import.meta.url);
const { domain, messages, authorisations } = JSON.parse(await readFile(file, "utf8")) as Vectors;
const place = { chainId: domain.chainId, channel: domain.verifyingContract };

describe("the published authorisations, in TypeScript", () => {
  for (const [index, vector] of authorisations.entries()) {
    const message = parseMessage((messages[vector.message] ?? expect.fail()).message);
    const terms = { nonce: BigInt(vector.nonce), deadline: vector.deadline };

    it(`authorisation ${index} has the digest that others compute`, () => {
      expect(authorisationDigest(place, message, terms)).to.equal(vector.digest);
    });

    it(`authorisation ${index} is its signer's, as a wallet is shown it`, () => {
      const { domain, types, value } = authorisationTypedData(place, message, terms);
      expect(verifyTypedData(domain, types, value, vector.signature)).to.equal(vector.signer);
    });

    it(`authorisation ${index} is nobody's for another chain, channel, nonce, deadline or message`, () => {
      const others = [
        authorisationDigest({ ...place, chainId: 1 }, message, terms),
        authorisationDigest({ ...place, channel: vector.signer }, message, terms),
        authorisationDigest(place, message, { ...terms, nonce: terms.nonce ^ 1n }),
        authorisationDigest(place, message, { ...terms, deadline: terms.deadline + 1 }),
        authorisationDigest(place, { ...message, receiver: message.sender }, terms),
      ];
      expect(new Set([vector.digest, ...others])).to.have.property("size", 6);
      for (const digest of others)
        expect(recoverAddress(digest, vector.signature)).to.not.equal(vector.signer);
    });

    it(`authorisation ${index} is brought as the contract takes it`, () => {
      const { signer, signature } = vector;
      const data = encodeAuthorised(message, null, { ...terms, signer, signature });
      const [sent, issuance, authorisation] = channelInterface.decodeFunctionData("sendBySig", data);
      const { sender, receiver, subject, predicate, obj, validUntil } = contractMessage(message);
      expect(sent).to.deep.equal([sender, receiver, subject, predicate, obj, BigInt(validUntil)]);
      const nothing = `0x${"0".repeat(64)}`;
      expect(issuance).to.deep.equal([nothing, nothing, nothing, 0n]);
      expect(authorisation).to.deep.equal([signer, terms.nonce, BigInt(terms.deadline), signature]);
    });
  }
});
