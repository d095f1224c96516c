import type { Kysely } from "kysely";

import type { Schema } from "../../store/schema.ts";
import { ChannelFailure } from "../channel.ts";
import type { AccountOnLedger, SigningAccount } from "../signing-account.ts";
import type { ChannelSigners } from "./channel-signers.ts";
import { suggestFees, withinCeiling } from "./fees.ts";
import { readHeader } from "./header.ts";
import { RpcError, type EvmRpc } from "./rpc.ts";
import { asBigInt, asNumber } from "./rpc-values.ts";
import { readSigner } from "./signer-repository.ts";

/** What the accounts of a channel are told from. */
export interface SigningAccountsOptions {
  readonly db: Kysely<Schema>;
  readonly rpc: EvmRpc;
  readonly chainId: number;
  readonly signers: ChannelSigners;
  /** Wei per gas that is paid at most; null for no bound. */
  readonly feeCeiling: bigint | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const SHOWN = 50;
/** Whoever looks at it waits no longer for the ledger: what is stored is shown then. */
const PATIENCE_MS = 3_000;
/** What a message takes at most, where none was sent yet. */
const USUAL_GAS = 300_000;

/** The operator's key, those before it, and the node's, with what is stored here and what the ledger says of each. */
export async function signingAccounts(options: SigningAccountsOptions): Promise<readonly SigningAccount[]> {
  const { db, chainId, signers, now } = options;
  const { operator, operators, nodeKey } = signers;
  const sending = await Promise.all(
    [...operators.keys()].map(async (account): Promise<SigningAccount> => {
      const stored = await readSigner(db, { chainId, account }, now() - DAY_MS, SHOWN);
      const { gasLimit, ...rest } = stored;
      const asked = await onLedger(options, account, gasLimit ?? USUAL_GAS);
      const use = account === operator?.account ? "operator" : "former-operator";
      return { account, use, unit: "wei", ...rest, ...asked };
    }),
  );
  const node: SigningAccount = {
    ...{ account: nodeKey.account, use: "node", unit: null, nextNonce: null, ledger: null, failure: null },
    ...{ inFlight: [], inFlightTotal: 0, spent: null },
  };
  return [...sending, node];
}

async function onLedger(
  options: SigningAccountsOptions,
  account: string,
  gas: number,
): Promise<Pick<SigningAccount, "ledger" | "failure">> {
  try {
    return { ledger: await inTime(askLedger(options, account, gas)), failure: null };
  } catch (error) {
    if (error instanceof ChannelFailure) return { ledger: null, failure: error.code };
    if (error instanceof RpcError) return { ledger: null, failure: "ledger-refused" };
    throw error;
  }
}

async function askLedger(
  { rpc, feeCeiling }: SigningAccountsOptions,
  account: string,
  gas: number,
): Promise<AccountOnLedger> {
  const [head, balanceAnswer, nonceAnswer] = await Promise.all([
    readHeader(rpc, "latest"),
    rpc.send("eth_getBalance", [account, "latest"]),
    rpc.send("eth_getTransactionCount", [account, "latest"]),
  ]);
  const balance = asBigInt(balanceAnswer, "balance");
  const fees = head === null ? null : withinCeiling(await suggestFees(rpc, head), feeCeiling);
  const price = (fees?.maxFee ?? 0n) * BigInt(gas);
  const pays = price === 0n ? null : balance / price;
  return {
    balance: balance.toString(),
    nonce: asNumber(nonceAnswer, "transaction count"),
    lastsFor: pays === null ? null : Number(pays > MOST_TOLD ? MOST_TOLD : pays),
  };
}

/** More messages than anybody needs to know of exactly. */
const MOST_TOLD = 1_000_000_000n;

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new ChannelFailure("retry", "ledger-unreachable", "The ledger's client did not answer in time."),
      );
    }, PATIENCE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
