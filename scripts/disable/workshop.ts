import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import type { TestCounts } from "../counting-reporter.ts";
import { isCounts } from "../run-mocha.ts";
import { edited, titleOf, type ReliabilityPromise } from "./promises.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const COPIED = [
  ...["src", "test", "scripts", "contracts", "deploy", "bin", "docs", "types", "artifacts", "cache"],
  "document-types",
  ...["package.json", "tsconfig.json", "hardhat.config.ts", ".mocharc.json"],
];

/** What a test said while a mechanism was disabled. */
export interface Trial {
  /** `noticed`: it failed, as it should. `not run`: nothing ran that could have. */
  readonly outcome: "noticed" | "unnoticed" | "not run" | "not tried";
  /** The first words of what failed, or of why nothing ran. */
  readonly words: string;
  readonly seconds: number;
}

/** A copy of the project in which mechanisms are disabled, one at a time. */
export class Workshop {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async open(): Promise<Workshop> {
    const directory = await mkdtemp(join(tmpdir(), "icl-disable-"));
    for (const name of COPIED) await cp(join(root, name), join(directory, name), { recursive: true });
    await symlink(join(root, "node_modules"), join(directory, "node_modules"), "dir");
    return new Workshop(directory);
  }

  /**
   * Disables the mechanism of a promise, runs the test that is to notice, and puts the mechanism back. What fails is run
   * once more then: a test that fails with the mechanism in place, too, has noticed nothing.
   */
  async try(promise: ReliabilityPromise): Promise<Trial> {
    const trial = await this.#tryWithout(promise);
    if (trial.outcome !== "noticed") return trial;
    const { counts, text } = await this.#test(promise);
    if (counts !== null && counts.passed > 0 && counts.failed === 0) return trial;
    return { ...trial, outcome: "not run", words: `It fails with the mechanism, too: ${failureIn(text)}` };
  }

  async #tryWithout(promise: ReliabilityPromise): Promise<Trial> {
    const sources = new Map<string, string>();
    const begun = performance.now();
    const seconds = () => Math.round((performance.now() - begun) / 1000);
    try {
      for (const edit of promise.off) {
        const file = join(this.#directory, edit.file);
        const source = await readFile(file, "utf8");
        if (!sources.has(file)) sources.set(file, source);
        await writeFile(file, edited(source, edit));
      }
      // What does not even load would fail every test, and show nothing.
      for (const file of sources.keys()) {
        const href = JSON.stringify(pathToFileURL(file).href);
        const loads = await this.#node(["--input-type=module", "-e", `import(${href})`]);
        if (loads.code !== 0)
          return { outcome: "not run", words: firstLineOf(loads.text), seconds: seconds() };
      }
      const { counts, text } = await this.#test(promise);
      if (counts === null || counts.passed + counts.failed === 0) {
        return { outcome: "not run", words: firstLineOf(text), seconds: seconds() };
      }
      const outcome = counts.failed > 0 ? "noticed" : "unnoticed";
      return { outcome, words: outcome === "noticed" ? failureIn(text) : "", seconds: seconds() };
    } finally {
      for (const [file, source] of sources) await writeFile(file, source);
    }
  }

  async close(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #test(promise: ReliabilityPromise): Promise<{ counts: TestCounts | null; text: string }> {
    const { test } = promise;
    const countsFile = join(this.#directory, "counts.json");
    await rm(countsFile, { force: true });
    const mocha = createRequire(import.meta.url).resolve("mocha/bin/mocha.js");
    const title = titleOf(promise).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const grep = test.database === undefined ? `${title}$` : `\\(${test.database}\\).*${title}$`;
    const reporter = join(this.#directory, "scripts/counting-reporter.ts");
    const { text } = await this.#node([mocha, "--reporter", reporter, "--grep", grep, test.file], {
      ICL_TEST_COUNTS: countsFile,
    });
    const counts: unknown = await readFile(countsFile, "utf8").then(JSON.parse, () => null);
    return { counts: isCounts(counts) ? counts : null, text };
  }

  async #node(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly code: number | null; readonly text: string }> {
    const child = spawn(process.execPath, [...args], {
      cwd: this.#directory,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
    }
    const [code] = (await once(child, "close")) as [number | null];
    return { code, text };
  }
}

const LONGEST_WORDS = 160;

function firstLineOf(text: string): string {
  const line = text.split("\n").find((each) => /error/i.test(each)) ?? "";
  return line.trim().slice(0, LONGEST_WORDS);
}

/** What the first failure in mocha's list says, after its titles. */
function failureIn(text: string): string {
  const lines = text
    .slice(text.lastIndexOf(" failing"))
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const titles = lines.findIndex((line) => line.endsWith(":"));
  const said = lines.slice(titles + 1).find((line) => line.includes("Error")) ?? lines[titles + 1] ?? "";
  return said.slice(0, LONGEST_WORDS);
}
