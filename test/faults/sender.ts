import { expect } from "chai";

import { openEvmChannel } from "../../src/channels/evm/evm-channel.ts";
import type { ChannelWarning, EvmChannelOptions } from "../../src/channels/evm/evm-options.ts";
import { toWire, type Message, type MessageId } from "../../src/domain/message.ts";
import { digestOf } from "../../src/domain/multihash.ts";
import { createLogger } from "../../src/log.ts";
import { acceptMessage } from "../../src/messages/accept.ts";
import { ChannelTraffic } from "../../src/messages/channel-traffic.ts";
import { readJournals } from "../../src/messages/journal-repository.ts";
import { asMessageStatus, predecessorsOf } from "../../src/messages/journal.ts";
import type { uncounted } from "../../src/operations/fault.ts";
import { type Fault } from "../../src/operations/fault.ts";
import type { Store } from "../../src/store/store.ts";
import { quickTiming } from "../e2e/quick-timing.ts";
import { eventually } from "../eventually.ts";
import { filesForTests, userOf } from "../messages/rig.ts";
import { au } from "../channels/fixtures.ts";

/** Longer than any test refuses something that it will allow. */
const PATIENCE_MS = 100_000;

/** Australia's way to one channel, from an accepted message to the ledger's final word, without the HTTP around it. */
export interface Sender {
  readonly channelId: string;
  readonly warnings: readonly ChannelWarning[];
  readonly faults: ReadonlyMap<Fault, number>;
  /** Lines of its log, as they were written. */
  readonly log: readonly Record<string, unknown>[];
  /** Accepts a message, as if its document were here. */
  post(message: Message): Promise<MessageId>;
  /** A message's journal as words, after making sure that it never went back. */
  journal(id: string): Promise<readonly string[]>;
  /** Waits until messages stand as said, and does `meanwhile` before each look. */
  until(ids: readonly string[], status: string, meanwhile?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export async function startSender(store: Store, options: EvmChannelOptions): Promise<Sender> {
  const warnings: ChannelWarning[] = [];
  const faults = new Map<Fault, number>();
  const log: Record<string, unknown>[] = [];
  const countFault: typeof uncounted = (fault) => {
    faults.set(fault, (faults.get(fault) ?? 0) + 1);
  };
  const channel = await openEvmChannel(options, {
    store,
    countFault,
    warn: (warning) => warnings.push(warning),
  });
  const { description } = channel;
  const traffic = new ChannelTraffic({
    ...{ channel, store, countFault },
    files: await filesForTests(),
    batches: { threshold: 1_000, maxSize: 1_000, maxBodyBytes: 2 ** 20 },
    participant: au,
    owner: "replica-1",
    log: createLogger({ write: (line) => log.push(JSON.parse(line) as Record<string, unknown>) }),
    timing: { ...quickTiming, patience: PATIENCE_MS },
    now: Date.now,
    onApplied: () => undefined,
  });
  await traffic.start();
  await eventually(() => traffic.caughtUp, { what: "the channel is read" });

  const journalOf = async (id: string) => (await readJournals(store.db, [id])).get(id) ?? [];
  const sender: Sender = {
    channelId: description.id,
    ...{ warnings, faults, log },
    async post(message) {
      const row = { size: 1, media_type: "application/json", stored_at: 1, origin: "user", stored_by: "x" };
      await store.db
        .insertInto("document")
        .values({ ...row, origin: "user", digest: digestOf(message.obj) })
        .onConflict((conflict) => conflict.column("digest").doNothing())
        .execute();
      const accepting = {
        ...{ store, participant: au, prefer: "test" as const, now: Date.now },
        channels: () => [description],
        caughtUp: () => true,
        onAccepted: () => {
          traffic.wakeOutbox();
        },
      };
      return (await acceptMessage(accepting, userOf(au), toWire(message))).id;
    },
    async journal(id) {
      const journal = await journalOf(id);
      for (const [index, { status }] of journal.entries()) {
        const [before, next] = [journal[index - 1]?.status, asMessageStatus(status)];
        if (before === undefined || next === null) continue;
        expect(predecessorsOf(next), `${id}: ${before} → ${status}`).to.include(before);
      }
      return journal.map(({ status, reason }) =>
        reason === undefined ? status : `${status} ${reason.code}`,
      );
    },
    async until(ids, status, meanwhile = () => Promise.resolve()) {
      await eventually(
        async () => {
          await meanwhile();
          const rows = await store.db
            .selectFrom("message")
            .select("status")
            .where("id", "in", [...ids])
            .execute();
          return rows.length === ids.length && rows.every((row) => row.status === status);
        },
        { what: `${ids.length} messages are ${status}`, every: 50 },
      );
    },
    async close() {
      await traffic.stop();
      await channel.close();
    },
  };
  return sender;
}
