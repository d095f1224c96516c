#!/usr/bin/env node
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs, type ParseArgsConfig } from "node:util";

import { ConfigError, loadConfig, type Config } from "./config.ts";
import { roles, type Role } from "./identity/caller.ts";
import { mintDevelopmentToken } from "./identity/development-issuer.ts";
import { createLogger } from "./log.ts";
import { toldToStop } from "./told-to-stop.ts";

const EXIT = { ok: 0, failed: 1, usage: 2 } as const;
const DAY_SECONDS = 86_400;
const LONGEST_LIFETIME_SECONDS = 30 * DAY_SECONDS;

type Exit = (typeof EXIT)[keyof typeof EXIT];
type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** The command was not called as it must be; the message says how. */
class UsageError extends Error {}

interface Command {
  readonly summary: string;
  readonly help: string;
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  readonly run: (values: Values) => Promise<Exit>;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

function textOf(values: Values, name: string): string | null {
  const value = values[name];
  return typeof value === "string" ? value : null;
}

function configOf(values: Values): Config {
  return loadConfig({ file: textOf(values, "config") });
}

function stateDirectory(values: Values): string {
  return path.resolve(textOf(values, "directory") ?? process.env.ICL_DIRECTORY ?? ".icl");
}

async function start(values: Values): Promise<Exit> {
  const config = configOf(values);
  const stop = toldToStop();
  const log = createLogger({ level: config.log.level });
  if (config.mode === "development") {
    log.warn(
      "DEVELOPMENT MODE: this node accepts what a real one must refuse; never let real documents near it",
    );
  }
  // Loaded only here: the other commands do without ledger and database.
  const { startNode } = await import("./node.ts");
  const node = await startNode(config);
  log.info("the node is up", { participant: config.participant, url: node.url, publicUrl: config.publicUrl });
  const signal = await stop;
  log.info("stopping", { signal });
  await node.close();
  log.info("stopped");
  return EXIT.ok;
}

function checkConfig(values: Values): Promise<Exit> {
  const config = configOf(values);
  say(
    `The configuration is good: ${config.mode} node of ${config.participant} (${config.jurisdiction}), ` +
      `${config.channels.length} channel(s), ${config.identity.issuers.length} token issuer(s), ${config.store.technology}.`,
  );
  return Promise.resolve(EXIT.ok);
}

async function dev(values: Values): Promise<Exit> {
  const { runDev } = await import("../scripts/dev.ts");
  await runDev({ stay: values.once !== true, directory: stateDirectory(values) });
  return EXIT.ok;
}

function rolesOf(values: Values): readonly Role[] {
  const asked = Array.isArray(values.role) ? values.role : [];
  if (asked.length === 0) return roles.filter((role) => role !== "admin");
  return asked.map((name) => {
    const role = roles.find((known) => known === name);
    if (role === undefined) throw new UsageError(`--role takes one of ${roles.join(", ")}`);
    return role;
  });
}

function lifetimeOf(values: Values): number {
  const text = textOf(values, "lifetime") ?? String(DAY_SECONDS);
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > LONGEST_LIFETIME_SECONDS) {
    throw new UsageError(`--lifetime takes seconds, from 1 to ${LONGEST_LIFETIME_SECONDS}`);
  }
  return seconds;
}

/** The participants of the development network in a directory. */
function participantsIn(directory: string): readonly string[] {
  const file = path.join(directory, "network.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(`there is no development network in ${directory}; start one by: icl dev`, { cause });
  }
  const { nodes } = JSON.parse(text) as { nodes: readonly { participant: string }[] };
  return nodes.map(({ participant }) => participant);
}

async function token(values: Values): Promise<Exit> {
  const request = { roles: rolesOf(values), lifetimeSeconds: lifetimeOf(values) };
  const directory = stateDirectory(values);
  const participants = participantsIn(directory);
  const audience = textOf(values, "participant") ?? "";
  if (!participants.includes(audience)) {
    throw new UsageError(`--participant takes one of ${participants.join(", ")}`);
  }
  const subject = textOf(values, "subject") ?? "officer";
  const file = path.join(directory, "development-issuer.json");
  say(await mintDevelopmentToken(file, { subject, audience, ...request }));
  complain("FOR DEVELOPMENT ONLY: nodes in production refuse this token.");
  return EXIT.ok;
}

