import type { Kysely, Selectable } from "kysely";

import type { EvmTransactionTable, Schema } from "../../store/schema.ts";
import type { Store } from "../../store/store.ts";
import { ChannelFailure, type Refusal } from "../channel.ts";
import type { SignedVersion } from "./sign-transaction.ts";
import type { Inclusion, NewTransaction, StoredTransaction } from "./stored-transaction.ts";

/** Each time another process was faster: with two of them, that comes to pass once in more than 10^9 times. */
const MOST_TRIES = 32;

/**
 * The transactions of one chain, in the tables `evm_transaction` and `evm_broadcast`. A transaction is stored with its
 * nonce, its signature and its bytes before anybody else sees it, so that no crash leaves one that is unknown here.
 */
export class TransactionRepository {
  readonly #store: Store;
  readonly #chainId: number;
  /** A signer's nonces are given out one after the other; only other processes compete for them in the database. */
  readonly #turns = new Map<string, Promise<unknown>>();
  /** The nonce after the last that was given out here, by signer: what comes next, unless another process was faster. */
  readonly #next = new Map<string, number>();

  constructor(store: Store, chainId: number) {
    this.#store = store;
    this.#chainId = chainId;
  }

  /** The transaction of a submission, whatever has become of it. */
  async find(key: string): Promise<StoredTransaction | undefined> {
    const row = await this.#store.db
      .selectFrom("evm_transaction")
      .selectAll()
      .where("submission_key", "=", key)
      .executeTakeFirst();
    return row === undefined ? undefined : (await this.#withVersions([row]))[0];
  }

  /**
   * Stores a new transaction under the next nonce of its signer; a submission that is known already is left as it is.
   * It is signed before the database is asked for the nonce, for the one that should be next: where another process was
   * faster, it is signed again for the one that is.
   *
   * @param sign makes the signed bytes for a nonce; it may be asked more than once
   * @throws ChannelFailure retry `signer-busy` while other processes are faster each time; what `sign` throws
   */
  async add(
    transaction: NewTransaction,
    now: number,
    sign: (nonce: number) => SignedVersion | Promise<SignedVersion>,
  ): Promise<void> {
    const { signer, nonceFloor } = transaction;
    await this.#inTurn(signer, async () => {
      let nonce = Math.max(nonceFloor, this.#next.get(signer) ?? 0);
      for (let tries = 0; tries < MOST_TRIES; tries += 1) {
        const version = await sign(nonce);
        const instead = await this.#addAt(nonce, transaction, version, now);
        if (instead === null) return;
        nonce = instead;
      }
      throw new ChannelFailure(
        "retry",
        "signer-busy",
        `Other processes take the nonces of ${signer} faster than this one signs: it tries again.`,
      );
    });
  }

