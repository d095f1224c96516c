import pLimit from "p-limit";

import type { ChannelDescription } from "../channels/channel.ts";
import { releaseWithheld } from "../documents/fetch-repository.ts";
import type { BindingReason, BindingRule, ParticipantBinding } from "../identity/binding.ts";
import {
  actingFor,
  bindingOn,
  dueBindings,
  recordBinding,
  seatBindings,
  type Seat,
} from "../identity/binding-repository.ts";
import { DidFailure, didOfDomain } from "../identity/did-document.ts";
import type { ResolvedDid } from "../identity/did-web.ts";
import type { Logger } from "../log.ts";
import {
  acquireLease,
  assertLease,
  LeaseLost,
  releaseLease,
  renewLease,
  type Lease,
} from "../store/lease.ts";
import type { Store } from "../store/store.ts";
import { Rounds } from "./rounds.ts";

/** What looks after bindings. Durations are milliseconds. */
export interface BindingKeeperOptions {
  readonly store: Store;
  /** Names this process among the replicas of a node. */
  readonly owner: string;
  /** The channels that are open at present. */
  readonly channels: () => readonly ChannelDescription[];
  readonly ruleOf: (channelId: string) => BindingRule;
  /**
   * Finds a DID's document, asking again for one that is older than `maxAgeMs`.
   *
   * @throws DidFailure
   */
  readonly look: (did: string, maxAgeMs: number) => Promise<ResolvedDid>;
  readonly log: Logger;
  /** Told, after it is committed, that documents that were withheld may be fetched. */
  readonly onBound: () => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly poll?: number;
  /** From one look at what is bound to the next. */
  readonly again?: number;
  /** From one look at what is not bound to the next. */
  readonly soon?: number;
  /** How old a document may be that is looked at: what was fetched for one channel does for the others. */
  readonly fresh?: number;
  /** How long what was found counts while the domain is out of reach. */
  readonly stale?: number;
}

const POLL_MS = 5_000;
const LEASE_MS = 60_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const AT_ONCE = 4;
const A_STEP = 100;
const FRESH_MS = 20_000;
const ACCOUNT = /^(eip155:[1-9]\d*):(0x[0-9a-f]{40})$/;

type Found = Omit<ParticipantBinding, "accounts"> & {
  readonly accounts: readonly string[];
  readonly dueAt: number;
};

/**
 * Finds out, one replica at a time, whether the domains of the participants on a node's channels name the accounts that act
 * for them: daily, and when a participant or an account is new. Each domain is asked for one small document.
 */
export class BindingKeeper {
  readonly #options: BindingKeeperOptions;
  readonly #rounds: Rounds;
  #lease: Lease | null = null;
  /** Whether nothing is to be looked at, and what was before is forgotten. */
  #idle = false;