const help = { help: { type: "boolean", short: "h" } } as const;
const configOption = { config: { type: "string", short: "c" } } as const;
const directoryOption = { directory: { type: "string" } } as const;

const commands: Readonly<Record<string, Command>> = {
  start: {
    summary: "run a node until it is told to stop",
    help: `Usage: icl start [--config <file>]

Runs one node. Its configuration is a YAML or JSON file, ICL_… environment variables, or both; a variable wins over the
file. The log goes to standard error, one JSON object a line. SIGINT or SIGTERM stops the node once what it is doing is
done; a second one stops it at once, and nothing is lost by that either.

  -c, --config <file>   configuration file; without it, the environment alone

Example: icl start --config /etc/icl/node.yaml`,
    options: configOption,
    run: start,
  },
  dev: {
    summary: "run a ledger, two countries' nodes and one whole exchange on this machine",
    help: `Usage: icl dev [--once] [--directory <directory>]

Starts a local EVM network, deploys a channel, starts a node each for homeaffairs.gov.au and customs.gov.cn, and sends a
certificate of origin through its whole life. Then everything stays up until Ctrl-C. For development only.

      --once                  stop after the exchange; fails when one of its steps does
      --directory <directory> where keys, data and network.json go (ICL_DIRECTORY, or .icl)

Example: icl dev`,
    options: { ...directoryOption, once: { type: "boolean" } },
    run: dev,
  },
  "check-config": {
    summary: "check a configuration and tell every mistake in it",
    help: `Usage: icl check-config [--config <file>]

Reads a configuration just as start does, and tells all its mistakes at once, one a line: where, what is wrong, what to
write instead. Nothing is started or changed.

  -c, --config <file>   configuration file; without it, the environment alone

Example: icl check-config --config /etc/icl/node.yaml && systemctl restart icl`,
    options: configOption,
    run: checkConfig,
  },
  token: {
    summary: "make a token for a node of the development network",
    help: `Usage: icl token --participant <domain> [--role <role>]… [--subject <name>] [--lifetime <seconds>]

Writes a bearer token for a user of one node of the network that icl dev runs. For development only.

  -p, --participant <domain>  whose node the token is for
  -r, --role <role>           what the user may do; may be repeated; everything but admin where left out:
                              ${roles.join(", ")}
  -s, --subject <name>        who the user is (officer)
  -l, --lifetime <seconds>    how long it is good (${DAY_SECONDS}, a day)
      --directory <directory> where the network's files are (ICL_DIRECTORY, or .icl)

Example: curl -H "Authorization: Bearer $(icl token -p customs.gov.cn)" http://127.0.0.1:8552/messages`,
    options: {
      ...directoryOption,
      participant: { type: "string", short: "p" },
      role: { type: "string", short: "r", multiple: true },
      subject: { type: "string", short: "s" },
      lifetime: { type: "string", short: "l" },
    },
    run: token,
  },
};

const overview = `Usage: icl <command> [options]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(14)}${summary}`)
  .join("\n")}

icl <command> --help says more. Exit codes: 0 done, 1 failed, 2 called or configured wrongly.`;

async function run([name, ...rest]: readonly string[]): Promise<Exit> {
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    say(overview);
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new UsageError(`there is no command ${name}\n\n${overview}`);
  let values: Values;
  try {
    ({ values } = parseArgs({ args: rest, options: { ...command.options, ...help }, strict: true }));
  } catch (error) {
    const why = error instanceof Error ? error.message : "the options are not as they must be";
    throw new UsageError(`${why}\n\n${command.help}`);
  }
  if (values.help === true) {
    say(command.help);
    return EXIT.ok;
  }
  return command.run(values);
}

/** Tells what went wrong: in full as a log line with credentials taken out, or in a sentence where the caller can help it. */
function failed(error: unknown): Exit {
  if (error instanceof UsageError || error instanceof ConfigError) {
    complain(`icl: ${error.message}`);
    return EXIT.usage;
  }
  createLogger().error("icl failed", { error });
  return EXIT.failed;
}

process.exitCode = await run(process.argv.slice(2)).catch(failed);
