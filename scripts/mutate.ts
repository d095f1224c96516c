/**
 * `npm run mutate`: changes the contracts in every small way that a test should notice, one at a time, and runs their tests
 * against each. Exits 0 only when each mutant is killed, or listed in `test/mutation/equivalent.json` with the reason why no
 * test can tell it from the contract; a listed one that is killed, or that is no more, fails the run too.
 *
 *   npm run mutate                          all of them
 *   npm run mutate -- --branches            each condition forced true and forced false, each modifier removed
 *   npm run mutate -- --sample 40 --seed S  as many, chosen by S
 *   npm run mutate -- --only Batches        those whose name contains the text
 *   npm run mutate -- --record              all, and writes down the result: docs/mutation.md, test/mutation/killed-by.json
 */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { root } from "./mutate/compiler.ts";
import { compileWith, readContracts } from "./mutate/contracts.ts";
import type { Contracts } from "./mutate/contracts.ts";
import type { Mutant } from "./mutate/find-mutants.ts";
import { judge, requireNeutral } from "./mutate/judge.ts";
import type { Verdict } from "./mutate/judge.ts";
import { tableOf } from "./mutate/table.ts";
import { TestProcess } from "./mutate/test-pool.ts";

type Words = Readonly<Record<string, string>>;

/** Mutants compiled at once: with more, the compiler finds no room on its stack. */
const perCompilation = 340;
const patienceSeconds = 120;

const equivalentFile = join(root, "test/mutation/equivalent.json");
const killedByFile = join(root, "test/mutation/killed-by.json");

const { values: options } = parseArgs({
  options: {
    branches: { type: "boolean", default: false },
    sample: { type: "string" },
    seed: { type: "string", default: "" },
    only: { type: "string" },
    record: { type: "boolean", default: false },
    jobs: { type: "string", default: "2" },
  },
});

function chosen(mutants: readonly Mutant[]): readonly Mutant[] {
  const { branches, sample, seed, only } = options;
  let some = mutants;
  if (branches) some = some.filter(({ branch }) => branch);
  if (only !== undefined) some = some.filter(({ id }) => id.includes(only));
  if (sample === undefined) return some;
  const rank = ({ id }: Mutant) => createHash("sha256").update(`${seed} ${id}`).digest("hex");
  return some
    .map((mutant) => ({ mutant, rank: rank(mutant) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, Number(sample))
    .map(({ mutant }) => mutant);
}

/** Mutants that stand next to each other go to different compilations, which keeps each function small. */
function dealt(mutants: readonly Mutant[]): Mutant[][] {
  const parts = Math.ceil(mutants.length / perCompilation);
  return Array.from({ length: parts }, (_, part) => mutants.filter((_, place) => place % parts === part));
}

async function runPart(contracts: Contracts, part: readonly Mutant[], lastTime: Words): Promise<Verdict[]> {
  const bytecodes = await compileWith(contracts, part);
  const tests = new TestProcess(patienceSeconds);
  try {
    await requireNeutral(bytecodes, tests);
    const verdicts: Verdict[] = [];
    for (const mutant of part) {
      const verdict = await judge(mutant, bytecodes, tests, lastTime[mutant.id]);
      verdicts.push(verdict);
      if (verdict.killedBy === undefined) console.log(`not noticed: ${mutant.id}`);
    }
    return verdicts;
  } finally {
    tests.stop();
  }
}

async function main(): Promise<number> {
  const equivalent = JSON.parse(await readFile(equivalentFile, "utf8")) as Words;
  const lastTime = JSON.parse(await readFile(killedByFile, "utf8")) as Words;
  const contracts = await readContracts();
  const some = chosen(contracts.mutants);
  const waiting = dealt(some);
  console.log(`${some.length} of ${contracts.mutants.length} mutants`);

  const verdicts: Verdict[] = [];
  const work = async () => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      verdicts.push(...(await runPart(contracts, part, lastTime)));
    }
  };
  await Promise.all(Array.from({ length: Number(options.jobs) }, work));

  const complaints: string[] = [];
  for (const { mutant, killedBy } of verdicts) {
    const listed = equivalent[mutant.id] !== undefined;
    if (killedBy === undefined && !listed) complaints.push(`survived: ${mutant.id}`);
    if (killedBy !== undefined && listed)
      complaints.push(`listed as equivalent, killed by ${killedBy}: ${mutant.id}`);
  }
  const known = new Set(contracts.mutants.map(({ id }) => id));
  for (const id of Object.keys(equivalent)) {
    if (!known.has(id)) complaints.push(`listed as equivalent, but there is no such mutant: ${id}`);
  }
  if (options.record) await record(verdicts, contracts.mutants, equivalent);

  const killed = verdicts.filter(({ killedBy }) => killedBy !== undefined).length;
  for (const complaint of complaints) console.error(`✘ ${complaint}`);
  console.log(
    `${verdicts.length} mutants, ${killed} killed, ${verdicts.length - killed} not, ${complaints.length} complaints`,
  );
  return complaints.length === 0 ? 0 : 1;
}

async function record(
  verdicts: readonly Verdict[],
  mutants: readonly Mutant[],
  equivalent: Words,
): Promise<void> {
  if (verdicts.length !== mutants.length) throw new Error("Only a whole run is recorded.");
  const killers = verdicts.flatMap(({ mutant, killedBy }) =>
    killedBy === undefined ? [] : [[mutant.id, killedBy]],
  );
  const sorted = killers.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  await writeFile(killedByFile, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
  await writeFile(join(root, "docs/mutation.md"), tableOf(verdicts, equivalent));
}

process.exitCode = await main();
