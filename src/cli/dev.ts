import { existsSync } from "node:fs";

import { UsageError, type Command, type Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { directoryOption, stateDirectory } from "./state-directory.ts";

/** The development network lies outside the node, in a clone of the project only. */
const network = new URL("../../scripts/dev.ts", import.meta.url);

interface DevelopmentNetwork {
  readonly runDev: (options: { readonly stay: boolean; readonly directory: string }) => Promise<void>;
}

async function dev(values: Values): Promise<Exit> {
  if (!existsSync(network)) {
    throw new UsageError(
      "icl dev runs in a clone of the project, which has a ledger to start; the package has none",
    );
  }
  const { runDev } = (await import(network.href)) as DevelopmentNetwork;
  await runDev({ stay: values.once !== true, directory: stateDirectory(values) });
  return EXIT.done;
}

/** `icl dev`: runs the development network. */
export const devCommand: Command = {
  summary: "run a ledger, two countries' nodes and one whole exchange on this machine",
  help: `Usage: icl dev [--once] [--directory <directory>]

Starts a local EVM network, deploys a channel, starts a node each for homeaffairs.gov.au and customs.gov.cn, and sends a
certificate of origin through its whole life. Then everything stays up until Ctrl-C. For development only.

      --once                  stop after the exchange; fails when one of its steps does
      --directory <directory> where keys, data and network.json go (ICL_DIRECTORY, or .icl)

Example: icl dev`,
  options: { ...directoryOption, once: { type: "boolean" } },
  run: dev,
};
