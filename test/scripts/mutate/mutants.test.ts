import { expect } from "chai";
import { ethers } from "ethers";
import { network } from "hardhat";

import { compile } from "../../../scripts/mutate/compiler.ts";
import { findMutants, type Mutant } from "../../../scripts/mutate/find-mutants.ts";
import { instrument, keyOf, switchedOn } from "../../../scripts/mutate/instrument.ts";

const file = "contracts/Gate.sol";
// Beyond ASCII on purpose: solc counts bytes.
const text = `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;
/// @notice Öffnet – or not.
contract Gate {
    uint256 private constant STEP = 1 << 2;
    uint256 public opened;
    error Shut();
    event Opened(uint256 at);
    modifier counted(uint256 at) { _count(at); _; }
    function _count(uint256 at) private pure { require(at != 7, Shut()); }
    function open(uint256 at, bool wide) external counted(at) {
        require(at > 3 && wide, Shut());
        opened += STEP;
        emit Opened(at);
    }
}
`;

describe("mutants of a contract", () => {
  const { trees } = compile({ [file]: text }, "trees");
  const mutants = findMutants(file, text, trees[file] ?? expect.fail());
  const named = (part: string): Mutant =>
    mutants.find(({ id }) => id.includes(part)) ?? expect.fail(`no mutant ${part}`);

  it("are found for conditions, operands, operators, statements and modifiers, each with a name of its own", () => {
    const ids = mutants.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
    expect(ids).to.include.members([
      "Gate: 1 << 2 → 1 >> 2",
      "Gate.open: at > 3 && wide → true",
      "Gate.open: at > 3 && wide → false",
      "Gate.open: at > 3 && wide → at > 3 || wide",
      "Gate.open: at > 3 → at <= 3",
      "Gate.open: at > 3 → at >= 3",
      "Gate.open: wide → true",
      "Gate.open: opened += STEP → opened -= STEP",
      "Gate.open: opened += STEP; → removed",
      "Gate.open: emit Opened(at); → removed",
      "Gate.open: counted(at) → removed",
    ]);
  });

  it("sleep in one compilation, and each does its harm when it is switched on, and no other", async () => {
    const sources = instrument({ [file]: text }, trees, () => expect.fail(), mutants);
    const { bytecodes } = compile(sources, "bytecodes");
    const code = bytecodes.Gate ?? expect.fail();
    // A modifier's own text gives way to the copies that can be switched off.
    for (const mutant of mutants.filter(({ id }) => !id.startsWith("Gate.counted:"))) {
      expect(code, mutant.id).to.include(keyOf(mutant));
    }
    const connection = await network.create();
    const [signer] = await connection.ethers.getSigners();
    const abi = ["function open(uint256, bool)", "function opened() view returns (uint256)"];
    const outcome = async (bytecode: string, at: number, wide: boolean): Promise<string> => {
      const made = await new ethers.ContractFactory(abi, bytecode, signer).deploy();
      const gate = new ethers.Contract(await made.getAddress(), abi, signer);
      try {
        const sent = (await gate.getFunction("open")(at, wide)) as ethers.ContractTransactionResponse;
        const receipt = await sent.wait();
        const events = receipt?.logs.length ?? 0;
        return `${String(await gate.getFunction("opened")())} opened, ${events} events`;
      } catch {
        return "refused";
      }
    };
    expect(await outcome(code, 4, true)).to.equal("4 opened, 1 events");
    expect(await outcome(code, 3, true)).to.equal("refused");
    for (const [part, at, wide, result] of [
      ["1 << 2 → 1 >> 2", 4, true, "0 opened, 1 events"],
      ["at > 3 → at >= 3", 3, true, "4 opened, 1 events"],
      ["wide → true", 4, false, "4 opened, 1 events"],
      ["&& wide → false", 4, true, "refused"],
      ["emit Opened(at); → removed", 4, true, "4 opened, 0 events"],
      ["opened += STEP; → removed", 4, true, "0 opened, 1 events"],
      ["counted(at) → removed", 7, true, "4 opened, 1 events"],
    ] as const) {
      expect(await outcome(switchedOn(code, named(part)), at, wide), part).to.equal(result);
    }
    await connection.close();
  });
});
