import { DatabaseSync, type SQLInputValue } from "node:sqlite";

import {
  CompiledQuery,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type SqliteDatabase,
  type SqliteStatement,
  type TransactionSettings,
} from "kysely";

/** How long a statement waits for another process that holds the file's write lock. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Kysely's SQLite dialect over `node:sqlite`. One connection, handed to one transaction at a time (Kysely's mutex for
 * adapters with a single connection), so that asynchronous work never mixes into another's transaction. Writers take the
 * file's lock when they begin: a transaction that only finds out at its first write that another process wrote meanwhile
 * could not wait, it would have to fail.
 */
class NodeSqliteDriver extends SqliteDriver {
  override async beginTransaction(
    connection: DatabaseConnection,
    settings?: TransactionSettings,
  ): Promise<void> {
    const begin = settings?.accessMode === "read only" ? "begin" : "begin immediate";
    await connection.executeQuery(CompiledQuery.raw(begin));
  }
}

/** SQLite can undo changes of the schema; saying so makes each migration run whole or not at all. */
class NodeSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class NodeSqliteDialect extends SqliteDialect {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    super({ database });
    this.#database = database;
  }

  override createDriver(): SqliteDriver {
    return new NodeSqliteDriver({ database: this.#database });
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
  } catch (error) {
    database.close();
    throw error;
  }
  return new NodeSqliteDialect(adapt(database));
}
