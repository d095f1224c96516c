import type { Kysely, Transaction } from "kysely";

import type { Schema } from "./schema.ts";

/** The node's open database. */
export interface Store {
  readonly db: Kysely<Schema>;
  readonly dialect: "sqlite" | "postgres";

  /**
   * Runs `work` in one transaction that behaves as if it ran alone. On PostgreSQL it is run again, from its beginning,
   * when another replica's transaction got in its way: it may do nothing but use the database handed to it, and must not
   * use `Store.db`.
   *
   * @returns what `work` returned, once committed
   * @throws whatever `work` throws; nothing was written then
   * @throws Problem `unavailable` when others got in the way too often
   */
  transact<T>(work: (db: Transaction<Schema>) => Promise<T>): Promise<T>;

  /** Closes every connection. Safe to call twice. */
  close(): Promise<void>;
}

/** Where the database is. */
export type DatabaseLocation =
  | { readonly technology: "sqlite"; readonly file: string }
  | {
      readonly technology: "postgres";
      /** `postgres://user:password@host:port/database`; never logged. */
      readonly url: string;
      /** Connections kept at most; 10 where left out. */
      readonly poolSize?: number;
    };

/** Why a database is not opened. */
export type StoreFailureCode =
  "database-newer" | "database-foreign" | "database-unreachable" | "migration-failed";

/** The database cannot be used by this node; the message says what to do. */
export class StoreFailure extends Error {
  readonly code: StoreFailureCode;

  constructor(code: StoreFailureCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "StoreFailure";
    this.code = code;
  }
}
