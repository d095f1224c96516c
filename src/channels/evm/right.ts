import { getBytes, keccak256, toBeHex, zeroPadValue, concat } from "ethers";

import { bytesIn, readRlpList } from "./rlp.ts";
import { valueInTrie } from "./merkle-patricia.ts";

/** Where the contract keeps its roles (OpenZeppelin `AccessControl`): the first slot, by role and then by account. */
const ROLES_SLOT = toBeHex(0, 32);

/**
 * The storage slot that says whether an account holds the right to send a message type for a participant.
 *
 * @param participant keccak-256 of the domain
 * @param predicate keccak-256 of the message type's name
 */
export function rightSlot(participant: string, predicate: string, account: string): string {
  const role = keccak256(concat([participant, predicate]));
  const members = keccak256(concat([role, ROLES_SLOT]));
  return keccak256(concat([zeroPadValue(account, 32), members]));
}

/** What the ledger's state after a block says of the contract. */
export interface ProvenRight {
  readonly codeHash: string;
  readonly held: boolean;
}

/**
 * Reads a right out of proofs against a block's state root.
 *
 * @param slot of the right
 * @throws TrieFault or RlpFault when they prove nothing
 */
export function readRight(
  stateRoot: string,
  address: string,
  slot: string,
  proofs: { readonly accountProof: readonly string[]; readonly storageProof: readonly string[] },
): ProvenRight | null {
  const account = valueInTrie(stateRoot, getBytes(keccak256(address)), proofs.accountProof);
  if (account === null) return null;
  const [, , storageRoot, codeHash] = readRlpList(hex(account), "account");
  const value = valueInTrie(bytesIn(storageRoot, "account"), getBytes(keccak256(slot)), proofs.storageProof);
  return { codeHash: bytesIn(codeHash, "account"), held: value !== null && hex(value) === "0x01" };
}

function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}
