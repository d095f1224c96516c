import type { Channel } from "../channels/channel.ts";
import { openChannel, type ChannelOptions } from "../channels/open-channel.ts";
import type { ChannelConfig } from "../config.ts";
import type { Logger } from "../log.ts";
import { readSecret } from "../secret.ts";
import type { Store } from "../store/store.ts";

/** Names a configured channel before it is open; no secret is in it. */
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
  { log, now }: { readonly log: Logger; readonly now: () => number },
): Promise<Channel> {
  return openChannel(optionsOf(channel), {
    store,
    now,
    warn: ({ channelId, code, detail }) => {
      log.warn(detail, { channelId, code });
    },
  });
}

function optionsOf(channel: ChannelConfig): ChannelOptions {
  if (channel.technology === "remote") return { ...channel, token: readSecret(channel.token) };
  const { operatorKey, nodeKey, ...rest } = channel;
  return {
    ...rest,
    nodeKey: readSecret(nodeKey),
    ...(operatorKey === undefined ? {} : { operatorKey: readSecret(operatorKey) }),
  };
}
