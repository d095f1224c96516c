import type { Kysely } from "kysely";

import type { Schema } from "../../store/schema.ts";
import type { FeesSpent, TransactionInFlight } from "../signing-account.ts";

/** What is stored of one signer of a chain. */
export interface StoredSigner {
  /** The nonce that is given out next; null where none was given out yet. */
  readonly nextNonce: number | null;
  /** Gas that the newest transaction allows for; null for no transaction. */
  readonly gasLimit: number | null;
  readonly inFlight: readonly TransactionInFlight[];
  readonly inFlightTotal: number;
  readonly spent: FeesSpent;
}

/** Fees of so many transactions are added up at most. */
const MOST_ADDED_UP = 1_000;

/**
 * Reads what an operator is told of a signer: of every channel of the chain, since its nonces stand in one line.
 *
 * @param since fees paid from then on are added up; milliseconds since 1970
 * @param limit transactions in flight that are shown
 */
export async function readSigner(
  db: Kysely<Schema>,
  { chainId, account }: { readonly chainId: number; readonly account: string },
  since: number,
  limit: number,
): Promise<StoredSigner> {
  const newest = await db
    .selectFrom("evm_transaction")
    .select(["nonce", "gas_limit"])
    .where("chain_id", "=", chainId)
    .where("signer", "=", account)
    .orderBy("nonce", "desc")
    .limit(1)
    .executeTakeFirst();
  const { total } = await db
    .selectFrom("evm_transaction")
    .select((eb) => eb.fn.countAll<number | string>().as("total"))
    .where("chain_id", "=", chainId)
    .where("signer", "=", account)
    .where("state", "=", "open")
    .executeTakeFirstOrThrow();
  return {
    nextNonce: newest === undefined ? null : newest.nonce + 1,
    gasLimit: newest?.gas_limit ?? null,
    inFlight: await inFlight(db, chainId, account, limit),
    inFlightTotal: Number(total),
    spent: await spent(db, chainId, account, since),
  };
}

async function inFlight(
  db: Kysely<Schema>,
  chainId: number,
  account: string,
  limit: number,
): Promise<readonly TransactionInFlight[]> {
  const rows = await db
    .selectFrom("evm_transaction")
    .select(["nonce", "created_at", "submission_key", "txn"])
    .where("chain_id", "=", chainId)
    .where("signer", "=", account)
    .where("state", "=", "open")
    .orderBy("nonce")
    .limit(limit)
    .execute();
  if (rows.length === 0) return [];
  const versions = await db
    .selectFrom("evm_broadcast")
    .select(["nonce", "hash", "max_fee"])
    .where("chain_id", "=", chainId)
    .where("signer", "=", account)
    .where(
      "nonce",
      "in",
      rows.map(({ nonce }) => nonce),
    )
    .orderBy("created_at")
    .execute();
  return rows.map((row) => {
    const own = versions.filter(({ nonce }) => nonce === row.nonce);
    const last = own.at(-1);
    return {
      nonce: row.nonce,
      txn: row.txn ?? last?.hash ?? "",
      since: row.created_at,
      raises: Math.max(0, own.length - 1),
      price: last?.max_fee ?? "0",
      included: row.txn !== null,
      carries: row.submission_key,
    };
  });
}

async function spent(
  db: Kysely<Schema>,
  chainId: number,
  account: string,
  since: number,
): Promise<FeesSpent> {
  // Down from the highest nonce: what comes first was made last.
  const rows = await db
    .selectFrom("evm_transaction")
    .select(["fee", "state", "created_at"])
    .where("chain_id", "=", chainId)
    .where("signer", "=", account)
    .orderBy("nonce", "desc")
    .limit(MOST_ADDED_UP)
    .execute();
  const paid = rows.filter(
    ({ state, created_at: at }) => (state === "accepted" || state === "refused") && at >= since,
  );
  const all = rows.length < MOST_ADDED_UP || (rows.at(-1)?.created_at ?? 0) < since;
  return {
    since,
    amount: paid.reduce((sum, { fee }) => sum + BigInt(fee ?? "0"), 0n).toString(),
    transactions: paid.length,
    complete: all && paid.every(({ fee }) => fee !== null),
  };
}
