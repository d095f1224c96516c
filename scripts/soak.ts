/**
 * `npm run soak -- --minutes 10`: one node at the highest rate that it accepts, singles and batches, with a subscriber to
 * everything. Writes a log to standard output, and ends with 0 only when memory is flat and nothing was lost.
 *
 *   --minutes <n>     how long; 10 where left out
 */
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { BLOCK_SECONDS, FINAL_AFTER, openField } from "./bench/field.ts";
import { soak, soakLimits } from "./soak/soak.ts";

/** From the middle third of the run to the last. */
const BOUND = 0.15;
const SAMPLE_SECONDS = 5;

const { values } = parseArgs({ options: { minutes: { type: "string", default: "10" } } });
const minutes = Number(values.minutes);
if (!(minutes >= 1 && minutes <= 24 * 60)) throw new Error("--minutes takes a number from 1 on.");
const field = await openField((directory) => ({ technology: "sqlite", file: join(directory, "node.db") }), {
  limits: soakLimits,
  mute: true,
});
try {
  const load = loadavg()[0]?.toFixed(1) ?? "";
  const memory = `${Math.round(totalmem() / 1024 ** 3)} GiB`;
  console.log(`npm run soak -- --minutes ${minutes}`);
  console.log(
    `${availableParallelism()} processors (${cpus()[0]?.model.trim() ?? ""}), ${memory}, Node ${process.version}, load ${load} before`,
  );
  console.log(
    `One node on SQLite, its ledger an anvil that makes a block every ${BLOCK_SECONDS} s, final after ${FINAL_AFTER} more.`,
  );
  console.log("Memory is the node's, after its garbage was collected.\n");
  const { ok } = await soak(field, {
    ...{ seconds: minutes * 60, everySeconds: SAMPLE_SECONDS, bound: BOUND },
    say: (line) => {
      console.log(line);
    },
  });
  if (!ok) process.exitCode = 1;
} finally {
  await field.close();
}
