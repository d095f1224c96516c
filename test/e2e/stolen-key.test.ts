import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { ethers } from "ethers";

import type { Channel } from "../../src/channels/channel.ts";
import { walletSigner } from "../../src/channels/evm/local-signer.ts";
import { signPayload } from "../../src/channels/evm/node-identity.ts";
import { authorisationTypedData } from "../../src/channels/evm/authorisation.ts";
import type { EvmChannelConfig } from "../../src/config.ts";
import { parseMessage } from "../../src/domain/message.ts";
import { NodeTokenIssuer } from "../../src/identity/node-token.ts";
import { createLogger } from "../../src/log.ts";
import { contractIssuance, contractMessage } from "../../src/channels/evm/encode.ts";
import { attached, au, cn, messageTypes } from "../channels/fixtures.ts";
import { fundedWallet, nameHash } from "../channels/evm/test-channel.ts";
import { quickTiming } from "./quick-timing.ts";
import { startWorld, type Country, type CountryConfig, type World } from "./world.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import { onLedger } from "../faults/on-ledger.ts";

interface StuckItem {
  readonly id: string;
  readonly code: string;
  readonly detail: string;
}

eachStore(
  "a key that was stolen",
  (_openFresh, source) => {
    // Its own suite, so that the nodes are stopped before their databases are deleted.
    describe("and is dismissed on the ledger", () => {
      let directory: string;
      let world: World;
      let china: Country;
      let config: CountryConfig;
      let stolen: ethers.BaseWallet;
      const log: { readonly level: string; readonly code?: string; readonly message: string }[] = [];

      before(async function () {
        this.timeout(120_000);
        directory = await mkdtemp(join(tmpdir(), "icl-stolen-"));
        world = await startWorld();
        china = await world.start(await world.configure(cn, "CN", await source.freshLocation()));
        config = await world.configure(au, "AU", await source.freshLocation());
        stolen = world.channel.operators.get(au) ?? expect.fail("Australia has no operator.");
      });

      after(async () => {
        await world.close();
        await rm(directory, { recursive: true, force: true });
      });

      async function start(changed: CountryConfig): Promise<Country> {
        const started = await world.start(changed, {
          // A dismissed key is put right by people: nothing has failed before they have come.
          timing: { ...quickTiming, patience: 120_000 },
          log: createLogger({ write: (line) => log.push(JSON.parse(line) as (typeof log)[number]) }),
        });
        await eventually(async () => (await started.officer.request("/health/ready")).status === 200);
        return started;
      }

      /** Australia's contract, as its admin calls it; and its transactions go first. */
      const first = {
        maxPriorityFeePerGas: ethers.parseUnits("500", "gwei"),
        maxFeePerGas: ethers.parseUnits("900", "gwei"),
        gasLimit: 500_000,
      };
      const asAdmin = () => {
        const admin = world.channel.admins.get(au) ?? expect.fail("Australia has no admin.");
        return world.channel.contract.connect(admin);
      };

      async function stuck(officer: Country["officer"]): Promise<readonly StuckItem[]> {
        const response = await officer.request("/operations/stuck?minutes=0");
        return ((await response.json()) as { items: StuckItem[] }).items;
      }

      it("signs nothing that the ledger takes, from that block on; what it had in flight goes on by the next key", async function () {
        this.timeout(180_000);
        const australia = await start(config);
        const admin = await world.officer(australia.config, ["admin"]);
        const { officer } = australia;
        const obj = await officer.store(new TextEncoder().encode("a note"), "text/plain");
        const send = (number: number) =>
          officer.send({ receiver: cn, subject: `stolen:${number}`, predicate: attached, obj });
        await officer.until(await send(0), "delivered");

        await world.evm.send("evm_setAutomine", [false]);
        const sent = await Promise.all([1, 2, 3].map(send));
        const inPool = async () => {
          const pool = (await world.evm.send("eth_getBlockByNumber", ["pending", false])) as {
            transactions: string[];
          };
          return pool.transactions.length === 3;
        };
        await eventually(inPool);
        const dismissals = [];
        let nonce = await world.channel.admins.get(au)?.getNonce();
        for (const { predicate } of messageTypes) {
          const call = { ...first, nonce: nonce ?? 0 };
          dismissals.push(
            await asAdmin().dismissOperator(nameHash(au), nameHash(predicate), stolen.address, call),
          );
          nonce = (nonce ?? 0) + 1;
        }
        await world.evm.send("evm_mine");
        await world.evm.send("evm_setAutomine", [true]);
        for (const dismissal of dismissals) expect((await dismissal.wait())?.status).to.equal(1);

        // Told which key, and what to do; and nothing has failed.
        const account = stolen.address.toLowerCase();
        await eventually(async () => {
          const items = (await stuck(admin)).filter(({ code }) => code === "OperatorUnauthorized");
          return items.length === 3 && items.every(({ detail }) => detail.includes(account));
        });
        const [item] = await stuck(admin);
        expect(item?.detail).to.contain("put the key that was appointed in its place into operatorKey");
        await eventually(() => log.some(({ code }) => code === "operator-unauthorized"));
        const alarms = log.filter(({ code }) => code === "operator-unauthorized");
        expect(alarms.map(({ level }) => level)).to.deep.equal(["error"]);
        expect(alarms[0]?.message).to.contain(account);
        for (const id of sent) expect((await officer.message(id))?.status).to.be.oneOf(["pending", "sent"]);

        // The thief, who has the key and a client of its own.
        const forged = parseMessage({
          sender: au,
          receiver: cn,
          subject: "stolen:forged",
          predicate: attached,
          obj,
        });
        const provider = new ethers.JsonRpcProvider(world.evm.rpcUrl, world.evm.chainId, {
          staticNetwork: true,
          cacheTimeout: -1,
        });
        const thief = new ethers.Wallet(stolen.privateKey, provider);
        const refused: unknown[] = [];
        const expectRefusal = (sending: Promise<ethers.ContractTransactionResponse>) =>
          sending.then(
            (transaction) => transaction.wait(),
            (error: unknown) => refused.push(error),
          );
        const call = contractMessage(forged);
        await expectRefusal(world.channel.contract.connect(thief).send(call, { gasLimit: 600_000 }));
        const carrier = (await fundedWallet(world.evm)).connect(provider);
        const terms = { nonce: 1n, deadline: 4_000_000_000 };
        const place = { chainId: world.evm.chainId, channel: world.channel.address };
        const { domain, types, value } = authorisationTypedData(place, forged, terms);
        const signature = await thief.signTypedData(domain, types, value);
        const word = { ...terms, signer: thief.address, signature };
        const relay = world.channel.contract.connect(carrier);
        await expectRefusal(relay.sendBySig(call, contractIssuance(null), word, { gasLimit: 600_000 }));
        expect(refused).to.have.length(2);
        for (const error of refused) expect(String(error)).to.contain("OperatorUnauthorized");
        provider.destroy();

        // People appoint another key, and start the node with it.
        const next = await fundedWallet(world.evm);
        for (const { predicate } of messageTypes) {
          await (await asAdmin().appointOperator(nameHash(au), nameHash(predicate), next.address)).wait();
        }
        await australia.node.close();
        const password = "correct horse battery";
        await writeFile(join(directory, "next.password"), password);
        const keystore = ethers.encryptKeystoreJsonSync(
          { address: next.address, privateKey: next.privateKey },
          password,
          { scrypt: { N: 4096 } },
        );
        await writeFile(join(directory, "next.json"), keystore);
        const [channel] = config.channels as readonly EvmChannelConfig[];
        if (channel === undefined) throw new Error("Australia has no channel.");
        const operatorKey = {
          keystore: join(directory, "next.json"),
          password: { file: join(directory, "next.password") },
        };
        const again = await start({ ...config, channels: [{ ...channel, operatorKey }] });
        for (const id of sent) {
          await again.officer.until(id, "delivered");
          await china.officer.until(id, "available");
        }
        const { times } = await onLedger(world.channel, china.officer);
        expect(sent.map((id) => times.get(id))).to.deep.equal([1, 1, 1]);
        const events = await world.channel.contract.queryFilter(world.channel.contract.filters.MessageSent());
        const by = events
          .filter(({ args: { id } }) => sent.includes(id))
          .map(({ args: { operator } }) => operator);
        expect(by).to.deep.equal([next.address, next.address, next.address]);
        await eventually(async () => (await stuck(admin)).length === 0);
        config = again.config;
      });

      it("speaks for no node from that block on, and never could send", async function () {
        this.timeout(120_000);
        const obj = await china.officer.store(new TextEncoder().encode("for Australia"), "text/plain");
        const id = await china.officer.send({ receiver: au, subject: "node:1", predicate: attached, obj });
        await china.officer.until(id, "delivered");
        const nodeKey = world.channel.nodeKeys.get(au) as ethers.Wallet;
        const thief = {
          description: { id: `eip155:${world.evm.chainId}:${world.channel.address.toLowerCase()}` },
          signAsNode: (payload: Uint8Array) => signPayload(walletSigner(nodeKey), payload),
        } as unknown as Channel;
        const read = async () => {
          const path = `/documents/${obj}`;
          const tokens = new NodeTokenIssuer(au);
          const authorization = await tokens.authorize(thief, { audience: cn, method: "GET", path });
          return fetch(`${china.node.url}${path}`, { headers: { authorization } });
        };
        await eventually(async () => (await read()).status === 200);
        await (await asAdmin().dismissNodeKey(nameHash(au), nodeKey.address)).wait();
        const refused = await read();
        expect(refused.status).to.equal(401);
        expect(((await refused.json()) as { code: string }).code).to.equal("token-invalid");
      });
    });
  },
  "suite",
);
