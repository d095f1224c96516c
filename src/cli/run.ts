import { parseArgs } from "node:util";

import { ConfigError } from "../config.ts";
import { createLogger } from "../log.ts";
import { UsageError, type Command } from "./command.ts";
import { commands } from "./commands.ts";
import { EXIT, type Exit } from "./exit.ts";
import { NodeFailure, NodeRefusal, NodeUnreachable } from "./node-errors.ts";
import { complain, printable, say } from "./terminal.ts";

const help = { help: { type: "boolean", short: "h" } } as const;
const asksForHelp = (word: string) => word === "--help" || word === "-h";

function listOf(listed: Iterable<readonly [string, Command]>): string {
  return [...listed].map(([name, { summary }]) => `  ${name.padEnd(16)}${summary}`).join("\n");
}

const overview = `Usage: icl <command> [options]

${listOf(commands)}

icl <command> --help says more. Exit codes: 0 done, 1 failed, 2 called or configured wrongly, 3 refused by the node,
4 node or ledger out of reach, 5 not valid, 6 the message failed, 7 not in time.`;

/** The command that the words begin with, and the words that are left. */
function find(
  words: readonly string[],
): { readonly command: Command; readonly rest: readonly string[] } | null {
  for (const length of [2, 1]) {
    const command = commands.get(words.slice(0, length).join(" "));
    if (command !== undefined) return { command, rest: words.slice(length) };
  }
  return null;
}

/** Carries out what the words say. */
async function perform(words: readonly string[]): Promise<Exit> {
  const [name] = words;
  if (name === undefined || name === "help" || asksForHelp(name)) {
    say(overview);
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  const found = find(words);
  if (found === null) return withoutCommand(name, words[1]);
  const { command, rest } = found;
  let parsed;
  try {
    const options = { ...command.options, ...help };
    parsed = parseArgs({ args: [...rest], options, strict: true, allowPositionals: true });
    checkOperands(command.operands ?? [], parsed.positionals, parsed.values.help === true);
  } catch (error) {
    const why = error instanceof Error ? error.message : "the options are not as they must be";
    throw new UsageError(`${why}\n\n${command.help}`);
  }
  if (parsed.values.help === true) {
    say(command.help);
    return EXIT.done;
  }
  return command.run(parsed.values, parsed.positionals);
}

/** A word that only begins commands names them; any other is a mistake. */
function withoutCommand(name: string, next: string | undefined): Exit {
  const group = [...commands].filter(([words]) => words.startsWith(`${name} `));
  if (group.length === 0) throw new UsageError(`there is no command ${name}\n\n${overview}`);
  const list = `Usage: icl ${name} <command> [options]\n\n${listOf(group)}\n\nicl <command> --help says more.`;
  if (next === undefined || !asksForHelp(next)) {
    throw new UsageError(
      `there is no command ${[name, next].filter(Boolean).join(" ")} by itself\n\n${list}`,
    );
  }
  say(list);
  return EXIT.done;
}

function checkOperands(wanted: readonly string[], given: readonly string[], helped: boolean): void {
  const missing = wanted[given.length];
  if (missing !== undefined && !helped) throw new UsageError(`${missing} is missing`);
  const stray = given[wanted.length];
  if (stray !== undefined) throw new UsageError(`Unexpected argument '${stray}'`);
}

/** Tells what went wrong: in full as a log line with credentials taken out, or in a sentence where the caller can help it. */
function failed(error: unknown, json: boolean): Exit {
  if (error instanceof UsageError || error instanceof ConfigError) {
    complain(`icl: ${error.message}`);
    return EXIT.usage;
  }
  if (error instanceof NodeRefusal || error instanceof NodeUnreachable || error instanceof NodeFailure) {
    return blamed(error, json);
  }
  createLogger().error("icl failed", { error });
  return EXIT.failed;
}

/** The node is to blame, or the way to it. With `--json` its problem document is the answer. */
function blamed(error: NodeRefusal | NodeUnreachable | NodeFailure, json: boolean): Exit {
  complain(printable(`icl: ${error.message}`));
  if (error instanceof NodeUnreachable) return EXIT.unreachable;
  if (error instanceof NodeFailure) return EXIT.failed;
  if (json && error.problem !== null) say(JSON.stringify(error.problem));
  return EXIT.refused;
}

/**
 * The command line.
 *
 * @param words as typed after `icl`
 * @returns what the process is to end with
 */
export async function run(words: readonly string[]): Promise<Exit> {
  return perform(words).catch((error: unknown) => failed(error, words.includes("--json")));
}
