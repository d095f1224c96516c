import type { DirectoryQuery, Finding } from "./directory.ts";
import { directoryNetwork, discoverEvmChannels, type EvmDirectoryOptions } from "./evm/discover.ts";

/** What it takes to ask a directory of channels, by technology. */
export type DirectoryOptions = EvmDirectoryOptions;

interface Plugin<O extends DirectoryOptions> {
  readonly discover: (options: O, query: DirectoryQuery) => Promise<readonly Finding[]>;
  readonly network: (options: O) => string;
}

/** Every plug-in that has directories. */
const plugins: {
  readonly [T in DirectoryOptions["technology"]]: Plugin<Extract<DirectoryOptions, { technology: T }>>;
} = {
  evm: { discover: discoverEvmChannels, network: directoryNetwork },
};

/**
 * Asks a directory which channels there are, with the plug-in of its technology, and judges each by the operator's
 * conditions. Opens nothing.
 *
 * @returns a finding for each channel listed or named that is not known
 * @throws ChannelFailure `stop` when it is not the directory configured, `retry` while its ledger is out of reach
 */
export function discover(options: DirectoryOptions, query: DirectoryQuery): Promise<readonly Finding[]> {
  return plugins[options.technology].discover(options, query);
}

/** The ledger network of a directory's channels, such as `eip155:31337`: their ids begin with it and a colon. */
export function networkOfDirectory(options: DirectoryOptions): string {
  return plugins[options.technology].network(options);
}
