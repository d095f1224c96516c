import { expect } from "chai";
import type { ethers } from "ethers";

import type { Channel, LedgerEvent, LedgerEvidence } from "../../../src/channels/channel.ts";
import { EvidenceFault, type EvidenceChecker, type EvidenceClaim } from "../../../src/channels/evidence.ts";
import { openEvmChannel } from "../../../src/channels/evm/evm-channel.ts";
import { contractBatch, contractMessage } from "../../../src/channels/evm/encode.ts";
import type { EvmProof } from "../../../src/channels/evm/evidence-form.ts";
import { rightSlot } from "../../../src/channels/evm/right.ts";
import { openEvidence } from "../../../src/channels/open-evidence.ts";
import type { BatchHeader } from "../../../src/domain/batch.ts";
import { MerkleTree } from "../../../src/domain/merkle-tree.ts";
import { messageId, type Message } from "../../../src/domain/message.ts";
import { parseSubject } from "../../../src/domain/subject.ts";
import { eachStore } from "../../store/each-store.ts";
import { attached, au, cn, created, message } from "../fixtures.ts";
import { startLocalEvm, type LocalEvm } from "./local-evm.ts";
import { deployTestChannel, nameHash, type TestChannel } from "./test-channel.ts";

const claimOf = (about: Message): EvidenceClaim => ({ kind: "message", message: about });

/** What checking ends with: `holds`, or the check that failed. */
function outcome(work: () => unknown): string {
  try {
    work();
    return "holds";
  } catch (error) {
    if (error instanceof EvidenceFault) return error.code;
    throw error;
  }
}

const proofOf = (evidence: LedgerEvidence) => evidence.proof as unknown as EvmProof;

const REMOVED = Symbol("removed");

/** The same evidence, but for one member of its proof, named by its path. */
function changed(
  evidence: LedgerEvidence,
  path: string,
  change: (value: unknown) => unknown,
): LedgerEvidence {
  const copy = structuredClone(evidence);
  const names = path.split(".");
  const last = names.pop() ?? "";
  const parent = names.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], copy.proof);
  const members = parent as Record<string, unknown>;
  const value = change(members[last]);
  if (value === REMOVED) Reflect.deleteProperty(members, last);
  else members[last] = value;
  return copy;
}

const flip = (hex: unknown) => {
  const text = String(hex);
  return text.slice(0, -1) + (text.endsWith("0") ? "1" : "0");
};
const next = (value: unknown) => Number(value) + 1;

