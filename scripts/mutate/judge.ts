import { basename } from "node:path";

import type { Bytecodes } from "./compiler.ts";
import type { Mutant } from "./find-mutants.ts";
import { keyOf, switchedOn } from "./instrument.ts";
import type { TestProcess } from "./test-pool.ts";

/** Who noticed a mutant: the title of a test, `timeout`, or nobody. */
export interface Verdict {
  readonly mutant: Mutant;
  readonly killedBy?: string;
}

/**
 * Runs the contracts' tests against one mutant: first the test that noticed it last time, then all of them, those of its own
 * contract first, until one fails.
 * @param bytecodes the contracts with this mutant and others asleep.
 * @param lastTime the title of the test that noticed it then.
 */
export async function judge(
  mutant: Mutant,
  bytecodes: Bytecodes,
  tests: TestProcess,
  lastTime: string | undefined,
): Promise<Verdict> {
  const changed: Record<string, string> = {};
  for (const [name, code] of Object.entries(bytecodes)) {
    if (code.includes(keyOf(mutant))) changed[name] = switchedOn(code, mutant);
    else changed[name] = code;
  }
  const task = { bytecodes: changed, first: basename(mutant.file, ".sol") };
  for (const only of lastTime === undefined ? [undefined] : [lastTime, undefined]) {
    const trial = only === undefined ? task : { ...task, only };
    let outcome = await tests.run(trial);
    // A busy machine may be why; a mutant that hangs does it again.
    if (outcome === "timeout") outcome = await tests.run(trial);
    if (outcome === "timeout") return { mutant, killedBy: "timeout" };
    if (outcome.failed !== undefined) return { mutant, killedBy: outcome.failed };
  }
  return { mutant };
}

/** Throws unless all tests pass while every mutant sleeps: else their verdicts would mean nothing. */
export async function requireNeutral(bytecodes: Bytecodes, tests: TestProcess): Promise<void> {
  const outcome = await tests.run({ bytecodes, first: "Channel" });
  if (outcome === "timeout" || outcome.failed !== undefined || outcome.tests === 0) {
    throw new Error(`With no mutant on, the tests do not pass: ${JSON.stringify(outcome)}`);
  }
}
