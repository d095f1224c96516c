import { setTimeout as delay } from "node:timers/promises";

import { decodeJwt, errors } from "jose";

import { actorOf, userNamed } from "../audit/act.ts";
import { recordActs } from "../audit/audit-repository.ts";
import { Problem } from "../domain/problems.ts";
import type { Logger } from "../log.ts";
import type { Store } from "../store/store.ts";
import type { ShownSession } from "./authenticate.ts";
import type { BearerTokens } from "./bearer-token.ts";
import type { UserCaller } from "./caller.ts";
import type { ConsoleConfig } from "./console-config.ts";
import { RefreshRefused, type ConsoleIssuer, type IssuedTokens } from "./console-issuer.ts";
import {
  beginSession,
  endSession,
  leaveRenewal,
  openSession,
  storeRenewed,
  sweepSessions,
  takeRenewal,
  touchSession,
  type SessionLimits,
  type SessionRow,
} from "./session-repository.ts";
import { SessionSecret } from "./session-secret.ts";

/** What sessions are kept with. */
export interface ConsoleSessionsOptions {
  readonly store: Store;
  readonly issuer: Pick<ConsoleIssuer, "refresh" | "revoke">;
  readonly bearerTokens: Pick<BearerTokens, "verify">;
  readonly config: Pick<ConsoleConfig, "issuer" | "idleMinutes" | "hours">;
  /** Scheme, host and port of the node's public URL: where its own pages come from. */
  readonly origin: string;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A session as its own page is told of it. */
export interface SessionView {
  readonly user: UserCaller;
  /** How the person is called; null where the issuer does not say. */
  readonly name: string | null;
  readonly antiForgery: string;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

/** What is sealed in the database. */
interface Kept extends IssuedTokens {
  /** When the access token ends, as it says; milliseconds since 1970, null where it says nothing. */
  readonly accessEndsAt: number | null;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MOST_A_USER = 10;
/** Tokens are renewed a little before they end, so that none ends on its way. */
const AHEAD_MS = 5_000;
const RENEWAL_MS = 15_000;
const RENEWAL_POLL_MS = 100;
/** Until an issuer's keys are looked for again. */
const KEYS_SECONDS = 30;
const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD"]);

function ended(cause?: unknown): Problem {
  return new Problem("session-ended", "The session has ended: sign in again on the console.", { cause });
}

/** When a token says that it ends, in milliseconds since 1970; null for what is none that could be taken anyway. */
function endOf(token: string): number | null {
  try {
    const { exp } = decodeJwt(token);
    return exp === undefined ? null : exp * 1000;
  } catch {
    return null;
  }
}

function foreign(detail: string): Problem {
  return new Problem("cross-site-refused", detail);
}

/**
 * The console's sessions: who is signed in, in the database that all replicas share. A browser shows a session by its cookie;
 * each request is judged by the access token that the issuer gave for it, exactly as if the user had sent that token.
 */
export class ConsoleSessions {
  readonly #options: ConsoleSessionsOptions;
  readonly #renewing = new Map<string, Promise<Kept>>();

  constructor(options: ConsoleSessionsOptions) {
    this.#options = options;
  }

  /**
   * Begins a session for whoever the tokens are of.
   *
   * @param former id of the session that the browser had before, which ends; null for none
   * @returns the value of the new session's cookie
   * @throws Problem `sign-in-failed` where the access token is not one that this node takes, or `unavailable`
   */
  async begin(tokens: IssuedTokens, former: string | null): Promise<string> {
    const { store, bearerTokens, config, now } = this.#options;
    const user = await bearerTokens.verify(tokens.access).catch((error: unknown) => {
      if (error instanceof Problem && error.status === 401) {
        const detail = `The identity provider gave a token that this node does not take. ${error.message}`;
        throw new Problem("sign-in-failed", detail, { cause: error });
      }
      throw error;
    });
    if (user.issuer !== config.issuer) {
      throw new Problem("sign-in-failed", "The token is of another identity provider: begin again.");
    }
    const secret = SessionSecret.fresh();
    const kept: Kept = { ...tokens, accessEndsAt: user.expiresAt ?? null };
    const sealed = await secret.seal(kept);
    const at = now();
    await store.transact(async (db) => {
      if (former !== null) await endSession(db, former);
      const owner = `${user.issuer} ${user.subject}`;
      const ends = { created_at: at, ends_at: at + config.hours * HOUR_MS };
      await beginSession(db, { id: secret.id, owner, sealed, ...ends }, MOST_A_USER);
      await recordActs(db, [{ act: "session.begun", actor: actorOf(user), at, object: null }]);
    });
    return secret.cookie;
  }

