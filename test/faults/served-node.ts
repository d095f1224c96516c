import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import type { Config } from "../../src/config.ts";
import { mainFile } from "../cli/icl.ts";

/** One line of the node's log. */
export type LogLine = Readonly<Record<string, unknown>> & {
  readonly level: string;
  readonly message: string;
};

/** A node as an operator runs it: `icl start` in a process of its own. */
export interface ServedNode {
  readonly log: readonly LogLine[];
  readonly signal: (signal: NodeJS.Signals) => void;
  /** The exit code, once the process has ended; null for a signal. */
  readonly ended: Promise<number | null>;
  /** Ends what is left of it. */
  kill(): Promise<void>;
}

/** The configuration as its file has it, in which secrets are named and databases are one word. */
function settingsOf(config: Config) {
  const { mode, participant, jurisdiction, listen, publicUrl, store, documents, channels } = config;
  const { identity, peers, limits, batches, subscriptions, metrics } = config;
  return {
    ...{
      mode,
      participant,
      jurisdiction,
      listen,
      publicUrl,
      documents,
      peers,
      limits,
      batches,
      subscriptions,
    },
    ...(metrics === undefined || metrics.listen === null ? {} : { metrics }),
    log: { level: "info" },
    store: store.technology === "sqlite" ? { sqlite: store.file } : { postgres: { env: "DATABASE" } },
    channels: channels.map((channel) => {
      if (channel.technology !== "evm") throw new Error("These tests know EVM channels only.");
      const { finality } = channel;
      return {
        ...channel,
        finality: finality.kind === "confirmations" ? `confirmations:${finality.blocks}` : finality.kind,
      };
    }),
    identity: {
      issuers: identity.issuers.map(({ jwksUri, ...issuer }) => ({
        ...issuer,
        ...(jwksUri === null ? {} : { jwksUri }),
      })),
    },
  };
}

/** Starts a node; resolves when it listens. */
export async function serveNode(config: Config): Promise<ServedNode> {
  const directory = await mkdtemp(join(tmpdir(), "icl-served-"));
  const file = join(directory, "node.json");
  await writeFile(file, JSON.stringify(settingsOf(config)));
  const node: ChildProcess = spawn(process.execPath, [mainFile, "start", "--config", file], {
    env: {
      PATH: process.env.PATH,
      ...(config.store.technology === "postgres" ? { DATABASE: config.store.url } : {}),
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(node, "close").then(([code]) => code as number | null);
  const log: LogLine[] = [];
  if (node.stderr === null) throw new Error("The log is not piped.");
  const lines = createInterface({ input: node.stderr });
  await new Promise<void>((resolve, reject) => {
    lines.on("line", (text) => {
      const line = JSON.parse(text) as LogLine;
      log.push(line);
      if (line.message === "the node is up") resolve();
    });
    ended.then(
      (code) => {
        reject(new Error(`The node ended with ${code} before it listened: ${JSON.stringify(log)}`));
      },
      () => undefined,
    );
  });
  return {
    log,
    signal: (signal) => node.kill(signal),
    ended,
    async kill() {
      node.kill("SIGKILL");
      await ended;
    },
  };
}
