import { PostgresDialect } from "kysely";
import pg from "pg";

const { INT8 } = pg.types.builtins;
const POOL_SIZE = 10;
const CONNECT_TIMEOUT_MS = 10_000;
/** A transaction left open this long belongs to a process that hangs; it would hold up every other replica. */
const IDLE_IN_TRANSACTION_MS = 60_000;

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

/**
 * A pool of PostgreSQL connections as a Kysely dialect.
 *
 * @param url connection string; never logged
 * @param poolSize connections kept at most
 * @param onIdleError told when the server ends a connection that nobody is using (a restart, say); the pool replaces it
 */
export function postgresDialect(
  url: string,
  poolSize: number = POOL_SIZE,
  onIdleError: (error: Error) => void,
): PostgresDialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    application_name: "icl-node",
    types,
  });
  pool.on("error", (error) => {
    if (!pool.ending) onIdleError(error);
  });
  return new PostgresDialect({ pool });
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
