import { randomUUID } from "node:crypto";

import type { Channel } from "../channels/channel.ts";
import type { DocumentStore } from "../documents/document-store.ts";
import type { Domain } from "../domain/participant.ts";
import type { Logger } from "../log.ts";
import { Rounds } from "../operations/rounds.ts";
import type { Store } from "../store/store.ts";
import { backoff } from "./backoff.ts";
import { claimGroup, dueGroups, giveBack, holdGroup, membersNamed } from "./bundle-repository.ts";
import { formAnchor } from "./form-anchor.ts";
import { formSettlement } from "./form-settlement.ts";
import type { Formed, Forming } from "./forming.ts";
import { batchOfGroup } from "./group-key.ts";
import { withHeartbeat } from "./heartbeat.ts";

/** How a node makes batches. */
export interface BatchRules {
  /** How many messages of one receiver, type and expiry must be waiting to be anchored as a batch without being asked to. */
  readonly threshold: number;
  /** Messages of a batch at most, where the channel does not set a lower limit. */
  readonly maxSize: number;
  /** Bytes of a batch's body at most. */
  readonly maxBodyBytes: number;
}

/** What a batcher is built from. Durations are milliseconds. */
export interface BatcherOptions {
  readonly channel: Channel;
  readonly store: Store;
  readonly files: DocumentStore;
  /** The participant this node runs for. */
  readonly participant: Domain;
  /** Names this process among the replicas of a node. */
  readonly owner: string;
  readonly log: Logger;
  readonly rules: BatchRules;
  /** How often to look for what can be bundled. */
  readonly poll: number;
  /** How long the others wait after this replica was last heard of before they take over what it bundles. */
  readonly lease: number;
  /** Whether the channel has been followed to its newest height since the start; before, nothing is bundled. Left out, it has. */
  readonly caughtUp?: () => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told when a bundle is in line for the channel. */
  readonly onFormed: () => void;
}

const MOST_REMEMBERED = 1_000;

/**
 * Forms bundles out of the messages that wait for one channel (PROTOCOL §4, "Bulk"): batches to be anchored, and
 * settlements of certificates that batches issued. Once formed, a bundle never changes; the outbox carries it.
 */
export class Batcher {
  readonly #options: BatcherOptions;
  readonly #rounds: Rounds;
  /** Groups that could not be bundled, and when to try again: they hold up none of the others. */
  readonly #failed = new Map<string, { readonly tries: number; readonly at: number }>();
  #stopped = false;

  constructor(options: BatcherOptions) {
    this.#options = options;
    const { channel, log, poll } = options;
    this.#rounds = new Rounds({
      ...{ log, poll, retry: backoff, fields: { channelId: channel.description.id } },
      complaint: "what is to be bundled could not be read",
      round: async () => {
        if (!this.#stopped) await this.runOnce();
      },
    });
  }

  start(): void {
    this.#rounds.start();
  }

  /** Looks for what can be bundled at once. */
  wake(): void {
    this.#rounds.wake();
  }

  /** Forms nothing more, for good. */
  halt(): void {
    this.#stopped = true;
  }

  /** Resolves when nothing is being formed any more. */
  async stop(): Promise<void> {
    this.halt();
    await this.#rounds.stop();
  }

  /**
   * Forms bundles until no group is due any more.
   *
   * @returns how many messages were given their way: in a bundle, or alone
   */
  async runOnce(): Promise<number> {
    const { channel, store, rules, caughtUp, now } = this.#options;
    let total = 0;
    if (caughtUp?.() === false) return total;
    for (let moved = -1; moved !== 0 && !this.#stopped; total += moved) {
      moved = 0;
      const due = { channelId: channel.description.id, now: now(), threshold: rules.threshold };
      for (const { groupKey } of await dueGroups(store.db, due)) moved += await this.#try(groupKey);
    }
    return total;
  }

  async #try(groupKey: string): Promise<number> {
    const { channel, log, now } = this.#options;
    const failed = this.#failed.get(groupKey);
    if (failed !== undefined && failed.at > now()) return 0;
    try {
      const moved = await this.#form(groupKey);
      this.#failed.delete(groupKey);
      return moved;
    } catch (error) {
      const tries = (failed?.tries ?? 0) + 1;
      if (this.#failed.size >= MOST_REMEMBERED) this.#failed.clear();
      this.#failed.set(groupKey, { tries, at: now() + backoff(tries) });
      log.error("a bundle could not be formed", { channelId: channel.description.id, tries, error });
      return 0;
    }
  }

  async #form(groupKey: string): Promise<number> {
    const { channel, store, owner, rules, lease, log, now, onFormed } = this.#options;
    const { id: channelId, limits } = channel.description;
    const holder = `${owner} ${randomUUID()}`;
    const at = now();
    const batchId = batchOfGroup(groupKey);
    const size = Math.min(rules.maxSize, limits.batchSize);
    const claim = { channelId, groupKey, holder, now: at, until: at + lease, limit: Math.max(1, size) };
    const ids = await claimGroup(store.db, claim);
    if (ids.length === 0) return 0;
    try {
      const members = await membersNamed(store.db, ids);
      const formed = await withHeartbeat(
        lease / 3,
        () => holdGroup(store.db, { channelId, groupKey, holder, until: now() + lease }),
        () => this.#formOf({ channelId, groupKey, holder, members }, batchId),
      );
      if (formed.bundleId !== null) {
        log.info("a bundle is formed", { channelId, bundleId: formed.bundleId, count: formed.bundled });
        onFormed();
      }
      return formed.bundled + formed.alone;
    } catch (error) {
      const dueAt = now() + backoff(1);
      await giveBack(store.db, holder, ids, { alone: false, dueAt });
      throw error;
    }
  }

  #formOf(forming: Forming, batchId: ReturnType<typeof batchOfGroup>): Promise<Formed> {
    if (batchId === null) return formAnchor(this.#options, forming);
    return formSettlement(this.#options, { ...forming, batchId });
  }
}
