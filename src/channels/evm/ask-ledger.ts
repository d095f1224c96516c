import { id as hashOf, keccak256 } from "ethers";

import type { CertificateState } from "../../domain/certificate.ts";
import type { Effect } from "../../domain/predicate.ts";
import { ChannelFailure } from "../channel.ts";
import {
  EvidenceFault,
  type EvidenceAttestation,
  type EvidenceClaim,
  type EvidenceFinding,
  type LedgerAnswer,
} from "../evidence.ts";
import {
  batchedCertificateState,
  certificateState,
  contractViews,
  readEnds,
  stateUnavailable,
} from "./contract.ts";
import type { EvmProof } from "./evidence-form.ts";
import { readHeader } from "./header.ts";
import { EvmRpc, RpcError } from "./rpc.ts";
import { asHex, asNumber } from "./rpc-values.ts";

const EFFECTS: readonly (Effect | null)[] = [null, "inform", "issue", "acquit", "revoke"];

/**
 * Asks a client of the ledger whether a proof is about this ledger, and what has become of the claim since.
 *
 * @throws EvidenceFault `chain`, `genesis`, `on-chain`, `code` or `state`; ChannelFailure when the client is out of reach
 */
export async function askLedger(
  rpcUrl: string,
  proof: EvmProof,
  claim: EvidenceClaim,
  attestation: EvidenceAttestation,
): Promise<LedgerAnswer> {
  const rpc = new EvmRpc(rpcUrl, proof.chainId);
  try {
    const findings = [
      ...(await checkChain(rpc, proof)),
      await checkBlock(rpc, proof),
      await checkCode(rpc, proof),
      await checkAttestation(rpc, proof, attestation),
    ];
    const effect = await effectOf(rpc, proof, claim);
    const certificate = effect === "issue" ? await stateOf(rpc, proof, claim) : null;
    if (certificate?.issued === false) {
      throw new EvidenceFault("state", "The ledger does not know this certificate.");
    }
    return { effect, certificate, findings };
  } catch (error) {
    throw error instanceof RpcError ? stateUnavailable(proof.block.number, error) : error;
  } finally {
    rpc.destroy();
  }
}

async function checkChain(rpc: EvmRpc, { chainId, genesisHash }: EvmProof): Promise<EvidenceFinding[]> {
  const chain = asNumber(await rpc.send("eth_chainId", []), "chain id");
  if (chain !== chainId) throw new EvidenceFault("chain", `This ledger is chain ${chain}, not ${chainId}.`);
  const genesis = await readHeader(rpc, 0);
  if (genesis?.hash !== genesisHash) {
    throw new EvidenceFault(
      "genesis",
      `This ledger begins with ${genesis?.hash ?? "nothing"}, not ${genesisHash}.`,
    );
  }
  return [
    { check: "chain", outcome: "pass", detail: `The ledger is chain ${chainId}.` },
    { check: "genesis", outcome: "pass", detail: `It begins with block ${genesisHash}.` },
  ];
}

async function checkBlock(rpc: EvmRpc, { block, finality }: EvmProof): Promise<EvidenceFinding> {
  const { head, final } = await readEnds(rpc, finality);
  if (block.number > head.height) {
    throw new ChannelFailure(
      "retry",
      "ledger-behind",
      `The ledger's client is at block ${head.height} and has not come to block ${block.number}.`,
    );
  }
  const found = await readHeader(rpc, block.number);
  if (found?.hash !== block.hash) {
    throw new EvidenceFault(
      "on-chain",
      `Block ${block.number} of the ledger is ${found?.hash ?? "unknown"}.`,
    );
  }
  if (block.number > final.height) {
    throw new EvidenceFault("on-chain", `Block ${block.number} is in the ledger, but not final.`);
  }
  return { check: "on-chain", outcome: "pass", detail: `Block ${block.number} is final in the ledger.` };
}

async function checkCode(rpc: EvmRpc, { address, codeHash }: EvmProof): Promise<EvidenceFinding> {
  const code = asHex(await rpc.send("eth_getCode", [address, "latest"]), "code");
  if (keccak256(code) !== codeHash) {
    throw new EvidenceFault("code", `The code at ${address} has hash ${keccak256(code)}, not ${codeHash}.`);
  }
  return { check: "code-now", outcome: "pass", detail: `The contract's code has hash ${codeHash}.` };
}

/** Node keys change: one that was dismissed since says nothing against a bundle that proves itself. */
async function checkAttestation(
  rpc: EvmRpc,
  { address }: EvmProof,
  { participant, signed }: EvidenceAttestation,
): Promise<EvidenceFinding> {
  const held = await contractViews(rpc, address).isNodeKey(hashOf(participant), signed.account);
  return held
    ? {
        check: "attestation-now",
        outcome: "pass",
        detail: `${signed.account} speaks for the node of ${participant}.`,
      }
    : {
        check: "attestation-now",
        outcome: "unknown",
        detail: `${signed.account} does not speak for the node of ${participant} now: what the bundle merely states is without voucher.`,
      };
}

async function effectOf(rpc: EvmRpc, { address }: EvmProof, claim: EvidenceClaim): Promise<Effect | null> {
  const type = await contractViews(rpc, address).messageType(hashOf(claim.message.predicate));
  return EFFECTS[Number(type.effect)] ?? null;
}

async function stateOf(rpc: EvmRpc, proof: EvmProof, claim: EvidenceClaim): Promise<CertificateState> {
  const { address, finality, block } = proof;
  const options = { address, finality, fromBlock: block.number };
  return claim.kind === "batch"
    ? batchedCertificateState(rpc, options, claim.header, claim.index)
    : certificateState(rpc, options, claim.message);
}
