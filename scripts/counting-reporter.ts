import { writeFileSync } from "node:fs";

import Mocha from "mocha";

/** How many tests a run had, as the runner counted them. */
export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Mocha's `spec` reporter, which also writes the run's counts as JSON to the file named by the environment variable
 * ICL_TEST_COUNTS.
 */
class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const file = process.env.ICL_TEST_COUNTS;
      if (file === undefined) throw new Error("ICL_TEST_COUNTS names no file to write the counts to.");
      const counts: TestCounts = {
        passed: this.stats.passes,
        failed: this.stats.failures,
        skipped: this.stats.pending,
      };
      writeFileSync(file, JSON.stringify(counts));
    });
  }
}

// Mocha loads a reporter with `require` and wants the class itself.
export { CountingReporter as "module.exports" };
