import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";

import { HDNodeWallet, Mnemonic } from "ethers";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { TaskArguments } from "hardhat/types/tasks";

import config from "../../../hardhat.config.ts";
import { startLocalNetwork } from "../../../scripts/local-network.ts";

/** The development phrase, whose accounts a local network gives funds to. */
const phrase = Mnemonic.fromPhrase("test test test test test test test test test test test junk");
const accountAt = (place: number) => HDNodeWallet.fromMnemonic(phrase, `m/44'/60'/0'/0/${place}`);
export const people = {
  consortium: accountAt(0),
  auAdmin: accountAt(1),
  cnAdmin: accountAt(2),
  operator: accountAt(3),
  node: accountAt(4),
  stranger: accountAt(5),
} as const;
export type Person = keyof typeof people;

/** A network behind JSON-RPC over HTTP, and Hardhat as somebody has set it up who holds one key. */
export interface ConsortiumNetwork {
  readonly rpcUrl: string;
  /** Hardhat with this person's key as the network `consortium` has it, or with none, as `observer` has it. */
  hardhat(person: Person | "observer"): Promise<HardhatRuntimeEnvironment>;
  /** Runs a task in somebody's name, and gives what it printed. */
  run(person: Person | "observer", task: string, words: TaskArguments): Promise<string>;
  close(): Promise<void>;
}

export async function startConsortiumNetwork(): Promise<ConsortiumNetwork> {
  const network = await startLocalNetwork();
  const journals = await mkdtemp(join(tmpdir(), "icl-deploy-"));
  const environments = new Map<string, Promise<HardhatRuntimeEnvironment>>();

  const hardhat = async (person: Person | "observer") => {
    const accounts = person === "observer" ? [] : [people[person].privateKey];
    const networks = {
      consortium: { type: "http", chainType: "l1", url: network.rpcUrl, accounts },
    } as const;
    const made =
      environments.get(person) ??
      createHardhatRuntimeEnvironment(
        { ...config, networks, paths: { ...config.paths, ignition: journals } },
        { network: "consortium" },
      );
    environments.set(person, made);
    return made;
  };

  return {
    rpcUrl: network.rpcUrl,
    hardhat,
    async run(person, task, words) {
      const lines: string[] = [];
      const printing = mock.method(console, "log", (...values: unknown[]) => {
        lines.push(values.map(String).join(" "));
      });
      try {
        await (await hardhat(person)).tasks.getTask(task).run(words);
      } finally {
        printing.mock.restore();
      }
      return lines.join("\n");
    },
    async close() {
      await network.close();
      await rm(journals, { recursive: true });
    },
  };
}
