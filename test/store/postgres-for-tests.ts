import { randomUUID } from "node:crypto";

import pg from "pg";

import { startPostgres } from "./postgres-server.ts";

/** A PostgreSQL server for tests, or why there is none. */
export type PostgresForTests =
  | { readonly available: true; readonly adminUrl: string }
  | { readonly available: false; readonly why: string };

let started: Promise<PostgresForTests> | undefined;
let stop: (() => Promise<void>) | undefined;

async function start(): Promise<PostgresForTests> {
  const given = process.env.ICL_TEST_POSTGRES_URL;
  if (given !== undefined && given !== "") return { available: true, adminUrl: given };
  const own = await startPostgres();
  if ("why" in own) return { available: false, ...own };
  stop = own.stop;
  return { available: true, adminUrl: own.adminUrl };
}

/**
 * The one PostgreSQL server of this test process: that of `ICL_TEST_POSTGRES_URL`, or one started from the binaries found
 * here. It is stopped after the last test.
 */
export function postgresForTests(): Promise<PostgresForTests> {
  started ??= start().then((postgres) => {
    if (!postgres.available) process.stdout.write(`PostgreSQL: skipped, ${postgres.why}\n`);
    return postgres;
  });
  return started;
}

/** A database of its own on that server: its connection string, and how to drop it. */
export async function freshDatabase(
  adminUrl: string,
): Promise<{ readonly url: string; readonly drop: () => Promise<void> }> {
  const name = `icl_test_${randomUUID().replaceAll("-", "")}`;
  const admin = async (statement: string) => {
    const client = new pg.Client({ connectionString: adminUrl });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await admin(`create database ${name}`);
  const url = adminUrl.replace(/\/[^/?]*(\?.*)?$/, `/${name}$1`);
  return { url, drop: () => admin(`drop database if exists ${name} with (force)`) };
}

after(async function stopPostgres() {
  await stop?.();
  // Where mocha runs files in parallel, the next file of this process starts its own.
  started = stop = undefined;
});
