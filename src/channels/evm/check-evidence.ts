import { concat, encodeRlp, getBytes, keccak256, Signature, toBeHex, verifyMessage } from "ethers";

import { batchId } from "../../domain/batch.ts";
import { messageId } from "../../domain/message.ts";
import { digestOf } from "../../domain/multihash.ts";
import type { Message } from "../../domain/message.ts";
import {
  EvidenceFault,
  type EvidenceAttestation,
  type EvidenceChecker,
  type EvidenceClaim,
  type EvidenceFinding,
  type EvidenceScene,
  type LedgerAnswer,
} from "../evidence.ts";
import { askLedger } from "./ask-ledger.ts";
import { readReceipt } from "./block-records.ts";
import {
  isHashOf,
  numbersArg,
  numberArg,
  readEvent,
  textArg,
  type ContractEvent,
} from "./contract-events.ts";
import { parseEvmProof, type EvmProof } from "./evidence-form.ts";
import { TrieFault, valueInTrie } from "./merkle-patricia.ts";
import { networkOf } from "./pins.ts";
import { readRight, rightSlot } from "./right.ts";
import { bytesIn, listIn, numberIn, readRlpList, RlpFault } from "./rlp.ts";

/** What is used of a header. */
interface HeaderRoots {
  readonly stateRoot: string;
  readonly transactionsRoot: string;
  readonly receiptsRoot: string;
  readonly number: number;
  readonly time: number;
}

/**
 * Reads evidence of an EVM ledger, to be checked.
 *
 * @param proof as `LedgerEvidence` has it
 * @throws EvidenceFault `form` or `header`
 */
export function evmEvidenceChecker(proof: unknown): EvidenceChecker {
  return new EvmEvidenceChecker(parseEvmProof(proof));
}

class EvmEvidenceChecker implements EvidenceChecker {
  readonly scene: EvidenceScene;
  readonly #proof: EvmProof;
  readonly #header: HeaderRoots;

  constructor(proof: EvmProof) {
    this.#proof = proof;
    this.#header = readHeaderRoots(proof);
    const network = networkOf(proof.chainId);
    this.scene = {
      channelId: `${network}:${proof.address}`,
      network,
      genesisHash: proof.genesisHash,
      codeHash: proof.codeHash,
      txn: proof.transaction.hash,
      height: proof.block.number,
      time: this.#header.time,
      blockHash: proof.block.hash,
    };
  }

