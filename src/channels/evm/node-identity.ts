import { id as hashOf, Signature, verifyMessage } from "ethers";

import type { Domain } from "../../domain/participant.ts";
import type { AccountSignature } from "../channel.ts";
import { contractViews, stateUnavailable } from "./contract.ts";
import { RpcError, type EvmRpc } from "./rpc.ts";
import type { Signer } from "./signer.ts";

const SIGNATURE_BYTES = 65;
const ACCOUNT = /^0x[0-9a-fA-F]{40}$/;

/** Signs a payload with a node's key, as a personal message (EIP-191, version 0x45). */
export async function signPayload(nodeKey: Signer, payload: Uint8Array): Promise<AccountSignature> {
  return { account: nodeKey.account, signature: await nodeKey.signPayload(payload) };
}

/**
 * Whether a payload was signed by an account that, by the ledger's newest state, may speak for the node of an active
 * participant. A malformed signature is no signature.
 *
 * @param address of the channel's contract
 * @throws ChannelFailure when the ledger cannot be asked
 */
export async function isSignedByNode(
  rpc: EvmRpc,
  address: string,
  participant: Domain,
  payload: Uint8Array,
  signed: AccountSignature,
): Promise<boolean> {
  const account = signerOf(payload, signed.signature);
  if (account === null) return false;
  if (account.toLowerCase() !== signed.account.toLowerCase()) return false;
  return isNodeKey(rpc, address, participant, account);
}

/**
 * Whether an account, by the ledger's newest state, may speak for the node of an active participant. What has not the form of
 * an account holds no right.
 *
 * @param address of the channel's contract
 * @throws ChannelFailure when the ledger cannot be asked
 */
export async function isNodeKey(
  rpc: EvmRpc,
  address: string,
  participant: Domain,
  account: string,
): Promise<boolean> {
  if (!ACCOUNT.test(account)) return false;
  try {
    return await contractViews(rpc, address).isNodeKey(hashOf(participant), account.toLowerCase());
  } catch (error) {
    throw error instanceof RpcError ? stateUnavailable(0, error) : error;
  }
}

function signerOf(payload: Uint8Array, signature: Uint8Array): string | null {
  if (signature.length !== SIGNATURE_BYTES) return null;
  try {
    return verifyMessage(payload, Signature.from(`0x${Buffer.from(signature).toString("hex")}`));
  } catch (error) {
    if (error instanceof Error) return null; // not the form of a signature, or of a point on the curve
    throw error;
  }
}
