import { toQuantity } from "ethers";

import type { IChannel } from "../../../types/ethers-contracts/interfaces/IChannel.ts";
import { IChannel__factory } from "../../../types/ethers-contracts/factories/interfaces/IChannel__factory.ts";
import type { BatchHeader } from "../../domain/batch.ts";
import type { CertificateState } from "../../domain/certificate.ts";
import type { Message } from "../../domain/message.ts";
import { ChannelFailure, type Finality, type Judgement, type Refusal, type Submission } from "../channel.ts";
import { ofOneClient } from "./consistency.ts";
import { channelInterface } from "./contract-events.ts";
import { decodeRefusal } from "./decode-refusal.ts";
import { contractBatch, contractMessage, encodeSubmission } from "./encode.ts";
import { finalHeight } from "./finality.ts";
import { readHeader, type Header } from "./header.ts";
import { RpcError, type EvmRpc } from "./rpc.ts";
import { asHex } from "./rpc-values.ts";

/** A call that changes nothing, by whom and to what. */
export interface Call {
  readonly from: string;
  readonly to: string;
  readonly data: string;
}

/**
 * Asks what the contract would say to a call in the state after a block.
 *
 * @returns null when it would take it, else why not
 * @throws ChannelFailure `state-unavailable` when the client cannot judge at that height
 */
export async function tryCall(rpc: EvmRpc, call: Call, at: Header): Promise<Refusal | null> {
  try {
    await rpc.send("eth_call", [call, toQuantity(at.height)]);
    return null;
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    const refused = decodeRefusal(error, at.time);
    if (refused !== null) return refused;
    throw stateUnavailable(at.height, error);
  }
}

/** How often the ledger's ends are read before its client is said to be behind. */
const LOOKS = 3;

/**
 * The newest header, and that of the last final block.
 *
 * @throws ChannelFailure `ledger-behind` when the final block lies below one that was final before: what the client says
 * of the ledger's state is old
 */
export async function readEnds(
  rpc: EvmRpc,
  finality: Finality,
): Promise<{ readonly head: Header; readonly final: Header }> {
  for (let look = 1; ; look += 1) {
    const head = await readHeader(rpc, "latest");
    if (head === null) throw stateUnavailable(0);
    const height = Math.max(0, await finalHeight(rpc, finality, head));
    const final = height === head.height ? head : await readHeader(rpc, height);
    if (final === null) throw stateUnavailable(height);
    if (rpc.settles(final.height)) return { head, final };
    // Two questions may be answered in another order than they were asked.
    if (look === LOOKS) throw behind(final.height);
  }
}

function behind(height: number): ChannelFailure {
  return new ChannelFailure(
    "retry",
    "ledger-behind",
    `The ledger's client has come to final block ${height}, and was further before: let it catch up.`,
  );
}

/**
 * The ledger's answer to "would you take this now?": by its newest state, and, where that refuses, by its final one too.
 *
 * @param operator the account that would send it
 */
export function judge(rpc: EvmRpc, options: JudgeOptions, submission: Submission): Promise<Judgement> {
  return ofOneClient(rpc, () => judgeByState(rpc, options, submission));
}

/** Whose call to what is judged, and as of when a refusal is final. */
export interface JudgeOptions {
  readonly address: string;
  readonly operator: string;
  readonly finality: Finality;
}

async function judgeByState(rpc: EvmRpc, options: JudgeOptions, submission: Submission): Promise<Judgement> {
  const call: Call = { from: options.operator, to: options.address, data: encodeSubmission(submission) };
  const { head, final } = await readEnds(rpc, options.finality);
  const newest = await tryCall(rpc, call, head);
  if (newest === null) return { accepted: true };
  const settled = final.height === head.height ? newest : await tryCall(rpc, call, final);
  return settled?.code === newest.code
    ? { accepted: false, refusal: settled, final: true, height: final.height }
    : { accepted: false, refusal: newest, final: false, height: head.height };
}

/** The contract's functions that only answer, with their types. */
export function contractViews(rpc: EvmRpc, address: string): IChannel {
  return IChannel__factory.connect(address, rpc);
}

/** Where and as of when certificates are asked about. */
export interface StateOptions {
  readonly address: string;
  readonly finality: Finality;
  readonly fromBlock: number;
}

const nothing: CertificateState = { issued: false, acquitted: false, revoked: false, expired: false };

/** What the last final state knows of the certificate that exactly this message issued. */
export async function certificateState(
  rpc: EvmRpc,
  options: StateOptions,
  issuance: Message,
): Promise<CertificateState> {
  return askState(rpc, options, (height) =>
    contractViews(rpc, options.address).stateOf(contractMessage(issuance), { blockTag: height }),
  );
}

/** What the last final state knows of the certificate at `index` of exactly this batch. */
export async function batchedCertificateState(
  rpc: EvmRpc,
  options: StateOptions,
  header: BatchHeader,
  index: number,
): Promise<CertificateState> {
  if (!Number.isSafeInteger(index) || index < 0) return nothing;
  return askState(rpc, options, async (height, at) => {
    const data = channelInterface.encodeFunctionData("leafState", [contractBatch(header), index]);
    try {
      const answer = await rpc.send("eth_call", [{ to: options.address, data }, toQuantity(height)]);
      const [state] = channelInterface.decodeFunctionResult(
        "leafState",
        asHex(answer, "certificate state"),
      ) as unknown as [CertificateState];
      return state;
    } catch (error) {
      const refused = error instanceof RpcError ? decodeRefusal(error, at.time) : null;
      if (refused !== null && ABSENT.has(refused.code)) return nothing;
      throw error;
    }
  });
}

/** How the contract says that there is no such certificate in a batch. */
const ABSENT: ReadonlySet<string> = new Set([
  "BatchUnknown",
  "BatchMismatch",
  "BatchIndexOutOfRange",
  "BatchNotIssuing",
]);

type AskState = (height: number, final: Header) => Promise<CertificateState>;

function askState(rpc: EvmRpc, options: StateOptions, ask: AskState): Promise<CertificateState> {
  return ofOneClient(rpc, () => askFinalState(rpc, options, ask));
}

async function askFinalState(rpc: EvmRpc, options: StateOptions, ask: AskState): Promise<CertificateState> {
  const { final } = await readEnds(rpc, options.finality);
  // As of that block there is no contract yet, and so nothing it knows.
  if (final.height < options.fromBlock) return nothing;
  try {
    const { issued, acquitted, revoked, expired } = await ask(final.height, final);
    return { issued, acquitted, revoked, expired };
  } catch (error) {
    throw error instanceof RpcError ? stateUnavailable(final.height, error) : error;
  }
}

/** The client does not have, or does not give, the state after a block. */
export function stateUnavailable(height: number, cause?: unknown): ChannelFailure {
  return new ChannelFailure(
    "retry",
    "state-unavailable",
    `The ledger's client does not answer for the state after block ${height}.`,
    cause === undefined ? {} : { cause },
  );
}
