import { expect } from "chai";
import { ethers } from "ethers";

import type { EvmChannelOptions } from "../../src/channels/evm/evm-options.ts";
import type { Message } from "../../src/domain/message.ts";
import { multihashOf } from "../../src/domain/multihash.ts";
import { parsePredicate } from "../../src/domain/predicate.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { contractMessage } from "../../src/channels/evm/encode.ts";
import { TransactionRepository } from "../../src/channels/evm/transaction-repository.ts";
import { signTransaction } from "../../src/channels/evm/sign-transaction.ts";
import type { Store } from "../../src/store/store.ts";
import { HostileHook__factory } from "../../types/ethers-contracts/factories/test/HostileHook__factory.ts";
import { attached, au, created, message } from "../channels/fixtures.ts";
import {
  deployTestChannel,
  fundedWallet,
  nameHash,
  type TestChannel,
  type TestChannelOptions,
} from "../channels/evm/test-channel.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import { startAnvil, type Anvil } from "./anvil.ts";
import { startSender, type Sender } from "./sender.ts";

const GWEI = 10n ** 9n;
const STALL_MS = 300;
const hooked = parsePredicate("UN.CEFACT.Regulatory.CertificateOfOrigin.quoted");
const issuing = 2;

eachStore("Transactions that stall", (openFresh) => {
  // Its own suite, so that senders are stopped before their databases are deleted.
  describe("on a real client", function () {
    this.timeout(120_000);
    let evm: Anvil;
    let ground: TestChannel;
    let hook: ReturnType<typeof HostileHook__factory.connect>;
    let snapshot: unknown;
    let store: Store;
    let options: TestChannelOptions;
    let senders: Sender[];
    let count = 0;

    before(async () => {
      evm = await startAnvil();
      ground = await deployTestChannel(evm);
      const admin = adminOf();
      hook = await new HostileHook__factory(ground.consortium).deploy();
      await hook.waitForDeployment();
      const registered = await ground.contract.registerMessageType(
        ...([hooked, issuing, false, ethers.ZeroHash, await hook.getAddress()] as const),
      );
      await registered.wait();
      const appointed = await ground.contract
        .connect(admin)
        .appointOperator(nameHash(au), nameHash(hooked), ground.operators.get(au)?.address ?? "");
      await appointed.wait();
      await evm.mine(2);
      snapshot = await evm.send("evm_snapshot");
    });

    beforeEach(async () => {
      await evm.setAutomine(false);
      store = await openFresh();
      senders = [];
      options = {
        ...ground.options(au, { kind: "confirmations", blocks: 2 }),
        stallMilliseconds: STALL_MS,
      };
    });

    afterEach(async () => {
      for (const sender of senders) await sender.close();
      evm.intercept(null);
      await evm.send("anvil_dropAllTransactions");
      await evm.send("evm_revert", [snapshot]);
      snapshot = await evm.send("evm_snapshot");
    });

    after(() => evm.close());

    function adminOf(): ethers.BaseWallet {
      const admin = ground.admins.get(au);
      if (admin === undefined) throw new Error("Australia has no admin.");
      return admin;
    }

    const operator = () => new ethers.Wallet(options.operatorKey);
    const nextNonce = async () =>
      Number(await evm.send("eth_getTransactionCount", [operator().address, "latest"]));

    async function start(changes: Partial<EvmChannelOptions> = {}, on = store): Promise<Sender> {
      const sender = await startSender(on, { ...options, ...changes });
      senders.push(sender);
      return sender;
    }

    const note = (changes: Partial<Message> = {}) =>
      message({ predicate: attached, subject: parseSubject(`note:${(count += 1)}`), ...changes });

    const postMany = (sender: Sender, many: number) =>
      Promise.all(Array.from({ length: many }, () => sender.post(note())));

    const offered = (many: number) =>
      eventually(
        async () => {
          const { pending } = (await evm.send("txpool_status")) as { pending: string };
          return Number(pending) >= many;
        },
        { what: `${many} transactions in the pool` },
      );

    const mine = () => evm.mine();

    /** How often the ledger says each of these messages. */
    async function timesOnLedger(ids: readonly string[]): Promise<readonly number[]> {
      const topics = [ground.contract.interface.getEvent("MessageSent").topicHash];
      const logs = (await evm.send("eth_getLogs", [
        { address: ground.address, fromBlock: "0x0", toBlock: "latest", topics },
      ])) as { topics: string[] }[];
      return ids.map((id) => logs.filter((log) => log.topics[1] === id).length);
    }

    /** All come to the ledger by themselves while it goes on making blocks: exactly once each. */
    async function drain(sender: Sender, ids: readonly string[]): Promise<void> {
      await sender.until(ids, "delivered", mine);
      await evm.mine(3);
      expect(await timesOnLedger(ids)).to.deep.equal(ids.map(() => 1));
      for (const id of ids) expect((await sender.journal(id)).at(-1)).to.equal("delivered");
    }

    const offers = async () =>
      (await store.db.selectFrom("evm_broadcast").selectAll().orderBy("created_at").execute()).map(
        ({ raw }) => ethers.Transaction.from(raw),
      );

    const foreign = (nonce: number, fee: bigint) =>
      operator().signTransaction({
        ...{ type: 2, chainId: evm.chainId, nonce, to: operator().address, gasLimit: 21_000 },
        ...{ maxFeePerGas: fee, maxPriorityFeePerGas: fee },
      });

    it("because fees rose are all raised at once, and get in", async () => {
      const sender = await start();
      const ids = await postMany(sender, 20);
      await offered(20);
      await evm.send("anvil_setNextBlockBaseFeePerGas", [ethers.toQuantity(200n * GWEI)]);
      await mine();
      expect(new Set(await timesOnLedger(ids)), "none of them gets in").to.deep.equal(new Set([0]));
      // The base fee falls by an eighth a block: blocks are made only once every offer is above it.
      await eventually(
        async () => (await offers()).filter((each) => (each.maxFeePerGas ?? 0n) > 200n * GWEI).length >= 20,
      );
      await drain(sender, ids);
      expect(sender.faults.get("fee_bumps")).to.be.at.least(20);
    });

    it("because the client wants more than the ledger suggests offer more until it takes them", async () => {
      const least = 5n * GWEI;
      evm.intercept(({ method, params }) => {
        const raw = method === "eth_sendRawTransaction" ? (params[0] as string) : null;
        const tip = raw === null ? least : (ethers.Transaction.from(raw).maxPriorityFeePerGas ?? 0n);
        const refusal = { error: { code: -32000, message: "transaction underpriced" } };
        return Promise.resolve(tip < least ? refusal : null);
      });
      const sender = await start();
      const ids = await postMany(sender, 5);
      await drain(sender, ids);
      for (const { maxPriorityFeePerGas: tip } of await offers()) expect(tip).to.be.below(3n * least);
      expect(sender.warnings.map(({ code }) => code)).to.include("transaction-not-taken");
    });

    it("never offer more than the operator allows, say so, and go on when the ledger asks for less", async () => {
      const sender = await start({ maxFeeGwei: 5 });
      const id = await sender.post(note());
      await offered(1);
      await evm.send("anvil_setNextBlockBaseFeePerGas", [ethers.toQuantity(20n * GWEI)]);
      await mine();
      await eventually(() => sender.warnings.some(({ code }) => code === "fee-ceiling"));
      expect(await timesOnLedger([id])).to.deep.equal([0]);
      for (const { maxFeePerGas } of await offers()) expect(maxFeePerGas).to.be.at.most(5n * GWEI);
      await evm.send("anvil_setNextBlockBaseFeePerGas", [ethers.toQuantity(GWEI)]);
      await drain(sender, [id]);
      for (const { maxFeePerGas } of await offers()) expect(maxFeePerGas).to.be.at.most(5n * GWEI);
    });

    it("because the client dropped them are offered again", async () => {
      const sender = await start();
      const ids = await postMany(sender, 4);
      await offered(4);
      await evm.send("anvil_dropAllTransactions");
      await mine();
      expect(new Set(await timesOnLedger(ids))).to.deep.equal(new Set([0]));
      await drain(sender, ids);
    });

    it("because transactions from elsewhere took their nonces go out under others", async () => {
      const sender = await start();
      const ids = await postMany(sender, 5);
      await offered(5);
      const first = await nextNonce();
      // The first is replaced in the pool, the next two in a block that another client made.
      for (const nonce of [first, first + 1, first + 2]) {
        await evm.send("eth_sendRawTransaction", [await foreign(nonce, 100n * GWEI)]);
      }
      await drain(sender, ids);
      expect(sender.faults.get("resubmissions")).to.equal(3);
      const states = await store.db.selectFrom("evm_transaction").select("state").orderBy("nonce").execute();
      expect(states.slice(0, 3).map(({ state }) => state)).to.deep.equal(["void", "void", "void"]);
    });

    it("behind nonces that a fork set free again get them filled", async () => {
      const first = await nextNonce();
      for (const nonce of [first, first + 1]) {
        await evm.send("eth_sendRawTransaction", [await foreign(nonce, 100n * GWEI)]);
      }
      await mine();
      const sender = await start();
      const id = await sender.post(note());
      // It waits for its turn: nothing of it is in a block before the fork.
      await offered(1);
      await evm.reorg(1);
      await drain(sender, [id]);
      expect(sender.faults.get("nonce_gaps")).to.equal(2);
      expect(sender.warnings.map(({ code }) => code)).to.include("nonce-gap-filled");
    });

    it("because their receipts are missing for a while are not sent a second time", async () => {
      const sender = await start();
      let missing = true;
      evm.intercept(({ method }) =>
        Promise.resolve(method === "eth_getTransactionReceipt" && missing ? { result: null } : null),
      );
      const ids = await postMany(sender, 3);
      await offered(3);
      await evm.mine(2);
      missing = false;
      await drain(sender, ids);
      expect(sender.faults.get("resubmissions")).to.equal(undefined);
    });

    it("because a client never has their receipts come to an end all the same", async () => {
      const sender = await start();
      evm.intercept(({ method }) =>
        Promise.resolve(method === "eth_getTransactionReceipt" ? { result: null } : null),
      );
      const ids = await postMany(sender, 3);
      await drain(sender, ids);
      const states = async () => store.db.selectFrom("evm_transaction").select("state").execute();
      await eventually(async () => (await states()).every(({ state }) => state === "accepted"));
    });

    it("because a client lost sight of them are not sent again before the ledger's events were read", async () => {
      const sender = await start();
      let read = false;
      evm.intercept(({ method }) => {
        if (method === "eth_getTransactionReceipt" || method === "eth_getTransactionByHash") {
          return Promise.resolve({ result: null });
        }
        const unread = method === "eth_getLogs" && !read;
        return Promise.resolve(unread ? { error: { code: -32000, message: "busy" } } : null);
      });
      const ids = await postMany(sender, 3);
      await offered(3);
      await evm.mine(6);
      const states = async () => store.db.selectFrom("evm_transaction").select("state").execute();
      await eventually(async () => (await states()).some(({ state }) => state === "void"));
      // The outbox has asked what became of them, and was told that they are void.
      const asks = async () => store.db.selectFrom("outbox").select("due_at").execute();
      const first = (await asks()).map(({ due_at: due }) => due);
      await eventually(async () => {
        const now = await asks();
        return now.length === 3 && now.every(({ due_at: due }) => due > Math.max(...first) + 500);
      });
      read = true;
      await drain(sender, ids);
      expect(sender.faults.get("resubmissions")).to.equal(undefined);
    });

    it("because they lost a race in their block end as failed, and the others get through", async () => {
      const rival = (await fundedWallet(evm)).connect(ground.consortium.provider);
      await evm.setAutomine(true);
      const appointed = await ground.contract
        .connect(adminOf())
        .appointOperator(nameHash(au), nameHash(created), rival.address);
      await appointed.wait();
      await evm.setAutomine(false);
      const sender = await start();
      const subject = parseSubject("chamber.com.au:coo:raced");
      const obj = (digit: string) => multihashOf(digit.repeat(64));
      const loser = await sender.post(message({ subject, obj: obj("a") }));
      const others = await postMany(sender, 3);
      await offered(4);
      const fees = { maxFeePerGas: 100n * GWEI, maxPriorityFeePerGas: 50n * GWEI, gasLimit: 300_000 };
      await ground.contract.connect(rival).send(contractMessage(message({ subject, obj: obj("b") })), fees);
      await offered(5);
      await mine();
      await sender.until([loser], "failed", mine);
      expect(await sender.journal(loser)).to.deep.equal(["pending", "failed CertificateAlreadyIssued"]);
      await drain(sender, others);
      expect(await timesOnLedger([loser])).to.deep.equal([0]);
    });

    it("after any answer, or none, to a broadcast land once each", async () => {
      const answers = [
        { code: -32000, message: "already known" },
        { code: -32000, message: "nonce too low" },
        { code: -32000, message: "replacement transaction underpriced" },
        { code: -32000, message: "insufficient funds for gas * price + value" },
        { code: -32603, message: "internal error" },
      ];
      let asked = 0;
      evm.intercept(async ({ method }, pass) => {
        if (method !== "eth_sendRawTransaction") return null;
        const turn = (asked += 1);
        const error = answers[turn % 8];
        if (error !== undefined) {
          // Half of these answers come although the transaction was taken.
          if (turn % 2 === 0) await pass().catch(() => undefined);
          return { error };
        }
        if (turn % 8 === 5) await pass().catch(() => undefined);
        return turn % 8 < 7 ? "hang up" : null;
      });
      const sender = await start();
      const ids = await postMany(sender, 16);
      await drain(sender, ids);
      expect(asked).to.be.at.least(16);
    });

    it("of one type, whose hook refuses, hold up none of the others, and go on when it relents", async () => {
      const sender = await start();
      const refused = await sender.post(message({ predicate: hooked, subject: parseSubject("quota:1") }));
      const others = await postMany(sender, 4);
      await offered(5);
      // It would have passed when it was signed; by the time of its block the hook refuses.
      const tellHook = async (refusing: boolean) => {
        const data = hook.interface.encodeFunctionData("refuse", [refusing]);
        await evm.send("anvil_impersonateAccount", [ground.consortium.address]);
        await evm.send("eth_sendTransaction", [
          {
            ...{ from: ground.consortium.address, to: await hook.getAddress(), data, gas: "0x186a0" },
            ...{
              maxFeePerGas: ethers.toQuantity(200n * GWEI),
              maxPriorityFeePerGas: ethers.toQuantity(100n * GWEI),
            },
          },
        ]);
      };
      await tellHook(true);
      await offered(6);
      await mine();
      await drain(sender, others);
      expect(await timesOnLedger([refused])).to.deep.equal([0]);
      expect((await sender.journal(refused)).at(-1)).to.equal("pending");
      await tellHook(false);
      await drain(sender, [refused]);
      expect(sender.faults.get("resubmissions")).to.be.at.least(1);
    });

    it("of a signer without funds wait for funds, and those of another signer do not", async () => {
      const poor = operator().address;
      const rich = await fundedWallet(evm);
      await evm.setAutomine(true);
      const appointed = await ground.contract
        .connect(adminOf())
        .appointOperator(nameHash(au), nameHash(attached), rich.address);
      await appointed.wait();
      await evm.setAutomine(false);
      const sender = await start();
      await evm.send("anvil_setBalance", [poor, "0x1"]);
      const waiting = await postMany(sender, 3);
      await eventually(() => sender.warnings.some(({ code }) => code === "signer-without-funds"));
      const other = await start({ operatorKey: rich.privateKey }, await openFresh());
      await drain(other, await postMany(other, 3));
      expect(await timesOnLedger(waiting)).to.deep.equal([0, 0, 0]);
      expect((await offers()).length, "a higher offer would not help").to.equal(3);
      await evm.send("anvil_setBalance", [poor, ethers.toQuantity(ethers.parseEther("1"))]);
      await drain(sender, waiting);
    });

    it("of a former signer, whom the client keeps waiting, hold up nothing of the present one", async () => {
      const former = await fundedWallet(evm);
      const signer = former.address.toLowerCase();
      const to = ground.address.toLowerCase();
      const fees = { dynamic: true, maxFee: 10n * GWEI, maxPriorityFee: GWEI };
      const stuck = {
        signer,
        channelId: `eip155:${evm.chainId}:${to}`,
        key: "of-the-former",
        to,
        data: "0x",
      };
      const repository = new TransactionRepository(store, evm.chainId);
      await repository.add({ ...stuck, gasLimit: 100_000, nonceFloor: 0 }, Date.now(), (nonce) =>
        signTransaction(
          new ethers.Wallet(former.privateKey),
          { chainId: evm.chainId, nonce, to, data: "0x", gasLimit: 100_000 },
          fees,
        ),
      );
      let kept = 0;
      const release: (() => void)[] = [];
      evm.intercept(({ method, params }) => {
        const raw = method === "eth_sendRawTransaction" ? (params[0] as string) : null;
        const from = raw === null ? null : ethers.Transaction.from(raw).from;
        if (from?.toLowerCase() !== signer) return Promise.resolve(null);
        kept += 1;
        return new Promise((resolve) => {
          release.push(() => {
            resolve(null);
          });
        });
      });
      const sender = await start();
      await eventually(() => kept > 0);
      await drain(sender, await postMany(sender, 3));
      expect(kept, "all the while the client has not answered for the former signer").to.equal(1);
      for (const each of release) each();
    });

    it("are signed only so far ahead: what comes after waits, and the log is not filled with it", async () => {
      const sender = await start();
      const to = ground.address.toLowerCase();
      const first = await nextNonce();
      const row = {
        chain_id: evm.chainId,
        signer: operator().address.toLowerCase(),
        channel_id: sender.channelId,
      };
      const rest = { to_address: to, data: "0x", gas_limit: 21_000, created_at: Date.now(), touched_at: 0 };
      const rows = Array.from({ length: 1_024 }, (_, index) => ({
        ...{ ...row, ...rest, nonce: first + index, submission_key: `ahead:${index}` },
        ...{ state: "open" as const, txn: null, height: null, refusal: null },
      }));
      for (let from = 0; from < rows.length; from += 512) {
        await store.db
          .insertInto("evm_transaction")
          .values(rows.slice(from, from + 512))
          .execute();
      }
      const ids = await postMany(sender, 40);
      const waits = () => sender.log.filter(({ message: text }) => text === "messages wait for the ledger");
      await eventually(() => waits().length > 0);
      await eventually(async () => {
        const tried = await store.db.selectFrom("outbox").selectAll().where("tries", ">", 1).execute();
        return tried.length >= 16;
      });
      expect(waits()).to.have.length(1);
      expect(sender.log.filter(({ level }) => level === "warn" || level === "error")).to.have.length(1);
      const signed = await store.db.selectFrom("evm_broadcast").selectAll().execute();
      expect(signed).to.deep.equal([]);
      await store.db.deleteFrom("evm_transaction").where("submission_key", "like", "ahead:%").execute();
      await drain(sender, ids);
    });
  });
});
