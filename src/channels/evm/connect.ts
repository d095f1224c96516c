import { Endpoints, type EndpointNews } from "./endpoints.ts";
import type { EvmChannelOptions } from "./evm-options.ts";
import { HttpEndpoint, type LedgerEndpoint } from "./http-endpoint.ts";
import { checkPins, type EvmPins } from "./pins.ts";
import { EvmRpc } from "./rpc.ts";

/** The ledger to connect to: where it is asked, and what tells it from others. */
export type LedgerAddress = EvmPins &
  Pick<EvmChannelOptions, "rpcUrl" | "otherRpcUrls" | "answerMilliseconds">;

/** What the connection tells of its endpoints. */
export interface ConnectOptions {
  /** How often each of several endpoints is looked at, in milliseconds; 5,000 where left out, null for never. */
  readonly probeMilliseconds?: number | null;
  readonly onFailure?: () => void;
  readonly onFailover?: () => void;
  readonly tell?: (news: EndpointNews) => void;
}

/**
 * Connects to a ledger by its only endpoint, or by several. Of several, each is made sure of before it is asked anything;
 * of a single one, whoever opens a channel does so once.
 */
export function connectLedger(ledger: LedgerAddress, options: ConnectOptions = {}): EvmRpc {
  const { rpcUrl, otherRpcUrls = [], answerMilliseconds, chainId } = ledger;
  const bound = answerMilliseconds === undefined ? {} : { answerMilliseconds };
  const endpoint: LedgerEndpoint =
    otherRpcUrls.length === 0
      ? new HttpEndpoint(rpcUrl, { ...bound, ...options })
      : new Endpoints({
          ...{ ...options, ...bound, chainId },
          urls: [rpcUrl, ...otherRpcUrls],
          check: (rpc) => checkPins(rpc, ledger),
        });
  return new EvmRpc(endpoint, chainId);
}
