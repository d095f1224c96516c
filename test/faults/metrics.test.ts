import { expect } from "chai";
import { ethers } from "ethers";

import { freePort } from "../../scripts/dev/free-port.ts";
import { encodeSubmission } from "../../src/channels/evm/encode.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { attached, au, cn, message, submission } from "../channels/fixtures.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import { startCallbackServer, type CallbackServer } from "../subscriptions/callback-server.ts";

eachStore("the metrics of a node", (_openFresh, source) => {
  // Its own suite, so that the node is stopped before its database is deleted.
  describe("at an address of their own", () => {
    let world: World;
    let system: CallbackServer;
    let australia: Country;
    let address: string;

    beforeEach(async function () {
      this.timeout(120_000);
      system = await startCallbackServer();
      world = await startWorld({}, { finality: { kind: "confirmations", blocks: 3 } });
      const config = await world.configure(au, "AU", await source.freshLocation());
      const listen = { host: "127.0.0.1", port: await freePort(0) };
      address = `http://127.0.0.1:${listen.port}`;
      australia = await world.start({ ...config, metrics: { listen } });
      await eventually(async () => (await australia.officer.request("/health/ready")).status === 200);
    });

    afterEach(async () => {
      await world.close();
      await system.close();
    });

    const scrape = async () => (await fetch(`${address}/metrics`)).text();
    const channel = () => `channel="eip155:31337:${world.channel.address.toLowerCase()}"`;
    /** The value of a metric, of all labels together where none are given; 0 where nothing is told of it. */
    const valueOf = async (name: string, labels = ""): Promise<number> => {
      const heads = labels === "" ? [`${name} `, `${name}{`] : [`${name}{${labels}} `];
      const lines = (await scrape())
        .split("\n")
        .filter((line) => heads.some((head) => line.startsWith(head)));
      return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
    };
    const comesTo = (is: (value: number) => boolean, name: string, labels?: string) =>
      eventually(async () => is(await valueOf(name, labels)), { what: `${name} as expected`, every: 50 });

    it("say what a node is about: what is in flight and waits, forks and their depth, callbacks that fail", async () => {
      const { officer, config } = australia;
      // Without a token, and nothing else is there.
      expect((await fetch(`${address}/metrics`)).headers.get("content-type")).to.match(/^text\/plain/);
      for (const path of ["/", "/messages", "/health/live"]) {
        expect((await fetch(address + path)).status, path).to.equal(404);
      }
      expect((await fetch(`${config.publicUrl}/metrics`)).status).to.equal(401);

      const form = new URLSearchParams({
        "hub.mode": "subscribe",
        "hub.topic": `${config.publicUrl}/topics/predicates/${attached}`,
        "hub.callback": `${system.url}/hook`,
      });
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      await officer.request("/subscriptions", { method: "POST", headers, body: form.toString() });
      await comesTo((value) => value === 1, "icl_subscriptions", 'state="active"');
      system.receive = () => ({ status: 500 });

      const obj = await officer.store(Buffer.from("{}"), "application/json");
      await world.evm.send("evm_setAutomine", [false]);
      const id = await officer.send({ receiver: cn, subject: "example:1", predicate: attached, obj });
      await comesTo((value) => value === 1, "icl_transactions_in_flight", channel());
      await comesTo((value) => value === 1, "icl_outbox", `${channel()},kind="message",state="submitted"`);
      expect(await valueOf("icl_oldest_waiting_seconds", channel())).to.be.greaterThan(0);

      // It is counted from when it is signed: what is to be mined must have reached the pool.
      await eventually(async () => {
        const pending = await world.evm.send("eth_getBlockTransactionCountByNumber", ["pending"]);
        return pending === "0x1";
      });
      // Two blocks are taken back, one of which had the message.
      const snapshot = await world.evm.send("evm_snapshot");
      await world.evm.send("evm_mine");
      await world.evm.send("evm_mine");
      await officer.until(id, "sent");
      await comesTo((value) => value >= 1, "icl_delivery_failures_total");
      await comesTo((value) => value === 1, "icl_subscriptions_failing");
      const height = await valueOf("icl_channel_followed_height", channel());
      await comesTo((value) => value === height, "icl_channel_head_height", channel());
      await world.evm.send("evm_revert", [snapshot]);
      for (let block = 0; block < 3; block += 1)
        await world.evm.send("evm_mine", [
          `0x${(Date.now() / 1000 + 1_000 + block * 10).toString(16).split(".")[0] ?? ""}`,
        ]);
      await comesTo((value) => value >= 1, "icl_forks_total", channel());
      expect(await valueOf("icl_fork_depth", channel())).to.be.within(1, 2);

      await eventually(
        async () => {
          await world.evm.send("evm_mine");
          return (await officer.message(id))?.status === "delivered";
        },
        { every: 200 },
      );
      await comesTo((value) => value === 0, "icl_transactions_in_flight", channel());
      await comesTo((value) => value === 0, "icl_oldest_waiting_seconds", channel());
      expect(await valueOf("icl_channel_unreachable_seconds", channel())).to.equal(0);
      system.receive = () => ({ status: 204 });
      await comesTo((value) => value === 0, "icl_subscriptions_failing");
    }).timeout(180_000);

    it("count what is made good: messages signed again, documents that a peer does not show", async () => {
      const { officer } = australia;
      const { operators, address: contract } = world.channel;
      const provider = new ethers.JsonRpcProvider(world.evm.rpcUrl, world.evm.chainId, {
        staticNetwork: true,
      });
      const operatorOf = (participant: typeof au) => {
        const operator = operators.get(participant);
        if (operator === undefined) throw new Error(`${participant} has no operator.`);
        return operator.connect(provider);
      };
      const isOurs = (raw: unknown) =>
        ethers.Transaction.from(raw as string).to?.toLowerCase() === contract.toLowerCase();
      const obj = await officer.store(Buffer.from("{}"), "application/json");

      // Somebody else with the same key takes its nonce, and the ledger will not have ours meanwhile.
      world.evm.intercept(({ method, params: [raw] }) =>
        Promise.resolve(
          method === "eth_sendRawTransaction" && isOurs(raw)
            ? { error: { code: -32_603, message: "internal error" } }
            : null,
        ),
      );
      const again = await officer.send({ receiver: cn, subject: "example:again", predicate: attached, obj });
      await comesTo((value) => value === 1, "icl_transactions_in_flight", channel());
      const elsewhere = operatorOf(au);
      await (await elsewhere.sendTransaction({ to: elsewhere.address, value: 0n })).wait();
      world.evm.intercept(null);
      await eventually(
        async () => {
          await world.evm.send("evm_mine");
          return (await valueOf("icl_resubmissions_total", channel())) >= 1;
        },
        { every: 200 },
      );

      // China's node announced where it is, and is not there.
      await world.configure(cn, "CN", await source.freshLocation());
      const notShown = message({
        sender: cn,
        receiver: au,
        subject: parseSubject("example:away"),
        predicate: attached,
      });
      const data = encodeSubmission(submission(notShown));
      await (await operatorOf(cn).sendTransaction({ to: contract, data })).wait();
      await eventually(
        async () => {
          await world.evm.send("evm_mine");
          return (await valueOf("icl_fetch_failures_total")) >= 1;
        },
        { every: 200 },
      );
      await eventually(async () => {
        await world.evm.send("evm_mine");
        return (await officer.message(again))?.status === "delivered";
      });
      await comesTo((value) => value === 0, "icl_transactions_in_flight", channel());
      provider.destroy();
    }).timeout(180_000);

    it("count a fee that is raised, a minute after the ledger's client wanted more than was offered", async () => {
      const { officer } = australia;
      const least = ethers.parseUnits("5", "gwei");
      world.evm.intercept(({ method, params: [raw] }) => {
        if (method !== "eth_sendRawTransaction") return Promise.resolve(null);
        const tip = ethers.Transaction.from(raw as string).maxPriorityFeePerGas ?? 0n;
        const error = { code: -32_000, message: "transaction underpriced" };
        return Promise.resolve(tip < least ? { error } : null);
      });
      const obj = await officer.store(Buffer.from("{}"), "application/json");
      await officer.send({ receiver: cn, subject: "example:raised", predicate: attached, obj });
      await eventually(async () => (await valueOf("icl_fee_bumps_total", channel())) >= 1, {
        within: 150_000,
        every: 500,
        what: "a raise",
      });
      world.evm.intercept(null);
    }).timeout(240_000);
  });
});