  constructor(options: BindingKeeperOptions) {
    this.#options = options;
    this.#rounds = new Rounds({
      ...{ log: options.log, poll: options.poll ?? POLL_MS },
      complaint: "bindings could not be looked at now",
      round: () => this.#round(),
    });
  }

  start(): void {
    this.#rounds.start();
  }

  /** Has it look at once for what is due. */
  wake(): void {
    this.#rounds.wake();
  }

  /** Resolves when nothing is being looked at any more, and another replica may look. */
  async stop(): Promise<void> {
    await this.#rounds.stop();
    if (this.#lease !== null) await releaseLease(this.#options.store.db, this.#lease);
    this.#lease = null;
  }

  /**
   * Looks at what is due, unless another replica does.
   *
   * @returns how many bindings were looked at
   * @throws LeaseLost when another replica took over meanwhile
   */
  async runOnce(): Promise<number> {
    const { store, owner, channels, ruleOf, now } = this.#options;
    const watched = channels().filter(({ id }) => ruleOf(id) !== "off");
    if (this.#idle && watched.length === 0) return 0;
    this.#idle = false;
    const at = now();
    this.#lease =
      this.#lease === null || this.#lease.until <= at
        ? await acquireLease(store.db, { name: "bindings", owner, now: at, forMs: LEASE_MS })
        : await renewLease(store.db, this.#lease, at, LEASE_MS);
    if (this.#lease === null) return 0;
    const lease = this.#lease;
    await store.db.transaction().execute(async (db) => {
      await assertLease(db, lease);
      await seatBindings(
        db,
        watched.map(({ id }) => id),
        at,
      );
    });
    if (watched.length === 0) {
      this.#idle = true;
      return 0;
    }
    const seats = await dueBindings(store.db, at, A_STEP);
    const limit = pLimit(AT_ONCE);
    await Promise.all(
      seats.map((seat) =>
        limit(async () => {
          const network = watched.find(({ id }) => id === seat.channelId)?.network;
          if (network !== undefined) await this.#check(seat, network, lease);
        }),
      ),
    );
    return seats.length;
  }

  async #check(seat: Seat, network: string, lease: Lease): Promise<void> {
    const { store, log, ruleOf, now, onBound } = this.#options;
    const before = await bindingOn(store.db, seat);
    const found = await this.#find(seat, network, before);
    let released = 0;
    await store.db.transaction().execute(async (db) => {
      await assertLease(db, lease);
      await recordBinding(db, seat, found);
      released = await releaseWithheld(db, seat.channelId, seat.participant, now());
    });
    if (released > 0) onBound();
    if (before?.outcome === found.outcome && before.reason === found.reason) return;
    const fields = { channelId: seat.channelId, participant: seat.participant, reason: found.reason };
    if (found.outcome === "bound") log.info("a participant's domain names its accounts", fields);
    else if (ruleOf(seat.channelId) === "required")
      log.error("a participant is not bound to its domain", fields);
    else log.warn("a participant is not bound to its domain", fields);
  }

  async #find(seat: Seat, network: string, before: ParticipantBinding | null): Promise<Found> {
    const {
      look,
      now,
      fresh = FRESH_MS,
      again = DAY_MS,
      soon = 10 * MINUTE_MS,
      stale = 7 * DAY_MS,
    } = this.#options;
    const at = now();
    const not = (outcome: "unbound" | "unknown", reason: BindingReason, checkedAt: number | null): Found => ({
      ...{ outcome, reason, checkedAt, accounts: [], dueAt: at + soon },
    });
    if (!network.startsWith("eip155:")) {
      return { ...not("unknown", "ledger-unsupported", null), dueAt: at + again };
    }
    let resolved: ResolvedDid;
    try {
      resolved = await look(didOfDomain(seat.participant), fresh);
    } catch (error) {
      if (!(error instanceof DidFailure)) throw error;
      if (error.kind === "invalid") return not("unbound", "did-invalid", at);
      const known = before?.checkedAt ?? null;
      if (before !== null && known !== null && at - known <= stale) {
        return { ...before, accounts: [...before.accounts], dueAt: at + soon };
      }
      return not("unknown", "did-unreachable", known);
    }
    const checkedAt = resolved.fetchedAt ?? at;
    const accounts = resolved.document.verificationMethods.flatMap(({ blockchainAccountId = "" }) => {
      const [, ledger, account = ""] = ACCOUNT.exec(blockchainAccountId) ?? [];
      return ledger === network ? [account] : [];
    });
    if (accounts.length === 0) return not("unbound", "no-account-named", checkedAt);
    const acting = await actingFor(this.#options.store.db, seat);
    if (acting.some((account) => !accounts.includes(account))) {
      return { ...not("unbound", "account-not-named", checkedAt), accounts };
    }
    const dueAt = at + (resolved.stale ? soon : again);
    return { outcome: "bound", reason: null, checkedAt, accounts, dueAt };
  }

  async #round(): Promise<number | undefined> {
    try {
      return (await this.runOnce()) === A_STEP ? 0 : undefined;
    } catch (error) {
      if (error instanceof LeaseLost) this.#lease = null;
      throw error;
    }
  }
}
