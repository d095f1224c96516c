import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from "jose";
import { sql } from "kysely";

import type { ShownSession } from "../../src/identity/authenticate.ts";
import { BearerTokens } from "../../src/identity/bearer-token.ts";
import { ConsoleIssuer } from "../../src/identity/console-issuer.ts";
import { ConsoleSessions } from "../../src/identity/console-sessions.ts";
import { SessionSecret } from "../../src/identity/session-secret.ts";
import { silentLogger } from "../../src/log.ts";
import type { Store } from "../../src/store/store.ts";
import { home } from "../http/test-callers.ts";
import { rejection } from "../rejection.ts";
import { eachStore } from "../store/each-store.ts";

const AUDIENCE = "https://icl.homeaffairs.gov.au";
const LIFETIME_SECONDS = 300;
const MINUTE = 60_000;

/** An identity provider that gives refresh tokens that are good once, and whose parts fail one by one. */
class Provider {
  keysAway = false;
  /** What the token endpoint waits for before it answers. */
  gate: Promise<unknown> = Promise.resolve();
  /** Told of each request for tokens as it comes in. */
  onAsked: () => void = () => undefined;
  readonly revoked: string[] = [];
  readonly #now: () => number;
  readonly #good = new Set<string>();
  readonly #server: Server;
  #key: { readonly privateKey: CryptoKey; readonly jwk: JWK } | null = null;
  #made = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        void this.#answer(request.url ?? "", new URLSearchParams(Buffer.concat(pieces).toString())).then(
          ([status, body]) =>
            response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)),
        );
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    await this.changeKey();
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeAllConnections();
    });
  }

  async changeKey(): Promise<void> {
    this.#made += 1;
    const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: `key ${this.#made}`, alg: "ES256", use: "sig" };
    this.#key = { privateKey, jwk };
  }

  async issue(subject = "officer"): Promise<{ access_token: string; refresh_token: string }> {
    if (this.#key === null) throw new Error("There is no key yet.");
    const { privateKey, jwk } = this.#key;
    const seconds = Math.floor(this.#now() / 1000);
    const access = await new SignJWT({ sub: subject, aud: AUDIENCE, iss: this.url })
      .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: jwk.kid ?? "" })
      .setExpirationTime(seconds + LIFETIME_SECONDS)
      .sign(privateKey);
    this.#made += 1;
    const refresh = `refresh ${this.#made}`;
    this.#good.add(refresh);
    return { access_token: access, refresh_token: refresh };
  }

  async #answer(path: string, form: URLSearchParams): Promise<readonly [number, unknown]> {
    switch (path) {
      case "/jwks":
        return this.keysAway ? [503, {}] : [200, { keys: [this.#key?.jwk] }];
      case "/token": {
        this.onAsked();
        const isGood = this.#good.delete(form.get("refresh_token") ?? "");
        await this.gate;
        return isGood
          ? [200, { ...(await this.issue()), token_type: "bearer" }]
          : [400, { error: "invalid_grant" }];
      }
      case "/revoke":
        this.revoked.push(form.get("token") ?? "");
        return [200, {}];
      default:
        return [
          200,
          {
            ...{ issuer: this.url, jwks_uri: `${this.url}/jwks`, token_endpoint: `${this.url}/token` },
            ...{ authorization_endpoint: `${this.url}/auth`, revocation_endpoint: `${this.url}/revoke` },
            ...{ response_types_supported: ["code"], id_token_signing_alg_values_supported: ["ES256"] },
          },
        ];
    }
  }
}

eachStore("the console's sessions", (openFresh) => {
  let ahead: number;
  let provider: Provider;
  let store: Store;
  let sessions: ConsoleSessions;
  const now = () => Date.now() + ahead;

  /** A replica, which knows no key of the provider yet. */
  function replica(): ConsoleSessions {
    const issuer = provider.url;
    const config = {
      ...{ issuer, clientId: "console", scopes: ["openid"], resource: null, audience: null },
      ...{ idleMinutes: 30, hours: 12 },
    };
    const trusted = {
      ...{ issuer, audience: AUDIENCE, jwksUri: null, algorithms: ["ES256" as const], roles: {} },
      development: false,
    };
    return new ConsoleSessions({
      ...{ store, config, origin: AUDIENCE, log: silentLogger, now },
      issuer: new ConsoleIssuer(config, {
        ...{ redirectUri: `${AUDIENCE}/console/callback`, afterSignOut: `${AUDIENCE}/console` },
        ...{ secret: null, allowHttp: true },
      }),
      // Keys that are not known are not looked for again in this test.
      bearerTokens: new BearerTokens(home, [trusted], now, { cooldownMs: 24 * 60 * MINUTE }),
    });
  }

  async function begun(): Promise<ShownSession> {
    const { access_token: access, refresh_token: refresh } = await provider.issue();
    const cookie = await sessions.begin({ access, refresh, name: null }, null);
    const antiForgery = SessionSecret.of(cookie)?.antiForgery ?? "";
    return { cookie, antiForgery, site: "same-origin", origin: AUDIENCE, unattended: false };
  }

  beforeEach(async () => {
    ahead = 0;
    provider = new Provider(now);
    await provider.start();
    store = await openFresh();
    sessions = replica();
  });

  afterEach(() => provider.close());

  it("outlive keys that cannot be had right after a token was renewed, though a refresh token is good once", async () => {
    const shown = await begun();
    await provider.changeKey();
    provider.keysAway = true;
    ahead = LIFETIME_SECONDS * 1000;
    const fresh = replica();
    expect(await rejection(fresh.identify(shown, "GET"))).to.include({ code: "unavailable" });
    provider.keysAway = false;
    expect(await fresh.identify(shown, "GET")).to.include({ subject: "officer" });
  });

  it("outlive a new key of the issuer that is not looked for yet, since others made this node look a moment ago", async () => {
    const shown = await begun();
    await provider.changeKey();
    ahead = LIFETIME_SECONDS * 1000;
    expect(await rejection(sessions.identify(shown, "GET"))).to.include({ code: "unavailable" });
    expect(await replica().identify(shown, "GET")).to.include({ subject: "officer" });
  });

  it("give nothing by a token whose key the issuer gave up, and end with it", async () => {
    const { access_token: access } = await provider.issue();
    const cookie = await sessions.begin({ access, refresh: null, name: null }, null);
    const shown = { cookie, antiForgery: null, site: null, origin: null, unattended: false };
    await provider.changeKey();
    const fresh = replica();
    expect(await rejection(fresh.identify(shown, "GET"))).to.include({ code: "unavailable" });
    ahead = LIFETIME_SECONDS * 1000 + MINUTE;
    expect(await rejection(fresh.identify(shown, "GET"))).to.include({ code: "session-ended" });
    expect(await store.db.selectFrom("console_session").selectAll().execute()).to.deep.equal([]);
  });

  it("are used while the database takes nothing any more, as with a full disc", async () => {
    const shown = await begun();
    ahead = 2 * MINUTE;
    await refuseUpdates(store);
    expect(await sessions.identify(shown, "GET")).to.include({ subject: "officer" });
  });

  it("end when their user signs out while a token is renewed, which is taken back", async () => {
    const shown = await begun();
    ahead = LIFETIME_SECONDS * 1000;
    const [asked, gate] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    provider.onAsked = () => {
      asked.resolve(undefined);
    };
    provider.gate = gate.promise;
    const renewing = rejection(sessions.identify(shown, "GET"));
    await asked.promise;
    await replica().end(shown);
    gate.resolve(undefined);
    expect(await renewing).to.include({ code: "session-ended" });
    expect(provider.revoked, "the token that was spent, and the one that came of it").to.have.length(2);
    expect(new Set(provider.revoked).size).to.equal(2);
    expect(await store.db.selectFrom("console_session").selectAll().execute()).to.deep.equal([]);
  });
});

/** Has the database refuse to change sessions. */
async function refuseUpdates({ db, dialect }: Store): Promise<void> {
  if (dialect === "sqlite") {
    await sql`
      create trigger full_disc before update on console_session
      begin select raise(fail, 'database or disk is full'); end
    `.execute(db);
    return;
  }
  await sql`
    create function full_disc() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$
  `.execute(db);
  await sql`
    create trigger full_disc before update on console_session for each row execute function full_disc()
  `.execute(db);
}
