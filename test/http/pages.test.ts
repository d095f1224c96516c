import { expect } from "chai";

import { Problem } from "../../src/domain/problems.ts";
import { loadPages } from "../../src/http/pages.ts";
import type { HttpServer } from "../../src/http/server.ts";
import { problemOf, serve } from "./test-app.ts";

const nobody = () => Promise.reject(new Problem("token-missing", "No."));
const multihash = "QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n";

describe("the pages", () => {
  let server: HttpServer;

  before(async () => {
    expect(loadPages(), "built by npm run build").not.to.equal(null);
    server = await serve(nobody, []);
  });

  after(() => server.close());

  for (const path of ["/verify", "/console"]) {
    it(`serves ${path} to everybody, under a policy that lets it load and run this node's files alone`, async () => {
      const response = await fetch(`${server.url}${path}`);
      expect(response.status).to.equal(200);
      expect(response.headers.get("content-type")).to.match(/^text\/html/);
      const policy = response.headers.get("content-security-policy") ?? "";
      expect(policy).to.contain("default-src 'none'").and.to.contain("script-src 'self';");
      expect(policy)
        .to.contain("frame-ancestors 'none'")
        .and.to.contain("require-trusted-types-for 'script'");
      expect(policy).not.to.match(/unsafe|https?:|\*/);
      expect(response.headers.get("permissions-policy")).to.contain(
        path === "/verify" ? "camera=(self)" : "camera=()",
      );
      const page = await response.text();
      expect(page).not.to.match(/<script>|<style|\sstyle=|\son[a-z]+=|javascript:|https?:\/\//i);
    });

    it(`has every file that ${path} names, for ever under its name`, async () => {
      const page = await (await fetch(`${server.url}${path}`)).text();
      const named = [...page.matchAll(/(?:src|href)="(\.\/[^"]+)"/g)].map(([, address]) => address ?? "");
      expect(named).not.to.be.empty;
      for (const address of named) {
        const response = await fetch(new URL(address, `${server.url}${path}`));
        expect(response.status, address).to.equal(200);
        expect(response.headers.get("cache-control")).to.contain("immutable");
        expect(response.headers.get("content-type")).to.match(/^text\/(?:javascript|css)/);
      }
    });
  }

  it("leads a browser from a program's address to the page, with hash and message in the fragment", async () => {
    const id = `0x${"ab".repeat(32)}`;
    const response = await fetch(`${server.url}/verify/${multihash}?message=${id}`, {
      headers: { accept: "text/html,application/xhtml+xml,*/*;q=0.8" },
      redirect: "manual",
    });
    expect(response.status).to.equal(303);
    expect(response.headers.get("vary")).to.contain("Accept");
    const led = new URL(response.headers.get("location") ?? "", `${server.url}/verify/${multihash}`);
    expect(led.origin + led.pathname).to.equal(`${server.url}/verify`);
    expect(led.hash).to.match(new RegExp(`^#1\\.${multihash}\\.[A-Za-z0-9_-]{43}\\.-$`));
  });

  it("has a script that keeps the verifier's page, for no other page, and that may speak with this node alone", async () => {
    const response = await fetch(`${server.url}/verify-worker.js`);
    expect(response.status).to.equal(200);
    expect(response.headers.get("content-type")).to.match(/^text\/javascript/);
    expect(response.headers.get("cache-control")).to.equal("no-cache");
    expect(response.headers.get("content-security-policy")).to.equal(
      "default-src 'none'; connect-src 'self'",
    );
    expect(response.headers.get("service-worker-allowed"), "no wider scope").to.equal(null);
    expect(await response.text()).not.to.match(/import|https?:/);
  });

  it("knows no file but those it was built with", async () => {
    for (const name of ["nothing.js", "..%2Fverify.html", "__proto__", "constructor"]) {
      const response = await fetch(`${server.url}/assets/${name}`);
      expect([400, 404], name).to.contain(response.status);
    }
  });

  it("says so where the pages are not built, and answers programs all the same", async () => {
    const bare = await serve(nobody, [], { pages: null });
    try {
      const { status, detail } = await problemOf(await fetch(`${bare.url}/verify`));
      expect(status).to.equal(404);
      expect(detail).to.contain("npm run build");
    } finally {
      await bare.close();
    }
  });
});
