import { createHash, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";

import { expect } from "chai";
import type { Page } from "playwright-core";

import { multihashOf } from "../../src/domain/multihash.ts";
import { acquitted, attached, au, cn, created, revoked } from "../channels/fixtures.ts";
import { eventually } from "../eventually.ts";
import { startAgencyWorld, type AgencyWorld } from "./agency-world.ts";
import { expectAccessible, go, openBrowser, shoot, type TestBrowser } from "./browser.ts";
import { printedPage } from "./printed-page.ts";

describe("an agency's messages in the console", function () {
  this.timeout(180_000);
  let browser: TestBrowser;
  let agencies: AgencyWorld;

  before(async function () {
    browser = await openBrowser(this);
    agencies = await startAgencyWorld();
  });

  after(async () => {
    await browser.close();
    await agencies.close();
  });

  afterEach(() => {
    agencies.door.delay = 0;
    agencies.door.open();
  });

  const live = (page: Page) => page.getByText("Live", { exact: true }).waitFor();
  const rowOf = (page: Page, subject: string) => page.getByRole("row").filter({ hasText: subject.slice(-9) });
  const newSubject = () => `urn:uuid:${randomUUID()}`;

  describe("the list", () => {
    it("says in words what is there when nothing is", async () => {
      const page = await browser.open("phone");
      await agencies.signIn(page, agencies.china);
      await go(page, `#/messages?subject=${encodeURIComponent(newSubject())}`);
      await page.getByText("No message is as you ask.").waitFor();
      await expectAccessible(page);
      await shoot(page, "agency-messages-empty");
    });

    it("shows what comes and what becomes of it, without a reload", async () => {
      const page = await browser.open("desktop");
      await agencies.signIn(page, agencies.china);
      await live(page);
      // Whoever loaded the page anew would lose this.
      await page.evaluate(() => {
        document.documentElement.setAttribute("data-same-page", "");
      });
      const subject = newSubject();
      const id = await agencies.issue("LIVE-1", subject);
      await rowOf(page, subject).getByText("Document here").waitFor();
      await rowOf(page, subject).getByText("May be used").waitFor();

      const { australia, china } = agencies;
      const obj = await australia.officer.store(
        new TextEncoder().encode(JSON.stringify({ salt: randomUUID() })),
        "application/json",
      );
      await australia.officer.send({ receiver: cn, subject, predicate: revoked, obj });
      await rowOf(page, subject)
        .filter({ hasText: "issued" })
        .getByText("Revoked", { exact: true })
        .waitFor();
      expect((await china.officer.message(id))?.certificate?.revoked).to.equal(true);
      expect(await page.locator("html[data-same-page]").count()).to.equal(1);
    });

    it("is filtered by its address, comes back with Back, and goes on page by page, newest first", async () => {
      const { australia } = agencies;
      const obj = await agencies.certificate("MANY");
      const subjects = Array.from({ length: 60 }, () => newSubject());
      for (const subject of subjects) {
        await australia.officer.send({ receiver: cn, subject, predicate: attached, obj });
      }
      const page = await browser.open("desktop");
      await agencies.signIn(page, australia);
      await page.getByLabel("Kind").selectOption(attached);
      await page.waitForURL(/predicate=/);
      await eventually(async () => (await page.locator("tbody tr").count()) === 50);
      expect(await page.locator("tbody tr").first().innerText()).to.include(subjects.at(-1)?.slice(-9));
      await page.getByRole("button", { name: "Show older messages" }).click();
      await eventually(async () => (await page.locator("tbody tr").count()) === 60);
      expect(await page.locator("tbody tr").last().innerText()).to.include(subjects[0]?.slice(-9));
      await expectAccessible(page);

      await page.locator("tbody tr").first().getByRole("link").click();
      await page.getByRole("heading", { level: 1, name: /attachment/ }).waitFor();
      await page.goBack();
      expect(await page.getByLabel("Kind").inputValue()).to.equal(attached);
      await page.getByLabel("Direction").selectOption("incoming");
      await page.getByText("No message is as you ask.").waitFor();
      await page.getByRole("link", { name: "Clear filters" }).click();
      await page.getByLabel("Other side").selectOption(cn);
      await eventually(async () => (await page.locator("tbody tr").count()) === 50);
      await shoot(page, "agency-messages-desktop");
    });

    it("keeps what another filter shows when older messages come that were asked for before", async () => {
      const page = await browser.open("desktop");
      await agencies.signIn(page, agencies.australia);
      await go(page, `#/messages?predicate=${attached}`);
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      await page.route(/\/messages\?.*after=/, async (route) => {
        await held;
        await route.fallback();
      });
      const older = page.getByRole("button", { name: "Show older messages" });
      await older.click();
      await page.getByLabel("Direction").selectOption("outgoing");
      await page.waitForURL(/direction=outgoing/);
      await eventually(async () => (await page.locator("tbody tr").count()) === 50);
      await page.evaluate(() => {
        new MutationObserver(() => {
          if (document.querySelector("tbody tr") === null) document.documentElement.dataset.emptied = "";
        }).observe(document.body, { childList: true, subtree: true });
      });
      const late = page.waitForResponse(/\/messages\?.*after=/);
      release();
      await (await late).finished();
      await page.getByText("Asking the node …").waitFor({ state: "detached" });
      expect(await page.locator("html[data-emptied]").count()).to.equal(0);
      await older.click();
      await eventually(async () => (await page.locator("tbody tr").count()) === 60);
    });

    it("finds a certificate, and all that was said of it, by the number on its paper, at either side", async () => {
      const subject = newSubject();
      const number = `PAPER ${randomUUID().slice(0, 8)}`;
      await agencies.issue(number, subject);
      await agencies.issue("ANOTHER-1");
      for (const country of [agencies.china, agencies.australia]) {
        // A node reads what has just come within seconds.
        await eventually(async () => {
          const found = await country.officer.request(`/messages?number=${encodeURIComponent(number)}`);
          return ((await found.json()) as { items: unknown[] }).items.length === 1;
        });
        const page = await browser.open("phone");
        await agencies.signIn(page, country);
        const field = page.getByLabel("Number on the paper");
        await field.fill(` ${number} `);
        await field.press("Enter");
        await page.waitForURL(/number=/);
        await rowOf(page, subject).waitFor();
        await eventually(async () => (await page.locator("tbody tr").count()) === 1);
        await expectAccessible(page);
        await page.getByRole("link", { name: "Clear filters" }).click();
        await eventually(async () => (await page.locator("tbody tr").count()) > 1);
      }
    });

    it("is there on a narrow screen, in the dark, and in other languages", async () => {
      await agencies.issue("SMALL-1");
      const page = await browser.open("narrow", { colorScheme: "dark" });
      await agencies.signIn(page, agencies.china);
      await page.getByRole("row").first().waitFor({ state: "attached" });
      await page.locator("tbody").getByText("Document here").first().waitFor();
      await expectAccessible(page);
      await shoot(page, "agency-messages-narrow-dark");
      for (const [code, word] of [
        ["fr", "Document présent"],
        ["es", "Documento disponible"],
        ["zh", "文件已到"],
      ] as const) {
        await page.getByRole("combobox").first().selectOption(code);
        await page.locator("tbody").getByText(word).first().waitFor();
        await expectAccessible(page);
      }
      await page.locator("tbody").getByText("原产地证书：签发").first().waitFor();
    });
  });

  describe("a message's story", () => {
    it("offers what may be done also where the node first had no time to say what its channels take", async () => {
      const id = await agencies.issue("STORY-BUSY");
      const page = await browser.open("phone");
      await agencies.signIn(page, agencies.china);
      await page.getByText("Live", { exact: true }).waitFor();
      let refusals = 0;
      await page.route("**/channels?*", async (route) => {
        refusals += 1;
        if (refusals > 1) return route.fallback();
        const json = { code: "unavailable", title: "The node cannot do this now", status: 503 };
        return route.fulfill({ status: 503, contentType: "application/problem+json", json });
      });
      await go(page, `#/messages/${id}`);
      await page.getByRole("button", { name: "Mark as used …" }).waitFor();
      expect(refusals).to.be.greaterThan(1);
    });

    it("asks anew after its question was put away by force while it was being sent", async () => {
      const id = await agencies.issue("STORY-FORCE");
      const page = await browser.open("phone");
      await agencies.signIn(page, agencies.china);
      await go(page, `#/messages/${id}`);
      await page.getByRole("button", { name: "Mark as used …" }).click();
      const dialog = page.getByRole("dialog", { name: "Mark this certificate as used" });
      await dialog.getByText("STORY-FORCE").waitFor();
      await dialog.getByLabel(/^Reason/).fill("Preference granted");
      await dialog.getByRole("checkbox").check();
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      await page.route("**/documents", async (route) => {
        await held;
        await route.abort();
      });
      await dialog.getByRole("button", { name: "Mark as used" }).click();
      await dialog.getByRole("button", { name: "Sending …" }).waitFor();
      // The browser asks the page the first time only.
      for (let time = 0; time < 3; time += 1) await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
      release();
      await page.getByRole("button", { name: "Mark as used …" }).click();
      await dialog.getByLabel(/^Reason/).waitFor();
      expect(await dialog.getByLabel(/^Reason/).inputValue()).to.equal("Preference granted");
    });

    it("is a place of its own: it has a title, and who uses the keyboard or listens is led to it", async () => {
      await agencies.issue("STORY-PLACE");
      const page = await browser.open("desktop", { timezoneId: "Asia/Shanghai" });
      await agencies.signIn(page, agencies.china);
      await page.getByText("Times: China Standard Time.").waitFor();
      await page.locator("tbody").getByRole("link").first().click();
      await page.getByRole("heading", { level: 1, name: "Certificate of origin: issued" }).waitFor();
      expect(await page.title()).to.equal("Certificate of origin: issued – Inter Customs Ledger");
      const isInMain = () => page.evaluate(() => document.activeElement === document.querySelector("main"));
      expect(await isInMain()).to.equal(true);
      await page.goBack();
      await page.getByRole("heading", { level: 1, name: "Messages" }).waitFor();
      await eventually(async () => (await page.title()) === "Messages – Inter Customs Ledger");
      expect(await isInMain()).to.equal(true);
      // Who is filtering stays where they are.
      await page.getByLabel("Direction").focus();
      await page.getByLabel("Direction").selectOption("incoming");
      await page.waitForURL(/direction=incoming/);
      expect(await isInMain()).to.equal(false);
    });

    it("tells content, journal, ledger entry, document and what belongs to it, and gives evidence to take away", async () => {
      const { china } = agencies;
      const subject = newSubject();
      const id = await agencies.issue("STORY-1", subject);
      const page = await browser.open("desktop");
      await agencies.signIn(page, china);
      await go(page, `#/messages/${id}`);
      await page.getByRole("heading", { level: 1, name: "Certificate of origin: issued" }).waitFor();
      const section = (name: string) => page.getByRole("region", { name, exact: true });
      await section("What it says").getByText("STORY-1").waitFor();
      const journal = section("What became of it");
      for (const word of ["Received", "Fetching document", "Document here"]) {
        await journal.getByText(word, { exact: true }).waitFor();
      }
      const record = await china.officer.message(id);
      await section("On the ledger")
        .getByText(record?.channelTxnId ?? "none")
        .waitFor();
      await section("Document").getByText("Treasury Wine Estates Vintners").first().waitFor();

      // Saved, it is the very document: its hash says so.
      const saving = page.waitForEvent("download");
      await section("Document").getByRole("button", { name: "Save the document" }).click();
      const saved = await saving;
      expect(saved.suggestedFilename()).to.equal("STORY-1.json");
      const digest = createHash("sha256")
        .update(await readFile(await saved.path()))
        .digest("hex");
      expect(multihashOf(digest)).to.equal(record?.obj);

      const taking = page.waitForEvent("download");
      await section("On the ledger").getByRole("button", { name: "Save the evidence" }).click();
      const bundle = JSON.parse(await readFile(await (await taking).path(), "utf8")) as object;
      expect(JSON.stringify(bundle)).to.include(subject);

      // What comes later is drawn and listed by itself.
      const related = section("All about the same subject");
      await related.getByRole("img", { name: /^1 messages between/ }).waitFor();
      const obj = await agencies.certificate("STORY-1-attachment");
      await agencies.australia.officer.send({ receiver: cn, subject, predicate: attached, obj });
      await related.getByRole("img", { name: /^2 messages between/ }).waitFor();
      await related.getByRole("link", { name: /attachment/ }).waitFor();
      await expectAccessible(page);
      await shoot(page, "agency-story-desktop");
    });

    it("shows each step of a credential's check", async () => {
      const { australia, china } = agencies;
      const document = JSON.parse(
        new TextDecoder().decode((await australia.officer.read(await agencies.certificate("CRED-1"))).bytes),
      ) as { credentialSubject: object };
      const issued = await australia.officer.request("/credentials", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          type: "PreferentialCertificateOfOrigin",
          credentialSubject: document.credentialSubject,
        }),
      });
      const { multihash } = (await issued.json()) as { multihash: string };
      const subject = newSubject();
      const id = await australia.officer.send({ receiver: cn, subject, predicate: created, obj: multihash });
      await china.officer.until(id, "available");
      await eventually(async () => (await china.officer.message(id))?.credential !== undefined);
      const page = await browser.open("phone");
      await agencies.signIn(page, china);
      await go(page, `#/messages/${id}`);
      const checks = page.getByRole("region", { name: "Checked as a credential" });
      await checks.getByText("Its issuer signed it").waitFor();
      expect(await checks.getByRole("listitem").count()).to.equal(7);
      await page.getByRole("region", { name: "What it says" }).getByText("CRED-1").waitFor();
      await expectAccessible(page);
      await shoot(page, "agency-story-phone");
    });

    it("prints what this agency issued, and gives its codes", async () => {
      const { australia } = agencies;
      const id = await agencies.issue("PAPER-1");
      const page = await browser.open("desktop");
      await agencies.signIn(page, australia);
      await go(page, `#/messages/${id}`);
      const paper = page.getByRole("region", { name: "On paper" });
      const saving = page.waitForEvent("download");
      await paper.getByRole("button", { name: "Print (PDF)" }).click();
      const printed = await readFile(await (await saving).path());
      expect(printed.subarray(0, 5).toString("latin1")).to.equal("%PDF-");
      await paper.getByRole("button", { name: "Codes for the paper" }).click();
      const code = paper.getByRole("img", { name: "Code that leads to the check" });
      await code.waitFor();
      await eventually(() => code.evaluate((picture) => (picture as HTMLImageElement).naturalWidth > 0));
      await expectAccessible(page);
      await shoot(page, "agency-paper");
      // The receiver has it from its issuer, and prints nothing in that one's name.
      const receiver = await browser.open("desktop");
      await agencies.signIn(receiver, agencies.china);
      await go(receiver, `#/messages/${id}`);
      await receiver.getByRole("button", { name: "Mark as used …" }).waitFor();
      expect(await receiver.getByRole("button", { name: "Print (PDF)" }).count()).to.equal(0);
    });

    it("is printed with state, time and fields, without buttons and menus, black on white also in the dark", async () => {
      const subject = newSubject();
      const id = await agencies.issue("PRINT-1", subject);
      const page = await browser.open("desktop", { colorScheme: "dark" });
      await agencies.signIn(page, agencies.china);
      await go(page, `#/messages/${id}`);
      const document = page.getByRole("region", { name: "Document", exact: true });
      await document.getByText("Treasury Wine Estates Vintners").first().waitFor();
      await live(page);
      const text = await printedPage(page);
      for (const shown of [
        ...[
          "Certificate of origin: issued",
          "May be used",
          subject,
          "PRINT-1",
          "Treasury Wine Estates Vintners",
        ],
        // The last columns of a table that scrolls on a screen.
        ...["Australia (AU)", "29120.00 Australian Dollar (AUD)", "did:web:chamber.example"],
      ]) {
        expect(text).to.contain(shown);
      }
      expect(text).to.match(/As of \d{1,2} \w+ \d{4}/);
      for (const hidden of ["Live", "Mark as used", "Save the", "Sign out", "Send", "Language", "Say more"]) {
        expect(text).not.to.contain(hidden);
      }
    });

    it("says the same of what is hidden and what is not there", async () => {
      const page = await browser.open("phone");
      await agencies.signIn(page, agencies.china);
      await go(page, `#/messages/0x${"12".repeat(32)}`);
      await page.getByText("There is nothing here that you may see.").waitFor();
      await expectAccessible(page);
    });

    it("offers what may be done to those alone who may do it", async () => {
      const id = await agencies.issue("ROLES-1");
      const page = await browser.open("desktop");
      await agencies.signIn(page, agencies.china, ["messages:read"]);
      await go(page, `#/messages/${id}`);
      await page.getByText("May be used").waitFor();
      await page.getByRole("region", { name: "Document", exact: true }).getByRole("button").waitFor();
      expect(await page.getByRole("button", { name: /Mark as used|Revoke/ }).count()).to.equal(0);
      // Nor may its issuer's people use it.
      const issuer = await browser.open("desktop");
      await agencies.signIn(issuer, agencies.australia);
      await go(issuer, `#/messages/${id}`);
      await issuer.getByRole("button", { name: "Revoke …" }).waitFor();
      expect(await issuer.getByRole("button", { name: /Mark as used/ }).count()).to.equal(0);
    });
  });

  describe("acquitting and revoking", () => {
    it("is done by keyboard alone: with a reason, a confirmation, and the ledger's word as it comes", async () => {
      const { china } = agencies;
      const subject = newSubject();
      const id = await agencies.issue("KEYS-1", subject);
      const page = await browser.open("desktop", { colorScheme: "dark" });
      await agencies.signIn(page, china);
      await go(page, `#/messages/${id}`);
      const open = page.getByRole("button", { name: "Mark as used …" });
      await open.waitFor();
      await open.focus();
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog", { name: "Mark this certificate as used" });
      await dialog.getByText("KEYS-1").waitFor();
      await dialog.getByText("This cannot be undone.", { exact: false }).first().waitFor();
      const submit = dialog.getByRole("button", { name: "Mark as used" });
      expect(await submit.isDisabled()).to.equal(true);
      await expectAccessible(page);

      // Escape leaves, and what was typed is there again.
      await page.keyboard.type("Preference granted");
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      await open.focus();
      await page.keyboard.press("Enter");
      expect(await dialog.getByLabel(/^Reason/).inputValue()).to.equal("Preference granted");
      await page.keyboard.press("Tab");
      await page.keyboard.type("020120201000001234");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Space");
      await shoot(page, "agency-acquit-dark");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await dialog.getByText("Done: the certificate is marked as used, finally.").waitFor();
      await shoot(page, "agency-acquit-done");
      await page.keyboard.press("Enter");
      await dialog.waitFor({ state: "detached" });
      await page.getByText("This certificate has been used. It cannot be used again.").waitFor();
      expect(await open.count()).to.equal(0);

      // The evidence says what of, why and when, and names nobody.
      await eventually(async () => (await china.officer.message(id))?.certificate?.acquitted === true);
      const use = await china.officer.message(
        (await china.officer.message(id))?.certificate?.acquittedBy ?? "",
      );
      expect(use).to.include({ predicate: acquitted, receiver: au, subject });
      const { bytes } = await china.officer.read(use?.obj ?? "");
      const evidence = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, string>;
      expect(evidence).to.include({
        ...{ statement: "acquitted", message: id, subject, number: "KEYS-1" },
        ...{ reason: "Preference granted", reference: "020120201000001234" },
      });
      expect(evidence.salt?.length).to.be.at.least(22);
      expect(JSON.stringify(evidence)).not.to.include("officer-7");
    });

    it("sends once, however often the button is pressed and the answer is lost", async () => {
      const { china } = agencies;
      const subject = newSubject();
      const id = await agencies.issue("ONCE-1", subject);
      const page = await browser.open("phone");
      await agencies.signIn(page, china);
      await go(page, `#/messages/${id}`);
      await page.getByRole("button", { name: "Mark as used …" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel(/^Reason/).fill("Presented at the counter");
      await dialog.getByRole("checkbox").check();
      let answers = 0;
      await page.route("**/messages", async (route) => {
        if (route.request().method() !== "POST") return route.fallback();
        answers += 1;
        if (answers > 1) return route.fallback();
        // It arrives, and its answer does not.
        await route.fetch();
        return route.abort();
      });
      await dialog.getByRole("button", { name: "Mark as used" }).dblclick();
      await dialog.getByText("No answer came, so it may have been taken or not.", { exact: false }).waitFor();
      expect(answers, "one call for two clicks").to.equal(1);
      expect(await dialog.getByLabel(/^Reason/).isEditable(), "another text is another message").to.equal(
        false,
      );
      await expectAccessible(page);
      await shoot(page, "agency-acquit-uncertain-phone");
      await dialog.getByRole("button", { name: "Mark as used" }).click();
      await dialog.getByText("Done: the certificate is marked as used, finally.").waitFor();
      const response = await china.officer.request(
        `/messages?subject=${encodeURIComponent(subject)}&predicate=${acquitted}`,
      );
      const { items } = (await response.json()) as { items: unknown[] };
      expect(items).to.have.length(1);
    });

    it("says in words why the ledger refuses a second use, and what to do", async () => {
      const { china } = agencies;
      const subject = newSubject();
      const id = await agencies.issue("TWICE-1", subject);
      const page = await browser.open("phone");
      await agencies.signIn(page, china);
      await go(page, `#/messages/${id}`);
      await page.getByRole("button", { name: "Mark as used …" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel(/^Reason/).fill("Presented here, too");
      await dialog.getByRole("checkbox").check();
      // A colleague at another counter is faster.
      const obj = await china.officer.store(
        new TextEncoder().encode(JSON.stringify({ salt: randomUUID() })),
        "application/json",
      );
      const first = await china.officer.send({ receiver: au, subject, predicate: acquitted, obj });
      await china.officer.until(first, "delivered");
      await dialog.getByRole("button", { name: "Mark as used" }).click();
      await dialog.getByText(/The ledger refused it; nothing was done.*has been used already/).waitFor();
      await expectAccessible(page);
      await shoot(page, "agency-acquit-refused-phone");
    });

    it("of a revocation wants the certificate's number typed, so that it is not another's", async () => {
      const { australia } = agencies;
      const id = await agencies.issue("REV-77");
      const page = await browser.open("desktop");
      await agencies.signIn(page, australia);
      await go(page, `#/messages/${id}`);
      await page.getByRole("button", { name: "Revoke …" }).click();
      const dialog = page.getByRole("dialog", { name: "Revoke this certificate" });
      await dialog.getByLabel(/^Reason/).fill("Issued by mistake");
      const submit = dialog.getByRole("button", { name: "Revoke", exact: true });
      await dialog.getByLabel(/Type the certificate's number, REV-77/).fill("REV-78");
      expect(await submit.isDisabled()).to.equal(true);
      await dialog.getByLabel(/Type the certificate's number, REV-77/).fill("REV-77");
      await shoot(page, "agency-revoke");
      await submit.click();
      await dialog.getByText("Done: the certificate is revoked, finally.").waitFor();
      await dialog.getByRole("button", { name: "Close" }).click();
      await page.getByText("This certificate is revoked.", { exact: true }).waitFor();
    });
  });

  describe("behind a slow and a dead node", () => {
    it("the list says that it waits, and then that nothing is live; it comes back by itself", async () => {
      await agencies.issue("SLOW-1");
      const page = await browser.open("phone");
      await agencies.signIn(page, agencies.china);
      await page.locator("tbody").getByText("Document here").first().waitFor();
      await live(page);
      agencies.door.delay = 3_000;
      await go(page, `#/messages?partner=${au}`);
      await page.getByText("Asking the node …").first().waitFor();
      await page.locator("tbody").getByText("Document here").first().waitFor();

      agencies.door.delay = 0;
      agencies.door.shut();
      await page.getByText(/Not live since/).waitFor();
      await page.getByText("The node cannot be reached.", { exact: false }).first().waitFor();
      // What was there is still there to be read.
      expect(await page.locator("tbody tr").count()).to.be.greaterThan(0);
      await expectAccessible(page);
      await shoot(page, "agency-dead-node-phone");
      agencies.door.open();
      await live(page);
      await page
        .getByText("The node cannot be reached.", { exact: false })
        .first()
        .waitFor({ state: "detached" });
    });

    it("the story of a certificate waits for a dead node, and keeps a reason that was typed", async () => {
      const id = await agencies.issue("DEAD-1");
      const page = await browser.open("phone");
      await agencies.signIn(page, agencies.china);
      await go(page, `#/messages/${id}`);
      await page.getByRole("button", { name: "Mark as used …" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel(/^Reason/).fill("Typed before the node died");
      await dialog.getByRole("checkbox").check();
      agencies.door.shut();
      await dialog.getByRole("button", { name: "Mark as used" }).click();
      await dialog.getByText("No answer came", { exact: false }).waitFor();
      agencies.door.open();
      await page.reload();
      await page.getByRole("button", { name: "Mark as used …" }).click();
      expect(await dialog.getByLabel(/^Reason/).inputValue()).to.equal("Typed before the node died");
      await dialog.getByRole("checkbox").check();
      await dialog.getByRole("button", { name: "Mark as used" }).click();
      await dialog.getByText("Done: the certificate is marked as used, finally.").waitFor();
    });
  });
});