  checkRecord(claim: EvidenceClaim, trusted: string): readonly EvidenceFinding[] {
    const { block, transaction, receipt } = this.#proof;
    const findings: EvidenceFinding[] = [];
    if (trusted.toLowerCase() !== block.hash) {
      throw new EvidenceFault(
        "header",
        `The block is ${block.hash}, not the trusted ${trusted.toLowerCase()}.`,
      );
    }
    findings.push(pass("header", `Its block ${block.number} is the trusted one: ${block.hash}.`));
    findings.push(this.#checkTransaction());
    const recorded = follow("receipt-proof", this.#header.receiptsRoot, transaction.index, receipt.proof);
    if (recorded !== receipt.bytes) {
      throw new EvidenceFault("receipt-proof", "The receipt is not the one that the block records.");
    }
    findings.push(pass("receipt-proof", "The block records the transaction's receipt."));
    const event = this.#eventIn(receipt.bytes);
    checkEvent(event, claim);
    findings.push(
      pass("event", `In it, the channel's contract ${this.#proof.address} announces exactly this.`),
    );
    return [...findings, ...this.#checkRight(event)];
  }

  checkSignature({ payload, signed, participant }: EvidenceAttestation): EvidenceFinding {
    const fault = new EvidenceFault(
      "attestation",
      "The bundle does not bear the signature of the account that it names: something in it was changed.",
    );
    let signer: string;
    try {
      signer = verifyMessage(payload, Signature.from(`0x${Buffer.from(signed.signature).toString("hex")}`));
    } catch {
      throw fault; // not the form of a signature
    }
    if (signer.toLowerCase() !== signed.account) throw fault;
    return pass("attestation", `The bundle is signed by ${signed.account}, for the node of ${participant}.`);
  }

  checkLedger(rpcUrl: string, claim: EvidenceClaim, attestation: EvidenceAttestation): Promise<LedgerAnswer> {
    return askLedger(rpcUrl, this.#proof, claim, attestation);
  }

  #checkTransaction(): EvidenceFinding {
    const { hash, index, bytes, proof } = this.#proof.transaction;
    if (bytes === null) {
      return {
        check: "transaction-proof",
        outcome: "unknown",
        detail: `That the transaction's hash is ${hash} is not proved; its receipt is.`,
      };
    }
    if (keccak256(bytes) !== hash) {
      throw new EvidenceFault("transaction-proof", "The transaction does not have the hash named.");
    }
    if (follow("transaction-proof", this.#header.transactionsRoot, index, proof) !== bytes) {
      throw new EvidenceFault("transaction-proof", "The transaction is not the one that the block records.");
    }
    return pass("transaction-proof", `The block holds the transaction ${hash}.`);
  }

  /** The event of the channel's contract that the proof points to. */
  #eventIn(receipt: string): ContractEvent {
    try {
      const { accepted, logs } = readReceipt(receipt);
      if (!accepted) throw new EvidenceFault("event", "The transaction was refused.");
      const log = logs[this.#proof.receipt.log];
      if (log === undefined) throw new EvidenceFault("event", "The receipt has no such event.");
      const [emitter, topics, data] = listIn(log, "log");
      if (bytesIn(emitter, "log") !== this.#proof.address) {
        throw new EvidenceFault("event", "The event is of another contract than the channel's.");
      }
      return readEvent({
        height: this.#proof.block.number,
        blockHash: this.#proof.block.hash,
        txn: this.#proof.transaction.hash,
        index: this.#proof.receipt.log,
        topics: listIn(topics, "log").map((topic) => bytesIn(topic, "log")),
        data: bytesIn(data, "log"),
      });
    } catch (error) {
      if (error instanceof RlpFault) throw new EvidenceFault("receipt-proof", error.message);
      throw error;
    }
  }

  #checkRight(event: ContractEvent): readonly EvidenceFinding[] {
    const { right, address, codeHash, block } = this.#proof;
    const operator = textArg(event, "operator").toLowerCase();
    if (right.kind === "event") {
      const detail = `${operator} acted. That it had the right is the contract's word, which refuses everybody else.`;
      return [
        { check: "right", outcome: "unknown", detail: `${detail} ${right.why}` },
        {
          check: "code",
          outcome: "unknown",
          detail: `The contract's code is said to have hash ${codeHash}.`,
        },
      ];
    }
    const slot = rightSlot(textArg(event, "sender"), textArg(event, "predicate"), operator);
    const proven = faultless("right", () => readRight(this.#header.stateRoot, address, slot, right));
    if (proven?.codeHash !== codeHash) {
      throw new EvidenceFault("code", "The contract did not have the code that the evidence names.");
    }
    if (!proven.held) throw new EvidenceFault("right", `${operator} did not hold the right that it used.`);
    return [
      pass("right", `${operator} held the right to send this at block ${block.number}.`),
      pass("code", `The contract's code had hash ${codeHash} then.`),
    ];
  }
}

function readHeaderRoots({ block }: EvmProof): HeaderRoots {
  if (keccak256(block.header) !== block.hash) {
    throw new EvidenceFault("header", "The block's header does not have the block's hash.");
  }
  try {
    const items = readRlpList(block.header, "header");
    const header = {
      stateRoot: bytesIn(items[3], "header"),
      transactionsRoot: bytesIn(items[4], "header"),
      receiptsRoot: bytesIn(items[5], "header"),
      number: numberIn(items[8], "header"),
      time: numberIn(items[11], "header"),
    };
    if (header.number !== block.number) {
      throw new EvidenceFault("header", `The header is that of block ${header.number}, not ${block.number}.`);
    }
    return header;
  } catch (error) {
    if (error instanceof RlpFault) throw new EvidenceFault("header", error.message);
    throw error;
  }
}

/** Whether the event announces the claim, and nothing else. */
function checkEvent(event: ContractEvent, claim: EvidenceClaim): void {
  if (claim.kind === "message") {
    requireEvent(event.name === "MessageSent" && textArg(event, "id") === messageId(claim.message));
    requireNames(event, claim.message);
    requireEvent(
      textArg(event, "subject") === claim.message.subject &&
        textArg(event, "obj") === `0x${digestOf(claim.message.obj)}` &&
        numberArg(event, "validUntil") === BigInt(claim.message.validUntil ?? 0),
    );
    return;
  }
  const { header } = claim;
  if (claim.kind === "batch") {
    requireEvent(event.name === "BatchAnchored" && textArg(event, "id") === batchId(header));
    requireNames(event, header);
    requireEvent(
      textArg(event, "root") === header.root && numberArg(event, "count") === BigInt(header.count),
    );
    return;
  }
  requireEvent(event.name === "BatchSettled" && textArg(event, "id") === batchId(header));
  requireNames(event, claim.message);
  requireEvent(textArg(event, "obj") === `0x${digestOf(claim.message.obj)}`);
  const masks = numbersArg(event, "applied");
  const applied = numbersArg(event, "words").some(
    (word, place) =>
      word === BigInt(claim.index >> 8) && ((masks[place] ?? 0n) >> BigInt(claim.index & 0xff)) % 2n === 1n,
  );
  requireEvent(applied);
}

function requireNames(
  event: ContractEvent,
  { sender, receiver, predicate }: Pick<Message, "sender" | "receiver" | "predicate">,
): void {
  requireEvent(
    isHashOf(sender, textArg(event, "sender")) &&
      isHashOf(receiver, textArg(event, "receiver")) &&
      isHashOf(predicate, textArg(event, "predicate")),
  );
}

function requireEvent(holds: boolean): void {
  if (!holds) throw new EvidenceFault("event", "The event that the block records says something else.");
}

/** @returns what a trie of the block has at a place, in hexadecimal; null for nothing */
function follow(check: string, root: string, index: number, proof: readonly string[]): string | null {
  const key = getBytes(encodeRlp(index === 0 ? "0x" : toBeHex(index)));
  const value = faultless(check, () => valueInTrie(root, key, proof));
  return value === null ? null : concat([value]);
}

function faultless<T>(check: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof TrieFault || error instanceof RlpFault)
      throw new EvidenceFault(check, error.message);
    throw error;
  }
}

function pass(check: string, detail: string): EvidenceFinding {
  return { check, outcome: "pass", detail };
}
