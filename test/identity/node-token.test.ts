import { expect } from "chai";
import { Router } from "express";

import { ChannelFailure, type Channel } from "../../src/channels/channel.ts";
import {
  createMemoryAccount,
  MemoryChannel,
  type MemoryAccount,
} from "../../src/channels/memory/memory-channel.ts";
import { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { parseDomain, parseJurisdiction, type Domain } from "../../src/domain/participant.ts";
import { callerOf, requireUser } from "../../src/http/caller.ts";
import type { HttpServer } from "../../src/http/server.ts";
import { authenticator } from "../../src/identity/authenticate.ts";
import { BearerTokens } from "../../src/identity/bearer-token.ts";
import { NodeTokenIssuer, NodeTokenVerifier, type UseToken } from "../../src/identity/node-token.ts";
import { usedTokens } from "../../src/identity/used-token-repository.ts";
import { problemOf, serve } from "../http/test-app.ts";
import { eachStore } from "../store/each-store.ts";
import { au, cn } from "./fixtures.ts";

const sg = parseDomain("customs.gov.sg");
const HASH = "QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n";
const PATH = `/documents/${HASH}`;
const NOW = Date.parse("2020-06-03T08:00:00Z");

interface Country {
  readonly operator: MemoryAccount;
  readonly nodeKey: MemoryAccount;
  readonly channel: MemoryChannel;
}

function seat(ledger: MemoryLedger, domain: Domain, jurisdiction: string): Country {
  const accounts = { operator: createMemoryAccount(), nodeKey: createMemoryAccount() };
  ledger.seat({
    domain,
    jurisdiction: parseJurisdiction(jurisdiction),
    endpoint: `https://icl.${domain}`,
    operator: accounts.operator.account,
    nodeKey: accounts.nodeKey.account,
    predicates: [],
  });
  return { ...accounts, channel: new MemoryChannel(ledger, accounts) };
}

eachStore("a node token", (openFresh, source) => {
  let ledger: MemoryLedger;
  let china: Country;
  let now: number;
  let server: HttpServer;
  let seen: unknown;
  let failure: ChannelFailure | null;
  let ours: Channel;

  /** Australia's view of the channel, which can be made to fail. */
  function australia(): Channel {
    const { channel } = seat(ledger, au, "AU");
    const failing: Pick<Channel, "isNodeSignature"> = {
      isNodeSignature: (...question) =>
        failure === null ? channel.isNodeSignature(...question) : Promise.reject(failure),
    };
    return Object.assign(Object.create(channel) as Channel, failing, { description: channel.description });
  }

  function serveWith(use: UseToken): Promise<HttpServer> {
    const router = Router();
    router.get("/documents/:multihash", (_request, response) => {
      seen = callerOf(response);
      response.type("text/plain").send("bytes");
    });
    router.head("/documents/:multihash", (_request, response) => {
      response.end();
    });
    router.get("/messages", (_request, response) => {
      requireUser(response, "messages:read");
      response.json({ items: [], next: null });
    });
    const verifier = new NodeTokenVerifier(au, [ours], use, () => now);
    return serve(authenticator(new BearerTokens(au, []), verifier), [router]);
  }

  beforeEach(async () => {
    now = NOW;
    failure = null;
    seen = undefined;
    ledger = new MemoryLedger();
    china = seat(ledger, cn, "CN");
    ours = australia();
    const { db } = await openFresh();
    server = await serveWith(usedTokens(db, () => now));
  });

  afterEach(() => server.close());

  function header(
    request: { audience?: Domain; method?: string; path?: string } = {},
    by: { participant?: Domain; channel?: Channel } = {},
  ): Promise<string> {
    const issuer = new NodeTokenIssuer(by.participant ?? cn, () => now);
    return issuer.authorize(by.channel ?? china.channel, {
      audience: au,
      method: "GET",
      path: PATH,
      ...request,
    });
  }

  /** A token whose claims are changed after the usual ones are made, and which is then properly signed. */
  async function signed(
    change: (claims: Record<string, unknown>) => unknown,
    channel = china.channel,
  ): Promise<string> {
    const [claims = ""] = (await header()).slice(4).split(".");
    const changed = change(
      JSON.parse(Buffer.from(claims, "base64url").toString()) as Record<string, unknown>,
    );
    return signText(typeof changed === "string" ? changed : JSON.stringify(changed), channel);
  }

  async function signText(text: string, channel = china.channel): Promise<string> {
    const encoded = Buffer.from(text).toString("base64url");
    const { signature } = await channel.signAsNode(new TextEncoder().encode(`ICL ${encoded}`));
    return `ICL ${encoded}.${Buffer.from(signature).toString("base64url")}`;
  }

  function get(authorization: string, path = PATH, init: RequestInit = {}): Promise<Response> {
    return fetch(server.url + path, { ...init, headers: { authorization } });
  }

  async function refused(authorization: string, code = "token-invalid", path = PATH): Promise<void> {
    const problem = await problemOf(await get(authorization, path));
    expect(problem).to.include({ status: 401, code });
    expect(seen).to.equal(undefined);
  }

  it("identifies another participant's node", async () => {
    expect((await get(await header())).status).to.equal(200);
    expect(seen).to.deep.equal({
      kind: "node",
      participant: cn,
      account: china.nodeKey.account,
      channelId: ledger.id,
    });
  });

  it("is good for the path with its query, as requested", async () => {
    const path = "/documents/Qm%2Fa?x=1";
    expect((await problemOf(await get(await header({ path }), path))).code).to.equal("malformed-request");
    await refused(await header({ path: "/documents/Qm%2Fa" }), "token-invalid", path);
  });

  it("gives no user's rights", async () => {
    const problem = await problemOf(await get(await header({ path: "/messages" }), "/messages"));
    expect(problem).to.include({ status: 403, code: "not-allowed" });
  });

  it("is forgiven thirty seconds of clock difference either way, and no more", async () => {
    for (const [seconds, code] of [
      [-29, null],
      [-31, "token-invalid"],
      [89, null],
      [91, "token-expired"],
    ] as const) {
      now = NOW;
      const authorization = await header();
      now = NOW + seconds * 1000;
      seen = undefined;
      if (code === null) expect((await get(authorization)).status, String(seconds)).to.equal(200);
      else await refused(authorization, code);
    }
  });

  describe("is refused", () => {
    it("the second time", async () => {
      const authorization = await header();
      expect((await get(authorization)).status).to.equal(200);
      seen = undefined;
      await refused(authorization, "token-replayed");
    });

    it("at another time but the first, however many come at once", async () => {
      const authorization = await header();
      const answers = await Promise.all(Array.from({ length: 12 }, () => get(authorization)));
      expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
      expect(answers.filter(({ status }) => status === 401)).to.have.length(11);
    });

    it("the second time also by another replica, and after a restart", async () => {
      const location = await source.freshLocation();
      const first = await source.open(location);
      const one = await serveWith(usedTokens(first.db, () => now));
      const authorization = await header();
      expect((await fetch(one.url + PATH, { headers: { authorization } })).status).to.equal(200);
      await one.close();
      await first.close();
      const second = await source.open(location);
      const two = await serveWith(usedTokens(second.db, () => now));
      const again = await fetch(two.url + PATH, { headers: { authorization } });
      expect((await problemOf(again)).code).to.equal("token-replayed");
      await two.close();
    });

    it("for another path, query, method or participant", async () => {
      await refused(await header({ path: `${PATH}/acl` }));
      await refused(await header({ path: `${PATH}?` }));
      await refused(await header({ method: "HEAD" }));
      await refused(await header({ audience: sg }));
      const other = await get(await header({ method: "GET" }), PATH, { method: "HEAD" });
      expect(other.status).to.equal(401);
    });

    it("when it lives too long, or not at all", async () => {
      await refused(await signed((claims) => ({ ...claims, exp: Number(claims.iat) + 61 })));
      await refused(await signed((claims) => ({ ...claims, exp: claims.iat })));
      await refused(await signed((claims) => ({ ...claims, exp: Number.MAX_SAFE_INTEGER })));
      await refused(
        await signed((claims) => ({ ...claims, iat: Number(claims.iat) + 31, exp: Number(claims.exp) + 31 })),
      );
    });

    it("when its account holds no node right, not even the operator's", async () => {
      const { operator, nodeKey } = china;
      const stranger = createMemoryAccount();
      await refused(
        await header({}, { channel: new MemoryChannel(ledger, { operator, nodeKey: stranger }) }),
      );
      await refused(
        await header({}, { channel: new MemoryChannel(ledger, { operator, nodeKey: operator }) }),
      );
      ledger.dismissNodeKey(cn, nodeKey.account);
      await refused(await header());
    });

    it("when another participant's account signs in its name", async () => {
      const singapore = seat(ledger, sg, "SG");
      await refused(await header({}, { participant: cn, channel: singapore.channel }));
      await refused(await signed((claims) => ({ ...claims, sub: china.nodeKey.account }), singapore.channel));
    });

    it("when its participant is suspended", async () => {
      ledger.suspend(cn);
      await refused(await header());
      ledger.reinstate(cn);
      expect((await get(await header())).status).to.equal(200);
    });

    it("when it names a channel this node takes no part in", async () => {
      await refused(await signed((claims) => ({ ...claims, channel: "memory:elsewhere" })));
    });

    it("when its claims or signature were changed", async () => {
      const authorization = await header();
      const [claims = "", signature = ""] = authorization.slice(4).split(".");
      const changed = Buffer.from(Buffer.from(claims, "base64url").toString().replace(cn, sg)).toString(
        "base64url",
      );
      await refused(`ICL ${changed}.${signature}`);
      await refused(`ICL ${claims}.${signature.slice(0, -6)}AAAAAA`);
    });

    const claims: readonly (readonly [string, (claims: Record<string, unknown>) => unknown])[] = [
      ["with a member nobody knows", (usual) => ({ ...usual, role: "admin" })],
      ["without account", (usual) => ({ ...usual, sub: undefined })],
      ["without id", (usual) => ({ ...usual, jti: undefined })],
      ["with a short id", (usual) => ({ ...usual, jti: "1" })],
      ["with an endless id", (usual) => ({ ...usual, jti: "a".repeat(65) })],
      ["with a time that is a text", (usual) => ({ ...usual, iat: String(usual.iat) })],
      ["with a fraction of a second", (usual) => ({ ...usual, iat: Number(usual.iat) + 0.5 })],
      ["with a participant that is none", (usual) => ({ ...usual, iss: "Customs.gov.cn" })],
      ["with a list for a path", (usual) => ({ ...usual, path: [PATH] })],
      ["with an absolute path", (usual) => ({ ...usual, path: `https://icl.homeaffairs.gov.au${PATH}` })],
      ["that is a list", () => []],
      ["that is null", () => "null"],
      ["that is no JSON", () => "{"],
      ["that is larger than any", (usual) => ({ ...usual, padding: "a".repeat(9_000) })],
    ];
    for (const [name, change] of claims) {
      it(name, async () => {
        await refused(await signed(change));
      });
    }

    it("when it is no node token", async () => {
      for (const token of ["x", "x.y", "x.y.z", ".", "e30.", ".e30", "e30=.AAAA", "e30.AA+A"]) {
        await refused(`ICL ${token}`);
      }
    });
  });

  it("is neither accepted nor called wrong when the ledger cannot be asked, and can then be used again", async () => {
    failure = new ChannelFailure("retry", "ledger-unreachable", "connect ECONNREFUSED 10.0.0.7:8545");
    const authorization = await header();
    const response = await get(authorization);
    expect(response.headers.get("retry-after")).to.equal("5");
    const problem = await problemOf(response);
    expect(problem).to.include({ status: 503, code: "unavailable" });
    expect(problem.detail).not.to.contain("10.0.0.7");
    failure = null;
    expect((await get(authorization)).status).to.equal(200);
  });

  it("is not used again through a replica whose clock is ahead and which forgets sooner", async () => {
    const { db } = await source.open(await source.freshLocation());
    const token = { issuer: cn, jti: "b", expiresAt: now + 90_000 };
    expect(await usedTokens(db, () => now)(token)).to.equal(true);
    const ahead = usedTokens(db, () => now + 120_000);
    await ahead({ issuer: cn, jti: "c", expiresAt: now + 210_000 });
    expect(await usedTokens(db, () => now)(token)).to.equal(false);
  });

  it("is forgotten some time after it has expired, and is refused for its age then", async () => {
    const { db } = await source.open(await source.freshLocation());
    const use = usedTokens(db, () => now);
    const count = async () => (await db.selectFrom("used_token").selectAll().execute()).length;
    expect(await use({ issuer: cn, jti: "a", expiresAt: now + 90_000 })).to.equal(true);
    expect(await use({ issuer: cn, jti: "a", expiresAt: now + 90_000 })).to.equal(false);
    expect(await use({ issuer: sg, jti: "a", expiresAt: now + 90_000 })).to.equal(true);
    expect(await count()).to.equal(2);
    now += 3 * 3_600_000;
    await use({ issuer: cn, jti: "b", expiresAt: now + 90_000 });
    expect(await count()).to.equal(3);
    now += 91_000;
    await use({ issuer: cn, jti: "c", expiresAt: now + 90_000 });
    expect(await count()).to.equal(2);
  });
});
