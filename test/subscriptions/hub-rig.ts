import { randomUUID } from "node:crypto";

import type { Message } from "../../src/domain/message.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import type { HttpServer } from "../../src/http/server.ts";
import type { Caller } from "../../src/identity/caller.ts";
import { silentLogger } from "../../src/log.ts";
import { NodeSubscriptions, type SubscriptionOptions } from "../../src/node/node-subscriptions.ts";
import type { Store } from "../../src/store/store.ts";
import { recordNotifications } from "../../src/subscriptions/notification-repository.ts";
import type { NotificationType } from "../../src/subscriptions/notification.ts";
import { au, cn, message, sg } from "../channels/fixtures.ts";
import { insertMessage } from "../../src/messages/message-repository.ts";
import { messageId } from "../../src/domain/message.ts";
import { serve } from "../http/test-app.ts";
import { authenticateAs, node, user } from "../http/test-callers.ts";

/** Where topics are in these tests; nobody calls it. */
export const publicUrl = "https://icl.example";

export const topicAt = (path: string): string => `${publicUrl}/topics/${path}`;

const callers: Readonly<Record<string, Caller>> = {
  system: user("system", "subscriptions"),
  other: user("other", "subscriptions"),
  reader: user("reader", "messages:read"),
  both: user("both", "subscriptions", "messages:read"),
  clerk: user("clerk", "documents:write"),
  cn: node("customs.gov.cn"),
};

export interface Item {
  readonly id: string;
  readonly state: string;
  readonly topic: string;
  readonly callback: string;
  readonly endedReason?: string;
  readonly lastFailure?: string;
  readonly expiresAt?: string;
  readonly deadLetters: number;
  readonly signed: boolean;
}

/** A node's subscriptions over real HTTP, whose clock a test can move on. */
export interface HubRig {
  readonly store: Store;
  readonly server: HttpServer;
  readonly subscriptions: NodeSubscriptions;
  now: () => number;
  /** Moves the clock on. */
  advance(milliseconds: number): void;
  ask(path: string, as?: string, init?: RequestInit): Promise<Response>;
  /** Sends a form to the hub. */
  hub(form: Readonly<Record<string, string>> | string, as?: string): Promise<Response>;
  list(as?: string): Promise<readonly Item[]>;
  /** Has something happen to a new message. @returns its id */
  happen(options?: {
    readonly type?: NotificationType;
    readonly message?: Partial<Message>;
  }): Promise<string>;
  /** A second replica on the same database. */
  replica(options?: SubscriptionOptions): NodeSubscriptions;
  close(): Promise<void>;
}

/** Quick enough for tests; nothing but speed depends on it. */
const quick: SubscriptionOptions = {
  pollMs: 25,
  leaseMs: 5_000,
  answerMs: 3_000,
  firstRetryMs: 40,
  longestRetryMs: 200,
  housekeepingMs: 25,
  // A test moves the clock on in place of waiting.
  stoodStillMs: Number.MAX_SAFE_INTEGER,
};

export async function hubRig(
  store: Store,
  options: SubscriptionOptions & { readonly mode?: "production" | "development" } = {},
): Promise<HubRig> {
  const { mode = "development", ...otherwise } = options;
  let offset = 0;
  const all: NodeSubscriptions[] = [];
  const config = { mode, publicUrl, subscriptions: { retentionDays: 30 } };
  const replica = (more: SubscriptionOptions = {}) => {
    const one = new NodeSubscriptions({
      ...{ config, store, log: silentLogger, now: rig.now },
      otherwise: { ...quick, ...otherwise, ...more },
    });
    one.start();
    all.push(one);
    return one;
  };
  const rig: Omit<HubRig, "server" | "subscriptions"> = {
    store,
    now: () => Date.now() + offset,
    advance(milliseconds) {
      offset += milliseconds;
    },
    ask: (path, as = "system", init = {}) => {
      const headers = new Headers(init.headers);
      headers.set("authorization", `Bearer ${as}`);
      return fetch(`${server.url}${path}`, { ...init, headers });
    },
    hub: (form, as = "system") =>
      rig.ask("/subscriptions", as, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: typeof form === "string" ? form : new URLSearchParams(form).toString(),
      }),
    async list(as = "system") {
      const response = await rig.ask("/subscriptions", as);
      const { items } = (await response.json()) as { items: Item[] };
      return items;
    },
    async happen({ type = "message.received", message: changes = {} } = {}) {
      const about = message({ sender: cn, receiver: au, subject: parseSubject(randomUUID()), ...changes });
      const id = messageId(about);
      const direction = about.sender === au ? "outgoing" : "incoming";
      await store.transact(async (db) => {
        await insertMessage(db, {
          ...{ id, message: about, direction, channelId: "c", effect: "issue", createdAt: rig.now() },
          ...{ status: direction === "outgoing" ? "delivered" : "received" },
          ...{ acceptedBy: null, txn: null, height: null },
        });
        await recordNotifications(db, [{ type, messageId: id, at: rig.now() }]);
      });
      return id;
    },
    replica,
    async close() {
      for (const one of all) await one.endStreams();
      await server.close(0);
      for (const one of all) await one.stop();
    },
  };
  for (const [domain, jurisdiction] of [
    [au, "AU"],
    [cn, "CN"],
    [sg, "SG"],
  ] as const) {
    const seat = { channel_id: "c", domain, jurisdiction, status: "active", endpoint: null } as const;
    await store.db.insertInto("participant").values(seat).execute();
  }
  const subscriptions = replica();
  const server = await serve(authenticateAs(callers), subscriptions.routers, { publicUrl });
  return Object.assign(rig, { server, subscriptions });
}
