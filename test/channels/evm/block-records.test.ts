import { expect } from "chai";
import { encodeRlp, keccak256 } from "ethers";

import { headerBytes } from "../../../src/channels/evm/block-records.ts";

const word = (digit: string) => `0x${digit.repeat(64)}`;
const address = (digit: string) => `0x${digit.repeat(40)}`;

/** A block's header as a client answers it, but for its hash. */
function blockWith(extraData: string): Record<string, string> {
  return {
    parentHash: word("1"),
    sha3Uncles: word("2"),
    miner: address("3"),
    stateRoot: word("4"),
    transactionsRoot: word("5"),
    receiptsRoot: word("6"),
    logsBloom: `0x${"00".repeat(256)}`,
    difficulty: "0x1",
    number: "0x0",
    gasLimit: "0x1fffff",
    gasUsed: "0x5208",
    timestamp: "0x6b0169d9",
    extraData,
    mixHash: word("7"),
    nonce: "0x0000000000000000",
  };
}

const encoded = (block: Record<string, string>, extraData: string) =>
  encodeRlp(
    Object.values({ ...block, extraData }).map((value) =>
      value.length < 12 && value !== "0x"
        ? BigInt(value) === 0n
          ? "0x"
          : value.replace(/^0x(.(..)*)$/, "0x0$1")
        : value,
    ),
  );

describe("a block's header", () => {
  const [vanity, validators, vote] = [word("a"), [address("b"), address("c")], []];
  const sealed = encodeRlp([vanity, validators, vote, "0x02", [`0x${"dd".repeat(65)}`]]);

  it("is hashed whole on most ledgers, whatever its extra data say", () => {
    for (const extraData of ["0x", "0x6c69666f", sealed]) {
      const block = blockWith(extraData);
      const bytes = encoded(block, extraData);
      expect(headerBytes({ ...block, hash: keccak256(bytes) })).to.equal(bytes);
    }
  });

  it("is hashed without the validators' seals under QBFT and IBFT 2.0", () => {
    const block = blockWith(sealed);
    const forms = { qbft: [vanity, validators, vote, "0x", []], ibft2: [vanity, validators, vote] };
    for (const form of Object.values(forms)) {
      const bytes = encoded(block, encodeRlp(form));
      expect(headerBytes({ ...block, hash: keccak256(bytes) })).to.equal(bytes);
    }
  });

  it("is none when no known form has the hash", () => {
    expect(headerBytes({ ...blockWith(sealed), hash: word("e") })).to.equal(null);
  });
});
