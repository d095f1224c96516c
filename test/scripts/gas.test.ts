import { readFile } from "node:fs/promises";

import { expect } from "chai";

import { openChain } from "../../scripts/gas/chain.ts";
import { complaints } from "../../scripts/gas/complaints.ts";
import { aims, measureOurs } from "../../scripts/gas/ours.ts";
import { measurePeers } from "../../scripts/gas/peers.ts";

describe("the gas figures", () => {
  it("are the same on every run, within their aims, and those of the snapshot or lower", async () => {
    const runs = [];
    for (let run = 0; run < 2; run += 1) {
      const chain = await openChain();
      runs.push(await measureOurs(chain));
      await chain.close();
    }
    const [first = {}, second] = runs;
    expect(first).to.deep.equal(second);
    const snapshot: unknown = JSON.parse(
      await readFile(new URL("../../gas-snapshot.json", import.meta.url), "utf8"),
    );
    expect(complaints(first, snapshot as Record<string, number>, aims)).to.deep.equal([]);
  });

  it("are measured beside those of three others, whose comparable operations cost more", async () => {
    const chain = await openChain();
    const ours = await measureOurs(chain);
    const peers = await measurePeers(chain);
    await chain.close();
    const of = (name: string, operation: string) => peers[name]?.[operation] ?? expect.fail(operation);
    const { inform = NaN, issue = NaN } = ours;
    const eas = "Ethereum Attestation Service";
    expect(of(eas, "attest 32 bytes")).to.be.above(issue);
    expect(of(eas, "attest a five-string message")).to.be.above(inform);
    expect(of(eas, "multiAttest of 100, each")).to.be.above(issue);
    const bulk = ours["anchor of 4096, per certificate"] ?? NaN;
    expect(of(eas, "multiTimestamp of 100, each")).to.be.above(bulk);
    const life = ours["single-use life (issue, acquit)"] ?? NaN;
    expect(of("TradeTrust token registry 5", "single-use life (mint, surrender, accept)")).to.be.above(life);
    const store = "OpenAttestation document store";
    expect(of(store, "issue a root of 128 documents, each")).to.be.above(bulk);
    expect(of(store, "revoke one leaf of 128")).to.be.above(ours.revoke ?? NaN);
  });

  describe("are refused", () => {
    it("where an operation grew", () => {
      expect(complaints({ issue: 101 }, { issue: 100 }, {})).to.deep.equal(["issue: grew from 100 to 101"]);
      expect(complaints({ issue: 100 }, { issue: 100 }, {})).to.deep.equal([]);
      expect(complaints({ issue: 99 }, { issue: 100 }, {})).to.deep.equal([]);
    });

    it("where an operation is new or gone", () => {
      expect(complaints({ issue: 1 }, {}, {})).to.deep.equal(["issue: not in the snapshot"]);
      expect(complaints({}, { issue: 1 }, {})).to.deep.equal([
        "issue: in the snapshot, but not measured any more",
      ]);
    });

    it("where an operation misses its aim, or has one and is not measured", () => {
      expect(complaints({ issue: 11 }, { issue: 11 }, { issue: 10 })).to.deep.equal([
        "issue: above its aim of 10",
      ]);
      expect(complaints({}, {}, { issue: 10 })).to.deep.equal(["issue: above its aim of 10"]);
    });
  });
});
