import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ethers } from "ethers";

import type { LocalEvm } from "../channels/evm/local-evm.ts";
import { openRpcDoor } from "../channels/evm/rpc-door.ts";
import { Consensus } from "./consensus.ts";
import { genesisFor, Geth } from "./geth.ts";

const CHAIN_ID = 20_260;
const NAMES = ["Canberra", "Beijing", "Singapore"];

/**
 * A ledger of three geths. Its door leads to the first; until `consensus` makes blocks by the clock, a transaction that comes
 * through the door is in a block when it is answered, as on the embedded networks.
 */
export interface GethLedger extends LocalEvm {
  readonly geths: readonly [Geth, Geth, Geth];
  readonly consensus: Consensus;
  /** Makes a block every so many milliseconds from now on. */
  keepTime(periodMs: number): void;
  /** Sends transactions of a stranger that use up so much gas each and do nothing. */
  burn(gas: readonly number[]): Promise<void>;
}

/** Starts it. @param file the program */
export async function startGethLedger(file: string): Promise<GethLedger> {
  const directory = await mkdtemp(join(tmpdir(), "icl-geth-"));
  const faucet = ethers.Wallet.createRandom();
  const genesis = join(directory, "genesis.json");
  await writeFile(genesis, await genesisFor(file, CHAIN_ID, faucet.address));
  const geths = NAMES.map((name) => new Geth(name, file, join(directory, name))) as [Geth, Geth, Geth];
  const [first] = geths;
  const close = async () => {
    for (const geth of geths) await geth.kill();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    for (const geth of geths) {
      await geth.initialise(genesis);
      await geth.start();
    }
  } catch (error) {
    await close();
    throw error;
  }
  const consensus = await Consensus.over(geths);
  let byTheClock = false;
  let nonce = 0;

  /** Answers what embedded networks answer and geth does not, and sees to it that blocks come. */
  async function send(method: string, params: readonly unknown[] = []): Promise<unknown> {
    if (method === "hardhat_setBalance") {
      const [to, value] = params as [string, string];
      return send("eth_sendRawTransaction", [await signed({ to, value, gasLimit: 21_000 })]);
    }
    const answer = await first.send(method, params);
    if (method === "eth_sendRawTransaction" && !byTheClock) {
      do await consensus.makeBlock({ maker: first, within: 40 });
      while ((await first.send("eth_getTransactionReceipt", [answer])) === null);
    }
    return answer;
  }

  async function signed(transaction: ethers.TransactionRequest): Promise<string> {
    const fees = { maxFeePerGas: 5n * 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n };
    nonce += 1;
    return faucet.signTransaction({
      ...{ type: 2, chainId: CHAIN_ID, nonce: nonce - 1 },
      ...fees,
      ...transaction,
    });
  }

  const door = await openRpcDoor(send);
  const { hash } = (await first.send("eth_getBlockByNumber", ["0x0", false])) as { hash: string };
  return {
    ...door,
    ...{ chainId: CHAIN_ID, genesisHash: hash, send, geths, consensus },
    keepTime(periodMs) {
      byTheClock = true;
      consensus.start(periodMs);
    },
    async burn(gas) {
      // Init code that jumps to its own beginning until the gas is used up.
      for (const gasLimit of gas) {
        await first.send("eth_sendRawTransaction", [await signed({ data: "0x5b5f56", gasLimit })]);
      }
    },
    async close() {
      await consensus.stop().finally(async () => {
        await door.close();
        await close();
      });
    },
  };
}
