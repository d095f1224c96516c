import { createLogger } from "../log.ts";
import { toldToStop } from "../told-to-stop.ts";
import type { Command, Values } from "./command.ts";
import { configOf, configOption } from "./config-option.ts";
import { EXIT, type Exit } from "./exit.ts";

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
  const { startNode } = await import("../node.ts");
  const node = await startNode(config);
  log.info("the node is up", { participant: config.participant, url: node.url, publicUrl: config.publicUrl });
  const signal = await stop;
  log.info("stopping", { signal });
  await node.close();
  log.info("stopped");
  return EXIT.done;
}

/** `icl start`: runs one node. */
export const startCommand: Command = {
  summary: "run a node until it is told to stop",
  help: `Usage: icl start [--config <file>]

Runs one node. Its configuration is a YAML or JSON file, ICL_… environment variables, or both; a variable wins over the
file. The log goes to standard error, one JSON object a line. SIGINT or SIGTERM stops the node once what it is doing is
done; a second one stops it at once, and nothing is lost by that either.

  -c, --config <file>   configuration file; without it, the environment alone

Example: icl start --config /etc/icl/node.yaml`,
  options: configOption,
  run: start,
};
