import { ZeroAddress } from "ethers";

import type { BatchHeader } from "../../domain/batch.ts";
import type { CertificateState } from "../../domain/certificate.ts";
import type { Message } from "../../domain/message.ts";
import type { Domain } from "../../domain/participant.ts";
import { uncounted } from "../../operations/fault.ts";
import {
  ChannelFailure,
  type AccountSignature,
  type Channel,
  type ChannelDescription,
  type EvidencePlace,
  type Judgement,
  type LedgerEvidence,
  type LedgerPage,
  type Progress,
  type Refusal,
  type Submission,
} from "../channel.ts";
import type { ChannelRights } from "../rights.ts";
import type { SigningAccount } from "../signing-account.ts";
import { BackgroundLoop } from "./background-loop.ts";
import { Carrier } from "./carrier.ts";
import { openSigners, type ChannelSigners } from "./channel-signers.ts";
import { connectLedger } from "./connect.ts";
import {
  batchedCertificateState,
  certificateState,
  judge,
  stateUnavailable,
  type StateOptions,
} from "./contract.ts";
import { evmEvidence, type EvidenceOptions } from "./evidence.ts";
import type { ChannelEnvironment, ChannelWarning, EvmChannelOptions } from "./evm-options.ts";
import { isNodeKey, isSignedByNode, signPayload } from "./node-identity.ts";
import { checkFinality } from "./finality.ts";
import { checkPins, describeChannel, networkOf } from "./pins.ts";
import { QuietWarnings } from "./quiet-warnings.ts";
import { EvmReader } from "./reader.ts";
import { RightsLog } from "./rights-log.ts";
import { RpcError, type EvmRpc } from "./rpc.ts";
import { signingAccounts, type SigningAccountsOptions } from "./signing-accounts.ts";
import { storeSubmission, submissionProgress, type SubmissionOptions } from "./submissions.ts";
import { TransactionRepository } from "./transaction-repository.ts";

const POLL_MS = 1_000;
const STALL_MS = 60_000;
const WEI_PER_GWEI = 1_000_000_000n;

interface Parts {
  readonly description: ChannelDescription;
  readonly rpc: EvmRpc;
  readonly reader: EvmReader;
  readonly submissions: SubmissionOptions;
  readonly signers: ChannelSigners;
  readonly warnings: QuietWarnings;
  readonly carrier: Carrier;
  readonly carrying: BackgroundLoop;
  readonly proving: EvidenceOptions;
  readonly rights: RightsLog;
  readonly accounts: SigningAccountsOptions;
  readonly fromBlock: number;
}

function warnProcess({ channelId, code, detail }: ChannelWarning): void {
  process.emitWarning(`Channel ${channelId}: ${detail}`, { code });
}

/**
 * Opens a channel on an EVM ledger, after making sure that it is the one configured, and goes on with the transactions
 * that were under way.
 *
 * @throws ChannelFailure stop: `wrong-chain`, `wrong-genesis`, `wrong-contract`, `finality-unsupported`,
 * `finality-too-weak`, `key-invalid`, `keystore-invalid`, `keystore-locked`; retry while the ledger is out of reach
 */
export async function openEvmChannel(
  options: EvmChannelOptions,
  environment: ChannelEnvironment,
): Promise<Channel> {
  const { chainId, finality, fromBlock } = options;
  const address = options.address.toLowerCase();
  const channelId = `${networkOf(chainId)}:${address}`;
  const { now = Date.now, warn = warnProcess, countFault = uncounted } = environment;
  const warnings = new QuietWarnings(channelId, warn, now);
  const signers = await openSigners(options, { channelId, warnings, countFault });
  const rpc = connect(options, environment);
  try {
    await checkPins(rpc, options);
    await checkFinality(rpc, finality);
    const description = await describeChannel(rpc, options);
    const repository = new TransactionRepository(environment.store, chainId);
    const { maxFeeGwei } = options;
    const feeCeiling = maxFeeGwei === undefined ? null : BigInt(maxFeeGwei) * WEI_PER_GWEI;
    const carrier = new Carrier({
      rpc,
      repository,
      channelId,
      chainId,
      finality,
      signers: signers.operators,
      feeCeiling,
      stallMilliseconds: options.stallMilliseconds ?? STALL_MS,
      now,
      warnings,
      countFault,
    });
    return new EvmChannel({
      description,
      rpc,
      reader: new EvmReader(rpc, { address, network: networkOf(chainId), fromBlock, finality }),
      submissions: {
        rpc,
        repository,
        channelId,
        chainId,
        address,
        operator: signers.operator,
        feeCeiling,
        now,
      },
      signers,
      warnings,
      fromBlock,
      rights: new RightsLog(rpc, { address, network: networkOf(chainId), fromBlock, finality }),
      accounts: { db: environment.store.db, rpc, chainId, signers, feeCeiling, now },
      proving: { chainId, genesisHash: options.genesisHash, address, codeHash: options.codeHash, finality },
      carrier,
      carrying: new BackgroundLoop(() => carrier.lookAfterAll(), options.pollMilliseconds ?? POLL_MS),
    });
  } catch (error) {
    signers.close();
    rpc.destroy();
    throw error;
  }
}

