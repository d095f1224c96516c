import { createHmac } from "node:crypto";

import { expect } from "chai";
import { decodeJwt, decodeProtectedHeader } from "jose";

import type { UserCaller } from "../../src/identity/caller.ts";
import { BearerTokens } from "../../src/identity/bearer-token.ts";
import type { IssuerConfig } from "../../src/identity/issuer-config.ts";
import { rejection } from "../rejection.ts";
import { au } from "./fixtures.ts";
import { CLIENT, ELSEWHERE, NODE, startOidcProvider, SYSTEM, type OidcProvider } from "./oidc-provider.ts";

describe("a token of a real OpenID provider", function () {
  this.timeout(60_000);
  let provider: OidcProvider;
  let stranger: OidcProvider;
  let tokens: BearerTokens;

  const configOf = ({ issuer }: OidcProvider, more: Partial<IssuerConfig> = {}): IssuerConfig => ({
    ...{ issuer, audience: NODE, jwksUri: null, algorithms: ["ES256"], development: false },
    roles: { "icl.read": ["messages:read"] },
    tokenType: "at+jwt",
    claims: [
      {
        test: { claim: "groups", how: "contains", value: "officers" },
        ...{ roles: ["messages:write"], subjects: null, subjectsFrom: null },
      },
      {
        test: { claim: "groups", how: "contains", value: "chamber" },
        ...{ roles: ["messages:write"], subjects: null, subjectsFrom: "/icl/subjects" },
      },
    ],
    ...more,
  });

  before(async () => {
    provider = await startOidcProvider();
    stranger = await startOidcProvider();
  });

  beforeEach(() => {
    tokens = new BearerTokens(au, [configOf(provider)], Date.now, { cooldownMs: 0 });
  });

  after(() => Promise.all([provider.close(), stranger.close()]));

  const access = async (wish: Parameters<OidcProvider["login"]>[0]) =>
    (await provider.login(wish)).access_token;
  const refused = async (token: string, judge = tokens) => {
    expect(await rejection(judge.verify(token))).to.include({ code: "token-invalid" });
  };

  it("identifies a person who logged in by code and PKCE: who, by which client, how surely and when", async () => {
    const before = Math.floor(Date.now() / 1000);
    const caller = await tokens.verify(await access({ account: "officer" }));
    const { authenticatedAt = 0, expiresAt, roles, ...rest } = caller;
    expect(rest).to.deep.equal({
      ...{ kind: "user", issuer: provider.issuer, subject: "officer", participant: au },
      ...{ client: CLIENT, acr: "urn:au:2" },
    });
    expect(roles).to.deep.equal(new Set(["messages:read", "messages:write"]));
    expect(authenticatedAt).to.be.at.least(before * 1000);
    expect(expiresAt).to.be.greaterThan(Date.now());
  });

  it("gives what its scopes and claims are mapped to, and that alone", async () => {
    const of = (account: string, scope: string): Promise<UserCaller> =>
      access({ account, scope }).then((token) => tokens.verify(token));
    expect((await of("visitor", "icl.read")).roles).to.deep.equal(new Set(["messages:read"]));
    expect((await of("visitor", "icl.admin icl.send")).roles).to.deep.equal(new Set());
    const chamber = await of("chamber", "icl.read");
    expect(chamber.roles).to.deep.equal(new Set(["messages:read", "messages:write"]));
    expect(chamber.subjects).to.deep.equal(new Map([["messages:write", ["chamber.com.au:*"]]]));
  });

  it("identifies a program by its client credentials, and says that it is one", async () => {
    const caller = await tokens.verify(await provider.clientToken());
    expect(caller).to.include({ subject: SYSTEM, client: SYSTEM, via: "system" });
    expect(caller).not.to.have.any.keys("acr", "authenticatedAt");
    expect(caller.roles).to.deep.equal(new Set(["messages:read"]));
  });

  it("tells programs from people by another claim, where the issuer says so", async () => {
    const systems = { claim: "groups", how: "contains", value: "officers" } as const;
    const judge = new BearerTokens(au, [configOf(provider, { systems })]);
    expect(await judge.verify(await access({ account: "officer" }))).to.include({ via: "system" });
    expect(await judge.verify(await provider.clientToken())).not.to.have.property("via");
  });

  it("is accepted after its issuer changed keys, without a restart, and one of the old key is not", async () => {
    const old = await access({ account: "officer" });
    expect(await tokens.verify(old)).to.include({ subject: "officer" });
    await provider.rotate();
    const fresh = await access({ account: "officer" });
    expect(decodeProtectedHeader(fresh).kid).not.to.equal(decodeProtectedHeader(old).kid);
    expect(await tokens.verify(fresh)).to.include({ subject: "officer" });
    await refused(old);
  });

  it("is accepted from each of several issuers, though one of them answers nothing", async () => {
    const judge = new BearerTokens(au, [configOf(provider), configOf(stranger)]);
    const theirs = (await stranger.login({ account: "officer" })).access_token;
    expect(await judge.verify(theirs)).to.include({ issuer: stranger.issuer });
    const late = new BearerTokens(au, [configOf(provider), configOf(stranger)]);
    stranger.hang(true);
    try {
      const token = await access({ account: "officer" });
      let over = false;
      const waiting = rejection(late.verify(theirs)).finally(() => (over = true));
      expect(await late.verify(token)).to.include({ subject: "officer" });
      expect(over, "nobody waits for the other").to.equal(false);
      expect(await waiting).to.include({ code: "unavailable" });
    } finally {
      stranger.hang(false);
    }
  });

  it("is refused when it has expired", async () => {
    const token = await access({ account: "officer" });
    const { exp = 0 } = decodeJwt(token);
    const later = new BearerTokens(au, [configOf(provider)], () => (exp + 31) * 1000);
    expect(await rejection(later.verify(token))).to.include({ code: "token-expired" });
  });

  it("is refused when it is meant for another resource, or for none", async () => {
    await refused(await access({ account: "officer", resource: ELSEWHERE }));
    await refused(await access({ account: "officer", resource: null }));
  });

  it("is refused when its issuer is none that is trusted", async () => {
    await refused((await stranger.login({ account: "officer" })).access_token);
  });

  it("is refused when it is an ID token, even where its audience would do", async () => {
    const { id_token: idToken } = await provider.login({ account: "officer" });
    await refused(idToken);
    const judge = new BearerTokens(au, [configOf(provider, { audience: CLIENT })]);
    await refused(idToken, judge);
  });

  it("is refused when its algorithm is another than the key's, or none", async () => {
    const token = await access({ account: "officer" });
    const [, payload = ""] = token.split(".");
    const { kid = "" } = decodeProtectedHeader(token);
    const keys = await (await fetch(`${provider.issuer}/jwks`)).text();
    const header = (alg: string) =>
      Buffer.from(JSON.stringify({ alg, kid, typ: "at+jwt" })).toString("base64url");
    await refused(`${header("none")}.${payload}.`);
    for (const secret of [keys, JSON.stringify((JSON.parse(keys) as { keys: unknown[] }).keys[0])]) {
      const input = `${header("HS256")}.${payload}`;
      await refused(`${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`);
    }
    const [, , signature = ""] = token.split(".");
    await refused(`${header("ES384")}.${payload}.${signature}`);
  });

  it("is refused when its claims were changed", async () => {
    const token = await access({ account: "visitor" });
    const [header = "", , signature = ""] = token.split(".");
    const forged = Buffer.from(JSON.stringify({ ...decodeJwt(token), groups: ["officers"] })).toString(
      "base64url",
    );
    await refused(`${header}.${forged}.${signature}`);
  });
});
