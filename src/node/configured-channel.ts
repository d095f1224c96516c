import type { Channel } from "../channels/channel.ts";
import { discover, networkOfDirectory, type DirectoryOptions } from "../channels/discover.ts";
import { operatorAccounts } from "../channels/operator-account.ts";
import { openChannel, type ChannelOptions } from "../channels/open-channel.ts";
import type { ChannelConfig, DirectoryConfig } from "../config.ts";
import type { Logger } from "../log.ts";
import type { CountFault } from "../operations/fault.ts";
import { readSecret } from "../secret.ts";
import type { Store } from "../store/store.ts";
import type { NodeDirectory } from "./channel-discovery.ts";
import { withKeys } from "./configured-key.ts";

interface Environment {
  readonly log: Logger;
  readonly countFault: CountFault;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Names a configured channel, or a directory, before it is open; no secret is in it. */
export function labelOf(channel: ChannelConfig): string {
  return channel.technology === "evm"
    ? `evm ${channel.chainId} ${channel.address}`
    : `remote ${channel.channelId}`;
}

/**
 * Opens a configured channel with the plug-in of its technology, and its keys from where they are kept.
 *
 * @throws ChannelFailure
 */
export function openConfigured(
  channel: ChannelConfig,
  store: Store,
  environment: Environment,
): Promise<Channel> {
  return openFound(optionsOf(channel), store, environment);
}

/**
 * Opens a channel that a directory led to; what goes wrong in its background is logged.
 *
 * @throws ChannelFailure
 */
export function openFound(
  options: ChannelOptions,
  store: Store,
  { log, countFault, now }: Environment,
): Promise<Channel> {
  return openChannel(options, {
    ...{ store, countFault, now },
    warn: ({ channelId, code, detail, alarm }) => {
      if (alarm === true) log.error(detail, { channelId, code });
      else log.warn(detail, { channelId, code });
    },
  });
}

/** A configured directory of channels. Its keys are read anew for each look, from where they are kept. */
export function configuredDirectory(directory: DirectoryConfig): NodeDirectory {
  const options = (): DirectoryOptions => withKeys(directory);
  return {
    label: labelOf(directory).toLowerCase(),
    network: networkOfDirectory(options()),
    precedence: directory.precedence ?? 0,
    binding: directory.binding ?? "off",
    discover: (query) => discover(options(), query),
  };
}

/**
 * The accounts that a node's configuration has it send messages with, or names as those it sent them with before, on all
 * channels together.
 *
 * @throws ChannelFailure stop `key-invalid`
 */
export function configuredAccounts(
  channels: readonly ChannelConfig[],
  directories: readonly DirectoryConfig[],
): ReadonlySet<string> {
  const accounts = [...channels.map(optionsOf), ...directories.map(withKeys)].flatMap(operatorAccounts);
  return new Set(accounts);
}

function optionsOf(channel: ChannelConfig): ChannelOptions {
  if (channel.technology === "remote") return { ...channel, token: readSecret(channel.token) };
  return withKeys(channel);
}
