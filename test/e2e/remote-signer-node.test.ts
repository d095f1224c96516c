import { expect } from "chai";
import { ethers } from "ethers";

import type { EvmChannelConfig } from "../../src/config.ts";
import { openRpcDoor, type RpcDoor } from "../channels/evm/rpc-door.ts";
import { nameHash } from "../channels/evm/test-channel.ts";
import { attached, au, cn, messageTypes } from "../channels/fixtures.ts";
import { startWorld, type Country, type CountryConfig, type World } from "./world.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import { startAnvil, type Anvil } from "../faults/anvil.ts";
import { onLedger } from "../faults/on-ledger.ts";

eachStore(
  "a node whose keys are with a remote signer",
  (_openFresh, source) => {
    // Its own suite, so that the nodes are stopped before their databases are deleted.
    describe("that is away", () => {
      let anvil: Anvil;
      let signer: RpcDoor;
      let world: World;
      let config: CountryConfig;
      let china: Country;

      before(async function () {
        this.timeout(120_000);
        anvil = await startAnvil();
        signer = await openRpcDoor((method, params) => anvil.send(method, params));
        world = await startWorld();
        const address = ((await anvil.send("eth_accounts")) as string[]).at(-1) ?? "";
        await world.evm.send("hardhat_setBalance", [address, ethers.toQuantity(ethers.parseEther("100"))]);
        const contract = world.channel.contract.connect(
          world.channel.admins.get(au) ?? expect.fail("No admin."),
        );
        for (const { predicate } of messageTypes) {
          await (await contract.appointOperator(nameHash(au), nameHash(predicate), address)).wait();
        }
        await (await contract.appointNodeKey(nameHash(au), address)).wait();
        const configured = await world.configure(au, "AU", await source.freshLocation());
        const key = { remote: { url: signer.rpcUrl, address } };
        const [channel] = configured.channels as readonly EvmChannelConfig[];
        if (channel === undefined) throw new Error("Australia has no channel.");
        config = { ...configured, channels: [{ ...channel, operatorKey: key, nodeKey: key }] };
        china = await world.start(await world.configure(cn, "CN", await source.freshLocation()));
      });

      after(async () => {
        await world.close();
        await signer.close();
        await anvil.close();
      });

      it("starts, receives, says what waits and why, stops; and sends and fetches once it is back", async function () {
        this.timeout(180_000);
        const obj = await china.officer.store(new TextEncoder().encode("for Australia"), "text/plain");
        signer.setReachable(false);
        const australia = await world.start(config);
        const { officer } = australia;
        await eventually(async () => (await officer.request("/health/ready")).status === 200);
        const admin = await world.officer(config, ["admin"]);
        const own = await officer.store(new TextEncoder().encode("for China"), "text/plain");
        const draft = { receiver: cn, subject: "signer:1", predicate: attached, obj: own };
        const sent = await officer.send(draft);
        const got = await china.officer.send({ receiver: au, subject: "signer:2", predicate: attached, obj });
        await eventually(async () => (await officer.message(got)) !== null);

        const stuck = async () => {
          const response = await admin.request("/operations/stuck?minutes=0");
          return ((await response.json()) as { items: { id: string; code: string; detail: string }[] }).items;
        };
        await eventually(async () => (await stuck()).some(({ code }) => code === "signer-unreachable"));
        const item = (await stuck()).find(({ id }) => id === `message:${sent}`);
        expect(item).to.include({ code: "signer-unreachable" });
        expect(item?.detail).to.contain("The remote signer cannot be reached");
        expect((await officer.message(sent))?.status).to.equal("pending");
        const metrics = await (await admin.request("/metrics")).text();
        expect(Number(/^icl_signer_failures_total\{[^}]*\} (\d+)$/m.exec(metrics)?.[1] ?? 0)).to.be.above(0);

        await australia.node.close();
        const again = await world.start(config);
        signer.setReachable(true);
        await again.officer.until(sent, "delivered");
        await again.officer.until(got, "available");
        await china.officer.until(sent, "available");
        const { times } = await onLedger(world.channel, china.officer);
        expect([...times.values()]).to.deep.equal([1, 1]);
      });
    });
  },
  "suite",
);
