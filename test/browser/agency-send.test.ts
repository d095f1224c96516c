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

describe("sending from the console", function () {
  this.timeout(180_000);
  let browser: TestBrowser;
  let agencies: AgencyWorld;
  let directory: string;

  before(async function () {
    browser = await openBrowser(this);
    agencies = await startAgencyWorld();
    directory = await mkdtemp(join(tmpdir(), "icl-send-"));
  });

  after(async () => {
    await browser.close();
    await agencies.close();
    await rm(directory, { recursive: true, force: true });
  });

  const storyId = async (page: Page) => {
    await page.waitForURL(/#\/messages\/0x[0-9a-f]{64}$/);
    return page.url().slice(-66);
  };

  describe("a document that is filled in", () => {
    const fillIn = async (page: Page, number: string) => {
      const named = (pointer: string) => page.locator(`[id="field${pointer.replaceAll("/", ".")}"]`);
      const write = async (pointer: string, value: string) => {
        const field = named(`/credentialSubject/${pointer}`);
        const isSelect = (await field.evaluate((element) => element.tagName)) === "SELECT";
        if (isSelect) await field.selectOption(value);
        else await field.fill(value);
      };
      const add = (pointer: string) => named(`/credentialSubject/${pointer}`).click();
      await add("importer");
      await add("certification");
      await add("consignment/lineItems/0/grossWeight");
      for (const [pointer, value] of Object.entries({
        number,
        typeCode: "861",
        agreement: "CHAFTA",
        issueDate: "2026-06-03",
        "issuePlace/name": "Melbourne",
        "issuingBody/name": "Example Chamber of Commerce",
        "exporter/name": "Vintners of the South",
        "importer/name": "East meets west fine wines",
        "consignment/exportCountry": "AU",
        "consignment/importCountry": "CN",
        "consignment/lineItems/0/sequenceNumber": "1",
        "consignment/lineItems/0/description": "Wine in bottles",
        "consignment/lineItems/0/hsCode": "220421",
        "consignment/lineItems/0/originCountry": "AU",
        "consignment/lineItems/0/originCriterion": "WP",
        "consignment/lineItems/0/grossWeight/value": "792",
        "consignment/lineItems/0/grossWeight/unitCode": "KGM",
        "declaration/signatoryName": "A. Exporter",
        "declaration/date": "2026-06-02",
        "declaration/place/name": "Melbourne",
        "certification/signatoryName": "C. Officer",
        "certification/date": "2026-06-03",
        "certification/place/name": "Melbourne",
      })) {
        await write(pointer, value);
      }
    };
    const begin = async (page: Page) => {
      await agencies.signIn(page, agencies.australia);
      await go(page, "#/send");
      await page.getByRole("button", { name: "Preferential certificate of origin" }).click();
      await page.getByRole("button", { name: "Check and go on" }).waitFor();
    };

    it("says at each field and in a summary what is wrong, and leads there", async () => {
      const page = await browser.open("phone");
      await begin(page);
      await expectAccessible(page);
      await page.getByRole("button", { name: "Check and go on" }).click();
      const summary = page.getByRole("group", { name: /^To be put right/ });
      await summary.waitFor();
      expect(await summary.evaluate((element) => element === document.activeElement)).to.equal(true);
      await expectAccessible(page);
      await shoot(page, "agency-send-faults-phone");
      const [link] = await summary.getByRole("link").all();
      await link?.click();
      await eventually(() =>
        page.evaluate(() => document.activeElement?.id.startsWith("field.credentialSubject") === true),
      );
      const number = page.locator('[id="field.credentialSubject.number"]');
      expect(await number.getAttribute("aria-invalid")).to.equal("true");
      await number.fill("WBC-1");
      await eventually(async () => (await number.getAttribute("aria-invalid")) === null);

      // A code by its word, or written small, is the code.
      const country = page.locator('[id="field.credentialSubject.consignment.exportCountry"]');
      await country.fill("australia");
      await country.blur();
      expect(await country.inputValue()).to.equal("AU");
    });

    it("is issued as a credential, sent, and leads to its story; what was typed outlives a reload", async () => {
      const page = await browser.open("desktop");
      await begin(page);
      await fillIn(page, "CONSOLE-1");
      await shoot(page, "agency-send-form-desktop");
      await page.reload();
      await page.getByRole("button", { name: "Check and go on" }).waitFor();
      expect(await page.locator('[id="field.credentialSubject.exporter.name"]').inputValue()).to.equal(
        "Vintners of the South",
      );
      await page.getByRole("button", { name: "Check and go on" }).click();
      await page.getByLabel("To", { exact: true }).selectOption(cn);
      await page.getByLabel("Valid until", { exact: true }).fill("2099-01-31");
      await expectAccessible(page);
      await shoot(page, "agency-send-review-desktop");
      await page.getByRole("button", { name: "Send", exact: true }).dblclick();
      const id = await storyId(page);
      await page.getByText("Delivered", { exact: true }).first().waitFor();

      const { australia, china } = agencies;
      const record = await china.officer.until(id, "available");
      expect(record).to.include({ sender: au, predicate: created, validUntil: "2099-01-31T23:59:59Z" });
      expect(record.subject).to.match(/^urn:/);
      const { bytes } = await china.officer.read(record.obj);
      expect(new TextDecoder().decode(bytes).split(".")).to.have.length(3);
      const all = await australia.officer.request("/messages?limit=1000");
      const { items } = (await all.json()) as { items: { subject: string }[] };
      expect(items.filter(({ subject }) => subject === record.subject)).to.have.length(1);
      // Nothing of it stays in the browser once it is sent.
      expect(await page.evaluate(() => JSON.stringify(Object.entries(sessionStorage)))).not.to.include(
        "CONSOLE-1",
      );
    });

    it("is one while it is under way: it is neither changed nor sent again from elsewhere, and leads nobody away", async () => {
      const page = await browser.open("desktop");
      await begin(page);
      await fillIn(page, "CONSOLE-SLOW");
      await page.getByRole("button", { name: "Check and go on" }).click();
      await page.getByLabel("To", { exact: true }).selectOption(cn);
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      let issued = 0;
      await page.route("**/credentials", async (route) => {
        issued += 1;
        await held;
        await route.fallback();
      });
      await page.getByRole("button", { name: "Send", exact: true }).click();
      await page.getByRole("button", { name: "Sending …" }).waitFor();
      expect(await page.getByRole("button", { name: "Begin anew" }).isDisabled()).to.equal(true);
      expect(await page.getByRole("button", { name: "Fill in" }).isDisabled()).to.equal(true);
      await go(page, "#/messages");
      await page.getByRole("heading", { level: 1, name: "Messages" }).waitFor();
      await go(page, "#/send");
      const again = page.getByRole("button", { name: "Sending …" });
      await again.waitFor();
      expect(await again.isDisabled()).to.equal(true);
      await go(page, "#/messages");
      await page.getByRole("heading", { level: 1, name: "Messages" }).waitFor();
      const accepted = page.waitForResponse(
        (answer) => answer.url().endsWith("/messages") && answer.request().method() === "POST",
      );
      release();
      const { id } = (await (await accepted).json()) as { id: string };
      await page.locator(`tbody a[href$="${id}"]`).waitFor();
      expect(new URL(page.url()).hash).to.equal("#/messages");
      await go(page, "#/send");
      await page.getByRole("button", { name: "Preferential certificate of origin" }).waitFor();
      expect(issued).to.equal(1);
    });

    it("is forgotten once its user signs out", async () => {
      const page = await browser.open("desktop");
      await begin(page);
      await page.locator('[id="field.credentialSubject.number"]').fill("SECRET-7");
      const kept = () => page.evaluate(() => JSON.stringify(Object.entries(sessionStorage)));
      await eventually(async () => (await kept()).includes("SECRET-7"));
      await page.getByRole("button", { name: "Sign out" }).click();
      await page.getByRole("link", { name: "Sign in" }).waitFor();
      expect(await kept()).not.to.include("SECRET-7");
    });

    it("says no longer that the node is out of reach once it is there again", async () => {
      const page = await browser.open("phone");
      await begin(page);
      await fillIn(page, "CONSOLE-AWAY");
      await page.getByRole("button", { name: "Check and go on" }).click();
      await page.getByLabel("To", { exact: true }).selectOption(cn);
      await page.route("**/credentials", (route) => route.abort());
      await page.getByRole("button", { name: "Send", exact: true }).click();
      const away = page.getByRole("alert").filter({ hasText: "It may be starting again" });
      await away.waitFor();
      await page.unroute("**/credentials");
      await away.waitFor({ state: "detached" });
    });

    it("comes back to the field that the node finds wrong, by a rule that no schema says", async () => {
      const page = await browser.open("desktop");
      await begin(page);
      await fillIn(page, "CONSOLE-2");
      await page.locator('[id="field.credentialSubject.replaces"]').click();
      await page.locator('[id="field.credentialSubject.replaces.number"]').fill("CONSOLE-2");
      await page.getByRole("button", { name: "Check and go on" }).click();
      await page.getByLabel("To", { exact: true }).selectOption(cn);
      await page.getByRole("button", { name: "Send", exact: true }).click();
      const summary = page.getByRole("group", { name: /^To be put right/ });
      await summary.getByText("A certificate replaces one of another number", { exact: false }).waitFor();
      await expectAccessible(page);
    });
  });

  it("of a file as it is goes once, also when the answer to it is lost", async () => {
    const page = await browser.open("narrow");
    await agencies.signIn(page, agencies.australia);
    await go(page, "#/send");
    const file = join(directory, "invoice.pdf");
    await writeFile(file, `%PDF-1.7 ${randomUUID()}`);
    await page.getByLabel(/^Such as a PDF/).setInputFiles(file);
    await page.getByText("invoice.pdf").waitFor();
    await page.getByLabel("What", { exact: true }).selectOption(created);
    await page.getByLabel("To", { exact: true }).selectOption(cn);
    await expectAccessible(page);
    await shoot(page, "agency-send-file-narrow");
    let posts = 0;
    await page.route("**/messages", async (route) => {
      if (route.request().method() !== "POST") return route.fallback();
      posts += 1;
      if (posts > 1) return route.fallback();
      await route.fetch();
      return route.abort();
    });
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText("No answer came", { exact: false }).waitFor();
    await page.getByRole("button", { name: "Send", exact: true }).click();
    const id = await storyId(page);
    const record = await agencies.china.officer.until(id, "available");
    const all = await agencies.australia.officer.request("/messages?limit=1000");
    const { items } = (await all.json()) as { items: { obj: string }[] };
    expect(items.filter(({ obj }) => obj === record.obj)).to.have.length(1);
  });

  describe("many at once", () => {
    const choose = async (page: Page, files: readonly string[]) => {
      await agencies.signIn(page, agencies.australia);
      await go(page, "#/bulk");
      await page.getByLabel("Files", { exact: true }).setInputFiles([...files]);
    };
    const written = async (name: string, content: string) => {
      const file = join(directory, name);
      await writeFile(file, content);
      return file;
    };

    it("by a table and its files: each row has its result, to be looked through and taken away", async () => {
      const [one, two] = [randomUUID(), randomUUID()];
      const files = [
        await written("first.json", certificateNumbered("BULK-1")),
        await written("second.json", certificateNumbered("BULK-2")),
        await written(
          "table.csv",
          [
            "file;subject;predicate;receiver",
            `first.json;urn:uuid:${one};${created};${cn}`,
            `second.json;urn:uuid:${two};${created};customs.example`,
            `absent.json;;${created};${cn}`,
          ].join("\r\n"),
        ),
      ];
      const page = await browser.open("desktop");
      await choose(page, files);
      await expectAccessible(page);
      await page.getByRole("button", { name: "Send all" }).click();
      await page.getByText("1 accepted, 2 refused, 3 in all").waitFor();
      await page.getByText("No such file was chosen.").waitFor();
      await page.getByLabel("Only what was refused").check();
      expect(await page.locator("tbody tr").count()).to.equal(2);
      await expectAccessible(page);
      await shoot(page, "agency-bulk-desktop");
      const saving = page.waitForEvent("download");
      await page.getByRole("button", { name: "Save the results (CSV)" }).click();
      const lines = (await readFile(await (await saving).path(), "utf8")).trim().split("\r\n");
      expect(lines).to.have.length(4);
      expect(lines[1]).to.match(
        /^2,first\.json,credential,urn:uuid:[^,]*,Qm[^,]*,accepted,0x[0-9a-f]{64},,$/,
      );
      expect(lines[2]).to.include("participant-unknown");
      expect(lines[3]).to.include("file-missing");
    });

    it("by thousands of lines: it can be stopped and gone on with, and nothing is sent twice", async () => {
      const obj = await agencies.certificate("BULK-MANY");
      const count = 2_000;
      const run = randomUUID();
      const table = Array.from({ length: count }, (_value, place) =>
        JSON.stringify({ receiver: cn, subject: `${run}:${place}`, predicate: created, obj }),
      );
      const page = await browser.open("phone");
      await choose(page, [await written("many.ndjson", table.join("\n"))]);
      let slices = 0;
      await page.route("**/messages/batch", async (route) => {
        slices += 1;
        // The connection breaks once: the node has taken what its answer would have said.
        if (slices !== 2) return route.fallback();
        await route.fetch();
        return route.abort();
      });
      await page.getByRole("button", { name: "Send all" }).click();
      await page.getByText("Stopped. Nothing is lost: go on when you like.").waitFor();
      await page.getByText(`500 accepted, 0 refused, ${count} in all`).waitFor();
      await expectAccessible(page);
      await shoot(page, "agency-bulk-stopped-phone");
      await page.getByRole("button", { name: "Go on" }).click();
      await page.getByText(`${count} accepted, 0 refused, ${count} in all`).waitFor({ timeout: 120_000 });
      expect(await page.locator("tbody tr").count(), "a page of rows").to.equal(100);
      await page.getByRole("button", { name: "Next" }).click();
      await page.getByText("Page 2 of 20").waitFor();
      await shoot(page, "agency-bulk-phone");
    });

    it("says what is wrong with a table before anything is sent", async () => {
      const page = await browser.open("phone");
      await choose(page, [await written("wrong.csv", "name,amount\r\nwine,3")]);
      await page.getByRole("button", { name: "Send all" }).click();
      await page.getByText("The table's first line must name its columns", { exact: false }).waitFor();
      await expectAccessible(page);
    });
  });
});
