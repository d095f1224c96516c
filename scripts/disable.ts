/**
 * `npm run disable`: disables, one at a time and in a copy of the project, each mechanism by which a promise of
 * docs/reliability.md holds, and runs the test that is to notice. Exits 0 only when every one is noticed.
 *
 *   npm run disable                   all of them
 *   npm run disable -- --only fork    those whose promise, mechanism or test has the text
 *   npm run disable -- --record       all, and writes down the result: docs/evidence/disabled.txt
 *   npm run disable -- --minutes 20   begins no more after so long; the record says which were not tried
 *   npm run disable -- --page         writes the table of docs/reliability.md anew, and tries nothing
 */
import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

import { readPromises, titleOf, type ReliabilityPromise } from "./disable/promises.ts";
import { withTable } from "./disable/table.ts";
import { Workshop, type Trial } from "./disable/workshop.ts";

const page = new URL("../docs/reliability.md", import.meta.url);
const record = new URL("../docs/evidence/disabled.txt", import.meta.url);

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    record: { type: "boolean", default: false },
    page: { type: "boolean", default: false },
    minutes: { type: "string", default: "600" },
  },
});

function lineOf(tried: ReliabilityPromise, { outcome, words, seconds }: Trial): string {
  const { promise, mechanism, test } = tried;
  return [
    `${outcome.padEnd(9)} ${String(seconds).padStart(3)} s  ${promise}`,
    `               without: ${mechanism}`,
    `               test:    ${test.file} › ${titleOf(tried)}${test.database === undefined ? "" : ` (${test.database})`}`,
    `               says:    ${words}`,
  ].join("\n");
}

const AT_A_TIME = 3;
const NOT_TRIED: Trial = { outcome: "not tried", words: "there was no time", seconds: 0 };

/** Tries several at a time, each in a copy of the project: what fails mostly waits. @returns a line for each, in their order */
async function tryAll(chosen: readonly ReliabilityPromise[]): Promise<readonly string[]> {
  const lines: string[] = [];
  let next = 0;
  const work = async () => {
    const workshop = await Workshop.open();
    try {
      for (let place = next++; place < chosen.length; place = next++) {
        const promise = chosen[place];
        if (promise === undefined) return;
        const late = performance.now() > Number(options.minutes) * 60_000;
        const line = lineOf(promise, late ? NOT_TRIED : await workshop.try(promise));
        console.log(line);
        lines[place] = line;
      }
    } finally {
      await workshop.close();
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME * availableParallelism() }, work));
  return lines;
}

const all = await readPromises();
const { only } = options;
const chosen = only === undefined ? all : all.filter((each) => JSON.stringify(each).includes(only));
if (options.page) {
  await writeFile(page, withTable(await readFile(page, "utf8"), all));
} else {
  const lines = await tryAll(chosen);
  const unnoticed = lines.filter((line) => !line.startsWith("noticed")).length;
  const end = `${chosen.length - unnoticed} of ${chosen.length} noticed`;
  console.log(end);
  if (options.record && only === undefined) {
    const head = `npm run disable -- --record, ${new Date().toISOString().slice(0, 10)}: each mechanism disabled, and what its test said.`;
    await writeFile(record, `${[head, "", ...lines, "", end].join("\n")}\n`);
  }
  if (unnoticed > 0 || chosen.length === 0) process.exitCode = 1;
}
