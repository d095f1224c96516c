/**
 * `npm run prove`: has solc's model checker prove the properties written as assertions in `test/proof/` of the very
 * certificates' code that the channel is deployed with, for every sequence of calls. Exits 0 only when each expected
 * property was proved, and when not one of them is proved of a copy with its guards taken out.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const harness = "test/proof/CertificatesProof.sol";
const proved = "contracts/channel/Certificates.sol";
const deployed = "contracts/Channel.sol";
const imported = ["contracts/interfaces/IChannel.sol", "contracts/interfaces/IMessageHook.sol"];

/** What must be proved. An assertion that is missing in the harness, or one too many, fails the run as a lost proof does. */
const expected = [
  "a number is issued at most once",
  "nothing is issued that is expired already",
  "only what was issued is acquitted",
  "a certificate is acquitted at most once",
  "a revoked certificate is not acquitted",
  "an expired certificate is not acquitted",
  "a certificate is acquitted only by its receiver",
  "only what was issued is revoked",
  "a certificate is revoked at most once",
  "a certificate is revoked only by its issuer",
  "an issue is kept for ever",
  "an acquittal is kept for ever",
  "a revocation is kept for ever",
];

/** What is done to the copy for the self-check: between them, these edits break every property. */
const mutations: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // No guard is left …
  [/require\((?:[^;]|\n)*?\);/g, ""],
  // … numbers of different issuers share a place …
  [/abi\.encode\(issuer, predicate, subject\)/g, "abi.encode(predicate, subject)"],
  // … issuing wipes out what happened before, and acquitting the issue.
  [/(_certificates\[key\])\.fingerprint = fingerprint;/g, "$1 = Certificate(fingerprint, false, false);"],
  [/(_certificates\[key\])\.acquitted = true;/g, "$1 = Certificate(0, true, false);"],
];

type Sources = Readonly<Record<string, string>>;
type Verdict = "proved" | "violated" | "not proved";

interface Diagnostic {
  readonly severity: string;
  readonly message: string;
  readonly formattedMessage: string;
  readonly sourceLocation?: { readonly file: string; readonly start: number; readonly end: number };
}

interface Compiler {
  compile(input: string): string;
}

interface Task {
  readonly sources: Sources;
}

const root = new URL("../", import.meta.url);

/** Runs the model checker over the harness and returns all it says. */
function check({ sources }: Task): Diagnostic[] {
  const compiler = createRequire(import.meta.url)("solc") as Compiler;
  const contracts = [...(sources[harness] ?? "").matchAll(/^contract (\w+)/gm)].map((match) => match[1]);
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(Object.entries(sources).map(([path, content]) => [path, { content }])),
    settings: {
      evmVersion: "prague",
      outputSelection: { "*": { "": [] } },
      // No `timeout`: with one, the solver dies inside WebAssembly. Its effort is bounded all the same, and repeatable.
      modelChecker: {
        contracts: { [harness]: contracts },
        engine: "chc",
        solvers: ["z3"],
        targets: ["assert"],
        showProvedSafe: true,
        showUnproved: true,
      },
    },
  };
  const output = JSON.parse(compiler.compile(JSON.stringify(input))) as { errors?: Diagnostic[] };
  return output.errors ?? [];
}

/** The properties of a harness, named by the comments behind its assertions, and where each assertion ends, in bytes. */
function propertiesOf(source: string): Map<string, number> {
  const properties = new Map<string, number>();
  for (const match of source.matchAll(/assert\([^;]*\);\s*\/\/ property: (.+)$/gm)) {
    const [text, name] = match;
    if (name === undefined || properties.has(name))
      throw new Error(`A property is named twice: ${String(name)}`);
    properties.set(name, Buffer.byteLength(source.slice(0, match.index)) + text.indexOf(";"));
  }
  const assertions = source.match(/\bassert\(/g)?.length ?? 0;
  if (assertions !== properties.size) throw new Error("An assertion of the harness names no property.");
  return properties;
}

/** What the checker said of each property; a property it said nothing of is not proved. */
function verdictsOf(
  diagnostics: readonly Diagnostic[],
  properties: ReadonlyMap<string, number>,
): Map<string, Verdict> {
  const failure = diagnostics.find(({ severity }) => severity === "error");
  if (failure !== undefined) throw new Error(failure.formattedMessage);
  const verdicts = new Map<string, Verdict>();
  for (const [name, end] of properties) {
    const said = diagnostics.filter(
      ({ message, sourceLocation }) =>
        message.startsWith("CHC: Assertion violation") &&
        sourceLocation?.file === harness &&
        sourceLocation.end === end,
    );
    const safe = said.length === 1 && said[0]?.message.includes("check is safe") === true;
    const violated = said.some(({ message }) => message.includes("violation happens here"));
    verdicts.set(name, violated ? "violated" : safe ? "proved" : "not proved");
  }
  return verdicts;
}

/** Checks the properties in a thread of its own: two runs share the machine's cores. */
async function checkAside(
  sources: Sources,
  properties: ReadonlyMap<string, number>,
): Promise<Map<string, Verdict>> {
  const task: Task = { sources };
  const diagnostics = await new Promise<Diagnostic[]>((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: task });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  return verdictsOf(diagnostics, properties);
}

/** A copy of the sources in which the proved code is broken; throws when an edit finds nothing to break. */
function broken(sources: Sources): Sources {
  let code = sources[proved] ?? "";
  for (const [pattern, replacement] of mutations) {
    const edited = code.replaceAll(pattern, replacement);
    if (edited === code)
      throw new Error(`Nothing in ${proved} matches ${String(pattern)}: mend the self-check.`);
    code = edited;
  }
  return { ...sources, [proved]: code };
}

async function main(): Promise<number> {
  // The proof is about the code that is deployed: the channel must inherit it.
  const channel = await readFile(new URL(deployed, root), "utf8");
  if (!/^contract Channel is [^{]*\bCertificates\b/m.test(channel)) {
    throw new Error(`${deployed} does not inherit Certificates: the proof is of no deployed code.`);
  }
  const sources: Record<string, string> = {};
  for (const path of [harness, proved, ...imported]) {
    sources[path] = await readFile(new URL(path, root), "utf8");
  }

  const properties = propertiesOf(sources[harness] ?? "");
  const [verdicts, selfCheck] = await Promise.all([
    checkAside(sources, properties),
    checkAside(broken(sources), properties),
  ]);

  let failures = 0;
  for (const name of new Set([...expected, ...properties.keys()])) {
    const verdict = !expected.includes(name) ? "not expected" : (verdicts.get(name) ?? "missing");
    const without = selfCheck.get(name) ?? "missing";
    const ok = verdict === "proved" && (without === "violated" || without === "not proved");
    if (!ok) failures += 1;
    console.log(`${ok ? "✔" : "✘"} ${name}: ${verdict}; without its guards: ${without}`);
  }
  console.log(`${expected.length} properties expected, ${failures} failed`);
  return failures === 0 ? 0 : 1;
}

if (isMainThread) process.exitCode = await main();
else parentPort?.postMessage(check(workerData as Task));