eachStore("evidence of an EVM ledger", (openFresh) => {
  describe("exported through a channel", function () {
    this.timeout(60_000);
    let evm: LocalEvm;
    let ledger: TestChannel;
    let channel: Channel;

    beforeEach(async () => {
      evm = await startLocalEvm();
      ledger = await deployTestChannel(evm);
      const store = await openFresh();
      channel = await openEvmChannel(ledger.options(au, { kind: "immediate" }), { store });
    });

    afterEach(async () => {
      await channel.close();
      await evm.close();
    });

    const operator = () => {
      const wallet = ledger.operators.get(au);
      if (wallet === undefined) throw new Error("Australia has no operator.");
      return wallet.connect(ledger.contract.runner?.provider ?? null);
    };
    const send = (sent: Message, overrides: ethers.Overrides = {}) =>
      ledger.contract.connect(operator()).send(contractMessage(sent), overrides);

    async function eventsOf(kind: LedgerEvent["kind"]): Promise<readonly LedgerEvent[]> {
      const events: LedgerEvent[] = [];
      let cursor: string | null = null;
      for (;;) {
        const page = await channel.read(cursor);
        if (page.cursor === cursor) return events.filter((event) => event.kind === kind);
        events.push(...page.events);
        cursor = page.cursor;
      }
    }

    async function evidenceOf(kind: LedgerEvent["kind"], which = 0): Promise<LedgerEvidence> {
      const event = (await eventsOf(kind))[which];
      if (event === undefined) throw new Error(`There is no ${kind}.`);
      return channel.evidence(event);
    }

    const hashOf = (checker: EvidenceChecker) => checker.scene.blockHash;

    it("shows from the block's hash alone the transaction, the event, the operator's right and the contract's code", async () => {
      const sent = message();
      await (await send(sent)).wait();
      const evidence = await evidenceOf("message");
      const checker = openEvidence(evidence);
      const block = (await evm.send("eth_getBlockByNumber", ["latest", false])) as { hash: string };
      expect(hashOf(checker)).to.equal(block.hash);
      const findings = checker.checkRecord(claimOf(sent), block.hash);
      expect(findings.map(({ check, outcome: how }) => `${check} ${how}`)).to.deep.equal([
        "header pass",
        "transaction-proof pass",
        "receipt-proof pass",
        "event pass",
        "right pass",
        "code pass",
      ]);
      expect(findings.at(-2)?.detail).to.contain(ledger.operators.get(au)?.address.toLowerCase());
    });

    it("shows each of many transactions of one block, of every kind", async () => {
      const messages = Array.from({ length: 20 }, (_, number) =>
        message({ subject: parseSubject(`n:${number}`), predicate: attached }),
      );
      await evm.send("evm_setAutomine", [false]);
      const first = await operator().getNonce();
      for (const [number, each] of messages.entries()) {
        const kinds: ethers.Overrides[] = [{}, { type: 0 }, { type: 1 }];
        await send(each, { nonce: first + number, gasLimit: 200_000, ...kinds[number % 3] });
      }
      await evm.send("evm_mine");
      for (const [number, sent] of messages.entries()) {
        const evidence = await evidenceOf("message", number);
        expect(proofOf(evidence).transaction.index).to.equal(number);
        const checker = openEvidence(evidence);
        const findings = checker.checkRecord(claimOf(sent), hashOf(checker));
        expect(findings.filter((each) => each.outcome === "pass")).to.have.length(6);
        const other = messages[(number + 1) % messages.length] ?? sent;
        expect(outcome(() => checker.checkRecord(claimOf(other), hashOf(checker)))).to.equal("event");
      }
    });

    it("shows the anchoring of a batch, and no other batch", async () => {
      const members = ["a", "b", "c"].map((subject) =>
        message({ subject: parseSubject(subject), predicate: attached }),
      );
      const [first] = members;
      if (first === undefined) throw new Error("There is no member.");
      const header: BatchHeader = {
        ...{ sender: au, receiver: cn, predicate: attached, validUntil: null },
        root: new MerkleTree(members.map(messageId)).root,
        count: 3,
        body: first.obj,
      };
      await (await ledger.contract.connect(operator()).anchor(contractBatch(header))).wait();
      const checker = openEvidence(await evidenceOf("batch"));
      const claim: EvidenceClaim = { kind: "batch", message: first, header, index: 0 };
      expect(checker.checkRecord(claim, hashOf(checker))).to.have.length(6);
      const other: EvidenceClaim = { ...claim, header: { ...header, count: 2 } };
      expect(outcome(() => checker.checkRecord(other, hashOf(checker)))).to.equal("event");
      expect(outcome(() => checker.checkRecord(claimOf(first), hashOf(checker)))).to.equal("event");
    });

    it("says that it relies on the contract's event where the client has no state of that block", async () => {
      const sent = message();
      await (await send(sent)).wait();
      for (const instead of [
        { error: { code: -32_000, message: "missing trie node" } },
        { result: { accountProof: [], storageProof: [{ key: "0x0", value: "0x1", proof: [] }] } },
      ]) {
        evm.intercept(({ method }) => Promise.resolve(method === "eth_getProof" ? instead : null));
        const checker = openEvidence(await evidenceOf("message"));
        const findings = checker.checkRecord(claimOf(sent), hashOf(checker));
        const right = findings.find(({ check }) => check === "right");
        expect(right?.outcome).to.equal("unknown");
        expect(right?.detail).to.contain("does not give the state");
      }
    });

    it("proves the receipt by itself where a transaction of the block is of an unknown kind", async () => {
      const sent = message();
      await (await send(sent)).wait();
      evm.intercept(async ({ method }, pass) => {
        if (method !== "eth_getBlockByNumber") return null;
        const block = (await pass()) as { transactions: unknown[] };
        const transactions = block.transactions.map((each) =>
          typeof each === "object" ? { ...each, type: "0x7e" } : each,
        );
        return { result: { ...block, transactions } };
      });
      const evidence = await evidenceOf("message");
      expect(proofOf(evidence).transaction).to.include({ bytes: null });
      const checker = openEvidence(evidence);
      const findings = checker.checkRecord(claimOf(sent), hashOf(checker));
      expect(findings.find(({ check }) => check === "transaction-proof")?.outcome).to.equal("unknown");
    });

    it("is not made of a client's answers that do not fit the block's hash", async () => {
      await (await send(message())).wait();
      const [event] = await eventsOf("message");
      if (event === undefined) throw new Error("There is no event.");
      const lies: Readonly<Record<string, Record<string, unknown>>> = {
        eth_getBlockByNumber: { gasUsed: "0x1" },
        eth_getTransactionReceipt: { cumulativeGasUsed: "0x1" },
      };
      for (const [lying, lie] of Object.entries(lies)) {
        evm.intercept(async ({ method }, pass) =>
          method === lying ? { result: { ...((await pass()) as object), ...lie } } : null,
        );
        const refused = await channel.evidence(event).catch((error: unknown) => error);
        expect(refused).to.include({ action: "retry", code: "evidence-unavailable" });
      }
    });

    it("is refused with the failing check's name, whatever of it is changed", async () => {
      const sent = message();
      await (await send(sent)).wait();
      const evidence = await evidenceOf("message");
      const { blockHash } = openEvidence(evidence).scene;
      const check = (about: LedgerEvidence, claim = claimOf(sent)) =>
        outcome(() => openEvidence(about).checkRecord(claim, blockHash));
      expect(check(evidence)).to.equal("holds");

      const cases: readonly (readonly [path: string, change: (value: unknown) => unknown, code: string])[] = [
        ["block.header", flip, "header"],
        ["block.hash", flip, "header"],
        ["block.number", next, "header"],
        ["transaction.hash", flip, "transaction-proof"],
        ["transaction.bytes", flip, "transaction-proof"],
        ["transaction.index", next, "transaction-proof"],
        ["transaction.proof", (nodes) => [...(nodes as string[]), "0x80"], "transaction-proof"],
        ["receipt.bytes", flip, "receipt-proof"],
        ["receipt.proof", () => [], "receipt-proof"],
        ["receipt.log", next, "event"],
        ["address", flip, "event"],
        ["codeHash", flip, "code"],
        ["right.accountProof", (nodes) => (nodes as string[]).slice(1), "right"],
        ["right.storageProof", () => [], "right"],
        ["right.more", () => 1, "form"],
        ["block.number", String, "form"],
        ["receipt", () => REMOVED, "form"],
      ];
      for (const [path, change, code] of cases) {
        expect(check(changed(evidence, path, change)), path).to.equal(code);
      }
      for (const lie of [
        { receiver: au, sender: cn },
        { subject: parseSubject("other") },
        { validUntil: 4_102_444_800 },
        { predicate: attached },
      ]) {
        expect(check(evidence, claimOf({ ...sent, ...lie }))).to.equal("event");
      }
      const forged = openEvidence(evidence);
      expect(outcome(() => forged.checkRecord(claimOf(sent), flip(blockHash)))).to.equal("header");
      expect(outcome(() => openEvidence({ technology: "paper", proof: {} }))).to.equal("technology");
    });

    it("reads the right where the contract keeps it", async () => {
      const wallet = ledger.operators.get(au)?.address ?? "";
      const slot = rightSlot(nameHash(au), nameHash(created), wallet);
      const held = async () =>
        BigInt((await evm.send("eth_getStorageAt", [ledger.address, slot, "latest"])) as string);
      expect(await held()).to.equal(1n);
      const admin = ledger.admins.get(au);
      if (admin === undefined) throw new Error("Australia has no admin.");
      const asAdmin = ledger.contract.connect(admin);
      await (await asAdmin.dismissOperator(nameHash(au), nameHash(created), wallet)).wait();
      expect(await held()).to.equal(0n);
    });
  });
});
