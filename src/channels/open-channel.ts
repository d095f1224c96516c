import type { Channel } from "./channel.ts";
import { openEvmChannel } from "./evm/evm-channel.ts";
import type { ChannelEnvironment, EvmChannelOptions } from "./evm/evm-options.ts";
import { openRemoteChannel, type RemoteChannelOptions } from "./remote/remote-channel.ts";

/** What it takes to open a channel, by technology. A new ledger technology is its options here and a case below. */
export type ChannelOptions = EvmChannelOptions | RemoteChannelOptions;

/**
 * Opens a channel with the plug-in of its technology.
 *
 * @throws ChannelFailure `stop` when it is not the channel configured, `retry` while its ledger is out of reach
 */
export function openChannel(options: ChannelOptions, environment: ChannelEnvironment): Promise<Channel> {
  switch (options.technology) {
    case "evm":
      return openEvmChannel(options, environment);
    case "remote":
      return openRemoteChannel(options);
  }
}
