import hre from "hardhat";

import { openRpcDoor, type RpcDoor } from "./rpc-door.ts";

/** A real EVM of a test's own, behind an HTTP door that can be shut and listened at. */
export interface LocalEvm extends RpcDoor {
  readonly chainId: number;
  readonly genesisHash: string;
  /** Asks the EVM itself, past the door. */
  send(method: string, params?: readonly unknown[]): Promise<unknown>;
}

/**
 * Starts a fresh EVM in this process: it mines a block for every transaction until `evm_setAutomine` is told otherwise.
 *
 * @param chainId 31337 by default
 */
export async function startLocalEvm(chainId = 31_337): Promise<LocalEvm> {
  const connection = await hre.network.create({ network: "node", override: { chainId } });
  const send = async (method: string, params: readonly unknown[] = []): Promise<unknown> =>
    (await connection.provider.request({ method, params: [...params] })) as unknown;
  const door = await openRpcDoor(send);
  const genesis = (await send("eth_getBlockByNumber", ["0x0", false])) as { hash: string };
  return {
    ...door,
    chainId,
    genesisHash: genesis.hash,
    send,
    async close() {
      await door.close();
      await connection.close();
    },
  };
}