function connect(options: EvmChannelOptions, environment: ChannelEnvironment): EvmRpc {
  const channelId = `${networkOf(options.chainId)}:${options.address.toLowerCase()}`;
  const { warn = warnProcess, countFault } = environment;
  const { probeMilliseconds } = options;
  return connectLedger(options, {
    ...(probeMilliseconds === undefined ? {} : { probeMilliseconds }),
    tell: (news) => {
      warn({ channelId, ...news });
    },
    onFailure: () => countFault?.("ledger_endpoint_failures", channelId),
    onFailover: () => countFault?.("ledger_failovers", channelId),
  });
}

/** A channel whose ledger is an EVM: see `contracts/Channel.sol` for its rules. */
class EvmChannel implements Channel {
  readonly description: ChannelDescription;
  readonly #parts: Parts;
  #closed: Promise<void> | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.description = parts.description;
  }

  async read(cursor: string | null): Promise<LedgerPage> {
    try {
      return await this.#parts.reader.read(cursor);
    } catch (error) {
      // A ledger that is not believed any more is given nothing either.
      if (error instanceof ChannelFailure && error.action === "stop") void this.#stopCarrying();
      throw error;
    }
  }

  async judge(submission: Submission): Promise<Judgement> {
    const { rpc, address, operator } = this.#parts.submissions;
    const account = operator?.account ?? ZeroAddress;
    const question = { address, operator: account, finality: this.description.finality };
    const judgement = await judge(rpc, question, submission);
    if (!judgement.accepted && operator !== null) this.#tellOfRefusal(operator.account, judgement.refusal);
    return judgement;
  }

  /** What an account is not appointed for, or not any more, waits for people; so somebody is told. */
  #tellOfRefusal(account: string, { code, detail }: Refusal): void {
    if (code !== "OperatorUnauthorized") return;
    this.#parts.warnings.warn({ code: "operator-unauthorized", detail, alarm: true }, account);
  }

  async submit(submission: Submission): Promise<void> {
    await storeSubmission(this.#parts.submissions, submission);
    this.#parts.carrying.wake();
  }

  progress(key: string): Promise<Progress> {
    return submissionProgress(this.#parts.submissions.repository, key);
  }

  certificateState(issuance: Message): Promise<CertificateState> {
    return certificateState(this.#parts.rpc, this.#stateOptions(), issuance);
  }

  batchedCertificateState(header: BatchHeader, index: number): Promise<CertificateState> {
    return batchedCertificateState(this.#parts.rpc, this.#stateOptions(), header, index);
  }

  async evidence(place: EvidencePlace): Promise<LedgerEvidence> {
    try {
      return await evmEvidence(this.#parts.rpc, this.#parts.proving, place);
    } catch (error) {
      throw error instanceof RpcError ? stateUnavailable(place.position.height, error) : error;
    }
  }

  signAsNode(payload: Uint8Array): Promise<AccountSignature> {
    return signPayload(this.#parts.signers.nodeKey, payload);
  }

  isNodeSignature(participant: Domain, payload: Uint8Array, signed: AccountSignature): Promise<boolean> {
    const { rpc, address } = this.#parts.submissions;
    return isSignedByNode(rpc, address, participant, payload, signed);
  }

  isNodeKey(participant: Domain, account: string): Promise<boolean> {
    const { rpc, address } = this.#parts.submissions;
    return isNodeKey(rpc, address, participant, account);
  }

  rights(): Promise<ChannelRights> {
    return this.#parts.rights.read();
  }

  signingAccounts(): Promise<readonly SigningAccount[]> {
    return signingAccounts(this.#parts.accounts);
  }

  close(): Promise<void> {
    // First, so that nobody waits for a remote signer that keeps silent.
    this.#parts.signers.close();
    this.#closed ??= this.#stopCarrying().then(() => {
      this.#parts.rpc.destroy();
    });
    return this.#closed;
  }

  async #stopCarrying(): Promise<void> {
    await this.#parts.carrying.stop();
    await this.#parts.carrier.rest();
  }

  #stateOptions(): StateOptions {
    const { fromBlock, submissions } = this.#parts;
    return { address: submissions.address, finality: this.description.finality, fromBlock };
  }
}
