import type { ErrorDescription } from "ethers";

import type { Refusal } from "../channel.ts";
import { isRefusalCode, refusal } from "../refusals.ts";
import { channelInterface } from "./contract-events.ts";
import type { RpcError } from "./rpc.ts";

/** The code by which clients mark a reverted call whose data is empty. */
const REVERTED = 3;
const MAX_REASON = 120;
const IF_DISMISSED =
  "If it was dismissed, put the key that was appointed in its place into operatorKey, and start the node again.";

/**
 * Why a call reverted, by the custom error it reverted with; never by the words of the client.
 *
 * @param error what `eth_call` answered
 * @param time of the block judged, seconds since 1970
 * @returns null when the client failed otherwise: then nothing was judged
 */
export function decodeRefusal(error: RpcError, time: number): Refusal | null {
  if (error.data === null || error.data === "0x") {
    return error.errorCode === REVERTED || error.data === "0x" ? refusal("TransactionReverted") : null;
  }
  const parsed = parse(error.data);
  if (parsed === null) {
    return refusal("MessageHookRefused", { remark: `It answered with error ${error.data.slice(0, 10)}.` });
  }
  // Errors with text are no custom errors, so not the channel's: a hook's.
  if (parsed.name === "Error") {
    return refusal("MessageHookRefused", { remark: `It said: ${printable(String(parsed.args[0]))}` });
  }
  if (parsed.name === "ChannelOutsideValidity" && Number(parsed.args.getValue("validFrom")) > time) {
    return refusal("ChannelOutsideValidity", { nature: "dependent" });
  }
  if (parsed.name === "OperatorUnauthorized") {
    const account = String(parsed.args.getValue("account")).toLowerCase();
    return refusal("OperatorUnauthorized", { remark: `It is the account ${account}. ${IF_DISMISSED}` });
  }
  if (isRefusalCode(parsed.name)) return refusal(parsed.name);
  return refusal("TransactionReverted", { remark: `It reverted with ${parsed.name}.` });
}

function parse(data: string): ErrorDescription | null {
  try {
    return channelInterface.parseError(data);
  } catch (error) {
    if (error instanceof Error) return null; // data that does not fit the error it begins like
    throw error;
  }
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, MAX_REASON);
}
