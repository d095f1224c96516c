import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { ChannelFailure } from "../../src/channels/channel.ts";
import { createMemoryAccount, MemoryChannel } from "../../src/channels/memory/memory-channel.ts";
import { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { FileStore } from "../../src/documents/file-store.ts";
import type { JournalEntry } from "../../src/domain/journal.ts";
import { toWire, type Message } from "../../src/domain/message.ts";
import { digestOf } from "../../src/domain/multihash.ts";
import { parseJurisdiction, type Domain } from "../../src/domain/participant.ts";
import { roles, type Role, type UserCaller } from "../../src/identity/caller.ts";
import { silentLogger } from "../../src/log.ts";
import { acceptMessage, type Acceptance, type AcceptOptions } from "../../src/messages/accept.ts";
import { Batcher } from "../../src/messages/batcher.ts";
import { Follower } from "../../src/messages/follower.ts";
import { readJournals } from "../../src/messages/journal-repository.ts";
import { rankAgain } from "../../src/messages/issue-repository.ts";
import { openChannelRow } from "../../src/messages/ledger-repository.ts";
import { recordsOf, type MessageRecord } from "../../src/messages/message-record.ts";
import { findMessage } from "../../src/messages/message-repository.ts";
import { Outbox } from "../../src/messages/outbox.ts";
import type { Succession } from "../../src/messages/succession.ts";
import type { Store } from "../../src/store/store.ts";
import { au, cn, endpointOf, messageTypes, nz, sg } from "../channels/fixtures.ts";

/** A clock that only a test moves. Milliseconds since 1970. */
export interface TestClock {
  now: () => number;
  advance(milliseconds: number): void;
}

export function testClock(start = Date.parse("2026-06-01T00:00:00Z")): TestClock {
  let at = start;
  return {
    now: () => at,
    advance(milliseconds) {
      at += milliseconds;
    },
  };
}

const seats = [
  { domain: au, jurisdiction: parseJurisdiction("AU"), account: createMemoryAccount() },
  { domain: cn, jurisdiction: parseJurisdiction("CN"), account: createMemoryAccount() },
  { domain: sg, jurisdiction: parseJurisdiction("SG"), account: createMemoryAccount() },
];

/** The ledger account by which a participant's node sends in these tests. */
export function accountOf(domain: Domain): ReturnType<typeof createMemoryAccount> {
  const account = seats.find((seat) => seat.domain === domain)?.account;
  if (account === undefined) throw new Error(`${domain} has no account in these tests.`);
  return account;
}

/** A ledger on which Australia, China and Singapore are seated and New Zealand is invited. */
export function ledgerOf(
  clock: TestClock,
  options: ConstructorParameters<typeof MemoryLedger>[0] = {},
): MemoryLedger {
  const ledger = new MemoryLedger({ clock: () => Math.floor(clock.now() / 1000), ...options });
  for (const type of messageTypes) ledger.registerMessageType(type);
  for (const {
    domain,
    jurisdiction,
    account: { account },
  } of seats) {
    ledger.seat({
      domain,
      jurisdiction,
      endpoint: endpointOf(domain),
      operator: account,
      nodeKey: account,
      predicates: messageTypes.map(({ predicate }) => predicate),
    });
  }
  ledger.admit(nz, parseJurisdiction("NZ"));
  return ledger;
}

export function channelOf(ledger: MemoryLedger, participant: Domain): MemoryChannel {
  return new MemoryChannel(ledger, { operator: accountOf(participant), nodeKey: accountOf(participant) });
}

export function userOf(participant: Domain, allowed: readonly Role[] = roles): UserCaller {
  return {
    kind: "user",
    issuer: "https://id.example",
    subject: "officer-7",
    participant,
    roles: new Set(allowed),
  };
}

/** A node's way of messages, moved step by step. */
export interface Rig {
  readonly store: Store;
  readonly participant: Domain;
  readonly batchers: readonly Batcher[];
  readonly outboxes: readonly Outbox[];
  readonly followers: readonly Follower[];
  readonly accepting: AcceptOptions;
  readonly stops: ChannelFailure[];
  /** Puts a document's row in place, as if a user had stored its bytes. */
  hold(message: Message): Promise<void>;
  /** Posts a message, holding its document first. */
  post(message: Message, caller?: UserCaller): Promise<Acceptance>;
  /** Reads every channel to its newest height. */
  follow(): Promise<void>;
  /** Moves the clock on until every outbox has had its turn. */
  carry(): Promise<void>;
  /** Carries and follows until nothing moves any more. */
  settle(): Promise<void>;
  record(id: string): Promise<MessageRecord>;
  /** The journal as words: `pending`, `failed CertificateExpired`, `2:pending` for a second attempt. */
  journal(id: string): Promise<readonly string[]>;
}

interface RigOptions {
  readonly store: Store;
  readonly clock: TestClock;
  readonly channels: readonly MemoryChannel[];
  readonly participant?: Domain;
  readonly owner?: string;
  readonly patience?: number;
  /** How many messages of a kind go as a batch by themselves. */
  readonly threshold?: number;
  /** Messages of a batch at most. */
  readonly maxSize?: number;
  /** By channel id; 0 where left out. */
  readonly precedence?: Readonly<Record<string, number>>;
  /** What is known of successors; by default all channels are, and no other is to come. */
  readonly succession?: Partial<Succession>;
}

const LEASE = 10_000;

let opened: Promise<FileStore> | null = null;

/** Where all rigs of a test process keep documents: they are named by their content, so none disturbs another. */
export function filesForTests(): Promise<FileStore> {
  opened ??= (async () => {
    const directory = await mkdtemp(join(tmpdir(), "icl-rig-"));
    process.once("exit", () => {
      rmSync(directory, { recursive: true, force: true });
    });
    return FileStore.open(directory);
  })();
  return opened;
}

export async function rigOf(options: RigOptions): Promise<Rig> {
  const { store, clock, channels, participant = au, owner = "replica-1", patience = 60_000 } = options;
  const { now } = clock;
  const stops: ChannelFailure[] = [];
  const onStop = (failure: ChannelFailure) => {
    stops.push(failure);
    return Promise.resolve();
  };
  const shared = { store, owner, log: silentLogger, now, onStop, lease: LEASE };
  for (const { description } of channels) {
    const changed = await openChannelRow(store.db, description, now(), options.precedence?.[description.id]);
    if (changed) await store.db.transaction().execute((db) => rankAgain(db, description.id));
  }
  const succession: Succession = {
    channels: () => channels.map(({ description }) => description),
    awaits: () => false,
    ...options.succession,
  };
  const outboxes = channels.map(
    (channel) => new Outbox({ ...shared, channel, patience, succession, poll: 60_000, concurrency: 4 }),
  );
  const files = await filesForTests();
  const rules = {
    threshold: options.threshold ?? 100,
    maxSize: options.maxSize ?? 16_384,
    maxBodyBytes: 2 ** 24,
  };
  const batchers = channels.map(
    (channel) =>
      new Batcher({ ...shared, channel, files, participant, rules, poll: 60_000, onFormed: () => undefined }),
  );
  const followers = channels.map(
    (channel) => new Follower({ ...shared, channel, participant, poll: 60_000, onApplied: () => undefined }),
  );
  const accepting: AcceptOptions = {
    store,
    participant,
    channels: () => channels.map(({ description }) => description),
    caughtUp: () => followers.every(({ caughtUp }) => caughtUp),
    prefer: "test",
    now,
    onAccepted: () => undefined,
  };
  const rig: Rig = {
    store,
    participant,
    batchers,
    outboxes,
    followers,
    accepting,
    stops,
    async hold(message) {
      await store.db
        .insertInto("document")
        .values({
          digest: digestOf(message.obj),
          size: 1,
          media_type: "application/json",
          stored_at: now(),
          origin: "user",
          stored_by: "officer-7",
        })
        .onConflict((conflict) => conflict.column("digest").doNothing())
        .execute();
    },
    async post(message, caller = userOf(participant)) {
      await rig.hold(message);
      return acceptMessage(accepting, caller, toWire(message));
    },
    async follow() {
      for (const follower of followers) while (await follower.readOnce());
    },
    async carry() {
      for (const batcher of batchers) await batcher.runOnce();
      for (const outbox of outboxes) await outbox.runOnce();
    },
    async settle() {
      for (let round = 0; round < 4; round += 1) {
        await rig.carry();
        await rig.follow();
        clock.advance(35_000);
      }
    },
    async record(id) {
      const row = await findMessage(store.db, id);
      if (row === null) throw new Error(`There is no message ${id}.`);
      const [record] = await recordsOf(store.db, [row], now());
      if (record === undefined) throw new Error(`There is no record of ${id}.`);
      return record;
    },
    async journal(id) {
      const journal = (await readJournals(store.db, [id])).get(id) ?? [];
      return journal.map(words);
    },
  };
  await rig.follow();
  return rig;
}

function words({ attempt, status, reason }: JournalEntry): string {
  return `${attempt === 1 ? "" : `${attempt}:`}${status}${reason === undefined ? "" : ` ${reason.code}`}`;
}
