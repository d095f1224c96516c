/**
 * `npm run bench`: what one node does on this machine, measured in one run. A real node in a process of its own, with the
 * timings of one in service; anvil, which makes a block each second, is its ledger; on SQLite, and on PostgreSQL where it is
 * installed, both with every commit synced.
 *
 *   --quick          less of everything, on SQLite only: under a minute
 *   --json           one JSON object in place of the table
 *   --record         puts the table into docs/performance.md as well
 *   --only <words>   only what is named so, such as `--only messages,documents`
 *   --node <option>  for the node's process, such as --node=--cpu-prof
 */
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { parseArgs } from "node:util";

import pg from "pg";

import type { DatabaseLocation } from "../src/store/store.ts";
import { startPostgres } from "../test/store/postgres-server.ts";
import { benchBlockToCallback } from "./bench/block-to-callback.ts";
import { benchCatchUp } from "./bench/catch-up.ts";
import { benchDocuments } from "./bench/documents.ts";
import { openField, type Field } from "./bench/field.ts";
import type { Measures } from "./bench/measure.ts";
import { benchMessages } from "./bench/messages.ts";
import { tableOf } from "./bench/table.ts";
import { recordTables } from "./bench/record.ts";
import { benchVerify } from "./bench/verify.ts";

const full = {
  ...{ singles: 200, lines: 10_000, rounds: 5 },
  ...{ documents: 15, bytes: 16_000_000, callbacks: 100, catchUps: 3, verifications: 1_000 },
};
const quick: typeof full = {
  ...{ singles: 40, lines: 1_000, rounds: 3 },
  ...{ documents: 5, bytes: 4_000_000, callbacks: 12, catchUps: 1, verifications: 50 },
};

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    record: { type: "boolean", default: false },
    only: { type: "string", default: "messages,callback,documents,verify,catch-up" },
    node: { type: "string", multiple: true, default: [] },
  },
});
const scale = values.quick ? quick : full;
const chosen = new Set(values.only.split(","));
type Fresh = (directory: string) => DatabaseLocation | Promise<DatabaseLocation>;

/** Every measure on one kind of database. */
async function benchOn(fresh: Fresh): Promise<Measures> {
  const field = await openField(fresh, { nodeOptions: values.node });
  const parts: Record<string, (at: Field) => Promise<Measures>> = {
    messages: (at) => benchMessages(at, scale),
    callback: (at) => benchBlockToCallback(at, scale.callbacks),
    documents: (at) => benchDocuments(at, { rounds: scale.documents, bytes: scale.bytes }),
    verify: (at) => benchVerify(at, scale.verifications),
    "catch-up": async (at) => {
      const stores = [];
      for (let round = 0; round < scale.catchUps; round += 1) stores.push(await fresh(at.directory));
      return benchCatchUp(at, stores);
    },
  };
  try {
    const measures: Record<string, Measures[string]> = {};
    for (const [name, bench] of Object.entries(parts)) {
      if (!chosen.has(name)) continue;
      if (!values.json) console.error(`… ${name}`);
      Object.assign(measures, await bench(field));
    }
    return measures;
  } finally {
    await field.close();
  }
}

async function benchOnPostgres(): Promise<Measures | string> {
  const postgres = await startPostgres(true);
  if ("why" in postgres) return postgres.why;
  const { adminUrl, stop } = postgres;
  try {
    return await benchOn(async () => {
      const name = `bench_${randomUUID().replaceAll("-", "")}`;
      const client = new pg.Client({ connectionString: adminUrl });
      await client.connect();
      await client.query(`create database ${name}`).finally(() => client.end());
      return { technology: "postgres", url: adminUrl.replace(/\/postgres$/, `/${name}`) };
    });
  } finally {
    await stop();
  }
}

const machine = {
  processors: availableParallelism(),
  model: cpus()[0]?.model.trim() ?? "unknown",
  memoryGiB: Math.round(totalmem() / 1024 ** 3),
  node: process.version,
  /** How many wanted a processor in the minute before: more than there are make every figure worse. */
  loadBefore: Number(loadavg()[0]?.toFixed(1)),
};
const stores: Record<string, Measures> = {};
stores.sqlite = await benchOn((directory) => ({
  technology: "sqlite",
  file: join(directory, `${randomUUID()}.db`),
}));
if (!values.quick) {
  const measured = await benchOnPostgres();
  if (typeof measured !== "string") stores.postgres = measured;
  else console.error(`PostgreSQL: left out, ${measured}.`);
}
if (values.json) {
  console.log(JSON.stringify({ quick: values.quick, machine, stores }));
} else {
  const { processors, model, memoryGiB, node, loadBefore } = machine;
  const tables = Object.entries(stores).map(([name, measures]) => `${name}\n${tableOf(measures)}`);
  const asked = `npm run bench${values.quick ? " -- --quick" : ""}`;
  const on = `${processors} processors (${model}), ${memoryGiB} GiB, Node ${node}, load ${loadBefore} before`;
  const printed = [`${asked}\n${on}`, ...tables].join("\n\n");
  console.log(printed);
  if (values.record) await recordTables(printed);
}
