import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";
import { ethers } from "ethers";

import { freePort } from "../../scripts/dev/free-port.ts";
import type { EvmChannelConfig } from "../../src/config.ts";
import type { KeySource } from "../../src/key-source.ts";
import { au, cn, messageTypes } from "../channels/fixtures.ts";
import { fundedWallet, nameHash } from "../channels/evm/test-channel.ts";
import { MortalNode } from "./mortal-node.ts";
import type { Officer } from "./officer.ts";
import { startWorld, type CountryConfig, type World } from "./world.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import { startAnvil, type Anvil } from "../faults/anvil.ts";
import { startBalancer, type Balancer } from "../faults/balancer.ts";
import { Load } from "../faults/load.ts";
import { onLedger } from "../faults/on-ledger.ts";

eachStore(
  "an operator's key",
  (_openFresh, source) => {
    // Its own suite, so that the nodes are stopped before their databases are deleted.
    describe("is replaced while messages flow", () => {
      let directory: string;
      let world: World;
      let balancer: Balancer;
      let signer: Anvil;
      let shared: CountryConfig;
      let officer: Officer;
      let receiver: Officer;
      /** The account that sends at the time. */
      let operator: string;
      const alive: MortalNode[] = [];

      before(async function () {
        this.timeout(120_000);
        directory = await mkdtemp(join(tmpdir(), "icl-rotation-"));
        world = await startWorld();
        signer = await startAnvil();
        const configured = await world.configure(au, "AU", await source.freshLocation());
        // What the balancer breaks off is not waited for.
        shared = { ...configured, limits: { ...configured.limits, stopSeconds: 2 } };
        balancer = await startBalancer(shared.listen.port);
        const china = await world.start(await world.configure(cn, "CN", await source.freshLocation()));
        receiver = china.officer;
        officer = await world.officer(shared);
      });

      after(async () => {
        for (const replica of alive) await replica.kill();
        await balancer.close();
        await signer.close();
        await world.close();
        await rm(directory, { recursive: true, force: true });
      });

      const channel = () => shared.channels[0] as EvmChannelConfig;
      const asAdmin = () => {
        const admin = world.channel.admins.get(au) ?? expect.fail("Australia has no admin.");
        return world.channel.contract.connect(admin);
      };

      async function appoint(account: string): Promise<void> {
        for (const { predicate } of messageTypes) {
          await (await asAdmin().appointOperator(nameHash(au), nameHash(predicate), account)).wait();
        }
      }

      async function dismiss(account: string): Promise<void> {
        for (const { predicate } of messageTypes) {
          await (await asAdmin().dismissOperator(nameHash(au), nameHash(predicate), account)).wait();
        }
      }

      async function add(
        operatorKey: KeySource,
        formerOperatorKeys: readonly KeySource[],
      ): Promise<MortalNode> {
        const port = await freePort(0);
        const keys = formerOperatorKeys.length === 0 ? { operatorKey } : { operatorKey, formerOperatorKeys };
        const config = {
          ...shared,
          listen: { ...shared.listen, port },
          channels: [{ ...channel(), ...keys }],
        };
        const replica = new MortalNode(config, dirname(shared.documents.directory));
        await replica.start();
        const url = `http://127.0.0.1:${port}/health/ready`;
        await eventually(async () => (await fetch(url)).status === 200, { what: "a replica that is ready" });
        alive.push(replica);
        balancer.takeIn(port);
        return replica;
      }

      async function stop(replica: MortalNode): Promise<void> {
        balancer.leaveOut(replica.config.listen.port);
        alive.splice(alive.indexOf(replica), 1);
        expect(await replica.stop()).to.equal(0);
      }

      /** What an account has signed that is not final yet, as an operator sees it. */
      async function inFlight(account: string): Promise<number> {
        const token = await world.issuer.mint({
          ...{ subject: "monitor", audience: au, roles: ["admin"], lifetimeSeconds: 600 },
        });
        const headers = { authorization: `Bearer ${token}` };
        const text = await (await fetch(`${shared.publicUrl}/metrics`, { headers })).text();
        const line = text
          .split("\n")
          .find((each) => each.startsWith("icl_signer_in_flight{") && each.includes(account.toLowerCase()));
        return Number(line?.split(" ").at(-1) ?? 0);
      }

      const usedNonces = async (account: string) =>
        Number(await world.evm.send("eth_getTransactionCount", [account, "latest"]));

      /** Lets blocks come once in a while, so that there is always something under way. */
      async function blocks(every: number): Promise<void> {
        await world.evm.send("evm_setAutomine", [every === 0]);
        await world.evm.send("evm_setIntervalMining", [every]);
      }

      async function expectEachOnce(load: Load): Promise<void> {
        await load.arrived();
        const { times } = await onLedger(world.channel, officer);
        expect([...times].filter(([, count]) => count !== 1)).to.deep.equal([]);
        expect([...load.accepted].filter((id) => !times.has(id))).to.deep.equal([]);
      }

      it("by a restart: what the former key signed arrives, it signs nothing new, and each message arrives once", async function () {
        this.timeout(300_000);
        const former = world.channel.operators.get(au)?.address ?? "";
        const formerKey = channel().operatorKey ?? expect.fail("Australia sends nothing.");
        const next = await fundedWallet(world.evm);
        const password = "correct horse battery";
        const keystore = ethers.encryptKeystoreJsonSync(
          { address: next.address, privateKey: next.privateKey },
          password,
          { scrypt: { N: 4096 } },
        );
        await writeFile(join(directory, "next.json"), keystore);
        await writeFile(join(directory, "next.password"), password);
        const nextKey: KeySource = {
          keystore: join(directory, "next.json"),
          password: { file: join(directory, "next.password") },
        };
        const before = await add(formerKey, []);
        await appoint(next.address);
        await blocks(400);
        const load = new Load(officer, receiver, `restart-${shared.store.technology}`);
        load.start({ single: 150, batch: 3_000 });
        await eventually(async () => (await inFlight(former)) > 0, { what: "something under way" });
        await stop(before);
        await add(nextKey, [formerKey]);
        await eventually(async () => (await usedNonces(next.address)) > 0, { what: "the next key's turn" });
        await eventually(async () => (await inFlight(former)) === 0, { what: "the end of the former key's" });
        const used = await usedNonces(former);
        await blocks(0);
        await dismiss(former);
        await delay(1_000);
        await expectEachOnce(load);
        expect(await usedNonces(former), "what the former key signed").to.equal(used);
        shared = { ...shared, channels: [{ ...channel(), operatorKey: nextKey }] };
        operator = next.address;
      });

      it("from replica to replica: both keys send for a while, and each message arrives once", async function () {
        if (shared.store.technology !== "postgres") {
          process.stdout.write("        key rotation: replicas share a PostgreSQL, which this is not\n");
          this.skip();
        }
        this.timeout(300_000);
        const [first] = alive;
        if (first === undefined) throw new Error("The replica of the test before is gone.");
        const formerKey = channel().operatorKey ?? expect.fail("Australia sends nothing.");
        const former = operator;
        const second = await add(formerKey, []);
        // The next key is with a signer of its own, which never gives it away.
        const address = ((await signer.send("eth_accounts")) as string[]).at(-1) ?? "";
        await world.evm.send("hardhat_setBalance", [address, ethers.toQuantity(ethers.parseEther("100"))]);
        await appoint(address);
        const nextKey: KeySource = { remote: { url: signer.directUrl, address } };
        await blocks(400);
        const load = new Load(officer, receiver, "rolling");
        load.start({ single: 150, batch: 3_000 });
        await eventually(async () => (await inFlight(former)) > 0, { what: "something under way" });
        await stop(first);
        await add(nextKey, [formerKey]);
        await eventually(async () => (await usedNonces(address)) > 0, { what: "the next key's turn" });
        await stop(second);
        await add(nextKey, [formerKey]);
        await eventually(async () => (await inFlight(former)) === 0, { what: "the end of the former key's" });
        const used = await usedNonces(former);
        await blocks(0);
        await dismiss(former);
        await delay(1_000);
        await expectEachOnce(load);
        expect(await usedNonces(former), "what the former key signed").to.equal(used);
      });
    });
  },
  "suite",
);
