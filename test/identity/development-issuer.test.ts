import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { decodeJwt } from "jose";

import { BearerTokens } from "../../src/identity/bearer-token.ts";
import {
  mintDevelopmentToken,
  startDevelopmentIssuer,
  type DevelopmentIssuer,
} from "../../src/identity/development-issuer.ts";
import type { IssuerConfig } from "../../src/identity/issuer-config.ts";
import { createLogger } from "../../src/log.ts";
import { rejection } from "../rejection.ts";
import { au } from "./fixtures.ts";

const request = {
  subject: "officer",
  audience: au,
  roles: ["messages:read", "admin"],
  lifetimeSeconds: 60,
} as const;

describe("the development issuer", () => {
  let directory: string;
  let file: string;
  let issuer: DevelopmentIssuer;
  let lines: string[];

  function start(port = 0): Promise<DevelopmentIssuer> {
    return startDevelopmentIssuer({ file, port, log: createLogger({ write: (line) => lines.push(line) }) });
  }

  function tokens(audience: string = au): BearerTokens {
    const config: IssuerConfig = {
      issuer: issuer.issuer,
      audience,
      jwksUri: null,
      algorithms: ["ES256"],
      roles: { "messages:read": ["messages:read"], admin: ["admin"] },
      development: true,
    };
    return new BearerTokens(au, [config]);
  }

  beforeEach(async () => {
    lines = [];
    directory = mkdtempSync(path.join(tmpdir(), "icl-issuer-"));
    file = path.join(directory, ".icl", "token-issuer.json");
    issuer = await start();
  });

  afterEach(async () => {
    await issuer.close();
    rmSync(directory, { recursive: true });
  });

  it("issues tokens that a node accepts by discovery, for the audience they are meant for alone", async () => {
    const token = await issuer.mint(request);
    const { expiresAt, ...caller } = await tokens().verify(token);
    expect(expiresAt).to.equal((decodeJwt(token).exp ?? 0) * 1000);
    expect(caller).to.deep.equal({
      kind: "user",
      issuer: issuer.issuer,
      subject: "officer",
      participant: au,
      roles: new Set(["messages:read", "admin"]),
    });
    expect(await rejection(tokens("customs.gov.cn").verify(token))).to.include({ code: "token-invalid" });
  });

  it("issues tokens that expire when they are told to", async () => {
    const token = await issuer.mint({ ...request, lifetimeSeconds: -31 });
    expect(await rejection(tokens().verify(token))).to.include({ code: "token-expired" });
  });

  it("issues tokens from its file, also while it does not run", async () => {
    const token = await mintDevelopmentToken(file, request);
    expect(await tokens().verify(token)).to.include({ subject: "officer" });
    const error = await rejection(mintDevelopmentToken(path.join(directory, "none.json"), request));
    expect(error.message).to.contain("start the development network first");
  });

  it("keeps its key through a restart, so that its tokens stay good", async () => {
    const token = await issuer.mint(request);
    const port = Number(new URL(issuer.issuer).port);
    await issuer.close();
    issuer = await start(port);
    expect(await tokens().verify(token)).to.include({ subject: "officer" });
  });

  it("says loudly what it is, in its log and in its file", () => {
    expect(JSON.parse(lines[0] ?? "{}")).to.include({ level: "warn" });
    expect(lines[0]).to.contain("FOR DEVELOPMENT ONLY");
    expect(readFileSync(file, "utf8")).to.contain("FOR DEVELOPMENT ONLY");
  });

  it("keeps its private key to itself", async () => {
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    const { key } = JSON.parse(readFileSync(file, "utf8")) as { key: { d: string } };
    for (const url of ["/jwks", "/.well-known/openid-configuration", "/", "/../token-issuer.json"]) {
      const body = await (await fetch(issuer.issuer + url)).text();
      expect(body).not.to.contain(key.d).and.not.to.contain('"d"');
    }
    expect(lines.join("")).not.to.contain(key.d);
    expect(new URL(issuer.issuer).hostname).to.equal("127.0.0.1");
  });

  it("does not take a file of something else for its own", async () => {
    writeFileSync(file, '{"issuer":"x"}');
    expect((await rejection(start())).message).to.contain("is not a development issuer's");
  });
});
