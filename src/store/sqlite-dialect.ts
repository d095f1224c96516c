import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";

import {
  CompiledQuery,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type QueryResult,
  type SqliteDatabase,
  type SqliteStatement,
  type TransactionSettings,
} from "kysely";

import { StoreUnavailable } from "./store-unavailable.ts";

/** How long a statement waits for another process that holds the file's write lock. */
const BUSY_TIMEOUT_MS = 5_000;
const BUSY_PAUSE_MS = 10;

const WRITES = /^\s*(?:begin immediate|insert|update|delete)\b/i;

/** SQLite's result codes, without what it adds to them, for what passes. */
const BUSY = 5;
const PASSING: ReadonlySet<number> = new Set([BUSY, 6, 7, 8, 10, 13, 14]);

function codeOf(error: unknown): number | null {
  const code = error instanceof Error && "errcode" in error ? error.errcode : null;
  return typeof code === "number" ? code & 0xff : null;
}

/** Since when the file has been locked by another process, shared by all statements; null while it is not. */
interface Lock {
  since: number | null;
}

/**
 * The one connection. `node:sqlite` would have the whole process stand still while it waits for a lock, so it is asked
 * again and again instead. Once the lock has lasted too long each further statement is refused at once, until it is gone:
 * those who wait in line do not wait one after the other.
 */
class PatientConnection implements DatabaseConnection {
  readonly #inner: DatabaseConnection;
  readonly #lock: Lock;

  constructor(inner: DatabaseConnection, lock: Lock) {
    this.#inner = inner;
    this.#lock = lock;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    for (;;) {
      try {
        const result = await this.#inner.executeQuery<R>(query);
        // Reading needs no lock, so it says nothing of one.
        if (WRITES.test(query.sql)) this.#lock.since = null;
        return result;
      } catch (error) {
        const code = codeOf(error);
        if (code === null || !PASSING.has(code)) throw error;
        if (code !== BUSY) throw new StoreUnavailable(error);
        const now = performance.now();
        this.#lock.since ??= now;
        if (now - this.#lock.since > BUSY_TIMEOUT_MS) throw new StoreUnavailable(error);
      }
      await delay(BUSY_PAUSE_MS);
    }
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    return this.#inner.streamQuery<R>(query, chunkSize);
  }
}

/**
 * Kysely's SQLite dialect over `node:sqlite`. One connection, handed to one transaction at a time (Kysely's mutex for
 * adapters with a single connection), so that asynchronous work never mixes into another's transaction. Writers take the
 * file's lock when they begin: a transaction that only finds out at its first write that another process wrote meanwhile
 * could not wait, it would have to fail.
 */
class NodeSqliteDriver extends SqliteDriver {
  readonly #source: DatabaseSync;
  readonly #lock: Lock = { since: null };

  constructor(source: DatabaseSync) {
    super({ database: adapt(source) });
    this.#source = source;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return new PatientConnection(await super.acquireConnection(), this.#lock);
  }

  override async beginTransaction(
    connection: DatabaseConnection,
    settings?: TransactionSettings,
  ): Promise<void> {
    const begin = settings?.accessMode === "read only" ? "begin" : "begin immediate";
    await connection.executeQuery(CompiledQuery.raw(begin));
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // With the disk full SQLite has undone the transaction by itself.
    if (this.#source.isTransaction) await super.rollbackTransaction(connection);
  }
}

/** SQLite can undo changes of the schema; saying so makes each migration run whole or not at all. */
class NodeSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class NodeSqliteDialect extends SqliteDialect {
  readonly #source: DatabaseSync;

  constructor(source: DatabaseSync) {
    super({ database: adapt(source) });
    this.#source = source;
  }

  override createDriver(): SqliteDriver {
    return new NodeSqliteDriver(this.#source);
  }

  override createAdapter(): SqliteAdapter {
    return new NodeSqliteAdapter();
  }
}

function adapt(database: DatabaseSync): SqliteDatabase {
  return {
    prepare(sql: string): SqliteStatement {
      const statement = database.prepare(sql);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
        run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
        iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
      };
    },
    close() {
      database.close();
    },
  };
}

/**
 * Opens an SQLite file, creating it where there is none, so that a committed transaction survives loss of power:
 * write-ahead log, every commit synced.
 *
 * @param file path of the file; its directory exists
 * @throws the error of `node:sqlite` when the file cannot be opened or is no database
 */
export function openSqliteDialect(file: string): SqliteDialect {
  const database = new DatabaseSync(file, {
    enableForeignKeyConstraints: true,
    enableDoubleQuotedStringLiterals: false,
    timeout: BUSY_TIMEOUT_MS,
  });
  try {
    database.exec("pragma journal_mode = wal; pragma synchronous = full; pragma trusted_schema = off;");
    // From here on who waits for a lock does so without holding up the process.
    database.exec("pragma busy_timeout = 0");
  } catch (error) {
    database.close();
    throw error;
  }
  return new NodeSqliteDialect(database);
}
