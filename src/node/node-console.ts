import type { Router } from "express";

import type { Config } from "../config.ts";
import { consoleRouter } from "../http/console-router.ts";
import type { IdentifySession } from "../identity/authenticate.ts";
import type { BearerTokens } from "../identity/bearer-token.ts";
import { ConsoleIssuer } from "../identity/console-issuer.ts";
import { ConsoleSessions } from "../identity/console-sessions.ts";
import { usedTokens } from "../identity/used-token-repository.ts";
import type { Logger } from "../log.ts";
import { Rounds } from "../operations/rounds.ts";
import { readSecret } from "../secret.ts";
import type { Store } from "../store/store.ts";

const SWEEP_MS = 10 * 60_000;

/** How people sign in at a node's console, and how they are known afterwards. */
export class NodeConsole {
  readonly openRouter: Router;
  /** Undefined where nobody can sign in. */
  readonly identifySession: IdentifySession | undefined;
  readonly #sessions: ConsoleSessions | null;
  readonly #sweeping: Rounds;

  constructor(options: {
    readonly config: Pick<Config, "console" | "publicUrl" | "mode">;
    readonly store: Store;
    readonly bearerTokens: BearerTokens;
    readonly log: Logger;
    /** Milliseconds since 1970. */
    readonly now: () => number;
  }) {
    const { config, store, bearerTokens, log, now } = options;
    const { publicUrl, console: settings } = config;
    let signIn: Parameters<typeof consoleRouter>[0] = null;
    if (settings !== undefined) {
      const issuer = new ConsoleIssuer(settings, {
        redirectUri: `${publicUrl}/console/callback`,
        afterSignOut: `${publicUrl}/console`,
        secret: settings.clientSecret === undefined ? null : readSecret(settings.clientSecret),
        allowHttp: config.mode === "development",
      });
      const { origin } = new URL(publicUrl);
      const sessions = new ConsoleSessions({
        ...{ store, issuer, bearerTokens, origin, log, now },
        config: settings,
      });
      signIn = { issuer, sessions, use: usedTokens(store.db, now) };
    }
    const sessions = signIn?.sessions ?? null;
    this.#sessions = sessions;
    this.identifySession =
      sessions === null ? undefined : (session, method) => sessions.identify(session, method);
    this.openRouter = consoleRouter(signIn, { publicUrl, log, now });
    this.#sweeping = new Rounds({
      ...{ log, poll: SWEEP_MS },
      complaint: "ended sessions could not be forgotten now",
      round: async () => {
        await sessions?.sweep();
      },
    });
  }

  /** Whether a session is not over. @param id as in `UserCaller.sessionId` */
  async isOpen(id: string): Promise<boolean> {
    return (await this.#sessions?.isOpen(id)) ?? false;
  }

  start(): void {
    if (this.#sessions !== null) this.#sweeping.start();
  }

  stop(): Promise<void> {
    return this.#sweeping.stop();
  }
}
