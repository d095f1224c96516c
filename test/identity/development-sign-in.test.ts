import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { request as ask } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { decodeJwt } from "jose";

import { startDevelopmentIssuer, type DevelopmentIssuer } from "../../src/identity/development-issuer.ts";
import { silentLogger } from "../../src/log.ts";
import { au } from "./fixtures.ts";

const REDIRECT = "http://127.0.0.1:1/console/callback";
const VERIFIER = randomBytes(32).toString("base64url");

describe("the development issuer's sign-in", () => {
  let directory: string;
  let issuer: DevelopmentIssuer;

  before(async () => {
    directory = mkdtempSync(path.join(tmpdir(), "icl-sign-in-"));
    issuer = await startDevelopmentIssuer({
      ...{ file: path.join(directory, "issuer.json"), port: 0, log: silentLogger },
    });
    issuer.admit({
      ...{ clientId: "console", redirectUri: REDIRECT, audience: au, title: "<b>Home Affairs</b>" },
      people: [{ subject: "officer", name: "Officer <AU>", roles: ["messages:read"] }],
    });
  });

  after(async () => {
    await issuer.close();
    rmSync(directory, { recursive: true });
  });

  const query = (more: Record<string, string> = {}) =>
    new URLSearchParams({
      ...{ client_id: "console", redirect_uri: REDIRECT, response_type: "code", scope: "openid" },
      ...{ code_challenge: createHash("sha256").update(VERIFIER).digest("base64url") },
      ...{ code_challenge_method: "S256", state: "s", nonce: "n", ...more },
    }).toString();
  const choose = (form: string, more: Record<string, string> = {}, headers: Record<string, string> = {}) =>
    fetch(`${issuer.issuer}/authorize?${query(more)}`, {
      ...{ method: "POST", redirect: "manual", body: new URLSearchParams(form), headers },
    });
  const code = async (form = "person=officer") =>
    new URL((await choose(form)).headers.get("location") ?? "").searchParams.get("code") ?? "";
  const exchange = async (form: Record<string, string>) => {
    const answer = await fetch(`${issuer.issuer}/token`, {
      ...{ method: "POST", body: new URLSearchParams({ client_id: "console", ...form }) },
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, string> };
  };
  const byCode = async (more: Record<string, string> = {}) =>
    exchange({
      ...{ grant_type: "authorization_code", code: await code() },
      ...{ code_verifier: VERIFIER, redirect_uri: REDIRECT, ...more },
    });

  it("says loudly that it is for development, and shows names as names", async () => {
    const page = await fetch(`${issuer.issuer}/authorize?${query({ state: '"><script>' })}`);
    const html = await page.text();
    expect(html).to.contain("FOR DEVELOPMENT ONLY").and.to.contain("Officer &#60;AU&#62;");
    expect(html).not.to.match(/<script|<b>/);
    expect(page.headers.get("content-security-policy")).to.contain("default-src 'none'");
  });

  it("leads back with a code, its own name and the state, and gives tokens for it", async () => {
    const back = new URL((await choose("name=Jo&role=messages:read&role=all")).headers.get("location") ?? "");
    expect(back.href.startsWith(`${REDIRECT}?`)).to.equal(true);
    expect(back.searchParams.get("iss")).to.equal(issuer.issuer);
    expect(back.searchParams.get("state")).to.equal("s");
    const { status, body } = await byCode({ code: back.searchParams.get("code") ?? "" });
    expect(status).to.equal(200);
    expect(decodeJwt(body.access_token ?? "")).to.include({ sub: "Jo", aud: au, scope: "messages:read" });
    expect(decodeJwt(body.id_token ?? "")).to.include({ sub: "Jo", aud: "console", nonce: "n" });
  });

  it("leads nobody to an address that is not the console's, also not with an error", async () => {
    for (const more of [
      { redirect_uri: `${REDIRECT}/` },
      { redirect_uri: `${REDIRECT}?x` },
      { redirect_uri: "https://evil.example/" },
      { client_id: "another" },
      { response_type: "token" },
      { code_challenge_method: "plain" },
      { code_challenge: "" },
      { scope: "profile" },
    ]) {
      const answer = await choose("person=officer", more);
      expect(answer.status, JSON.stringify(more)).to.equal(400);
      expect(answer.headers.get("location")).to.equal(null);
    }
    expect((await choose("person=officer", {}, { "sec-fetch-site": "cross-site" })).status).to.equal(400);
    expect((await choose("name=<b>")).status).to.equal(400);
  });

  it("gives tokens once, to whoever began, and for a refresh token once", async () => {
    const used = await code();
    expect((await byCode({ code: used })).status).to.equal(200);
    expect((await byCode({ code: used })).status).to.equal(400);
    for (const wrong of [
      { code_verifier: "x" },
      { redirect_uri: "https://evil.example/" },
      { client_id: "another" },
      { code: "guessed" },
    ]) {
      expect((await byCode(wrong)).status, JSON.stringify(wrong)).to.equal(400);
    }
    const { body } = await byCode();
    const refresh = { grant_type: "refresh_token", refresh_token: body.refresh_token ?? "" };
    expect((await exchange(refresh)).status).to.equal(200);
    expect((await exchange(refresh)).status).to.equal(400);
  });

  it("answers to its own name alone, so that no other name leads to it", async () => {
    const url = new URL(`${issuer.issuer}/authorize?${query()}`);
    const status = await new Promise((resolve, reject) => {
      ask(url, { headers: { host: "evil.example" } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    expect(status).to.equal(421);
  });
});
