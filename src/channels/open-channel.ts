import type { Channel } from "./channel.ts";
import { openEvmChannel } from "./evm/evm-channel.ts";
import type { ChannelEnvironment, EvmChannelOptions } from "./evm/evm-options.ts";

/** What it takes to open a channel, by technology. */
export type ChannelOptions = EvmChannelOptions;

type Opener<O extends ChannelOptions> = (options: O, environment: ChannelEnvironment) => Promise<Channel>;

/** Every plug-in there is. A new ledger technology is a new line here and its options in `ChannelOptions`. */
const openers: {
  readonly [T in ChannelOptions["technology"]]: Opener<Extract<ChannelOptions, { technology: T }>>;
} = {
  evm: openEvmChannel,
};

/**
 * Opens a channel with the plug-in of its technology.
 *
 * @throws ChannelFailure `stop` when it is not the channel configured, `retry` while its ledger is out of reach
 */
export function openChannel(options: ChannelOptions, environment: ChannelEnvironment): Promise<Channel> {
  return openers[options.technology](options, environment);
}
