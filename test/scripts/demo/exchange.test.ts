import { expect } from "chai";

import { playExchange, type Stage } from "../../../scripts/demo/exchange.ts";
import { Narrator } from "../../../scripts/demo/narrator.ts";
import { NodeClient } from "../../../scripts/demo/node-client.ts";
import { rejection } from "../../rejection.ts";

/** A node that answers every document with the hash of another. */
class LyingNode extends NodeClient {
  override store(): Promise<string> {
    return Promise.resolve("QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n");
  }
}

describe("the demonstration", () => {
  it("ends at the first statement that does not hold, and says which", async () => {
    const lines: string[] = [];
    const narrator = new Narrator((line) => lines.push(line));
    const node = new LyingNode("http://127.0.0.1:1", "Bearer none");
    // It ends before it looks at the ledger.
    const closed: string[] = [];
    const system = {
      subscribe: () => Promise.resolve(),
      close: () => {
        closed.push("system");
        return Promise.resolve();
      },
    };
    const stage = { narrator, australia: node, china: node, system, outsiders: [] } as unknown as Stage;
    const error = await rejection(playExchange(stage));
    expect(error).to.have.property("message", "This does not hold: the node hashes as everybody does");
    expect(lines.at(-1)).to.equal("    ✗ the node hashes as everybody does");
    expect(narrator.held).to.equal(0);
    expect(closed, "the subscriber listens no more").to.include("system");
  });

  it("counts what held", () => {
    const lines: string[] = [];
    const narrator = new Narrator((line) => lines.push(line));
    narrator.step("A step");
    narrator.holds("one", true);
    narrator.holds("two", true);
    expect(narrator.held).to.equal(2);
    expect(lines).to.deep.equal(["", " 1. A step", "    ✓ one", "    ✓ two"]);
  });
});
