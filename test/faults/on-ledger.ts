import { messageId, parseMessage, type WireMessage } from "../../src/domain/message.ts";
import { multihashOf } from "../../src/domain/multihash.ts";
import type { TestChannel } from "../channels/evm/test-channel.ts";
import type { Officer } from "../e2e/officer.ts";

/** What a channel's ledger carries. */
export interface OnLedger {
  /** How often it carries each message, alone or in a batch. */
  readonly times: ReadonlyMap<string, number>;
  /** How many certificates were settled as bits of batches. */
  readonly settled: number;
}

/**
 * Counts what a channel's ledger carries, by its events and by the bodies of its batches.
 *
 * @param officer of a node that holds the bodies of all batches
 */
export async function onLedger({ contract }: TestChannel, officer: Officer): Promise<OnLedger> {
  const times = new Map<string, number>();
  const count = (id: string) => times.set(id, (times.get(id) ?? 0) + 1);
  for (const { args } of await contract.queryFilter(contract.filters.MessageSent())) count(args.id);
  for (const { args } of await contract.queryFilter(contract.filters.BatchAnchored())) {
    const { status, bytes } = await officer.read(multihashOf(args.body.slice(2)));
    if (status !== 200) throw new Error(`The body of the batch ${args.id} cannot be read: ${status}`);
    for (const line of Buffer.from(bytes).toString("utf8").trimEnd().split("\n")) {
      const { sender, receiver, subject, predicate, obj } = JSON.parse(line) as WireMessage;
      // None of these tests gives an expiry.
      count(messageId(parseMessage({ sender, receiver, subject, predicate, obj })));
    }
  }
  let settled = 0;
  for (const { args } of await contract.queryFilter(contract.filters.BatchSettled())) {
    for (const word of args.applied) settled += word.toString(2).replaceAll("0", "").length;
  }
  return { times, settled };
}
