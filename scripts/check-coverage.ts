/**
 * `npm run coverage`: runs the contracts' tests with coverage and fails unless every line and every statement of
 * `contracts/` was executed. Interfaces and the contracts that only tests use are left out.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { glob, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const lcov = new URL("../coverage/lcov.info", import.meta.url);
const cli = join(createRequire(import.meta.url).resolve("hardhat/package.json"), "../dist/src/cli.js");

/** Runs Hardhat, showing what it prints. */
async function hardhat(...arguments_: readonly string[]): Promise<{ ok: boolean; printed: string }> {
  const child = spawn(process.execPath, [cli, ...arguments_], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
    process.stdout.write(text);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { ok: code === 0, printed };
}

async function filesOf(pattern: string): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob(pattern, { cwd: root })) files.push(file.replaceAll("\\", "/"));
  return files.sort();
}

/** The lines of each file that no test executed, out of Hardhat's lcov report. */
function missedLines(text: string): Map<string, string[]> {
  const files = new Map<string, string[]>();
  let missed: string[] = [];
  for (const row of text.split("\n")) {
    if (row.startsWith("SF:")) files.set(row.slice(3).replaceAll("\\", "/"), (missed = []));
    const line = /^DA:(\d+),0$/.exec(row)?.[1];
    if (line !== undefined) missed.push(line);
  }
  return files;
}

/** The percentage of executed statements of each file: lcov has no place for it, Hardhat's printed table has. */
function executedStatements(table: string): Map<string, string> {
  const rows = table.matchAll(/^║ (contracts\/\S+\.sol) +│ [\d.]+ +│ ([\d.]+) +│/gm);
  return new Map([...rows].map(([, file = "", statements = ""]) => [file, statements]));
}

async function complaints(printed: string): Promise<string[]> {
  const missed = missedLines(await readFile(lcov, "utf8"));
  const executed = executedStatements(printed);
  const own = (await filesOf("contracts/**/*.sol")).filter(
    (file) => !/^contracts\/(?:interfaces|test)\//.test(file),
  );
  return own.flatMap((file) => {
    const lines = missed.get(file);
    const statements = executed.get(file);
    if (lines === undefined || statements === undefined) return [`${file} was not measured.`];
    return [
      ...(lines.length > 0 ? [`${file}: lines not executed: ${lines.join(", ")}`] : []),
      ...(statements === "100.00" ? [] : [`${file}: ${statements} % of its statements executed`]),
    ];
  });
}

await rm(lcov, { force: true });
const tests = await filesOf("test/contracts/**/*.test.ts");
const { ok, printed } = await hardhat("test", "mocha", "--coverage", ...tests);
const wrong = ok ? await complaints(printed) : ["The tests failed."];
// The coverage run leaves instrumented code among the artifacts.
const { ok: rebuilt } = await hardhat("build", "--quiet");
if (!rebuilt) wrong.push("The contracts could not be built again.");
for (const complaint of wrong) console.error(complaint);
if (wrong.length > 0) process.exitCode = 1;
else console.log("Every line and every statement of the contracts was executed.");
