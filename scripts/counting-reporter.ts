import { writeFileSync } from "node:fs";
import path from "node:path";

import Mocha from "mocha";

/** How many tests a run had, as the runner counted them. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const SLOWEST = 12;

/**
 * Mocha's `spec` reporter, which also writes the run's counts as JSON to the file named by the environment variable
 * ICL_TEST_COUNTS, and ends with the files that took longest: where to look when a run has become slow.
 */
class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const milliseconds = new Map<string, number>();
    const count = ({ file = "", duration = 0 }: Mocha.Runnable) => {
      milliseconds.set(file, (milliseconds.get(file) ?? 0) + duration);
    };
    runner.on(Mocha.Runner.constants.EVENT_TEST_END, count);
    runner.on(Mocha.Runner.constants.EVENT_HOOK_END, count);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const file = process.env.ICL_TEST_COUNTS;
      if (file === undefined) throw new Error("ICL_TEST_COUNTS names no file to write the counts to.");
      const counts: TestCounts = {
        passed: this.stats.passes,
        failed: this.stats.failures,
        skipped: this.stats.pending,
      };
      writeFileSync(file, JSON.stringify(counts));
      if (milliseconds.size < SLOWEST) return;
      const slowest = [...milliseconds].toSorted((one, other) => other[1] - one[1]).slice(0, SLOWEST);
      console.log("  longest, in seconds:");
      for (const [name, took] of slowest) {
        console.log(`  ${(took / 1000).toFixed(0).padStart(6)}  ${path.relative(process.cwd(), name)}`);
      }
    });
  }
}

// Mocha loads a reporter with `require` and wants the class itself.
export { CountingReporter as "module.exports" };
