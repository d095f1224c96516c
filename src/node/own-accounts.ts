import type { Channel } from "../channels/channel.ts";
import type { ChannelConfig } from "../config.ts";
import { configuredAccounts } from "./configured-channel.ts";

/** Signed to learn which account signs, and thrown away; the form of no token. */
const QUESTION = new TextEncoder().encode("ICL account");

/**
 * The accounts that this node acts with on its ledgers, as CAIP-10 writes them: those that its configuration sends with, and
 * those that sign for it as a node. Nothing that a ledger says of it is believed here: the list is what its own domain will
 * vouch for.
 */
export class OwnAccounts {
  readonly #configured: readonly ChannelConfig[];
  readonly #others: readonly string[];
  readonly #channels: () => readonly Channel[];
  readonly #known = new WeakMap<Channel, string>();

  /**
   * @param configured channels with the keys of this node
   * @param others accounts whose keys this node does not hold
   * @param channels those that are open
   */
  constructor(
    configured: readonly ChannelConfig[],
    others: readonly string[],
    channels: () => readonly Channel[],
  ) {
    this.#configured = configured;
    this.#others = others;
    this.#channels = channels;
  }

  /** All of them at present; a channel whose key cannot sign now is left out. */
  async list(): Promise<readonly string[]> {
    const sending = this.#configured.flatMap(sendingAccounts);
    const signing = await Promise.allSettled(this.#channels().map((channel) => this.#nodeAccount(channel)));
    const found = signing.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    return [...new Set([...sending, ...this.#others, ...found].map((account) => account.toLowerCase()))];
  }

  async #nodeAccount(channel: Channel): Promise<string> {
    const known = this.#known.get(channel);
    if (known !== undefined) return known;
    const { account } = await channel.signAsNode(QUESTION);
    const whole = `${channel.description.network}:${account}`;
    this.#known.set(channel, whole);
    return whole;
  }
}

/** None where the key is not there now: a channel that cannot be opened by it is told of elsewhere. */
function sendingAccounts(channel: ChannelConfig): readonly string[] {
  if (channel.technology !== "evm") return [];
  try {
    return [...configuredAccounts([channel], [])].map((account) => `eip155:${channel.chainId}:${account}`);
  } catch {
    return [];
  }
}
