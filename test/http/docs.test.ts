import { existsSync } from "node:fs";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";

import { docsPage } from "../../src/http/docs-page.ts";
import { loadOpenApi } from "../../src/http/openapi.ts";
import type { HttpServer } from "../../src/http/server.ts";
import { Problem } from "../../src/domain/problems.ts";
import { serve } from "./test-app.ts";

const chromium = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));

describe("the API page", () => {
  let server: HttpServer;

  before(async () => {
    server = await serve(() => Promise.reject(new Problem("token-missing", "No.")), []);
  });

  after(() => server.close());

  it("is open, and shows every call and every schema of the OpenAPI document", async () => {
    const response = await fetch(`${server.url}/docs`);
    expect(response.status).to.equal(200);
    expect(response.headers.get("content-type")).to.match(/^text\/html/);
    const page = await response.text();
    const { paths, components } = loadOpenApi();
    for (const path of Object.keys(paths)) expect(page).to.contain(` ${path}</code>`);
    for (const name of Object.keys(components.schemas as object))
      expect(page).to.contain(`id="schema-${name}"`);
    const [targets, anchors] = [/href="#([^"]+)"/g, / id="([^"]+)"/g].map(
      (form) => new Set([...page.matchAll(form)].map(([, name]) => name)),
    );
    expect(
      [...(targets ?? [])].filter((name) => anchors?.has(name) !== true),
      "links that lead nowhere",
    ).to.deep.equal([]);
  });

  it("refers to nothing but the node's own, runs nothing, and is allowed nothing else", async () => {
    const response = await fetch(`${server.url}/docs`);
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).to.contain("default-src 'none'").and.to.contain("style-src 'self'");
    expect(policy).not.to.match(/script-src|unsafe|https?:|\*/);
    const page = await response.text();
    expect(page).not.to.match(/<script|<iframe|<img|<object|<embed|<style|\sstyle=|\son[a-z]+=|javascript:/i);
    const references = [...page.matchAll(/\s(?:href|src|action)="([^"#][^"]*)"/g)].map(
      ([, address]) => address,
    );
    expect([...new Set(references)]).to.have.members(["docs/style.css", "openapi.json"]);
    const style = await fetch(new URL("docs/style.css", `${server.url}/docs`));
    expect(style.headers.get("content-type")).to.match(/^text\/css/);
    expect(await style.text()).not.to.match(/url\(|@import/);
  });

  it("shows what a document says as text, whatever it says", () => {
    const hostile = '"><script>alert(1)</script>';
    const page = docsPage({
      openapi: "3.1.0",
      info: { title: hostile, version: hostile },
      servers: [{ url: hostile }],
      paths: {
        [`/${hostile}`]: { get: { operationId: hostile, tags: ["t"], summary: hostile, responses: {} } },
      },
      components: { schemas: { [hostile]: { description: hostile, enum: [hostile] } } },
      ...{ tags: [{ name: "t", description: hostile }] },
    });
    expect(page).not.to.contain("<script");
  });

  it("is laid out by a real browser that reaches nothing but the node", async function () {
    if (chromium === undefined) {
      process.stdout.write("      (no browser on this machine: the page was not opened in one)\n");
      this.skip();
    }
    this.timeout(60_000);
    const profile = await mkdtemp(join(tmpdir(), "icl-docs-"));
    try {
      const { stdout } = await promisify(execFile)(
        chromium,
        [
          ...[
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
          ],
          ...[
            "--disable-component-update",
            "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
          ],
          ...[`--user-data-dir=${profile}`, "--dump-dom", `${server.url}/docs`],
        ],
        { maxBuffer: 32 * 1024 * 1024, timeout: 50_000 },
      );
      expect(stdout).to.contain("Inter Customs Ledger node").and.to.contain("POST /messages</code>");
    } finally {
      await rm(profile, { recursive: true, force: true });
    }
  });
});
