import { expect } from "chai";
import { ethers } from "ethers";
import hre from "hardhat";

import { hashWithoutTerms, isKnownCode, knownCodes } from "../../../src/channels/evm/known-code.ts";
import { startLocalEvm, type LocalEvm } from "./local-evm.ts";
import { deployTestChannel } from "./test-channel.ts";

describe("The code of a channel contract", () => {
  let evm: LocalEvm;

  before(async () => {
    evm = await startLocalEvm();
  });

  after(() => evm.close());

  const codeAt = async (address: string) => (await evm.send("eth_getCode", [address, "latest"])) as string;

  it("is known to this release as the compiler makes it", async () => {
    const { deployedBytecode, immutableReferences = {} } = await hre.artifacts.readArtifact("Channel");
    const terms = Object.values(immutableReferences)
      .flat()
      .map(({ start }) => start)
      .sort((a, b) => a - b);
    const made = {
      length: ethers.dataLength(deployedBytecode),
      terms,
      hash: hashWithoutTerms(deployedBytecode, terms),
    };
    const [latest] = knownCodes;
    expect(latest, `write into known-code.ts: ${JSON.stringify(made)}`).to.deep.include(made);
  });

  it("is known whatever the channel's terms are", async () => {
    const plain = await deployTestChannel(evm);
    const other = await deployTestChannel(evm, { opaqueSubjects: true, validUntil: 4_000_000_000 });
    const [one, two] = [await codeAt(plain.address), await codeAt(other.address)];
    expect(one).not.to.equal(two);
    expect([isKnownCode(one), isKnownCode(two)]).to.deep.equal([true, true]);
  });

  it("is not known with a single byte more, less, or different outside its terms", async () => {
    const { address } = await deployTestChannel(evm);
    const code = await codeAt(address);
    const terms = new Set(
      knownCodes[0]?.terms.flatMap((place) => Array.from({ length: 32 }, (_, byte) => place + byte)),
    );
    const changed = (place: number) => {
      const bytes = ethers.getBytes(code);
      bytes[place] = (bytes[place] ?? 0) ^ 1;
      return ethers.hexlify(bytes);
    };
    const places = Array.from({ length: ethers.dataLength(code) }, (_, place) => place).filter(
      (place) => place % 97 === 0 && !terms.has(place),
    );
    for (const place of places) expect(isKnownCode(changed(place)), `byte ${place}`).to.equal(false);
    expect(isKnownCode(`${code}00`)).to.equal(false);
    expect(isKnownCode(code.slice(0, -2))).to.equal(false);
    expect(isKnownCode("0x")).to.equal(false);
  });
});