  /** @returns null when the submission is stored, by this or before; else the nonce that it has to have */
  async #addAt(
    nonce: number,
    transaction: NewTransaction,
    version: SignedVersion,
    now: number,
  ): Promise<number | null> {
    const { signer, channelId, key, to, data, gasLimit, nonceFloor } = transaction;
    return this.#store.transact(async (db) => {
      const known = await db
        .selectFrom("evm_transaction")
        .select("nonce")
        .where("submission_key", "=", key)
        .executeTakeFirst();
      if (known !== undefined) return null;
      const last = await db
        .selectFrom("evm_transaction")
        .select((set) => set.fn.max("nonce").as("nonce"))
        .where("chain_id", "=", this.#chainId)
        .where("signer", "=", signer)
        .executeTakeFirst();
      const highest = last?.nonce as number | null | undefined;
      const free = Math.max(nonceFloor, (highest ?? -1) + 1);
      if (free !== nonce) return free;
      await this.#insert(db, { signer, nonce, channelId, key, to, data, gasLimit }, version, now);
      this.#next.set(signer, nonce + 1);
      return null;
    });
  }

  /**
   * Stores a transaction that does nothing, at a nonce that was left out.
   *
   * @returns false when the nonce is taken meanwhile
   */
  async addFiller(
    filler: {
      readonly signer: string;
      readonly channelId: string;
      readonly nonce: number;
      readonly gasLimit: number;
    },
    now: number,
    version: SignedVersion,
  ): Promise<boolean> {
    const { signer, channelId, nonce, gasLimit } = filler;
    return this.#inTurn(signer, () =>
      this.#store.transact(async (db) => {
        const taken = await db
          .selectFrom("evm_transaction")
          .select("nonce")
          .where("chain_id", "=", this.#chainId)
          .where("signer", "=", signer)
          .where("nonce", "=", nonce)
          .executeTakeFirst();
        if (taken !== undefined) return false;
        const row = { signer, nonce, channelId, key: null, to: signer, data: "0x", gasLimit };
        await this.#insert(db, row, version, now);
        return true;
      }),
    );
  }

  /** Signers that have transactions of a channel under way, also those whose key this node no longer has. */
  async signersUnderWay(channelId: string): Promise<string[]> {
    const rows = await this.#store.db
      .selectFrom("evm_transaction")
      .select("signer")
      .distinct()
      .where("chain_id", "=", this.#chainId)
      .where("channel_id", "=", channelId)
      .where("state", "=", "open")
      .execute();
    return rows.map(({ signer }) => signer);
  }

  /**
   * A signer's transactions whose nonces are free, lowest first: of every channel, since they stand in one line.
   *
   * @param nextNonce the signer's first nonce that is not used up on the ledger
   * @param limit how many at most
   */
  async waiting(signer: string, nextNonce: number, limit: number): Promise<StoredTransaction[]> {
    const rows = await this.#openOf(signer).where("nonce", ">=", nextNonce).limit(limit).execute();
    return this.#withVersions(rows);
  }

  /**
   * A signer's transactions on a channel that have no final word yet though their nonces are used up, lowest nonce first.
   *
   * @param range `nextNonce` is the signer's first nonce that is not used up on the ledger; `after` leaves out nonces up to
   *   that one; `final` leaves out those that are known to be in a block above that height, null leaves out none
   * @param limit how many at most
   */
  async consumed(
    signer: string,
    channelId: string,
    range: { readonly nextNonce: number; readonly after: number; readonly final: number | null },
    limit: number,
  ): Promise<StoredTransaction[]> {
    const { nextNonce, after, final } = range;
    let query = this.#openOf(signer)
      .where("channel_id", "=", channelId)
      .where("nonce", "<", nextNonce)
      .where("nonce", ">", after);
    if (final !== null) {
      query = query.where((where) => where.or([where("txn", "is", null), where("height", "<=", final)]));
    }
    return this.#withVersions(await query.limit(limit).execute());
  }

  /** Whether a signer has at least `bound` transactions that are in no block yet. */
  async isBusy(signer: string, bound: number): Promise<boolean> {
    const last = await this.#openOf(signer)
      .where("txn", "is", null)
      .offset(bound - 1)
      .limit(1)
      .execute();
    return last.length > 0;
  }

  #openOf(signer: string) {
    return this.#store.db
      .selectFrom("evm_transaction")
      .selectAll()
      .where("chain_id", "=", this.#chainId)
      .where("signer", "=", signer)
      .where("state", "=", "open")
      .orderBy("nonce");
  }

  /** Which of a signer's nonces from `from` to before `to` are stored here, in whatever state. */
  async noncesBetween(signer: string, from: number, to: number): Promise<Set<number>> {
    const rows = await this.#store.db
      .selectFrom("evm_transaction")
      .select("nonce")
      .where("chain_id", "=", this.#chainId)
      .where("signer", "=", signer)
      .where("nonce", ">=", from)
      .where("nonce", "<", to)
      .execute();
    return new Set(rows.map(({ nonce }) => nonce));
  }

  /**
   * Takes the next broadcast of a transaction upon oneself.
   *
   * @returns false when another replica was faster
   */
  async touch(transaction: StoredTransaction, now: number): Promise<boolean> {
    const result = await this.#updateOpen(transaction)
      .set({ touched_at: now })
      .where("touched_at", "=", transaction.touched_at)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  /** Lets a transaction be broadcast again at once. */
  async untouch(transaction: StoredTransaction): Promise<void> {
    await this.#updateOpen(transaction).set({ touched_at: 0 }).execute();
  }

  /**
   * Stores a replacement at the same nonce, to be broadcast by the caller.
   *
   * @returns false when another replica was faster
   */
  async replace(transaction: StoredTransaction, version: SignedVersion, now: number): Promise<boolean> {
    return this.#store.transact(async (db) => {
      const taken = await db
        .updateTable("evm_transaction")
        .set({ touched_at: now })
        .where("chain_id", "=", this.#chainId)
        .where("signer", "=", transaction.signer)
        .where("nonce", "=", transaction.nonce)
        .where("state", "=", "open")
        .where("touched_at", "=", transaction.touched_at)
        .executeTakeFirst();
      if (taken.numUpdatedRows !== 1n) return false;
      await this.#insertVersion(db, transaction.signer, transaction.nonce, version, now);
      return true;
    });
  }

  /** A version of the transaction is in a block that may still be taken back. */
  async included(transaction: StoredTransaction, { txn, height, refusal }: Inclusion): Promise<void> {
    await this.#updateOpen(transaction)
      .set({ txn, height, refusal: refusal === null ? null : JSON.stringify(refusal) })
      .execute();
  }

  /**
   * The block that held the transaction was taken back: it is to be broadcast again at once.
   *
   * @returns false when another replica was faster
   */
  async takenBack(transaction: StoredTransaction): Promise<boolean> {
    const result = await this.#updateOpen(transaction)
      .set({ txn: null, height: null, refusal: null, touched_at: 0 })
      .where("txn", "is not", null)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  /** The ledger's final word on the transaction. */
  async settled(transaction: StoredTransaction, { txn, height, refusal, fee }: Inclusion): Promise<void> {
    await this.#updateOpen(transaction)
      .set({
        state: refusal === null ? "accepted" : "refused",
        txn,
        height,
        fee: fee === null ? null : fee.toString(),
        refusal: refusal === null ? null : JSON.stringify(refusal),
      })
      .execute();
  }

  /**
   * Another transaction has finally consumed the nonce: this one can never be included.
   *
   * @param height by which that is so
   */
  async voided(transaction: StoredTransaction, height: number): Promise<void> {
    await this.#updateOpen(transaction).set({ state: "void", txn: null, height, refusal: null }).execute();
  }

  #updateOpen({ signer, nonce }: StoredTransaction) {
    return this.#store.db
      .updateTable("evm_transaction")
      .where("chain_id", "=", this.#chainId)
      .where("signer", "=", signer)
      .where("nonce", "=", nonce)
      .where("state", "=", "open");
  }

  async #insert(
    db: Kysely<Schema>,
    row: Omit<NewTransaction, "nonceFloor" | "key"> & { readonly nonce: number; readonly key: string | null },
    version: SignedVersion,
    now: number,
  ): Promise<void> {
    await db
      .insertInto("evm_transaction")
      .values({
        chain_id: this.#chainId,
        signer: row.signer,
        nonce: row.nonce,
        channel_id: row.channelId,
        submission_key: row.key,
        to_address: row.to,
        data: row.data,
        gas_limit: row.gasLimit,
        state: "open",
        created_at: now,
        touched_at: 0,
        txn: null,
        height: null,
        refusal: null,
        fee: null,
      })
      // On PostgreSQL this turns another replica's row, which this transaction cannot see, into a reason to run it again.
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await this.#insertVersion(db, row.signer, row.nonce, version, now);
  }

  async #insertVersion(
    db: Kysely<Schema>,
    signer: string,
    nonce: number,
    version: SignedVersion,
    now: number,
  ): Promise<void> {
    await db
      .insertInto("evm_broadcast")
      .values({
        hash: version.hash,
        chain_id: this.#chainId,
        signer,
        nonce,
        raw: version.raw,
        max_fee: version.maxFee.toString(),
        max_priority_fee: version.maxPriorityFee.toString(),
        created_at: now,
      })
      .execute();
  }

  async #withVersions(rows: readonly Selectable<EvmTransactionTable>[]): Promise<StoredTransaction[]> {
    if (rows.length === 0) return [];
    const versions = await this.#store.db
      .selectFrom("evm_broadcast")
      .selectAll()
      .where("chain_id", "=", this.#chainId)
      .where("signer", "in", [...new Set(rows.map(({ signer }) => signer))])
      .where(
        "nonce",
        "in",
        rows.map(({ nonce }) => nonce),
      )
      .orderBy("created_at")
      .execute();
    return rows.map((row) => ({
      ...row,
      refusal: row.refusal === null ? null : (JSON.parse(row.refusal) as Refusal),
      versions: versions
        .filter(({ signer, nonce }) => signer === row.signer && nonce === row.nonce)
        .map((version) => ({
          hash: version.hash,
          raw: version.raw,
          maxFee: BigInt(version.max_fee),
          maxPriorityFee: BigInt(version.max_priority_fee),
          createdAt: version.created_at,
        })),
    }));
  }

  async #inTurn<T>(signer: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(signer) ?? Promise.resolve()).then(work);
    this.#turns.set(
      signer,
      turn.catch(() => undefined), // whoever asked for the work is told; the next one goes on
    );
    return turn;
  }
}
