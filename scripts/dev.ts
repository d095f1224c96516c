import { resolve } from "node:path";

import { toldToStop } from "../src/told-to-stop.ts";
import { certificate } from "./demo/certificate.ts";
import { playExchange, type Outcome } from "./demo/exchange.ts";
import { Narrator } from "./demo/narrator.ts";
import { setStage } from "./demo/stage.ts";
import { startDevelopmentNetwork } from "./dev/development-network.ts";
import { StateDirectory, type NetworkFile } from "./dev/state-directory.ts";

/** How a development network is run. */
export interface DevOptions {
  /** Stay up after the exchange until the process is told to stop; otherwise stop at once. */
  readonly stay: boolean;
  /** Where keys, data and `network.json` go; another network may not run in it. */
  readonly directory: string;
  /** Writes one line for the reader; to standard output by default. */
  readonly print?: (line: string) => void;
}

function tellWhatRuns(
  print: (line: string) => void,
  network: NetworkFile,
  outcome: Outcome,
  file: string,
): void {
  const china = network.nodes.find(({ participant }) => participant === "customs.gov.cn");
  if (china === undefined) throw new Error("China's node is missing.");
  print("");
  print("Running until you press Ctrl-C:");
  print(`  ledger (JSON-RPC)            ${network.rpcUrl}  chain ${network.chainId}`);
  print(`  channel directory            ${network.directory}`);
  for (const { id } of network.channels) print(`  channel                      ${id}`);
  for (const { participant, jurisdiction, url } of network.nodes) {
    print(`  ${`${participant} (${jurisdiction})`.padEnd(28)} ${url}`);
    for (const path of ["/console", "/verify", "/health", "/openapi.json"])
      print(`  ${"".padEnd(28)} ${url}${path}`);
  }
  print(`  all of it, with tokens       ${file}`);
  print("");
  print(`Read certificate ${certificate.id} at China's node:`);
  print("");
  print(`curl -H "Authorization: Bearer ${china.tokens.user}" ${china.url}/documents/${outcome.certificate}`);
  print("");
}

/**
 * Runs a whole development network on this machine, with the exchange of one certificate on it.
 *
 * @returns when everything is stopped again
 * @throws Error when a step of the exchange does not hold, or something cannot be started; everything is stopped first
 */
export async function runDev(options: DevOptions): Promise<void> {
  const print = options.print ?? ((line: string) => process.stdout.write(`${line}\n`));
  const stop = toldToStop();
  const state = await StateDirectory.take(resolve(options.directory));
  try {
    print("Starting a ledger, two authorities and their nodes on this machine …");
    print("FOR DEVELOPMENT ONLY: tokens come from an issuer that gives them to anybody on this machine.");
    const network = await startDevelopmentNetwork(state);
    try {
      const narrator = new Narrator(print);
      const outcome = await Promise.race([playExchange(setStage(network, narrator)), stop]);
      if (typeof outcome === "string") throw new Error(`Stopped by ${outcome} before the exchange was over.`);
      print("");
      print(`Every step held (${narrator.held} checks).`);
      if (options.stay) {
        tellWhatRuns(print, network.description, outcome, state.description);
        await stop;
        print("Stopping …");
      }
    } finally {
      await network.close();
    }
  } finally {
    state.release();
  }
  print("Everything is stopped.");
}
