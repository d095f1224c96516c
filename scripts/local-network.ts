import hre from "hardhat";

/** A running EVM network that lives in this process and forgets everything when it is closed. */
export interface LocalNetwork {
  /** JSON-RPC over HTTP on 127.0.0.1, without trailing slash. */
  readonly rpcUrl: string;
  readonly chainId: number;
  close(): Promise<void>;
}

const chainId = 31_337;

/**
 * Serves a fresh EVM network on 127.0.0.1. A block is made for every transaction, and is final at once.
 *
 * @param options `port` to listen on; 0 for any free one
 */
export async function startLocalNetwork(options: { readonly port?: number } = {}): Promise<LocalNetwork> {
  const server = await hre.network.createServer(
    { network: "node", override: { chainId } },
    "127.0.0.1",
    options.port ?? 0,
  );
  const { port } = await server.listen();
  return { rpcUrl: `http://127.0.0.1:${port}`, chainId, close: () => server.close() };
}
