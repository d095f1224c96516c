import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import type { Config, EvmChannelConfig } from "../../src/config.ts";
import { attached, au, cn, created } from "../channels/fixtures.ts";
import { startLocalEvm, type LocalEvm } from "../channels/evm/local-evm.ts";
import { deployTestChannel, nameHash } from "../channels/evm/test-channel.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";

const MOST = 30;
const OTHER_CHAIN = 31_338;

interface Line {
  readonly line: number;
  readonly id?: string;
  readonly status: number;
  readonly error?: { readonly code: string; readonly retryAfterSeconds?: number };
}

eachStore("a node whose ledger is away", (_openFresh, source) => {
  // Its own suite, so that the node has ended before its database is deleted.
  describe("with another channel at hand", () => {
    let directory: string;
    let world: World;
    let otherEvm: LocalEvm;
    let australia: Country;
    let obj: string;

    /** Adds a channel on another ledger, for notes alone; the first is for certificates alone. */
    const withOther = async (config: Config): Promise<Config> => {
      const other = await deployTestChannel(otherEvm);
      await (await other.contract.closeMessageType(nameHash(created))).wait();
      await (await world.channel.contract.closeMessageType(nameHash(attached))).wait();
      const { operatorKey, nodeKey, ...pins } = other.options(au, { kind: "immediate" });
      const { technology, rpcUrl, chainId, genesisHash, address, codeHash, fromBlock, finality } = pins;
      const [operator, node] = [join(directory, "operator"), join(directory, "node")];
      await writeFile(operator, operatorKey, { mode: 0o600 });
      await writeFile(node, nodeKey, { mode: 0o600 });
      const second: EvmChannelConfig = {
        ...{ technology, rpcUrl, chainId, genesisHash, address, codeHash, fromBlock, finality },
        operatorKey: { file: operator },
        nodeKey: { file: node },
      };
      return { ...config, channels: [...config.channels, second] };
    };

    beforeEach(async function () {
      this.timeout(120_000);
      directory = await mkdtemp(join(tmpdir(), "icl-pressure-"));
      world = await startWorld();
      otherEvm = await startLocalEvm(OTHER_CHAIN);
      const config = await withOther(await world.configure(au, "AU", await source.freshLocation()));
      australia = await world.start({ ...config, limits: { ...config.limits, waitingMessages: MOST } });
      await eventually(async () => (await australia.officer.request("/health/ready")).status === 200);
      obj = await australia.officer.store(Buffer.from("{}"), "application/json");
    });

    afterEach(async function () {
      this.timeout(60_000);
      await world.close();
      await otherEvm.close();
      await rm(directory, { recursive: true, force: true });
    });

    it("refuses what is for that ledger once too much waits, takes all else, and goes on by itself when it is back", async () => {
      const { officer } = australia;
      const draft = (subject: string, predicate: string = created) => ({
        receiver: cn,
        subject,
        predicate,
        obj,
      });
      const post = (subject: string, predicate: string = created) =>
        officer.request("/messages", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(draft(subject, predicate)),
        });
      const batch = async (drafts: readonly object[]): Promise<readonly Line[]> => {
        const response = await officer.request("/messages/batch", {
          method: "POST",
          headers: { "content-type": "application/x-ndjson" },
          body: drafts.map((each) => `${JSON.stringify(each)}\n`).join(""),
        });
        const text = await response.text();
        return text
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as Line);
      };
      const stored = async () => {
        const response = await officer.request("/messages?limit=1000");
        return ((await response.json()) as { items: { id: string }[] }).items.map(({ id }) => id);
      };

      world.evm.setReachable(false);
      const ids: string[] = [];
      for (let number = 0; number < MOST; number += 1)
        ids.push(await officer.send(draft(`chamber:${number}`)));
      const refused = await post("chamber:too-many");
      expect(refused.status).to.equal(503);
      expect(await refused.json()).to.include({ code: "ledger-behind" });
      expect(Number(refused.headers.get("retry-after"))).to.be.within(1, 60);
      expect(await stored(), "nothing is stored of what is refused").to.have.members(ids);

      // What is known is answered as ever, and another ledger takes what is for it.
      expect((await post("chamber:0")).status).to.equal(200);
      const note = await officer.send(draft("note:1", attached));
      await officer.until(note, "delivered");
      const lines = await batch([draft("chamber:1"), draft("chamber:too-many"), draft("note:2", attached)]);
      expect(lines.map(({ status }) => status)).to.deep.equal([200, 503, 202]);
      expect(lines[1]?.error?.code).to.equal("ledger-behind");
      expect(lines[1]?.error?.retryAfterSeconds).to.be.within(1, 60);
      const admin = await world.officer(australia.config, ["admin"]);
      const metrics = await (await admin.request("/metrics")).text();
      expect(metrics).to.match(/^icl_backlog_refusals_total\{channel="eip155:31337:[^"]+"\} 2$/m);

      world.evm.setReachable(true);
      await eventually(async () => (await post("chamber:too-many")).status === 202, { every: 200 });
      for (const id of ids) await officer.until(id, "delivered");
    }).timeout(180_000);
  });
});
