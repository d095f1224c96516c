import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { expect } from "chai";
import { Router } from "express";

import { parseDomain } from "../../src/domain/participant.ts";
import { Problem } from "../../src/domain/problems.ts";
import { callerOf, requireUser } from "../../src/http/caller.ts";
import type { HttpServer } from "../../src/http/server.ts";
import type { Authenticate } from "../../src/identity/authenticate.ts";
import { roles, type Caller, type Role } from "../../src/identity/caller.ts";
import { createLogger } from "../../src/log.ts";
import { eventually } from "../eventually.ts";
import { problemOf, serve } from "./test-app.ts";

const AU = parseDomain("homeaffairs.gov.au");
const ID = `0x${"ab".repeat(32)}`;
const draft = {
  receiver: "customs.gov.cn",
  subject: "chamber.com.au:chafta-coo:123",
  predicate: "UN.CEFACT.Regulatory.CertificateOfOrigin.created",
  obj: "QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n",
};

function user(subject: string, granted: readonly Role[] = roles): Caller {
  return { kind: "user", issuer: "https://id.example", subject, participant: AU, roles: new Set(granted) };
}

/** Stands for real authentication, which has tests of its own: `Test <subject>` is that user. */
const authenticate: Authenticate = ({ authorization }) =>
  new Promise((resolve) => {
    resolve(identify(authorization));
  });

function identify(authorization: string | undefined): Caller {
  const subject = authorization?.match(/^Test (\w+)$/)?.[1];
  if (authorization === undefined) throw new Problem("token-missing", "Send a token.");
  if (subject === undefined) throw new Problem("token-invalid", "Send another token.");
  if (subject === "waiting") throw new Problem("unavailable", "Come again.", { retryAfterSeconds: 7 });
  if (subject === "broken") throw new Error("secret database password leaked");
  return user(subject, subject === "reader" ? ["messages:read"] : roles);
}

function* endless(): Generator<string> {
  for (;;) yield ": nothing to tell\n\n";
}

function record(body: typeof draft) {
  return {
    id: ID,
    sender: AU,
    ...body,
    direction: "outgoing",
    status: "pending",
    journal: [{ status: "pending", at: "2020-06-03T00:00:00Z", attempt: 1 }],
    channelId: "test",
    channelTxnId: null,
  };
}

