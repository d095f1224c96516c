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
  const { StopFailure } = await import("../node/closing.ts");
  const node = await startNode(config);
  log.info("the node is up", { participant: config.participant, url: node.url, publicUrl: config.publicUrl });
  const signal = await stop;
  log.info("stopping", { signal });
  try {
    await node.close();
  } catch (error) {
    if (!(error instanceof StopFailure)) throw error;
    log.error("the node did not stop cleanly", { unfinished: error.unfinished, error });
    // What hangs would keep the process; it is picked up where it stood at the next start.
    process.exit(EXIT.failed);
  }
  log.info("stopped");
  return EXIT.done;
}

/** `icl start`: runs one node. */
export const startCommand: Command = {
  summary: "run a node until it is told to stop",
  help: `Usage: icl start [--config <file>]

Runs one node. Its configuration is a YAML or JSON file, ICL_… environment variables, or both; a variable wins over the
file. The log goes to standard error, one JSON object a line. On SIGINT or SIGTERM the node says that it is not ready,
serves on for limits.drainSeconds, then ends what it has in hand and stops; a second signal stops it at once, and nothing
is lost by that either. Ends with 1 when something did not come to rest in time: the log names it.

  -c, --config <file>   configuration file; without it, the environment alone

Example: icl start --config /etc/icl/node.yaml`,
  options: configOption,
  run: start,
};
