import {
  authorizationify,
  encodeRlp,
  keccak256,
  toBeHex,
  Transaction,
  type Authorization,
  type RlpStructuredData,
} from "ethers";

import { asBigInt, asHex, asList, asNumber, asRecord } from "./rpc-values.ts";
import { listIn, readRlpList, RlpFault } from "./rlp.ts";

type Answer = Readonly<Record<string, unknown>>;

/** Members of a block's header in their order; from `baseFeePerGas` on they came one by one with the ledger's forks. */
const HEADER: readonly (readonly [name: string, kind: "bytes" | "number"])[] = [
  ["parentHash", "bytes"],
  ["sha3Uncles", "bytes"],
  ["miner", "bytes"],
  ["stateRoot", "bytes"],
  ["transactionsRoot", "bytes"],
  ["receiptsRoot", "bytes"],
  ["logsBloom", "bytes"],
  ["difficulty", "number"],
  ["number", "number"],
  ["gasLimit", "number"],
  ["gasUsed", "number"],
  ["timestamp", "number"],
  ["extraData", "bytes"],
  ["mixHash", "bytes"],
  ["nonce", "bytes"],
  ["baseFeePerGas", "number"],
  ["withdrawalsRoot", "bytes"],
  ["blobGasUsed", "number"],
  ["excessBlobGas", "number"],
  ["parentBeaconBlockRoot", "bytes"],
  ["requestsHash", "bytes"],
];
const ALWAYS_THERE = 15;
const EXTRA_DATA = HEADER.findIndex(([name]) => name === "extraData");

/**
 * The bytes whose keccak-256 is a block's hash: its header in RLP. Ledgers under QBFT or IBFT 2.0 hash the header without
 * the validators' seals, which each validator collects for itself.
 *
 * @param block as `eth_getBlockByNumber` answers
 * @returns in hexadecimal; null when no form of the header that is known here has the block's hash
 */
export function headerBytes(block: Answer): string | null {
  const hash = asHex(block.hash, "block hash", 32);
  const members: string[] = [];
  for (const [place, [name, kind]] of HEADER.entries()) {
    const value = block[name];
    if ((value === undefined || value === null) && place >= ALWAYS_THERE) break;
    members.push(kind === "number" ? shortest(asBigInt(value, name)) : asHex(value, name));
  }
  return (
    [members, ...unsealed(members)]
      .map((each) => encodeRlp(each))
      .find((written) => keccak256(written) === hash) ?? null
  );
}

/** The header as QBFT hashes it (round 0 and no seals), and as IBFT 2.0 does (neither round nor seals). */
function unsealed(members: readonly string[]): string[][] {
  let extra: readonly RlpStructuredData[];
  try {
    extra = readRlpList(members[EXTRA_DATA] ?? "0x", "extra data");
  } catch (error) {
    if (error instanceof RlpFault) return []; // free text, as on most ledgers
    throw error;
  }
  const common = extra.slice(0, 3);
  return [[...common, "0x", []], common].map((form) => members.with(EXTRA_DATA, encodeRlp(form)));
}

/**
 * A receipt as a block commits to it (EIP-2718).
 *
 * @param receipt as `eth_getTransactionReceipt` answers
 * @returns in hexadecimal
 */
export function receiptBytes(receipt: Answer): string {
  const logs = asList(receipt.logs, "receipt's logs").map((value) => {
    const log = asRecord(value, "log");
    return [
      asHex(log.address, "log address", 20),
      asList(log.topics, "log topics").map((topic) => asHex(topic, "log topic", 32)),
      asHex(log.data, "log data"),
    ];
  });
  const body = encodeRlp([
    shortest(asBigInt(receipt.status, "receipt's status")),
    shortest(asBigInt(receipt.cumulativeGasUsed, "receipt's gas")),
    asHex(receipt.logsBloom, "receipt's bloom", 256),
    logs,
  ]);
  return typed(receipt.type === undefined ? 0 : asNumber(receipt.type, "receipt's type"), body);
}

/**
 * A transaction as a block commits to it.
 *
 * @param transaction as `eth_getBlockByNumber` lists it in full
 * @returns in hexadecimal; null for a kind of transaction that is not known here
 */
export function transactionBytes(transaction: Answer): string | null {
  try {
    const { v, yParity, r, s } = transaction;
    const authorizations = transaction.authorizationList;
    const written = Transaction.from({
      type: transaction.type === undefined ? 0 : asNumber(transaction.type, "transaction's type"),
      to: (transaction.to ?? null) as string | null,
      nonce: asNumber(transaction.nonce, "transaction's nonce"),
      gasLimit: asBigInt(transaction.gas, "transaction's gas"),
      data: asHex(transaction.input, "transaction's input"),
      value: asBigInt(transaction.value, "transaction's value"),
      ...(transaction.chainId === undefined || transaction.chainId === null
        ? {}
        : { chainId: asBigInt(transaction.chainId, "transaction's chain") }),
      ...(transaction.maxFeePerGas === undefined
        ? { gasPrice: asBigInt(transaction.gasPrice, "transaction's gas price") }
        : {
            maxFeePerGas: asBigInt(transaction.maxFeePerGas, "transaction's fee"),
            maxPriorityFeePerGas: asBigInt(transaction.maxPriorityFeePerGas, "transaction's priority fee"),
          }),
      ...(transaction.accessList === undefined
        ? {}
        : { accessList: transaction.accessList as { address: string; storageKeys: string[] }[] }),
      ...(transaction.maxFeePerBlobGas === undefined
        ? {}
        : {
            maxFeePerBlobGas: asBigInt(transaction.maxFeePerBlobGas, "transaction's blob fee"),
            blobVersionedHashes: transaction.blobVersionedHashes as string[],
          }),
      ...(authorizations === undefined
        ? {}
        : { authorizationList: asList(authorizations, "authorizations").map(authorizationOf) }),
      signature: {
        r: word(r),
        s: word(s),
        v: asNumber(v ?? yParity, "transaction's signature"),
      },
    });
    return written.hash === transaction.hash ? written.serialized : null;
  } catch (error) {
    if (error instanceof Error) return null; // a kind that this program does not know, or not as it knows it
    throw error;
  }
}

function authorizationOf(value: unknown): Authorization {
  const { address, nonce, chainId, yParity, v, r, s } = asRecord(value, "authorization");
  return authorizationify({
    address: asHex(address, "authorization's address", 20),
    nonce: asBigInt(nonce, "authorization's nonce"),
    chainId: asBigInt(chainId, "authorization's chain"),
    signature: { r: word(r), s: word(s), yParity: asNumber(yParity ?? v, "authorization") === 1 ? 1 : 0 },
  });
}

/** The items of a receipt: status, gas, bloom, logs; its type does not matter. */
export function readReceipt(written: string): {
  readonly accepted: boolean;
  readonly logs: readonly RlpStructuredData[];
} {
  const isTyped = Number.parseInt(written.slice(2, 4), 16) < 0x80;
  const items = readRlpList(isTyped ? `0x${written.slice(4)}` : written, "receipt");
  return { accepted: items[0] === "0x01", logs: listIn(items[3], "receipt") };
}

function typed(type: number, body: string): string {
  return type === 0 ? body : `0x${type.toString(16).padStart(2, "0")}${body.slice(2)}`;
}

/** A number in RLP's bytes: no leading zeros, and zero is nothing at all. */
function shortest(value: bigint): string {
  return value === 0n ? "0x" : toBeHex(value);
}

function word(value: unknown): string {
  return toBeHex(asBigInt(value, "signature"), 32);
}
