import type { Finality } from "../channel.ts";
import { EvidenceFault } from "../evidence.ts";

/**
 * A proof that an event is in an EVM ledger's history (the form of `LedgerEvidence.proof` for technology `evm`). All bytes
 * are hexadecimal, lower-case.
 */
export interface EvmProof {
  /** What pins the channel. */
  readonly chainId: number;
  readonly genesisHash: string;
  readonly address: string;
  readonly codeHash: string;
  readonly finality: Finality;
  readonly block: {
    readonly number: number;
    readonly hash: string;
    /** The bytes whose keccak-256 is the block's hash: its header in RLP. */
    readonly header: string;
  };
  readonly transaction: {
    readonly hash: string;
    /** Its place in the block. */
    readonly index: number;
    /** Its bytes, as the block commits to them, and the way to them from the header's transactions root; both empty where
     * its ledger has transactions of a kind that is not known here. */
    readonly bytes: string | null;
    readonly proof: readonly string[];
  };
  readonly receipt: {
    readonly bytes: string;
    /** The way to it from the header's receipts root. */
    readonly proof: readonly string[];
    /** The event's place among the receipt's logs. */
    readonly log: number;
  };
  readonly right:
    | {
        /** The ledger's state after the block shows the contract's code, and that the operator held its right. */
        readonly kind: "state";
        readonly accountProof: readonly string[];
        readonly storageProof: readonly string[];
      }
    | {
        /** The event is the only word for it: the contract takes nothing from whoever lacks the right. */
        readonly kind: "event";
        readonly why: string;
      };
}

const MOST_NODES = 70;
const LONGEST_BYTES = 2_000_000;
const HEX = /^0x(?:[0-9a-f]{2})*$/;

/**
 * Reads a proof.
 *
 * @throws EvidenceFault `form`
 */
export function parseEvmProof(value: unknown): EvmProof {
  const proof = membersOf(value, "proof", [
    "chainId",
    "genesisHash",
    "address",
    "codeHash",
    "finality",
    "block",
    "transaction",
    "receipt",
    "right",
  ]);
  const block = membersOf(proof.block, "block", ["number", "hash", "header"]);
  const transaction = membersOf(proof.transaction, "transaction", ["hash", "index", "bytes", "proof"]);
  const receipt = membersOf(proof.receipt, "receipt", ["bytes", "proof", "log"]);
  return {
    chainId: wholeNumber(proof.chainId, "chainId"),
    genesisHash: bytesOf(proof.genesisHash, "genesisHash", 32),
    address: bytesOf(proof.address, "address", 20),
    codeHash: bytesOf(proof.codeHash, "codeHash", 32),
    finality: finalityOf(proof.finality),
    block: {
      number: wholeNumber(block.number, "block.number"),
      hash: bytesOf(block.hash, "block.hash", 32),
      header: bytesOf(block.header, "block.header"),
    },
    transaction: {
      hash: bytesOf(transaction.hash, "transaction.hash", 32),
      index: wholeNumber(transaction.index, "transaction.index"),
      bytes: transaction.bytes === null ? null : bytesOf(transaction.bytes, "transaction.bytes"),
      proof: nodesOf(transaction.proof, "transaction.proof"),
    },
    receipt: {
      bytes: bytesOf(receipt.bytes, "receipt.bytes"),
      proof: nodesOf(receipt.proof, "receipt.proof"),
      log: wholeNumber(receipt.log, "receipt.log"),
    },
    right: rightOf(proof.right),
  };
}

function rightOf(value: unknown): EvmProof["right"] {
  const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
  if (kind === "state") {
    const right = membersOf(value, "right", ["kind", "accountProof", "storageProof"]);
    return {
      kind,
      accountProof: nodesOf(right.accountProof, "right.accountProof"),
      storageProof: nodesOf(right.storageProof, "right.storageProof"),
    };
  }
  const right = membersOf(value, "right", ["kind", "why"]);
  if (kind !== "event" || typeof right.why !== "string" || right.why.length > 500) throw malformed("right");
  return { kind, why: right.why };
}

function finalityOf(value: unknown): Finality {
  const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
  if (kind === "confirmations") {
    const { blocks } = membersOf(value, "finality", ["kind", "blocks"]);
    return { kind, blocks: wholeNumber(blocks, "finality.blocks") };
  }
  membersOf(value, "finality", ["kind"]);
  if (kind !== "immediate" && kind !== "finalized") throw malformed("finality");
  return { kind };
}

/** The members of an object that has these and no others: what is not looked at would be believed for nothing. */
function membersOf<Name extends string>(
  value: unknown,
  what: string,
  names: readonly Name[],
): Readonly<Record<Name, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(what);
  const given = Object.keys(value);
  if (given.length !== names.length || names.some((name) => !Object.hasOwn(value, name))) {
    throw malformed(what);
  }
  return value as Record<Name, unknown>;
}

function nodesOf(value: unknown, what: string): readonly string[] {
  if (!Array.isArray(value) || value.length > MOST_NODES) throw malformed(what);
  return value.map((node: unknown) => bytesOf(node, what));
}

function bytesOf(value: unknown, what: string, length?: number): string {
  if (typeof value !== "string" || value.length > LONGEST_BYTES || !HEX.test(value)) throw malformed(what);
  if (length !== undefined && value.length !== 2 + 2 * length) throw malformed(what);
  return value;
}

function wholeNumber(value: unknown, what: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw malformed(what);
  return value;
}

function malformed(what: string): EvidenceFault {
  return new EvidenceFault("form", `The ledger's proof is not complete, or not as it should be: ${what}.`);
}