  /**
   * Tells whose session a browser shows.
   *
   * @param method of the request; what may change something needs the anti-forgery token too
   * @throws Problem `session-ended`, `cross-site-refused`, or `unavailable`
   */
  async identify(shown: ShownSession, method: string): Promise<UserCaller> {
    return (await this.describe(shown, method)).user;
  }

  /** The same, with what the session's page is told. */
  async describe(shown: ShownSession, method: string): Promise<SessionView> {
    const { secret, row } = await this.#find(shown, method);
    const kept = await this.#current(secret, row);
    const user = await this.#verified(secret, kept);
    if (`${user.issuer} ${user.subject}` !== row.owner) {
      await this.#drop(secret);
      throw ended();
    }
    if (!shown.unattended) await this.#touch(row);
    const usedAt = shown.unattended ? row.used_at : this.#options.now();
    const idleEndsAt = usedAt + this.#options.config.idleMinutes * MINUTE_MS;
    return {
      user: {
        ...user,
        sessionId: secret.id,
        expiresAt: Math.min(user.expiresAt ?? Infinity, row.ends_at, idleEndsAt),
      },
      name: kept.name,
      antiForgery: secret.antiForgery,
      endsAt: row.ends_at,
    };
  }

  /**
   * Ends a session, here and for all replicas, and has the issuer take back what it could be renewed by.
   *
   * @throws Problem `session-ended`, `cross-site-refused`
   */
  async end(shown: ShownSession): Promise<void> {
    const { store, issuer, log, now } = this.#options;
    const { secret, row } = await this.#find(shown, "POST");
    const kept = await this.#opened(secret, row);
    await store.transact(async (db) => {
      if ((await endSession(db, row.id)) === null) return;
      const actor = userNamed(row.owner);
      await recordActs(db, [{ act: "session.ended", actor, at: now(), object: null }]);
    });
    if (kept.refresh === null) return;
    await issuer.revoke(kept.refresh).catch((error: unknown) => {
      log.info("the identity provider did not take back the token of an ended session", { error });
    });
  }

  /** Whether a session is not over. @param id as in `UserCaller.sessionId` */
  async isOpen(id: string): Promise<boolean> {
    return (await openSession(this.#options.store.db, id, this.#limits())) !== null;
  }

  /** Forgets sessions that are over. @returns how many */
  sweep(): Promise<number> {
    return sweepSessions(this.#options.store.db, this.#limits());
  }

  #limits(): SessionLimits {
    const { now, config } = this.#options;
    return { now: now(), idleSince: now() - config.idleMinutes * MINUTE_MS };
  }

  async #find(shown: ShownSession, method: string): Promise<{ secret: SessionSecret; row: SessionRow }> {
    const secret = SessionSecret.of(shown.cookie);
    if (secret === null) throw ended();
    this.#demandOwnPage(shown, method, secret);
    const row = await openSession(this.#options.store.db, secret.id, this.#limits());
    if (row === null) throw ended();
    return { secret, row };
  }

  /** A browser sends cookies along with what other sites have it ask for. */
  #demandOwnPage({ site, origin, antiForgery }: ShownSession, method: string, secret: SessionSecret): void {
    if (SAFE.has(method)) {
      if (site === null || site === "same-origin" || site === "none") return;
      throw foreign("Another site asked for this in your name: open it from the console.");
    }
    if ((site !== null && site !== "same-origin") || (origin !== null && origin !== this.#options.origin)) {
      throw foreign("Another site asked for this in your name: do it on the console.");
    }
    if (antiForgery === null || !secret.isAntiForgery(antiForgery)) {
      throw foreign("Send the session's antiForgery of GET /console/session as the header ICL-CSRF.");
    }
  }

  async #touch({ id, used_at: usedAt }: SessionRow): Promise<void> {
    const { store, config, log, now } = this.#options;
    const every = Math.min(MINUTE_MS, (config.idleMinutes * MINUTE_MS) / 10);
    if (now() - usedAt < every) return;
    // A database that takes nothing any more is looked at through the console, of all things.
    await touchSession(store.db, id, now()).catch((error: unknown) => {
      log.warn("that somebody is at a session's page could not be noted now", { error });
    });
  }

  async #opened(secret: SessionSecret, row: SessionRow): Promise<Kept> {
    try {
      return (await secret.open(row.sealed)) as Kept;
    } catch (error) {
      // Somebody put something else into the database.
      throw ended(error);
    }
  }

