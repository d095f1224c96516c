import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from "jose";

import type { ConsoleConfig } from "../../src/identity/console-config.ts";
import { ConsoleIssuer, RefreshRefused } from "../../src/identity/console-issuer.ts";
import { SignInAttempt } from "../../src/identity/session-secret.ts";
import { rejection } from "../rejection.ts";

const CLIENT = "icl-console";
const HOME = "http://127.0.0.1:1";

/** How a provider that is not honest, or not well, differs from one that is. */
interface Lie {
  readonly discovery?: Record<string, unknown>;
  readonly idToken?: Record<string, unknown>;
  /** Signs the ID token with a key that the provider does not publish. */
  readonly otherKey?: boolean;
  readonly token?: { readonly status: number; readonly body: string; readonly type?: string };
  readonly redirect?: boolean;
  readonly silent?: boolean;
}

describe("an identity provider that answers wrongly", () => {
  let server: Server;
  let url: string;
  let keys: { privateKey: CryptoKey; other: CryptoKey; jwk: JWK };
  let lie: Lie;
  let attempt: SignInAttempt;
  let forms: URLSearchParams[];

  function idToken(): Promise<string> {
    const seconds = Math.floor(Date.now() / 1000);
    const honest = { sub: "officer", nonce: attempt.nonce, aud: CLIENT, iss: url, name: "Jo" };
    return new SignJWT({ ...honest, iat: seconds, exp: seconds + 300, ...lie.idToken })
      .setProtectedHeader({ alg: "ES256", kid: "1" })
      .sign(lie.otherKey === true ? keys.other : keys.privateKey);
  }

  async function answer(path: string): Promise<{ status: number; body: string; type?: string }> {
    if (path === "/jwks") return { status: 200, body: JSON.stringify({ keys: [keys.jwk] }) };
    if (path === "/token") {
      const tokens = { access_token: "access", token_type: "bearer", id_token: await idToken() };
      return lie.token ?? { status: 200, body: JSON.stringify({ ...tokens, refresh_token: "next" }) };
    }
    const document = {
      ...{ issuer: url, authorization_endpoint: `${url}/auth`, token_endpoint: `${url}/token` },
      ...{ jwks_uri: `${url}/jwks`, authorization_response_iss_parameter_supported: true },
      ...{ response_types_supported: ["code"], id_token_signing_alg_values_supported: ["ES256"] },
    };
    return { status: 200, body: JSON.stringify({ ...document, ...lie.discovery }) };
  }

  before(async () => {
    const [{ privateKey, publicKey }, { privateKey: other }] = await Promise.all([
      generateKeyPair("ES256", { extractable: true }),
      generateKeyPair("ES256"),
    ]);
    keys = {
      privateKey,
      other,
      jwk: { ...(await exportJWK(publicKey)), kid: "1", alg: "ES256", use: "sig" },
    };
    server = createServer((request, response) => {
      if (lie.silent === true) return;
      if (lie.redirect === true) {
        response.writeHead(302, { location: `${url}/elsewhere` }).end();
        return;
      }
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        forms.push(new URLSearchParams(Buffer.concat(pieces).toString()));
        void answer(request.url ?? "").then(({ status, body, type = "application/json" }) => {
          response.writeHead(status, { "content-type": type }).end(body);
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );

  beforeEach(() => {
    lie = {};
    forms = [];
    attempt = SignInAttempt.fresh(Date.now());
  });

  const client = (allowHttp = true) => {
    const config: ConsoleConfig = {
      ...{ issuer: url, clientId: CLIENT, scopes: ["openid"], resource: null, audience: null },
      ...{ idleMinutes: 30, hours: 12 },
    };
    return new ConsoleIssuer(config, {
      ...{
        redirectUri: `${HOME}/console/callback`,
        afterSignOut: `${HOME}/console`,
        secret: null,
        allowHttp,
      },
    });
  };
  const callback = () => new URLSearchParams({ code: "c", state: attempt.state, iss: url });

  it("is told apart from one that answers rightly", async () => {
    const tokens = await client().exchange(attempt, callback());
    expect(tokens).to.deep.equal({ access: "access", refresh: "next", name: "Jo" });
    expect(forms.at(-2)?.get("code_verifier")).to.equal(attempt.verifier);
  });

  const lies: Readonly<Record<string, () => Lie>> = {
    "an ID token for another attempt": () => ({ idToken: { nonce: SignInAttempt.fresh(Date.now()).nonce } }),
    "an ID token for no attempt": () => ({ idToken: { nonce: undefined } }),
    "an ID token for another client": () => ({ idToken: { aud: "another" } }),
    "an ID token of another issuer": () => ({ idToken: { iss: "https://id.example" } }),
    "an ID token that has expired": () => ({ idToken: { exp: 1_000 } }),
    "an ID token that somebody else signed": () => ({ otherKey: true }),
    "no ID token": () => ({
      token: { status: 200, body: JSON.stringify({ access_token: "a", token_type: "bearer" }) },
    }),
    "a refusal": () => ({ token: { status: 400, body: JSON.stringify({ error: "invalid_grant" }) } }),
  };
  for (const [what, told] of Object.entries(lies)) {
    it(`signs nobody in by ${what}`, async () => {
      lie = told();
      expect(await rejection(client().exchange(attempt, callback()))).to.include({ code: "sign-in-failed" });
    });
  }

  const troubles: Readonly<Record<string, () => Lie>> = {
    "says that it is another": () => ({ discovery: { issuer: "https://id.example" } }),
    redirects: () => ({ redirect: true }),
    "answers without end": () => ({ discovery: { padding: "x".repeat(300 * 1024) } }),
    "answers nothing": () => ({ silent: true }),
  };
  for (const [what, told] of Object.entries(troubles)) {
    it(`leads nobody to one that ${what}`, async () => {
      lie = told();
      const asked = client().signInUrl(attempt, { acr: null, maxAge: null });
      expect(await rejection(asked)).to.include({ code: "unavailable" });
    }).timeout(20_000);
  }

  it("leads nobody to one without TLS, in production", async () => {
    const asked = client(false).signInUrl(attempt, { acr: null, maxAge: null });
    expect(await rejection(asked)).to.include({ code: "unavailable" });
  });

  it("ends a session where it says so, and not where it is away", async () => {
    const known = client();
    await known.signInUrl(attempt, { acr: null, maxAge: null });
    for (const token of [
      { status: 400, body: JSON.stringify({ error: "invalid_grant" }) },
      { status: 400, body: "no such token", type: "text/plain" },
    ]) {
      lie = { token };
      expect(await rejection(known.refresh("one")), token.body).to.be.instanceOf(RefreshRefused);
    }
    for (const token of [
      { status: 503, body: JSON.stringify({ error: "temporarily_unavailable" }) },
      { status: 502, body: "<p>Bad gateway</p>", type: "text/html" },
      // Others ask too much of it, or a proxy before it answers in its place: that says nothing of the token.
      { status: 429, body: JSON.stringify({ error: "too_many_requests" }) },
      { status: 429, body: "<p>Slow down</p>", type: "text/html" },
      { status: 408, body: "" },
      { status: 403, body: "<p>Blocked</p>", type: "text/html" },
      { status: 404, body: "<p>Closed for maintenance</p>", type: "text/html" },
      { status: 200, body: "<p>Welcome</p>", type: "text/html" },
    ]) {
      lie = { token };
      expect(await rejection(known.refresh("one")), token.body).to.include({ code: "unavailable" });
    }
    lie = { silent: true };
    expect(await rejection(known.refresh("one"))).to.include({ code: "unavailable" });
  }).timeout(20_000);

  it("is asked for a stronger sign-in where a message needs one", async () => {
    const asked = await client().signInUrl(attempt, { acr: "urn:au:3 urn:au:4", maxAge: 600 });
    expect(asked.searchParams.get("acr_values")).to.equal("urn:au:3 urn:au:4");
    expect(asked.searchParams.get("max_age")).to.equal("600");
  });
});
