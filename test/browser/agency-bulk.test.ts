import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import type { Page } from "playwright-core";

import { au, cn, created } from "../channels/fixtures.ts";
import { eventually } from "../eventually.ts";
import { certificateNumbered, startAgencyWorld, type AgencyWorld } from "./agency-world.ts";
import { expectAccessible, go, openBrowser, shoot, type TestBrowser } from "./browser.ts";
import { byButtonAlone, comeBackAs } from "./sign-in.ts";

describe("issuing many documents at once from the console", function () {
  this.timeout(180_000);
  let browser: TestBrowser;
  let agencies: AgencyWorld;
  let directory: string;

  before(async function () {
    browser = await openBrowser(this);
    agencies = await startAgencyWorld();
    directory = await mkdtemp(join(tmpdir(), "icl-bulk-"));
  });

  after(async () => {
    await browser.close();
    await agencies.close();
    await rm(directory, { recursive: true, force: true });
  });

  const written = async (name: string, content: string) => {
    const file = join(directory, name);
    await writeFile(file, content);
    return file;
  };
  const choose = async (page: Page, files: readonly string[]) => {
    await page.getByLabel("Files", { exact: true }).setInputFiles([...files]);
    await page.getByLabel("What", { exact: true }).selectOption(created);
    await page.getByLabel("To", { exact: true }).selectOption(cn);
  };
  const begin = async (page: Page) => {
    const user = await agencies.signIn(page, agencies.australia);
    await go(page, "#/bulk");
    await page.getByRole("button", { name: "Send all" }).waitFor();
    return user;
  };
  const sendAll = (page: Page) => page.getByRole("button", { name: "Send all" }).click();
  const numbersSent = async (prefix: string) => {
    const { officer } = agencies.australia;
    const response = await officer.request("/messages?limit=1000");
    const { items } = (await response.json()) as { items: { obj: string; subject: string }[] };
    const texts = await Promise.all(
      items.map(async ({ obj }) => new TextDecoder().decode((await officer.read(obj)).bytes)),
    );
    const numbers = texts.map((text) => {
      const [, payload = ""] = text.split(".");
      const json = payload.startsWith("ey") ? Buffer.from(payload, "base64url").toString() : text;
      return /"number":"([^"]*)"/.exec(json)?.[1] ?? "";
    });
    return numbers.filter((number) => number.startsWith(prefix)).sort();
  };

  it("signs what is a document of its kind, stores what is not, and refuses a bad row with its reason while others go on", async () => {
    const bad = JSON.parse(certificateNumbered("ISSUE-BAD")) as { credentialSubject: { exporter?: unknown } };
    delete bad.credentialSubject.exporter;
    const bare = JSON.parse(certificateNumbered("ISSUE-2")) as { credentialSubject: object };
    const files = [
      await written("good.json", certificateNumbered("ISSUE-1")),
      await written("bad.json", JSON.stringify(bad)),
      await written("bare.json", JSON.stringify({ credentialSubject: bare.credentialSubject })),
      await written("broken.json", "{"),
      await written("scan.pdf", `%PDF-1.7 ${randomUUID()}`),
    ];
    const page = await browser.open("desktop");
    await begin(page);
    await choose(page, files);
    expect(await page.getByLabel("Form of the document").inputValue()).to.equal("credential");
    await expectAccessible(page);
    await sendAll(page);
    await page.getByText("3 accepted, 2 refused, 5 in all").waitFor();
    const row = (name: string) => page.getByRole("row").filter({ hasText: name });
    await row("good.json").getByText("Issued as a credential").waitFor();
    await row("bare.json").getByText("Issued as a credential").waitFor();
    await row("scan.pdf").getByText("Stored as it is").waitFor();
    await row("bad.json")
      .getByText(/exporter/i)
      .waitFor();
    await row("broken.json").getByText("This file is no JSON document.").waitFor();
    await expectAccessible(page);
    await shoot(page, "agency-bulk-issue-desktop");

    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save the results (CSV)" }).click();
    const lines = (await readFile(await (await saving).path(), "utf8")).trim().split("\r\n").slice(1);
    const [good = "", refused = "", second = ""] = lines;
    expect(refused).to.match(/^2,bad\.json,,,,refused,,credential-refused,/);
    expect(second).to.match(/^3,bare\.json,credential,urn:hmac-sha256:/);
    const id = /0x[0-9a-f]{64}/.exec(good)?.[0] ?? "";
    const { china } = agencies;
    const record = await china.officer.until(id, "available");
    expect(record).to.include({ sender: au, predicate: created, validUntil: "2099-06-03T00:00:00Z" });
    expect(record.subject).to.match(/^urn:hmac-sha256:/);
    const { bytes } = await china.officer.read(record.obj);
    const [, payload = ""] = new TextDecoder().decode(bytes).split(".");
    const credential = JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
    expect(credential).to.include({ validUntil: "2099-06-03T00:00:00.000Z" });
    expect(credential).to.have.any.keys("credentialStatus");
    expect(await numbersSent("ISSUE-")).to.deep.equal(["ISSUE-1", "ISSUE-2"]);
  });

  it("issues and sends nothing twice where the session ends half-way, an answer is lost, and the page is loaded anew", async () => {
    const names = ["HALF-1", "HALF-2", "HALF-3"];
    const files = await Promise.all(
      names.map((number) => written(`${number}.json`, certificateNumbered(number))),
    );
    const page = await browser.open("phone");
    const user = await begin(page);
    await choose(page, files);
    let issued = 0;
    let batches = 0;
    let over = false;
    await page.route("**/credentials", async (route) => {
      if (issued === 1 && !over) {
        over = true;
        await page.context().clearCookies();
        // As the browser sends it once there is no cookie any more.
        const headers = await route.request().allHeaders();
        delete headers.cookie;
        return route.continue({ headers });
      }
      issued += 1;
      return route.fallback();
    });
    await page.route("**/messages/batch", async (route) => {
      batches += 1;
      if (batches > 1) return route.fallback();
      await route.fetch();
      return route.abort();
    });
    await sendAll(page);
    await page.getByText("Stopped. Nothing is lost: go on when you like.").waitFor();
    const ended = page.getByRole("alert").filter({ hasText: "Your session has ended" });
    await ended.waitFor();
    await expectAccessible(page);
    const goOn = await byButtonAlone(page);
    const [elsewhere] = await Promise.all([
      page.waitForEvent("popup"),
      ended.getByRole("link", { name: "Sign in again" }).click(),
    ]);
    await comeBackAs(elsewhere, user);
    await goOn();
    await ended.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Go on" }).click();

    // The messages are taken, and the answer to them never comes.
    await eventually(() => batches === 1);
    await page.getByRole("button", { name: "Go on" }).waitFor();
    await page.getByText("0 accepted, 0 refused, 3 in all").waitFor();
    expect(issued).to.equal(3);
    expect(await numbersSent("HALF-")).to.deep.equal(names);

    await page.reload();
    await page.getByRole("button", { name: "Send all" }).waitFor();
    await choose(page, files);
    await sendAll(page);
    await page.getByText("3 accepted, 0 refused, 3 in all").waitFor();
    expect(issued, "credentials issued").to.equal(3);
    expect(await numbersSent("HALF-")).to.deep.equal(names);
  });
});
