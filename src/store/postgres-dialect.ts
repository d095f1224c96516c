import { PostgresDialect, type PostgresPool, type PostgresPoolClient } from "kysely";
import pg from "pg";

import { StoreUnavailable } from "./store-unavailable.ts";

const { INT8 } = pg.types.builtins;
const POOL_SIZE = 10;
/** A caller waits no longer for a connection: to be told soon that there is none is better than to hang. */
const CONNECT_TIMEOUT_MS = 5_000;
/** The server gives a statement up after this; the node waits a little longer, then holds the server for gone. */
const STATEMENT_TIMEOUT_MS = 30_000;
const ANSWER_TIMEOUT_MS = 32_000;
/** A transaction left open this long belongs to a process that hangs; it would hold up every other replica. */
const IDLE_IN_TRANSACTION_MS = 10_000;

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError(`${text} is past the integers that are held exactly.`);
  return value;
}

// `pg` hands out 64-bit integers as text. The node's are moments, sizes and counts: numbers, as SQLite gives them.
// Only this pool reads them so; the parsers that other users of `pg` in the process see are left alone.
const types: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    if (oid === INT8 && format !== "binary") return safeInteger;
    return pg.types.getTypeParser(oid, format) as (text: string) => unknown;
  },
};

/** What a pool of connections is made with. */
export interface PostgresOptions {
  /** Connection string; never logged. Its parameters go before the times set here. */
  readonly url: string;
  /** Connections kept at most; 10 where left out. */
  readonly poolSize?: number | undefined;
  /** Whether a statement may take as long as it needs, as a change of the tables does. */
  readonly patient?: boolean;
  /** Told when the server ends a connection that nobody is using (a restart, say); the pool replaces it. */
  readonly onIdleError: (error: Error) => void;
}

/** A pool of PostgreSQL connections as a Kysely dialect. A server that is away or silent shows as `StoreUnavailable`. */
export function postgresDialect(options: PostgresOptions): PostgresDialect {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize ?? POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    ...(options.patient === true
      ? {}
      : { statement_timeout: STATEMENT_TIMEOUT_MS, query_timeout: ANSWER_TIMEOUT_MS }),
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    application_name: "icl-node",
    types,
  });
  pool.on("error", (error) => {
    if (!pool.ending) options.onIdleError(error);
  });
  // Cut while it is in use, a connection says so by an event, too; without a listener that would end the process.
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
  });
  return new PostgresDialect({ pool: watched(pool) });
}

/** The pool, which tells a server that is away from a statement that is wrong, and keeps no connection that failed. */
function watched(pool: pg.Pool): PostgresPool {
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      try {
        return watchedClient(await pool.connect());
      } catch (error) {
        throw inOwnWords(error);
      }
    },
  };
}

function watchedClient(client: pg.PoolClient): PostgresPoolClient {
  let isBroken = false;
  const { processID } = client as pg.PoolClient & { readonly processID?: number };
  const query = async (statement: string, parameters: readonly unknown[]): Promise<unknown> => {
    try {
      return await client.query(statement, [...parameters]);
    } catch (error) {
      const told = inOwnWords(error);
      // An answer that has not come may still come, to the next statement.
      if (told instanceof StoreUnavailable) isBroken = true;
      throw told;
    }
  };
  return {
    ...(processID === undefined ? {} : { processID }),
    query: query as PostgresPoolClient["query"],
    release(destroy = false) {
      client.release(destroy || isBroken);
    },
  };
}

/** Classes and codes of what passes: connections, resources, an operator's intervention, a statement given up, the disk. */
const PASSING = /^(?:08|53|57|58)|^(?:25006|25P03|55P03)$/;

function inOwnWords(error: unknown): unknown {
  if (error instanceof pg.DatabaseError) {
    return PASSING.test(error.code ?? "") ? new StoreUnavailable(error) : error;
  }
  // Whatever else is no programmer's mistake is a connection that is not there, or not any more.
  const isMistake = error instanceof TypeError || error instanceof RangeError;
  return error instanceof Error && !isMistake ? new StoreUnavailable(error) : error;
}

/** Whether PostgreSQL gave this transaction up in favour of another, so that running it again can succeed. */
export function isContention(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false;
  return error.code === "40001" || error.code === "40P01";
}

/** Whether a row of this key is there already. Under contention it may have come to be after the transaction began. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === "23505";
}
