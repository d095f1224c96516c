import { createHmac } from "node:crypto";

import { expect } from "chai";
import { Router } from "express";
import { exportSPKI, importJWK } from "jose";

import { ChannelFailure } from "../../src/channels/channel.ts";
import { callerOf, requireUser } from "../../src/http/caller.ts";
import type { HttpServer } from "../../src/http/server.ts";
import { authenticator } from "../../src/identity/authenticate.ts";
import { BearerTokens } from "../../src/identity/bearer-token.ts";
import { NodeTokenVerifier } from "../../src/identity/node-token.ts";
import { problemOf, serve } from "../http/test-app.ts";
import { au, AUDIENCE, startIssuer, type TestIssuer } from "./fixtures.ts";

const ID = `0x${"ab".repeat(32)}`;

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

describe("a bearer token", () => {
  let issuer: TestIssuer;
  let second: TestIssuer;
  let stranger: TestIssuer;
  let server: HttpServer;
  let seen: unknown;

  before(async () => {
    issuer = await startIssuer("ES256");
    second = await startIssuer("RS256", { audience: "node-au", roles: { admin: ["admin"] } });
    stranger = await startIssuer("ES256");
    const router = Router();
    router.get("/messages", (_request, response) => {
      seen = callerOf(response);
      response.json({ items: [], next: null });
    });
    router.post("/messages/:id/withdraw", (_request, response) => {
      requireUser(response, "messages:write");
      response.status(404).end();
    });
    const bearer = new BearerTokens(au, [issuer.config, second.config]);
    const nodes = new NodeTokenVerifier(au, [], () =>
      Promise.reject(new ChannelFailure("stop", "none", "none")),
    );
    server = await serve(authenticator(bearer, nodes), [router]);
  });

  after(() => Promise.all([server.close(), issuer.close(), second.close(), stranger.close()]));

  function get(authorization: string | undefined, path = "/messages"): Promise<Response> {
    return fetch(server.url + path, authorization === undefined ? {} : { headers: { authorization } });
  }

  async function refused(token: string, code: string): Promise<string> {
    seen = undefined;
    const response = await get(`Bearer ${token}`);
    const challenge = response.headers.get("www-authenticate");
    const problem = await problemOf(response);
    expect(problem).to.include({ status: 401, code });
    expect(challenge).to.contain('error="invalid_token"').and.to.contain(`error_description="${code}"`);
    expect(seen).to.equal(undefined);
    expect(problem.detail).not.to.contain(token.slice(0, 20));
    return problem.detail;
  }

  const seconds = () => Math.floor(Date.now() / 1000);

  it("identifies its user, with the roles that its scopes are mapped to", async () => {
    const exp = seconds() + 300;
    const response = await get(
      `Bearer ${await issuer.token({ scope: "icl.read other admin documents:write", exp })}`,
    );
    expect(response.status).to.equal(200);
    expect(seen).to.deep.equal({
      kind: "user",
      issuer: issuer.url,
      subject: "officer-7",
      participant: au,
      roles: new Set(["messages:read"]),
      expiresAt: exp * 1000,
    });
  });

  it("may carry its scopes as a list, or as roles", async () => {
    for (const claims of [
      { scope: undefined, scp: ["icl.read"] },
      { scope: undefined, roles: ["icl.read"] },
    ]) {
      await get(`Bearer ${await issuer.token(claims)}`);
      expect(seen).to.deep.include({ roles: new Set(["messages:read"]) });
    }
  });

  it("gives no role for scopes that are not mapped, such as names of an object's own members", async () => {
    await get(
      `Bearer ${await issuer.token({ scope: "constructor __proto__ toString", roles: [7, null, {}] })}`,
    );
    expect(seen).to.deep.include({ roles: new Set() });
  });

  it("may come from any configured issuer, each with its own audience, keys and roles", async () => {
    await get(`Bearer ${await second.token({ aud: "node-au", scope: "admin icl.send" })}`);
    expect(seen).to.deep.include({ issuer: second.url, roles: new Set(["admin"]) });
    await refused(await second.token({ aud: AUDIENCE }), "token-invalid");
  });

  it("may be meant for several audiences of which this node is one", async () => {
    expect((await get(`bearer ${await issuer.token({ aud: ["other", AUDIENCE] })}`)).status).to.equal(200);
  });

  it("is forgiven thirty seconds of clock difference, and no more", async () => {
    expect((await get(`Bearer ${await issuer.token({ exp: seconds() - 20 })}`)).status).to.equal(200);
    await refused(await issuer.token({ exp: seconds() - 40 }), "token-expired");
  });

  it("is needed", async () => {
    expect((await problemOf(await get(undefined))).code).to.equal("token-missing");
  });

  it("of a user without the role is answered with 403", async () => {
    const response = await fetch(`${server.url}/messages/${ID}/withdraw`, {
      method: "POST",
      headers: { authorization: `Bearer ${await issuer.token({ scope: "icl.read" })}` },
    });
    expect(await problemOf(response)).to.include({ status: 403, code: "not-allowed" });
  });

  describe("is refused", () => {
    it("when it has expired", async () => {
      expect(await refused(await issuer.token({ exp: seconds() - 3600 }), "token-expired")).to.contain(
        "new one",
      );
    });

    const claims: readonly (readonly [string, () => Record<string, unknown>])[] = [
      ["when it is meant for another audience", () => ({ aud: "icl.customs.gov.cn" })],
      ["when it names no audience", () => ({ aud: undefined })],
      ["when it never expires", () => ({ exp: undefined })],
      ["when its expiry is a text", () => ({ exp: "never" })],
      ["when it names nobody", () => ({ sub: undefined })],
      ["when its subject is empty", () => ({ sub: "" })],
      ["when its subject is endless", () => ({ sub: "a".repeat(256) })],
      ["when it is not valid yet", () => ({ nbf: seconds() + 120 })],
      ["when its issuer is not trusted", () => ({ iss: "https://id.example" })],
      ["when it names no issuer", () => ({ iss: undefined })],
      ["when it claims to be another trusted issuer's", () => ({ iss: second.url, aud: "node-au" })],
      ["when it is larger than any token", () => ({ padding: "a".repeat(9_000) })],
    ];
    for (const [name, change] of claims) {
      it(name, async () => {
        await refused(await issuer.token(change()), "token-invalid");
      });
    }

    it("when a stranger signed it in the name of a trusted issuer", async () => {
      await refused(await stranger.token({ iss: issuer.url }, { kid: issuer.kid }), "token-invalid");
    });

    it("when its key is unknown, and asks the issuer again for it at most once", async () => {
      await get(`Bearer ${await issuer.token()}`);
      const before = issuer.requests.length;
      for (let i = 0; i < 5; i++)
        await refused(await issuer.token({}, { kid: `unknown-${i}` }), "token-invalid");
      expect(issuer.requests.length - before).to.be.at.most(1);
    });

    it("when it is not signed at all", async () => {
      const [, payload = ""] = (await issuer.token()).split(".");
      for (const alg of ["none", "None", "NONE"]) {
        await refused(`${base64url({ alg })}.${payload}.`, "token-invalid");
        await refused(`${base64url({ alg, kid: issuer.kid })}.${payload}.AAAA`, "token-invalid");
      }
    });

    it("when the issuer's public key was used as a shared secret", async () => {
      const key = await importJWK(second.publicJwk, "RS256", { extractable: true });
      const pem = await exportSPKI(key as Parameters<typeof exportSPKI>[0]);
      const [, payload = ""] = (await second.token({ aud: "node-au" })).split(".");
      for (const secret of [pem, pem.trim(), JSON.stringify(second.publicJwk), String(second.publicJwk.n)]) {
        const input = `${base64url({ alg: "HS256", kid: second.kid, typ: "JWT" })}.${payload}`;
        const signature = createHmac("sha256", secret).update(input).digest("base64url");
        await refused(`${input}.${signature}`, "token-invalid");
      }
    });

    it("when it brings its own key", async () => {
      const header = { jwk: stranger.publicJwk, jku: `${stranger.url}/jwks`, kid: stranger.kid };
      const before = stranger.requests.length;
      await refused(await stranger.token({ iss: issuer.url }, header), "token-invalid");
      expect(stranger.requests.length).to.equal(before);
    });

    it("when its signature or payload was changed", async () => {
      const [header = "", payload = "", signature = ""] = (await issuer.token()).split(".");
      const claimsOf = JSON.parse(Buffer.from(payload, "base64url").toString()) as object;
      await refused(`${header}.${base64url({ ...claimsOf, sub: "director" })}.${signature}`, "token-invalid");
      await refused(`${header}.${payload}.${signature.slice(0, -4)}AAAA`, "token-invalid");
      await refused(`${header}.${payload}`, "token-invalid");
    });

    it("when it is no token", async () => {
      for (const token of ["x", "a.b.c", "..", "%00", "eyJhbGciOiJFUzI1NiJ9..", "a".repeat(5000)]) {
        await refused(token, "token-invalid");
      }
      for (const header of ["Bearer", "Bearer ", "Basic YTpi", "Token abc", "Bearer a b"]) {
        expect((await problemOf(await get(header))).code, header).to.equal("token-invalid");
      }
    });

    it("in the query", async () => {
      const response = await get(undefined, `/messages?access_token=${await issuer.token()}`);
      expect((await problemOf(response)).code).to.equal("token-missing");
    });

    it("when its algorithm is not among those configured", async () => {
      const edDsa = await startIssuer("EdDSA", { algorithms: ["ES256"] });
      try {
        const tokens = new BearerTokens(au, [edDsa.config]);
        const error = await tokens.verify(await edDsa.token()).catch((caught: unknown) => caught);
        expect(error).to.include({ code: "token-invalid" });
      } finally {
        await edDsa.close();
      }
    });
  });

  describe("whose issuer cannot be asked for its keys", () => {
    const broken: readonly (readonly [string, (issuer: TestIssuer) => void | Promise<void>])[] = [
      ["because nothing listens there", (one) => one.close()],
      [
        "because it is down",
        (one) => {
          one.instead = { status: 502, body: "bad gateway" };
        },
      ],
      [
        "because it answers no JSON",
        (one) => {
          one.instead = { status: 200, body: "<html>" };
        },
      ],
      [
        "because it answers something else",
        (one) => {
          one.instead = {
            status: 200,
            body: '{"issuer":"https://evil.example","jwks_uri":"http://127.0.0.1:1/"}',
          };
        },
      ],
      [
        "because it answers without end",
        (one) => {
          one.instead = { status: 200, body: `{"issuer":"${"a".repeat(300_000)}"}` };
        },
      ],
      [
        "because it redirects",
        (one) => {
          one.instead = { status: 302, body: "" };
        },
      ],
    ];
    for (const jwks of [false, true]) {
      for (const [name, breakIt] of broken) {
        it(`is neither accepted nor called wrong ${name} (${jwks ? "keys" : "discovery"})`, async () => {
          const one = await startIssuer("ES256", { jwksUri: null });
          const config = jwks ? { ...one.config, jwksUri: `${one.url}/jwks` } : one.config;
          const token = await one.token();
          await breakIt(one);
          const error = await new BearerTokens(au, [config]).verify(token).catch((caught: unknown) => caught);
          expect(error).to.include({ code: "unavailable", status: 503 });
          expect(error).to.have.property("retryAfterSeconds").that.is.greaterThan(0);
          await one.close();
        });
      }
    }

    it("is accepted once the issuer is back", async () => {
      const one = await startIssuer("ES256");
      one.instead = { status: 503, body: "" };
      const tokens = new BearerTokens(au, [{ ...one.config, jwksUri: `${one.url}/jwks` }]);
      const token = await one.token();
      expect(await tokens.verify(token).catch((caught: unknown) => caught)).to.include({
        code: "unavailable",
      });
      one.instead = undefined;
      expect(await tokens.verify(token)).to.include({ subject: "officer-7" });
      await one.close();
    });
  });
});
