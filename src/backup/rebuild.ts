import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";

import type { Config } from "../config.ts";
import type { DocumentStore } from "../documents/document-store.ts";
import type { Logger } from "../log.ts";
import { BatchOpener, batchOpenerTiming } from "../messages/batch-opener.ts";
import { defaultTiming } from "../messages/channel-traffic.ts";
import { ChannelDiscovery } from "../node/channel-discovery.ts";
import {
  configuredAccounts,
  configuredDirectory,
  labelOf,
  openConfigured,
  openFound,
} from "../node/configured-channel.ts";
import { NodeChannels } from "../node/node-channels.ts";
import { uncounted } from "../operations/fault.ts";
import { connect, openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { DocumentAdopter, type Adoption } from "./adopt-documents.ts";
import { BackupFailure } from "./backup-failure.ts";
import { demandEmpty } from "./empty-database.ts";
import { numberOn } from "./number-on.ts";
import { countRebuilt, isBrokenOff, recordRebuild } from "./rebuild-repository.ts";

/** What a rebuild is done with. */
export interface RebuildOptions {
  readonly files: DocumentStore;
  /** Further ledger accounts that this very node has sent with: earlier ones, and those whose keys other processes hold. */
  readonly accounts: readonly string[];
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What a rebuild brought. */
export interface RebuildReport {
  readonly channels: readonly { readonly id: string; readonly final: number }[];
  readonly outgoing: number;
  readonly incoming: number;
  readonly certificates: number;
  readonly batchesOpen: number;
  /** Their bodies are not here. */
  readonly batchesWaiting: number;
  readonly batchesQuarantined: number;
  /** Participants to which documents are open again, counted for each document. */
  readonly readers: number;
  /** Documents that the node will ask their senders for. */
  readonly toFetch: number;
  readonly documents: Adoption;
}

const LOOK_MS = 100;

/**
 * Rebuilds the database of a node that lost it, from its ledgers and the documents it still has (record 0024): every message,
 * certificate and batch that the ledgers carry, and to whom this node's own documents are open. Sends nothing. What a crash
 * breaks off is taken up by the next call.
 *
 * @throws BackupFailure `database-not-empty`; StoreFailure; ChannelFailure `stop` when a channel is not what it is configured
 *   to be
 */
export async function rebuild(config: Config, options: RebuildOptions): Promise<RebuildReport> {
  const { files, log, now } = options;
  const { participant } = config;
  const configured = configuredAccounts(config.channels, config.directories ?? []);
  const accounts = new Set([...configured, ...options.accounts.map((account) => account.toLowerCase())]);
  await demandFresh(config);
  const store = await openStore({ database: config.store, participant });
  try {
    if (!(await isBrokenOff(store.db))) {
      await store.transact(async (db) => {
        await numberOn(db, store.dialect, {}, now());
        await recordRebuild(db, "rebuild.begun", now());
      });
    }
    const channels = await followAll(config, store, options);
    const adopter = new DocumentAdopter({ store, files, participant, accounts, now });
    await adopter.adoptBodies();
    await openBatches(config, store, options);
    await adopter.adoptAll();
    const { damaged, ...documents } = adopter.result();
    const counts = await countRebuilt(store.db);
    await store.transact((db) => recordRebuild(db, "rebuild.ended", now(), { ...counts, ...documents }));
    log.info("the database is rebuilt", { ...counts, documents });
    return { channels, ...counts, documents: { damaged, ...documents } };
  } finally {
    await store.close();
  }
}

async function demandFresh({ store: database, participant }: Config): Promise<void> {
  const db = await connect(database);
  try {
    await demandEmpty(db, database.technology, participant);
  } catch (error) {
    if (!(error instanceof BackupFailure) || !(await isBrokenOff(db))) throw error;
  } finally {
    await db.destroy();
  }
}

/** Follows every channel to its newest height, those that directories lead to as well. Nothing is in line to be sent. */
async function followAll(config: Config, store: Store, { files, log, now }: RebuildOptions) {
  const environment = { log, countFault: uncounted, now };
  const channels: NodeChannels = new NodeChannels({
    openers: config.channels.map((channel) => ({
      label: labelOf(channel),
      precedence: channel.precedence ?? 0,
      open: () => openConfigured(channel, store, environment),
    })),
    ...{ store, files, participant: config.participant, log, now, timing: defaultTiming },
    batches: {
      threshold: config.batches.threshold,
      maxSize: config.batches.maxSize,
      maxBodyBytes: config.documents.maxBytes,
    },
    owner: randomUUID(),
    expects: (channelId) => discovery.expects(channelId),
    onApplied: () => undefined,
  });
  const discovery: ChannelDiscovery = new ChannelDiscovery({
    ...{ channels, store, log, now, poll: LOOK_MS },
    directories: (config.directories ?? []).map(configuredDirectory),
    open: (found) => openFound(found, store, environment),
  });
  try {
    await channels.start();
    await discovery.start();
    while (!discovery.looked || channels.caughtUp < channels.total) {
      const [stopped] = channels.stopped;
      if (stopped !== undefined) {
        throw new BackupFailure(
          "channel-stopped",
          `The channel ${stopped} stopped: the log says why. Put that right, and call the command again.`,
        );
      }
      await delay(LOOK_MS);
    }
  } finally {
    await discovery.stop();
    await channels.stop();
    await channels.close();
  }
  return store.db.selectFrom("channel").select(["id", "final"]).orderBy("id").execute();
}

async function openBatches(config: Config, store: Store, { files, log, now }: RebuildOptions): Promise<void> {
  const opener = new BatchOpener({
    ...{ store, files, participant: config.participant, owner: randomUUID(), log, now },
    ...batchOpenerTiming,
    disputes: null,
    onOpened: () => undefined,
    onDisputed: () => undefined,
  });
  while ((await opener.runOnce()) > 0);
}
