import { setTimeout as delay } from "node:timers/promises";

import type { DocumentStore } from "../documents/document-store.ts";
import type { Domain } from "../domain/participant.ts";
import type { ChannelHealth, Health, HealthCheck } from "../http/health-router.ts";
import type { Logger } from "../log.ts";
import { channelRows } from "../messages/ledger-repository.ts";
import type { Store } from "../store/store.ts";
import type { NodeChannels } from "./node-channels.ts";

const PATIENCE_MS = 3_000;

/** What a node's health is read from. */
export interface NodeHealthOptions {
  readonly participant: Domain;
  readonly store: Store;
  readonly files: DocumentStore;
  readonly channels: NodeChannels;
  /** Whether every directory of channels has been read once. */
  readonly looked: () => boolean;
  /** Whether the node has been told to stop. */
  readonly stopping: () => boolean;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * A node is ready when its database answers, its document store can be written, it has caught up with every channel
 * once since it started, none of them is stopped, and it has not been told to stop itself.
 */
export function nodeHealth(options: NodeHealthOptions): Health {
  const { participant, store, files, channels, looked, stopping, log, now } = options;

  const database = async (): Promise<HealthCheck> => {
    try {
      await inTime(channelRows(store.db));
      return { name: "database", ok: true };
    } catch (error) {
      log.error("the database does not answer", { error });
      return { name: "database", ok: false, detail: "The database does not answer." };
    }
  };

  const documents = async (): Promise<HealthCheck> => {
    try {
      await files.check();
      return { name: "documents", ok: true };
    } catch (error) {
      log.error("the document store cannot be written", { error });
      return { name: "documents", ok: false, detail: "The document store cannot be written." };
    }
  };

  // A channel that is found later has yet to be read; the node can do its work meanwhile.
  let once = false;
  const ledgers = (): HealthCheck => {
    const [open, caughtUp, total] = [channels.open.length, channels.caughtUp, channels.total];
    once ||= looked() && caughtUp === total;
    const stopped = channels.stopped.length;
    const detail = `${open} of ${total} channels are open, ${caughtUp} have been followed to their end.`;
    return {
      name: "channels",
      ok: once && stopped === 0,
      detail: stopped === 0 ? detail : `${detail} ${stopped} must be looked at by an operator.`,
    };
  };

  return {
    participant,
    // Nothing else matters then, and nothing may delay that word.
    ready: async () =>
      stopping()
        ? [{ name: "stopping", ok: false, detail: "The node is stopping: send requests elsewhere." }]
        : [await database(), await documents(), ledgers()],
    channels: async () => {
      const open = new Set(channels.descriptions.map(({ id }) => id));
      const rows = await channelRows(store.db);
      return rows
        .filter(({ id }) => open.has(id))
        .map(({ id, name, status, head, final, followed, stopped, updated_at }): ChannelHealth => ({
          ...{ id, name, status, stopped },
          head: Math.max(0, head),
          final: Math.max(0, final),
          lag: Math.max(0, head - followed),
          quiet: Math.max(0, Math.floor((now() - updated_at) / 1000)),
        }));
    },
  };
}

/** A database that hangs is told from one that answers, before whoever asks gives up. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = delay(PATIENCE_MS, null, { signal: over.signal }).then(() => {
    throw new Error(`There was no answer within ${PATIENCE_MS} ms.`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
    late.catch(() => undefined);
    work.catch(() => undefined);
  }
}
