import { readFile } from "node:fs/promises";

import { expect } from "chai";

import { roles } from "../../src/identity/caller.ts";
import { attached, au, cn, created } from "../channels/fixtures.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { certificateNumbered } from "./agency-world.ts";
import { go, openBrowser, type TestBrowser } from "./browser.ts";
import { signIn } from "./sign-in.ts";
import { tlsFront, type TlsFront } from "./tls-front.ts";

describe("signing in at a console that is reached by https, in a browser", function () {
  this.timeout(120_000);
  let world: World;
  let browser: TestBrowser;
  let front: TlsFront;
  let country: Country;

  before(async function () {
    browser = await openBrowser(this);
    world = await startWorld();
    const config = await world.configure(au, "AU", { technology: "sqlite", file: ":memory:" });
    front = await tlsFront(config.listen.port);
    const { clientId = "" } = config.console ?? {};
    world.issuer.admit({
      ...{ clientId, redirectUri: `${front.url}/console/callback`, audience: au, title: au, people: [] },
    });
    country = await world.start({
      ...config,
      publicUrl: front.url,
      listen: { ...config.listen, trustedProxies: ["127.0.0.1"] },
    });
  });

  after(async () => {
    await browser.close();
    await world.close();
    await front.close();
  });

  it("sets a cookie of this host alone, over TLS alone, which no script reads, and by which one signs in and acts", async () => {
    const page = await browser.open("desktop", { ignoreHTTPSErrors: true });
    const allowed = roles.filter((role) => role !== "admin");
    await signIn(page, { url: front.url, token: "", name: "Alex Reader", participant: au, roles: allowed });
    const cookies = await page.context().cookies(front.url);
    const [session, ...others] = cookies;
    expect(others).to.deep.equal([]);
    expect(session).to.include({ secure: true, httpOnly: true, sameSite: "Strict", path: "/" });
    expect(session?.name).to.match(/^__Host-icl-session/);
    expect(session?.domain, "no other host has it").to.equal("127.0.0.1");
    expect(await page.evaluate(() => document.cookie)).to.equal("");
    const { port } = new URL(front.url);
    const set = await page.evaluate((name) => {
      document.cookie = `${name}=mine; path=/; secure`;
      return document.cookie;
    }, `__Host-icl-session-${port}`);
    expect(set, "nor does a script put one of its own in its place").not.to.include("session");

    await go(page, "#/send");
    const file = { name: "invoice.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 https") };
    await page.getByLabel(/^Such as a PDF/).setInputFiles(file);
    await page.getByLabel("What", { exact: true }).selectOption(attached);
    await page.getByLabel("To", { exact: true }).selectOption(cn);
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.waitForURL(/#\/messages\/0x[0-9a-f]{64}$/);
    await page.getByText("Delivered", { exact: true }).first().waitFor();
    await page.getByText("Live", { exact: true }).waitFor();

    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("link", { name: "Sign in" }).waitFor();
    expect(await page.context().cookies(front.url)).to.deep.equal([]);
  });

  it("shows a document that the proxy compresses, and asks again for one that is cut off on the way", async () => {
    const { config, node } = country;
    const officer = await world.officer({ ...config, publicUrl: node.url }); // not through the front
    const content = new TextEncoder().encode(certificateNumbered("PROXY-1"));
    const obj = await officer.store(content, "application/json");
    const id = await officer.send({ receiver: cn, subject: "proxy:1", predicate: created, obj });
    const page = await browser.open("desktop", { ignoreHTTPSErrors: true });
    const allowed = roles.filter((role) => role !== "admin");
    await signIn(page, { url: front.url, token: "", name: "Alex Reader", participant: au, roles: allowed });
    front.documents = "compressed";
    await go(page, `#/messages/${id}`);
    const document = page.getByRole("region", { name: "Document", exact: true });
    await document.getByText("PROXY-1").first().waitFor();

    front.documents = "cut";
    const save = document.getByRole("button", { name: "Save the document" });
    await save.click();
    await document.getByRole("alert").getByText("The node cannot be reached").waitFor();
    await page.reload();
    await document.getByRole("alert").getByText("The node cannot be reached").waitFor();
    front.documents = "whole";
    await document.getByText("PROXY-1").first().waitFor();
    await eventually(async () => (await page.getByRole("alert").count()) === 0);
    const saving = page.waitForEvent("download");
    await save.click();
    expect(await readFile(await (await saving).path())).to.deep.equal(Buffer.from(content));
  });
});
