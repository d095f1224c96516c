import { freePort } from "../../scripts/dev/free-port.ts";
import { createApp } from "../../src/http/app.ts";
import { auditRouter } from "../../src/http/audit-router.ts";
import { startServer } from "../../src/http/server.ts";
import { authenticator } from "../../src/identity/authenticate.ts";
import { BearerTokens } from "../../src/identity/bearer-token.ts";
import type { ConsoleConfig } from "../../src/identity/console-config.ts";
import type { IssuerConfig } from "../../src/identity/issuer-config.ts";
import { NodeTokenVerifier } from "../../src/identity/node-token.ts";
import { createLogger } from "../../src/log.ts";
import { NodeConsole } from "../../src/node/node-console.ts";
import { NodeSubscriptions } from "../../src/node/node-subscriptions.ts";
import type { Store } from "../../src/store/store.ts";
import { home } from "./test-callers.ts";

/** A replica of a node, as far as people sign in at it and use it. */
export interface ConsoleReplica {
  /** Where it listens. */
  readonly url: string;
  /** Everything that it logged. */
  readonly lines: readonly string[];
  close(): Promise<void>;
}

/** A free address for a node. */
export async function freeAddress(): Promise<string> {
  return `http://127.0.0.1:${await freePort(0)}`;
}

/**
 * Starts the HTTP shell with the console's sign-in, the audit log, the subscriptions and the streams, all real.
 *
 * @param options `publicUrl`: of the node; this replica listens there, or on any port where `aside` is true
 */
export async function startConsoleReplica(options: {
  readonly store: Store;
  readonly publicUrl: string;
  readonly aside?: boolean;
  readonly issuers: readonly IssuerConfig[];
  readonly settings?: ConsoleConfig;
  readonly now?: () => number;
}): Promise<ConsoleReplica> {
  const { store, publicUrl, aside = false, issuers, settings, now = Date.now } = options;
  const lines: string[] = [];
  const log = createLogger({ level: "debug", write: (line) => lines.push(line) });
  const mode = "development";
  const bearerTokens = new BearerTokens(home, issuers, now, { cooldownMs: 0 });
  const config = { mode, publicUrl, subscriptions: { retentionDays: 1 } } as const;
  const people = new NodeConsole({
    config: { mode, publicUrl, ...(settings === undefined ? {} : { console: settings }) },
    ...{ store, bearerTokens, log, now },
  });
  const subscriptions = new NodeSubscriptions({
    ...{ config, store, log, now },
    isSignedIn: (id) => people.isOpen(id),
    otherwise: { heartbeatMs: 100, pollMs: 100 },
  });
  const nodeTokens = new NodeTokenVerifier(home, [], () => Promise.resolve(true), now);
  const app = createApp({
    ...{ publicUrl, log, now, validateResponses: true },
    signIn: settings !== undefined,
    openRouters: [people.openRouter],
    routers: [auditRouter(store, now), ...subscriptions.routers],
    authenticate: authenticator(bearerTokens, nodeTokens, undefined, people.identifySession),
    health: {
      participant: home,
      ready: () => Promise.resolve([]),
      channels: () => Promise.resolve([]),
    },
    limits: { messageBytes: 64 * 1024, requestsPerMinute: 10_000, anonymousRequestsPerMinute: 10_000 },
  });
  people.start();
  const port = aside ? 0 : Number(new URL(publicUrl).port);
  const server = await startServer(
    app,
    { host: "127.0.0.1", port },
    { requestSeconds: 60, connections: 200 },
  );
  return {
    url: server.url,
    lines,
    async close() {
      await subscriptions.endStreams();
      await server.close(0);
      await subscriptions.stop();
      await people.stop();
    },
  };
}

/** What a browser keeps of a node's cookies, and what it makes of them: enough of one for the sign-in. */
export class CookieJar {
  readonly values = new Map<string, string>();

  /** The `Set-Cookie` headers that came last. */
  last: readonly string[] = [];

  get header(): string {
    return [...this.values].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  /** Asks without following where the answer leads. */
  async ask(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.values.size > 0 && !headers.has("cookie")) headers.set("cookie", this.header);
    const answer = await fetch(url, { redirect: "manual", ...init, headers });
    this.last = answer.headers.getSetCookie();
    for (const set of this.last) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === "") this.values.delete(name);
      else this.values.set(name, value);
    }
    return answer;
  }
}
