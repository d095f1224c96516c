import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import type { LocalEvm } from "../channels/evm/local-evm.ts";
import { openRpcDoor } from "../channels/evm/rpc-door.ts";
import { freePort } from "../../scripts/dev/free-port.ts";

/** Kilobytes of address space; left alone, a busy anvil may take all there is. */
const MEMORY_KB = 8_000_000;
const READY_WITHIN_MS = 20_000;

/** An EVM in a process of its own, whose history can be replaced. */
export interface Anvil extends LocalEvm {
  /** The EVM itself, past the door. */
  readonly directUrl: string;
  /** Makes blocks at once. */
  mine(blocks?: number): Promise<void>;
  /** Makes a block whenever a transaction comes (true), or only when told to (false). */
  setAutomine(on: boolean): Promise<void>;
  /** Makes a block every so often; 0 for none by itself. Switches automine off. */
  setInterval(seconds: number): Promise<void>;
  /**
   * Replaces the newest `depth` blocks by as many others, empty but for `transactions`: raw ones, or calls of unlocked
   * accounts, each with the place (0 for the lowest of the new blocks) it goes to. What was in the replaced blocks is gone, from the pool too; what
   * waited in the pool stays there. A raw transaction whose nonce has not come, at its place, is left out without a word.
   */
  reorg(
    depth: number,
    transactions?: readonly (readonly [transaction: string | object, block: number])[],
  ): Promise<void>;
}

/** Where the binary for this machine lies: without npm's wrapper, so that ending it ends it. */
function binary(): string {
  const require = createRequire(import.meta.url);
  const system =
    { linux: "linux", darwin: "darwin", win32: "win32" }[process.platform as string] ?? process.platform;
  const processor = process.arch === "arm64" ? "arm64" : "amd64";
  const root = dirname(require.resolve("@foundry-rs/anvil/package.json"));
  const place = createRequire(join(root, "package.json")).resolve(
    `@foundry-rs/anvil-${system}-${processor}/package.json`,
  );
  return join(dirname(place), "bin", process.platform === "win32" ? "anvil.exe" : "anvil");
}

/**
 * Starts a fresh anvil behind a door. It mines a block for every transaction until told otherwise; its `finalized` block
 * is two behind the newest.
 *
 * @param chainId 31337 by default
 */
export async function startAnvil(chainId = 31_337): Promise<Anvil> {
  const port = await freePort(0);
  const args = ["--host", "127.0.0.1", "--port", String(port), "--chain-id", String(chainId)];
  const limited = `ulimit -v ${MEMORY_KB}; exec "$0" "$@"`;
  const child = spawn(
    "/bin/sh",
    ["-c", limited, binary(), ...args, "--slots-in-an-epoch", "1", "--silent", "--no-request-size-limit"],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const url = `http://127.0.0.1:${port}`;
  let id = 0;
  const send = async (method: string, params: readonly unknown[] = []): Promise<unknown> => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: (id += 1), method, params }),
    });
    const answer = (await response.json()) as { result?: unknown; error?: { message: string } };
    if (answer.error !== undefined) throw Object.assign(new Error(answer.error.message), answer.error);
    return answer.result;
  };
  await untilReady(send, () => child.exitCode !== null);
  const door = await openRpcDoor(send);
  const genesis = (await send("eth_getBlockByNumber", ["0x0", false])) as { hash: string };
  return {
    ...door,
    chainId,
    directUrl: url,
    genesisHash: genesis.hash,
    send,
    async mine(blocks = 1) {
      await send("anvil_mine", [`0x${blocks.toString(16)}`]);
    },
    async setAutomine(on) {
      await send("evm_setAutomine", [on]);
    },
    async setInterval(seconds) {
      await send("evm_setAutomine", [false]);
      await send("evm_setIntervalMining", [seconds]);
    },
    async reorg(depth, transactions = []) {
      await send("anvil_reorg", [depth, transactions]);
    },
    async close() {
      await door.close();
      process.off("exit", kill);
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, "exit");
        child.kill("SIGTERM");
        await gone;
      }
    },
  };
}

async function untilReady(send: (method: string) => Promise<unknown>, isOver: () => boolean): Promise<void> {
  const end = Date.now() + READY_WITHIN_MS;
  for (;;) {
    try {
      await send("eth_chainId");
      return;
    } catch (error) {
      if (isOver() || Date.now() > end) throw new Error("anvil did not start.", { cause: error });
      await delay(50);
    }
  }
}