  async #verified(secret: SessionSecret, kept: Kept): Promise<UserCaller> {
    try {
      return await this.#options.bearerTokens.verify(kept.access);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      // The issuer itself gave this token. Its new keys may not have been looked for yet: strangers can see to that.
      if (error.cause instanceof errors.JWKSNoMatchingKey && (kept.accessEndsAt ?? 0) > this.#options.now()) {
        throw new Problem("unavailable", "Your session cannot be checked now: try again in a moment.", {
          retryAfterSeconds: KEYS_SECONDS,
          cause: error,
        });
      }
      await this.#drop(secret);
      throw ended(error);
    }
  }

  async #drop({ id }: SessionSecret): Promise<void> {
    await endSession(this.#options.store.db, id);
  }

  /** The session's tokens, renewed where they are about to end and can be. */
  async #current(secret: SessionSecret, row: SessionRow): Promise<Kept> {
    const kept = await this.#opened(secret, row);
    const { refresh, accessEndsAt } = kept;
    if (refresh === null || accessEndsAt === null || accessEndsAt - this.#options.now() > AHEAD_MS)
      return kept;
    const running = this.#renewing.get(row.id);
    if (running !== undefined) return running;
    const renewal = this.#renew(secret, row, { ...kept, refresh }).finally(() => {
      this.#renewing.delete(row.id);
    });
    this.#renewing.set(row.id, renewal);
    return renewal;
  }

  /** One replica asks the issuer, since a refresh token may be good once; the others wait for what it gets. */
  async #renew(secret: SessionSecret, row: SessionRow, kept: Kept & { refresh: string }): Promise<Kept> {
    const { store, now } = this.#options;
    const until = performance.now() + RENEWAL_MS;
    while (performance.now() < until) {
      const turn = { version: row.version, now: now(), until: now() + RENEWAL_MS };
      if (await takeRenewal(store.db, row.id, turn)) return this.#askIssuer(secret, row, kept);
      const found = await openSession(store.db, row.id, this.#limits());
      if (found === null) throw ended();
      if (found.version !== row.version) return this.#opened(secret, found);
      await delay(RENEWAL_POLL_MS);
    }
    throw new Problem("unavailable", "Your session is being renewed: try again in a moment.", {
      retryAfterSeconds: 1,
    });
  }

  async #askIssuer(
    secret: SessionSecret,
    { id, version }: SessionRow,
    kept: Kept & { refresh: string },
  ): Promise<Kept> {
    const { store, issuer, now } = this.#options;
    let renewed: Kept;
    try {
      // Judged only once it is kept, as with each request: what it was got by may be spent.
      const tokens = await issuer.refresh(kept.refresh);
      renewed = { ...kept, ...tokens, accessEndsAt: endOf(tokens.access) };
    } catch (error) {
      if (error instanceof RefreshRefused) {
        await this.#drop(secret);
        throw ended(error);
      }
      await leaveRenewal(store.db, id, version);
      // An issuer that is away for a moment ends nobody's work before the token does.
      if ((kept.accessEndsAt ?? 0) > now()) return kept;
      throw error;
    }
    const stored = await storeRenewed(store.db, id, { version, sealed: await secret.seal(renewed) });
    if (stored) return renewed;
    await issuer.revoke(renewed.refresh ?? kept.refresh).catch(() => undefined);
    throw ended();
  }
}
