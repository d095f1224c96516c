import { createHash } from "node:crypto";

import { expect } from "chai";

import type { Role } from "../../src/identity/caller.ts";
import type { ConsoleConfig } from "../../src/identity/console-config.ts";
import type { IssuerConfig } from "../../src/identity/issuer-config.ts";
import { sessionCookies } from "../../src/http/session-cookies.ts";
import type { Store } from "../../src/store/store.ts";
import { eventually } from "../eventually.ts";
import {
  CONSOLE,
  CONSOLE_SECRET,
  ELSEWHERE,
  NODE,
  startOidcProvider,
  type OidcProvider,
} from "../identity/oidc-provider.ts";
import { eachStore } from "../store/each-store.ts";
import { CookieJar, freeAddress, startConsoleReplica, type ConsoleReplica } from "./console-node.ts";
import { problemOf } from "./test-app.ts";
import { home } from "./test-callers.ts";

const DAY_SECONDS = 24 * 60 * 60;
const MINUTE = 60_000;
const SECRET = "ICL_TEST_CONSOLE_SECRET";

interface SessionAnswer {
  readonly user: string;
  readonly roles: readonly string[];
  readonly antiForgery: string;
  readonly expiresAt: string;
}

eachStore(
  "the console's sign-in",
  (_openFresh, source) => {
    // The databases are dropped once what is below has closed its replicas.
    describe("by a real OpenID provider", () => {
      let provider: OidcProvider;
      let store: Store;
      let publicUrl: string;
      let replica: ConsoleReplica;
      let other: ConsoleReplica;
      let ahead = 0;
      const now = () => Date.now() + ahead;

      const grants = (value: string, roles: readonly Role[]) => ({
        test: { claim: "groups", how: "contains", value } as const,
        ...{ roles, subjects: null, subjectsFrom: null },
      });
      const issuerConfig = (): IssuerConfig => ({
        ...{ issuer: provider.issuer, audience: NODE, jwksUri: null, algorithms: ["ES256"], roles: {} },
        claims: [grants("officers", ["subscriptions"]), grants("directors", ["admin"])],
        development: false,
      });
      const settings = (): ConsoleConfig => ({
        ...{ issuer: provider.issuer, clientId: CONSOLE, clientSecret: { env: SECRET } },
        ...{ scopes: ["openid", "icl.read"], resource: NODE, audience: null, idleMinutes: 30, hours: 12 },
      });
      const cookieName = (what: string) => `icl-${what}-${new URL(publicUrl).port}`;

      async function start(lifetime: number): Promise<void> {
        process.env[SECRET] = CONSOLE_SECRET;
        ahead = 0;
        publicUrl = await freeAddress();
        provider = await startOidcProvider(lifetime, {
          redirectUris: [`${publicUrl}/console/callback`],
          afterSignOut: [`${publicUrl}/console`],
        });
        const location = await source.freshLocation();
        store = await source.open(location);
        const common = { publicUrl, issuers: [issuerConfig()], settings: settings(), now };
        replica = await startConsoleReplica({ store, ...common });
        other = await startConsoleReplica({ store: await source.open(location), aside: true, ...common });
      }

      async function stop(): Promise<void> {
        await replica.close();
        await other.close();
        await provider.close();
      }

      before(() => start(7 * DAY_SECONDS));

      beforeEach(() => {
        ahead = 0;
      });

      after(stop);

      /** Begins a sign-in, and does at the provider what a person does. @returns the callback's address */
      async function begin(jar: CookieJar, account = "officer"): Promise<URL> {
        const begun = await jar.ask(`${replica.url}/console/sign-in`);
        expect(begun.status).to.equal(303);
        return provider.follow(begun.headers.get("location") ?? "", account);
      }

      async function signedIn(account = "officer"): Promise<CookieJar> {
        const jar = new CookieJar();
        const back = await jar.ask((await begin(jar, account)).href);
        expect([back.status, back.headers.get("location")]).to.deep.equal([303, `${publicUrl}/console`]);
        return jar;
      }

      async function sessionOf(jar: CookieJar, at = replica): Promise<SessionAnswer> {
        const answer = await jar.ask(`${at.url}/console/session`);
        expect(answer.status).to.equal(200);
        return (await answer.json()) as SessionAnswer;
      }

      async function codeOf(asked: Promise<Response>): Promise<readonly [number, string]> {
        const { status, code } = await problemOf(await asked);
        return [status, code];
      }

      const subscribe = (jar: CookieJar, headers: Record<string, string>, at = replica) =>
        jar.ask(`${at.url}/subscriptions`, {
          method: "POST",
          headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
          body: new URLSearchParams({
            "hub.mode": "subscribe",
            "hub.topic": "UN.*",
            "hub.callback": "http://127.0.0.1:9/",
          }).toString(),
        });

      const signOut = async (jar: CookieJar, at = replica) =>
        jar.ask(`${at.url}/console/sign-out`, {
          method: "POST",
          body: new URLSearchParams({ csrf: (await sessionOf(jar)).antiForgery }),
        });

      const nobody = [401, "session-ended"];
      const failed = [400, "sign-in-failed"];

      it("leads through the provider to a session that every replica knows, and that may what the user's token says", async () => {
        const jar = await signedIn();
        const [set = ""] = jar.last.filter((each) => each.startsWith(`${cookieName("session")}=`));
        expect(set).to.contain("HttpOnly").and.to.contain("SameSite=Strict").and.to.contain("Path=/");
        expect(set).not.to.contain("Domain");
        expect(jar.values.has(cookieName("sign-in")), "the attempt's cookie is gone").to.equal(false);
        for (const at of [replica, other]) {
          const session = await sessionOf(jar, at);
          expect(session).to.include({ user: "officer", issuer: provider.issuer, participant: home });
          expect(session.roles).to.deep.equal(["subscriptions"]);
          expect((await jar.ask(`${at.url}/subscriptions`)).status).to.equal(200);
          expect((await jar.ask(`${at.url}/audit`)).status).to.equal(403);
        }
        const director = await signedIn("director");
        const answer = await director.ask(`${replica.url}/audit?act=session.begun`);
        const { items } = (await answer.json()) as { items: { actor: unknown }[] };
        expect(JSON.stringify(items)).to.contain('"officer"').and.to.contain('"director"');
      });

      it("gives no token away: to no page, address, header, log or reader of the database", async () => {
        const jar = new CookieJar();
        const seen: string[] = [];
        const note = async (answer: Response) => {
          seen.push(JSON.stringify([...answer.headers]), await answer.text());
        };
        const callback = await begin(jar);
        await note(await jar.ask(callback.href));
        await note(await jar.ask(`${replica.url}/console/session`));
        await note(await jar.ask(`${replica.url}/console`));
        const cookie = jar.values.get(cookieName("session")) ?? "";
        const id = createHash("sha256").update(cookie).digest("hex");
        const rows = await store.db.selectFrom("console_session").selectAll().where("id", "=", id).execute();
        const all = [...seen, JSON.stringify(rows), ...replica.lines].join("\n");
        // Every JWT begins so; the provider's other tokens are told by whoever would use them.
        expect(all).not.to.match(/eyJ[\w-]+\.eyJ/);
        expect(all).not.to.contain(callback.searchParams.get("code"));
        expect([JSON.stringify(rows), ...replica.lines].join("\n")).not.to.contain(cookie);
        expect(rows).to.have.length(1);
        for (const guess of [
          rows[0]?.id ?? "",
          Buffer.from(rows[0]?.id ?? "", "hex").toString("base64url"),
        ]) {
          const thief = new CookieJar();
          thief.values.set(cookieName("session"), guess);
          expect(await codeOf(thief.ask(`${replica.url}/subscriptions`))).to.deep.equal(nobody);
        }
      });

      it("changes nothing without the anti-forgery token of the same session, whatever the form", async () => {
        const jar = await signedIn();
        const stranger = await sessionOf(await signedIn());
        const { antiForgery } = await sessionOf(jar);
        const refused = [403, "cross-site-refused"];
        for (const headers of [
          {},
          { "icl-csrf": "" },
          { "icl-csrf": stranger.antiForgery },
          { "icl-csrf": `${antiForgery}x` },
          { "content-type": "text/plain" },
          { "icl-csrf": antiForgery, origin: "https://evil.example" },
          { "icl-csrf": antiForgery, origin: "null" },
          { "icl-csrf": antiForgery, "sec-fetch-site": "cross-site" },
          { "icl-csrf": antiForgery, "sec-fetch-site": "same-site" },
          { "icl-csrf": antiForgery, "sec-fetch-site": "none" },
        ]) {
          expect(await codeOf(subscribe(jar, headers)), JSON.stringify(headers)).to.deep.equal(refused);
        }
        expect(await store.db.selectFrom("subscription_request").selectAll().execute()).to.deep.equal([]);
        const own = { "icl-csrf": antiForgery, origin: publicUrl, "sec-fetch-site": "same-origin" };
        expect((await subscribe(jar, own)).status).to.equal(202);
      });

      it("answers nothing, and opens no stream, to what another site has the browser ask", async () => {
        const jar = await signedIn();
        for (const path of ["/subscriptions", "/events", "/console/session"]) {
          for (const site of ["cross-site", "same-site"]) {
            const asked = jar.ask(`${replica.url}${path}`, { headers: { "sec-fetch-site": site } });
            expect(await codeOf(asked), path).to.deep.equal([403, "cross-site-refused"]);
          }
        }
        const signOutBy = (headers: Record<string, string>, body: string) =>
          jar.ask(`${replica.url}/console/sign-out`, {
            ...{ method: "POST", body },
            headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
          });
        expect(await codeOf(signOutBy({}, ""))).to.deep.equal([403, "cross-site-refused"]);
        expect(await codeOf(signOutBy({}, "csrf=guessed"))).to.deep.equal([403, "cross-site-refused"]);
        expect(await codeOf(signOutBy({ "content-type": "text/plain" }, "csrf=x"))).to.deep.equal([
          415,
          "media-type-unsupported",
        ]);
        await sessionOf(jar);
      });

      it("takes a session for a user's and nobody else's, and an Authorization header before it", async () => {
        const jar = await signedIn();
        const ask = (headers: Record<string, string>) => jar.ask(`${replica.url}/subscriptions`, { headers });
        expect(await codeOf(ask({ authorization: "Bearer junk" }))).to.deep.equal([401, "token-invalid"]);
        expect(await codeOf(ask({ authorization: "ICL junk.junk" }))).to.deep.equal([401, "token-invalid"]);
        expect((await ask({ "icl-channel": "c", "x-forwarded-user": "director" })).status).to.equal(200);
        expect(await sessionOf(jar)).to.include({ user: "officer" });
      });

      it("takes no cookie where there are two of its name, as when another host has set one too", async () => {
        const jar = await signedIn();
        const mine = `${cookieName("session")}=${jar.values.get(cookieName("session")) ?? ""}`;
        const forged = `${cookieName("session")}=${"A".repeat(43)}`;
        for (const cookie of [
          `${forged}; ${mine}`,
          `${mine}; ${forged}`,
          forged,
          `${cookieName("session")}=`,
        ]) {
          const asked = jar.ask(`${replica.url}/subscriptions`, { headers: { cookie } });
          expect(await codeOf(asked), cookie).to.deep.equal(nobody);
        }
        const similar = `x${mine}; ${cookieName("session")}x=1`;
        const asked = jar.ask(`${replica.url}/subscriptions`, { headers: { cookie: similar } });
        expect(await codeOf(asked)).to.deep.equal([401, "token-missing"]);
      });

      it("begins each session with a value that nobody knew before, and ends the one that the browser had", async () => {
        const planted = (await signedIn("visitor")).values.get(cookieName("session")) ?? "";
        const jar = new CookieJar();
        jar.values.set(cookieName("session"), planted);
        const callback = await begin(jar);
        // As a browser does that another site leads back: it keeps what is for this site's own pages alone.
        jar.values.delete(cookieName("session"));
        await jar.ask(callback.href);
        expect(jar.values.get(cookieName("session"))).not.to.equal(planted);
        expect(await sessionOf(jar)).to.include({ user: "officer" });
        const attacker = new CookieJar();
        attacker.values.set(cookieName("session"), planted);
        expect(await codeOf(attacker.ask(`${replica.url}/console/session`))).to.deep.equal(nobody);
      });

      it("takes each callback once, at whichever replica", async () => {
        const jar = new CookieJar();
        const callback = await begin(jar);
        const cookie = jar.header;
        expect((await jar.ask(callback.href)).headers.get("location")).to.equal(`${publicUrl}/console`);
        for (const at of [replica, other]) {
          const again = fetch(`${at.url}${callback.pathname}${callback.search}`, { headers: { cookie } });
          expect(await codeOf(again)).to.deep.equal(failed);
        }
      });

      it("takes a callback in the browser that began it alone, for ten minutes", async () => {
        const victim = new CookieJar();
        const callback = await begin(victim);
        const attacker = new CookieJar();
        expect(await codeOf(attacker.ask(callback.href)), "with no attempt of its own").to.deep.equal(failed);
        await begin(attacker);
        expect(await codeOf(attacker.ask(callback.href)), "with another attempt").to.deep.equal(failed);
        ahead = 10 * MINUTE + 1_000;
        expect(await codeOf(victim.ask(callback.href)), "too late").to.deep.equal(failed);
        expect(victim.values.has(cookieName("session"))).to.equal(false);
      });

      it("takes no code that another attempt got, though its own state is right", async () => {
        const [victim, attacker] = [new CookieJar(), new CookieJar()];
        const stolen = await begin(victim);
        const own = await begin(attacker);
        own.searchParams.set("code", stolen.searchParams.get("code") ?? "");
        expect(await codeOf(attacker.ask(own.href))).to.deep.equal(failed);
      });

      it("takes no answer in the name of another issuer, and none without a name", async () => {
        for (const change of [
          (url: URL) => {
            url.searchParams.set("iss", "https://evil.example");
          },
          (url: URL) => {
            url.searchParams.delete("iss");
          },
          (url: URL) => {
            url.searchParams.append("iss", "https://evil.example");
          },
          (url: URL) => {
            url.searchParams.append("state", "another");
          },
        ]) {
          const jar = new CookieJar();
          const callback = await begin(jar);
          change(callback);
          expect(await codeOf(jar.ask(callback.href)), callback.search).to.deep.equal(failed);
        }
      });

      it("leads to its own page and nowhere else, whatever a link, a header or an answer says", async () => {
        const jar = new CookieJar();
        const elsewhere = "https://evil.example/";
        const asked = jar.ask(`${replica.url}/console/sign-in?next=${elsewhere}`);
        expect(await codeOf(asked)).to.deep.equal([400, "malformed-request"]);
        const begun = await jar.ask(`${replica.url}/console/sign-in`, {
          headers: {
            "x-forwarded-host": "evil.example",
            "x-forwarded-proto": "https",
            forwarded: "host=evil",
          },
        });
        const authorize = new URL(begun.headers.get("location") ?? "");
        expect(authorize.origin).to.equal(provider.issuer);
        expect(authorize.searchParams.get("redirect_uri")).to.equal(`${publicUrl}/console/callback`);
        expect(authorize.searchParams.get("code_challenge_method")).to.equal("S256");
        // What a stronger sign-in is asked for by is one value to the provider, whatever stands in it.
        const acr = `urn:au:3 &redirect_uri=${elsewhere}#`;
        const query = new URLSearchParams({ acr, maxAge: "60" }).toString();
        const stronger = await jar.ask(`${replica.url}/console/sign-in?${query}`);
        const { origin, searchParams } = new URL(stronger.headers.get("location") ?? "");
        expect(origin).to.equal(provider.issuer);
        expect(searchParams.getAll("redirect_uri")).to.deep.equal([`${publicUrl}/console/callback`]);
        expect([searchParams.getAll("acr_values"), searchParams.getAll("max_age")]).to.deep.equal([
          ...[[acr], ["60"]],
        ]);
        const unquoted = await jar.ask(`${replica.url}/console/sign-in?acr=urn:au:3+urn:au:4`);
        const asks = new URL(unquoted.headers.get("location") ?? "").searchParams;
        expect(asks.get("acr_values"), "as people write it").to.equal("urn:au:3 urn:au:4");
        // The latest attempt is the one that counts.
        const callback = await provider.follow(
          (await jar.ask(`${replica.url}/console/sign-in`)).headers.get("location") ?? "",
        );
        for (const name of ["next", "redirect", "redirect_uri", "return_to"])
          callback.searchParams.set(name, elsewhere);
        expect((await jar.ask(callback.href)).headers.get("location")).to.equal(`${publicUrl}/console`);
      });

      it("tells a person on the page why a sign-in failed, and a program by the problem", async () => {
        const headers = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
        const jar = new CookieJar();
        const denied = await begin(jar);
        denied.searchParams.delete("code");
        denied.searchParams.set("error", "access_denied");
        denied.searchParams.set("error_description", "<script>alert(1)</script>");
        const answer = await jar.ask(denied.href, { headers });
        expect(answer.headers.get("location")).to.equal(`${publicUrl}/console#/sign-in/sign-in-failed`);
        const told =
          replica.lines.findLast((line) => line.includes("a sign-in did not come to its end")) ?? "";
        expect(told, "what the operator finds").to.contain("access_denied").and.not.to.contain("eyJ");
        provider.hang(true);
        await provider.close();
        const fresh = await startConsoleReplica({
          ...{ store, publicUrl, aside: true, now },
          ...{ issuers: [issuerConfig()], settings: settings() },
        });
        try {
          const away = await jar.ask(`${fresh.url}/console/sign-in`, { headers });
          expect(away.headers.get("location")).to.equal(`${publicUrl}/console#/sign-in/unavailable`);
          expect(await codeOf(jar.ask(`${fresh.url}/console/sign-in`))).to.deep.equal([503, "unavailable"]);
        } finally {
          await fresh.close();
          await stop();
          await start(7 * DAY_SECONDS);
        }
      });

      it("signs nobody in by a token that is meant for another than this node", async () => {
        const fresh = await startConsoleReplica({
          ...{ store, publicUrl, aside: true, now },
          ...{ issuers: [issuerConfig()], settings: { ...settings(), resource: ELSEWHERE } },
        });
        try {
          const jar = new CookieJar();
          const begun = await jar.ask(`${fresh.url}/console/sign-in`);
          const { search } = await provider.follow(begun.headers.get("location") ?? "");
          expect(await codeOf(jar.ask(`${fresh.url}/console/callback${search}`))).to.deep.equal(failed);
          expect(jar.values.size).to.equal(0);
        } finally {
          await fresh.close();
        }
      });

      it("sets cookies that no other host and no page without TLS can, where the node is reached by https", async () => {
        const secure = await startConsoleReplica({
          ...{ store, publicUrl: "https://icl.homeaffairs.gov.au", aside: true, now },
          ...{ issuers: [issuerConfig()], settings: settings() },
        });
        try {
          const jar = new CookieJar();
          await jar.ask(`${secure.url}/console/sign-in`);
          expect(jar.last.join()).to.match(/^__Host-icl-sign-in=/);
          expect(jar.last.join())
            .to.contain("; Path=/;")
            .and.to.contain("; Secure")
            .and.to.contain("; HttpOnly");
          expect(jar.last.join()).not.to.contain("Domain");
          const { session, ofSession } = sessionCookies("https://icl.homeaffairs.gov.au");
          expect(session).to.equal("__Host-icl-session");
          expect(ofSession).to.deep.equal({ httpOnly: true, secure: true, path: "/", sameSite: "strict" });
        } finally {
          await secure.close();
        }
      });

      it("signs in somebody whose token gives no role, who then may do nothing", async () => {
        const jar = await signedIn("visitor");
        expect((await sessionOf(jar)).roles).to.deep.equal([]);
        expect(await codeOf(jar.ask(`${replica.url}/subscriptions`))).to.deep.equal([403, "not-allowed"]);
      });

      it("ends a session that nobody was at for half an hour, though its page asks on by itself", async () => {
        const jar = await signedIn();
        const unattended = { headers: { "icl-unattended": "1" } };
        ahead = 20 * MINUTE;
        expect((await jar.ask(`${replica.url}/subscriptions`, unattended)).status).to.equal(200);
        ahead = 29 * MINUTE;
        expect((await jar.ask(`${replica.url}/subscriptions`)).status).to.equal(200);
        ahead = 58 * MINUTE;
        expect((await jar.ask(`${replica.url}/subscriptions`, unattended)).status).to.equal(200);
        ahead = 60 * MINUTE;
        expect(await codeOf(jar.ask(`${replica.url}/subscriptions`))).to.deep.equal(nobody);
      });

      it("ends a session after twelve hours, however busy", async () => {
        const jar = await signedIn();
        for (; ahead < 12 * 60 * MINUTE - 29 * MINUTE; ahead += 29 * MINUTE) await sessionOf(jar);
        await sessionOf(jar);
        ahead = 12 * 60 * MINUTE + 1_000;
        expect(await codeOf(jar.ask(`${replica.url}/console/session`))).to.deep.equal(nobody);
      });

      it("ends a session at every replica when its user signs out, with its streams, and leads on to the provider without a token", async () => {
        const jar = await signedIn();
        const stolen = jar.header;
        const stream = await jar.ask(`${other.url}/events`);
        expect(stream.status).to.equal(200);
        const out = await signOut(jar);
        const { next } = (await out.json()) as { next: string };
        const led = new URL(next);
        expect(led.origin).to.equal(provider.issuer);
        expect([...led.searchParams.keys()].sort()).to.deep.equal(["client_id", "post_logout_redirect_uri"]);
        expect(jar.values.size).to.equal(0);
        for (const at of [replica, other]) {
          const asked = fetch(`${at.url}/subscriptions`, { headers: { cookie: stolen } });
          expect(await codeOf(asked)).to.deep.equal(nobody);
        }
        // It ends by itself, or this waits for ever.
        expect(await stream.text()).to.contain("retry:");
      }).timeout(30_000);

      it("keeps ten sessions of a user, the latest", async () => {
        const jars: CookieJar[] = [];
        for (let count = 0; count < 11; count += 1) {
          jars.push(await signedIn());
          ahead += 1_000;
        }
        const [first, second] = jars;
        expect(await codeOf((first ?? new CookieJar()).ask(`${replica.url}/console/session`))).to.deep.equal(
          nobody,
        );
        await sessionOf(second ?? new CookieJar());
        await sessionOf(await signedIn("director"));
        expect(jars).to.have.length(11);
      }).timeout(30_000);

      it("renews tokens that end, at one replica at a time, so that a refresh token is shown once", async () => {
        await stop();
        await start(2);
        const jar = await signedIn();
        const row = () => store.db.selectFrom("console_session").selectAll().executeTakeFirstOrThrow();
        const before = await row();
        for (let round = 0; round < 3; round += 1) {
          // The provider ends everything of a user whose refresh token it sees twice.
          const asked = Array.from({ length: 10 }, (_, index) =>
            jar.ask(`${index % 2 === 0 ? replica.url : other.url}/subscriptions`),
          );
          const statuses = (await Promise.all(asked)).map(({ status }) => status);
          expect(new Set(statuses), `round ${round}`).to.deep.equal(new Set([200]));
        }
        expect((await row()).version).to.be.greaterThan(before.version);
        expect((await row()).sealed).not.to.equal(before.sealed);
        await stop();
        await start(7 * DAY_SECONDS);
      }).timeout(60_000);

      it("forgets sessions that are over", async () => {
        await signedIn();
        ahead = 31 * MINUTE;
        const fresh = await startConsoleReplica({
          ...{ store, publicUrl, aside: true, now },
          ...{ issuers: [issuerConfig()], settings: settings() },
        });
        try {
          await eventually(
            async () => (await store.db.selectFrom("console_session").selectAll().execute()).length === 0,
          );
        } finally {
          await fresh.close();
        }
      });

      it("says so where nobody can sign in, and takes no cookie there", async () => {
        const jar = await signedIn();
        const bare = await startConsoleReplica({ store, publicUrl, aside: true, issuers: [issuerConfig()] });
        try {
          for (const path of ["sign-in", "callback", "session"]) {
            const asked = jar.ask(`${bare.url}/console/${path}`);
            expect(await codeOf(asked), path).to.deep.equal([404, "sign-in-not-configured"]);
          }
          expect(await codeOf(jar.ask(`${bare.url}/subscriptions`))).to.deep.equal([401, "token-missing"]);
          expect((await jar.ask(`${bare.url}/console`)).status).to.equal(200);
        } finally {
          await bare.close();
        }
      });
    });
  },
  "suite",
);