describe("the HTTP shell", () => {
  let server: HttpServer;
  let received: unknown[];
  let uploaded: number;
  const lines: string[] = [];

  const router = Router();
  router.post("/messages", (request, response) => {
    requireUser(response, "messages:write");
    received.push(request.body);
    response.status(202).json(record(request.body as typeof draft));
  });
  router.get("/events", async (_request, response) => {
    await pipeline(Readable.from(endless()), response);
  });
  router.get("/messages", (_request, response) => {
    const caller = callerOf(response);
    if (caller.kind === "user" && caller.subject === "liar") response.json({ items: "no list" });
    else response.json({ items: [], next: null });
  });
  router.post("/documents", (request, response, next) => {
    request.on("data", (chunk: Buffer) => (uploaded += chunk.length));
    request.on("error", next);
    request.on("end", () =>
      response.status(201).json({ multihash: draft.obj, size: 1, mediaType: "text/plain" }),
    );
  });
  router.get("/documents/:multihash", (request, response) => {
    response
      .type("text/plain")
      .send(`${request.params.multihash} ${request.headers["content-type"] ?? "none"}`);
  });

  beforeEach(() => {
    received = [];
    uploaded = 0;
    lines.length = 0;
  });

  before(async () => {
    server = await serve(authenticate, [router], {
      log: createLogger({ write: (line) => lines.push(line) }),
    });
  });

  after(() => server.close());

  function send(path: string, init: RequestInit = {}, subject: string | null = "officer"): Promise<Response> {
    const headers = new Headers(init.headers);
    if (subject !== null) headers.set("authorization", `Test ${subject}`);
    return fetch(server.url + path, { ...init, headers });
  }

  function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return send("/messages", {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  }

  it("hands a well-formed message to its API", async () => {
    const response = await post(draft);
    expect(response.status).to.equal(202);
    expect(received).to.deep.equal([draft]);
  });

  it("takes application/json with a charset", async () => {
    expect((await post(draft, { "content-type": "application/json; charset=utf-8" })).status).to.equal(202);
  });

  describe("refuses a message", () => {
    const bad: readonly (readonly [string, unknown, string, number, RegExp])[] = [
      ["that is not JSON", "{", "malformed-json", 400, /JSON object/],
      ["with an empty body", "", "malformed-request", 400, /receiver/],
      ["that is a list", "[]", "malformed-request", 400, /object/],
      ["that is a number", "7", "malformed-json", 400, /JSON object/],
      ["without subject", { ...draft, subject: undefined }, "malformed-request", 400, /subject/],
      ["with a member nobody knows", { ...draft, object: draft.obj }, "malformed-request", 400, /object/],
      [
        "with a sender that is no domain",
        { ...draft, sender: "AU Customs" },
        "malformed-request",
        400,
        /sender/,
      ],
      [
        "with a receiver in upper case",
        { ...draft, receiver: "Customs.gov.cn" },
        "malformed-request",
        400,
        /receiver/,
      ],
      ["with a blank in its subject", { ...draft, subject: "a b" }, "malformed-request", 400, /subject/],
      [
        "with a subject of 201 characters",
        { ...draft, subject: "a".repeat(201) },
        "malformed-request",
        400,
        /subject/,
      ],
      ["with a number for subject", { ...draft, subject: 5 }, "malformed-request", 400, /subject/],
      ["with a null predicate", { ...draft, predicate: null }, "malformed-request", 400, /predicate/],
      [
        "that reaches for prototypes",
        `{"__proto__":{"polluted":true},${JSON.stringify(draft).slice(1)}`,
        "malformed-request",
        400,
        /__proto__/,
      ],
      [
        "that reaches for constructors",
        `{"constructor":{"prototype":{"polluted":true}},${JSON.stringify(draft).slice(1)}`,
        "malformed-request",
        400,
        /constructor/,
      ],
      [
        "that is larger than the limit",
        { ...draft, subject: "a".repeat(70_000) },
        "body-too-large",
        413,
        /65536/,
      ],
    ];
    for (const [name, body, code, status, detail] of bad) {
      it(name, async () => {
        const problem = await problemOf(await post(body));
        expect(problem.code).to.equal(code);
        expect(problem.status).to.equal(status);
        expect(problem.detail).to.match(detail);
        expect(received).to.deep.equal([]);
        expect(Object.prototype).not.to.have.property("polluted");
      });
    }

    for (const mediaType of [
      "text/plain",
      "application/xml",
      "application/jsonp",
      "multipart/form-data; boundary=x",
    ]) {
      it(`sent as ${mediaType}`, async () => {
        const problem = await problemOf(await post(draft, { "content-type": mediaType }));
        expect(problem.code).to.equal("media-type-unsupported");
        expect(problem.status).to.equal(415);
        expect(received).to.deep.equal([]);
      });
    }

    it("that is compressed, since a small body could unpack to a huge one", async () => {
      const problem = await problemOf(await post(draft, { "content-encoding": "gzip" }));
      expect(problem.code).to.equal("media-type-unsupported");
    });

    it("in a character set other than UTF-8", async () => {
      const problem = await problemOf(
        await post(draft, { "content-type": "application/json; charset=latin1" }),
      );
      expect(problem.code).to.equal("media-type-unsupported");
    });

    it("from a user without the role", async () => {
      const response = await send(
        "/messages",
        { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(draft) },
        "reader",
      );
      expect(response.headers.get("www-authenticate")).to.match(/insufficient_scope/);
      expect(await problemOf(response)).to.include({ status: 403, code: "not-allowed" });
    });
  });

  it("refuses a message without any body", async () => {
    const response = await send("/messages", {
      method: "POST",
      headers: { "content-type": "application/json" },
    });
    expect((await problemOf(response)).code).to.match(/^malformed-/);
    expect(received).to.deep.equal([]);
  });

  it("names every wrong member", async () => {
    const response = await post({ ...draft, subject: "a b", receiver: "?" });
    const { errors } = (await response.json()) as { errors: { member: string }[] };
    expect(errors.map((error) => error.member)).to.include.members(["subject", "receiver"]);
  });

  it("closes every address to those without a token, also addresses that do not exist", async () => {
    for (const path of ["/messages", `/messages/${ID}`, "/documents/abc", "/nowhere", "/metrics"]) {
      const response = await send(path, {}, null);
      expect(response.headers.get("www-authenticate")).to.match(/^Bearer .*ICL /);
      expect((await problemOf(response)).code, path).to.equal("token-missing");
    }
  });

  it("takes no unsigned header and no query parameter for identity", async () => {
    for (const [path, headers] of [
      ["/messages", { "x-participant": "customs.gov.cn", "x-user": "admin", "x-forwarded-user": "admin" }],
      ["/messages?access_token=x&participant=customs.gov.cn", {}],
      ["/messages", { cookie: "session=admin", from: "admin@customs.gov.cn" }],
    ] as const) {
      expect((await problemOf(await send(path, { headers }, null))).code).to.equal("token-missing");
    }
  });

  it("judges the token before it looks at the body", async () => {
    const response = await fetch(`${server.url}/messages`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Test" },
      body: "{",
    });
    const problem = await problemOf(response);
    expect(problem.code).to.equal("token-invalid");
    expect(response.headers.get("www-authenticate")).to.match(
      /error="invalid_token", error_description="token-invalid"/,
    );
  });

  it("tells a sender that asks first to go ahead only after its token was accepted", async () => {
    const ask = (authorization: string) =>
      new Promise<string>((resolve, reject) => {
        const asking = httpRequest(`${server.url}/documents`, {
          method: "POST",
          headers: { expect: "100-continue", authorization, "content-type": "text/plain" },
        });
        asking.once("continue", () => asking.end("x"));
        asking.once("response", (response) => {
          resolve(String(response.statusCode));
          response.resume();
          asking.destroy();
        });
        asking.once("error", reject);
        asking.flushHeaders();
      });
    expect(await ask("Test officer")).to.equal("201");
    uploaded = 0;
    expect(await ask("nonsense")).to.equal("401");
    expect(uploaded).to.equal(0);
  });

  it("lets a refused sender read why, and then stops taking what it still sends", async () => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    const chunk = `400\r\n${"x".repeat(1024)}\r\n`;
    let answer = "";
    socket.on("data", (data) => (answer += data.toString()));
    socket.on("error", () => undefined);
    socket.write(
      "POST /documents HTTP/1.1\r\nHost: a\r\nAuthorization: nonsense\r\nTransfer-Encoding: chunked\r\n\r\n",
    );
    const sending = setInterval(() => socket.write(chunk), 20);
    const start = performance.now();
    await new Promise((resolve) => socket.once("close", resolve));
    clearInterval(sending);
    expect(answer)
      .to.match(/^HTTP\/1.1 401 /)
      .and.to.contain("token-invalid");
    expect(performance.now() - start).to.be.lessThan(20_000);
    expect(uploaded).to.equal(0);
  });

  it("does not buffer documents, and leaves their media type to their API", async () => {
    const body = "[not, json".repeat(20_000);
    const init = { method: "POST", headers: { "content-type": "application/json" }, body };
    const response = await send("/documents", init);
    expect(response.status).to.equal(201);
    expect(uploaded).to.equal(body.length);
    const read = await send("/documents/Qm%2Fa%2Bb", { headers: { "content-type": "application/x-odd" } });
    expect(await read.text()).to.equal("Qm/a+b application/x-odd");
  });

  it("answers 404 for an unknown address, 405 for an unknown method, each as a problem", async () => {
    expect((await problemOf(await send("/nowhere"))).code).to.equal("not-found");
    expect((await problemOf(await send("/Messages"))).code).to.equal("not-found");
    const response = await send("/messages", { method: "DELETE" });
    expect(response.headers.get("allow")).to.match(/POST/).and.to.match(/GET/);
    expect((await problemOf(response)).code).to.equal("method-not-allowed");
    expect((await problemOf(await send("/health", { method: "POST" }, null))).code).to.equal(
      "method-not-allowed",
    );
  });

  it("refuses malformed addresses and parameters", async () => {
    for (const path of [
      "/documents/%E0%A4%A",
      "/messages/0x12",
      `/messages/${ID.toUpperCase()}`,
      "/messages?limit=0",
      "/messages?limit=1001",
      "/messages?limit=ten",
      "/messages?status=lost",
      "/messages?colour=red",
      "/messages?sender=",
      "/messages?subject=a&subject=b",
    ]) {
      expect((await problemOf(await send(path))).code, path).to.equal("malformed-request");
    }
  });

  it("hides its own mistakes behind the request's id", async () => {
    const response = await send("/messages", { headers: { "x-request-id": "find-me-again-1" } }, "broken");
    const problem = await problemOf(response);
    expect(problem.code).to.equal("internal");
    expect(problem.detail).to.contain("find-me-again-1").and.not.to.contain("password");
    expect(lines.join("")).to.contain("find-me-again-1").and.to.contain("leaked");
  });

  it("takes a caller who leaves in the middle of an answer for no mistake of its own", async () => {
    const left = new AbortController();
    const headers = { authorization: "Test officer" };
    const response = await fetch(`${server.url}/events?topic=UN.CEFACT.*`, { headers, signal: left.signal });
    expect(response.status).to.equal(200);
    left.abort();
    await eventually(() => lines.some((line) => line.includes("the caller left before the end")));
    expect(lines.join("")).not.to.contain("request failed");
  });

  it("tells whoever it puts off when to come again, and the log no more than that", async () => {
    const response = await fetch(`${server.url}/messages`, { headers: { authorization: "Test waiting" } });
    expect([response.status, response.headers.get("retry-after")]).to.deep.equal([503, "7"]);
    const told = lines.filter((line) => line.includes("request put off"));
    expect(told.map((line) => JSON.parse(line) as object)).to.have.length(1);
    expect(told[0])
      .to.contain('"level":"warn"')
      .and.to.contain('"code":"unavailable"')
      .and.not.contain("stack");
    expect(lines.join("")).not.to.contain("request failed");
  });

  it("checks answers against the OpenAPI document where it is told to", async () => {
    expect((await problemOf(await send("/messages", {}, "liar"))).code).to.equal("internal");
  });

  it("gives every request an id, the caller's own only where that is well-formed", async () => {
    const own = await send("/messages", { headers: { "x-request-id": "abcdefgh-1" } });
    expect(own.headers.get("x-request-id")).to.equal("abcdefgh-1");
    for (const id of ["short", "a".repeat(65), "with blank in it", 'quote"quote']) {
      const response = await send("/messages", { headers: { "x-request-id": id } });
      expect(response.headers.get("x-request-id")).to.match(/^[0-9a-f-]{36}$/);
    }
  });

  it("keeps browsers from guessing and caching, and does not say what it runs on", async () => {
    const { headers } = await send("/messages");
    expect(headers.get("x-content-type-options")).to.equal("nosniff");
    expect(headers.get("content-security-policy")).to.contain("default-src 'none'");
    expect(headers.get("cache-control")).to.equal("no-store");
    expect(headers.get("x-powered-by")).to.equal(null);
    expect(headers.get("server")).to.equal(null);
  });

  it("logs no token, no query and no body", async () => {
    await send("/messages?subject=hidden-subject");
    await post({ ...draft, subject: "hidden-subject" });
    expect(lines.length).to.be.greaterThan(1);
    expect(lines.join("")).not.to.match(/hidden-subject|officer/);
  });

  it("refuses headers beyond all measure", async () => {
    const response = await send("/messages", { headers: { "x-long": "a".repeat(17_000) } });
    expect(response.status).to.equal(431);
  });
});
