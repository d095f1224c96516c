import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import type { Page } from "playwright-core";

import { acquitted, attached, cn } from "../channels/fixtures.ts";
import { eventually } from "../eventually.ts";
import { startAgencyWorld, type AgencyWorld } from "./agency-world.ts";
import { expectAccessible, go, openBrowser, shoot, type TestBrowser } from "./browser.ts";
import { comeBackAs } from "./sign-in.ts";

describe("a sign-in that is too weak for an act", function () {
  this.timeout(180_000);
  let browser: TestBrowser;
  let agencies: AgencyWorld;
  let directory: string;

  before(async function () {
    browser = await openBrowser(this);
    agencies = await startAgencyWorld({
      levels: ["basic", "strong"],
      demands: [
        { type: acquitted, level: "strong", maxAgeSeconds: 3_600 },
        { type: attached, level: "strong", maxAgeSeconds: null },
      ],
    });
    directory = await mkdtemp(join(tmpdir(), "icl-step-up-"));
  });

  after(async () => {
    await browser.close();
    await agencies.close();
    await rm(directory, { recursive: true, force: true });
  });

  const again = (page: Page) => page.getByRole("link", { name: "Sign in again, with the stronger method" });
  const atIssuer = async (page: Page) => {
    await page.getByText("FOR DEVELOPMENT ONLY").waitFor();
    const { searchParams } = new URL(page.url());
    return { acr: searchParams.get("acr_values"), maxAge: searchParams.get("max_age") };
  };
  const written = async (name: string) => {
    const file = join(directory, name);
    await writeFile(file, `%PDF-1.7 ${name}`);
    return file;
  };

  it("leads to the issuer for just what the node demands, and back to the act, which is only confirmed again", async () => {
    const { china } = agencies;
    const id = await agencies.issue("STEP-1");
    const page = await browser.open("phone");
    const user = await agencies.signIn(page, china);
    await go(page, `#/messages/${id}`);
    const dialog = page.getByRole("dialog", { name: "Mark this certificate as used" });
    const submit = dialog.getByRole("button", { name: "Mark as used" });
    await page.getByRole("button", { name: "Mark as used …" }).click();
    await dialog.getByLabel(/^Reason/).fill("Presented at the counter");
    await dialog.getByLabel(/^Your reference/).fill("DECLARATION-9");
    await dialog.getByRole("checkbox").check();
    await submit.click();
    await dialog.getByText("You are not signed in surely enough", { exact: false }).waitFor();
    await expectAccessible(page);
    await shoot(page, "step-up-phone");
    expect((await china.officer.message(id))?.certificate).to.include({ acquitted: false });

    await again(page).click();
    expect(await atIssuer(page)).to.deep.equal({ acr: "strong", maxAge: "3600" });
    await comeBackAs(page, user);
    await page.waitForURL(`${user.url}/console#/messages/${id}`);
    await dialog.getByText("STEP-1").waitFor();
    expect(await dialog.getByLabel(/^Reason/).inputValue()).to.equal("Presented at the counter");
    expect(await dialog.getByLabel(/^Your reference/).inputValue()).to.equal("DECLARATION-9");
    expect(await submit.isDisabled(), "what cannot be undone is confirmed anew").to.equal(true);
    await dialog.getByRole("checkbox").check();
    await submit.click();
    await dialog.getByText("Done: the certificate is marked as used, finally.").waitFor();
    await eventually(async () => (await china.officer.message(id))?.certificate?.acquitted === true);
  });

  it("is not made enough by asking the issuer for less, and says that it did not help", async () => {
    const { china } = agencies;
    const id = await agencies.issue("STEP-2");
    const page = await browser.open("desktop");
    const user = await agencies.signIn(page, china);
    await go(page, `#/messages/${id}`);
    const dialog = page.getByRole("dialog");
    await page.getByRole("button", { name: "Mark as used …" }).click();
    await dialog.getByLabel(/^Reason/).fill("By a weaker way");
    const confirm = async () => {
      await dialog.getByRole("checkbox").check();
      await dialog.getByRole("button", { name: "Mark as used" }).click();
      await dialog.getByText("You are not signed in surely enough", { exact: false }).waitFor();
    };
    await confirm();
    expect(await page.getByText("still does not confirm", { exact: false }).count()).to.equal(0);
    await again(page).click();
    await atIssuer(page);
    const lowered = new URL(page.url());
    lowered.searchParams.set("acr_values", "basic");
    await page.goto(lowered.href);
    await comeBackAs(page, user);
    await dialog.waitFor();
    await confirm();
    await dialog.getByText("still does not confirm", { exact: false }).waitFor();
    await expectAccessible(page);

    // Nor by the address that begins it, which leads to nowhere but the console.
    await page.goto(`${user.url}/console/sign-in?acr=basic`);
    await comeBackAs(page, user);
    await go(page, `#/messages/${id}`);
    await page.getByRole("button", { name: "Mark as used …" }).click();
    await confirm();
    expect((await china.officer.message(id))?.certificate).to.include({ acquitted: false });
  });

  it("keeps what is to be sent, and opens nothing of it for another who signs in instead", async () => {
    const page = await browser.open("phone");
    const user = await agencies.signIn(page, agencies.australia);
    await go(page, "#/send");
    await page.getByLabel(/^Such as a PDF/).setInputFiles(await written("step.pdf"));
    await page.getByLabel("What", { exact: true }).selectOption(attached);
    await page.getByLabel("To", { exact: true }).selectOption(cn);
    const send = page.getByRole("button", { name: "Send", exact: true });
    await send.click();
    await again(page).click();
    expect(await atIssuer(page)).to.deep.equal({ acr: "strong", maxAge: null });
    await comeBackAs(page, user);
    await page.waitForURL(`${user.url}/console#/send`);
    expect(await page.getByLabel("To", { exact: true }).inputValue()).to.equal(cn);
    await send.click();
    await page.waitForURL(/#\/messages\/0x[0-9a-f]{64}$/);

    await go(page, "#/send");
    await page.getByLabel(/^Such as a PDF/).setInputFiles(await written("other.pdf"));
    await page.getByLabel("What", { exact: true }).selectOption(attached);
    await page.goto(`${user.url}/console/sign-in?acr=strong`);
    await comeBackAs(page, { ...user, name: "officer-8" });
    await go(page, "#/send");
    await page.getByRole("heading", { name: "A document that you fill in" }).waitFor();
    const seen = await page.evaluate(() => JSON.stringify(Object.entries(sessionStorage)));
    expect(seen).not.to.include(attached);
  });

  it("stops a bulk sending, which goes on in its page once one has signed in in another tab", async () => {
    const page = await browser.open("desktop");
    const user = await agencies.signIn(page, agencies.australia);
    await go(page, "#/bulk");
    const files = await Promise.all(["one.pdf", "two.pdf"].map(written));
    await page.getByLabel("Files", { exact: true }).setInputFiles(files);
    await page.getByLabel("What", { exact: true }).selectOption(attached);
    await page.getByLabel("To", { exact: true }).selectOption(cn);
    await page.getByRole("button", { name: "Send all" }).click();
    await page.getByText("Stopped. Nothing is lost: go on when you like.").waitFor();
    await page.getByText("0 accepted, 0 refused, 2 in all").waitFor();
    await expectAccessible(page);
    const [elsewhere] = await Promise.all([page.waitForEvent("popup"), again(page).click()]);
    expect(await atIssuer(elsewhere)).to.deep.equal({ acr: "strong", maxAge: null });
    await comeBackAs(elsewhere, user);
    await elsewhere.close();
    // Whoever is back at the page has it ask for the session, which may take a moment.
    await page.evaluate(() => dispatchEvent(new Event("focus")));
    const goOn = page.getByRole("button", { name: "Go on" });
    await eventually(
      async () => {
        if (await goOn.isVisible()) await goOn.click({ timeout: 2_000 }).catch(() => undefined);
        return (await page.getByText("2 accepted, 0 refused, 2 in all").count()) === 1;
      },
      { every: 300 },
    );
  });
});
