import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { noCredentials } from "../../src/credentials/credentials-config.ts";
import { au, cn, created } from "../channels/fixtures.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { expectAccessible, openBrowser, shoot, type TestBrowser } from "./browser.ts";
import { printedPage } from "./printed-page.ts";

describe("the verifier's page and a paper that a node sealed", function () {
  this.timeout(180_000);
  let browser: TestBrowser;
  let world: World;
  let directory: string;
  let australia: Country;

  before(async function () {
    browser = await openBrowser(this);
    directory = await mkdtemp(join(tmpdir(), "icl-paper-"));
    world = await startWorld({ production: true });
    const key = join(directory, "agency.jwk");
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    await writeFile(key, JSON.stringify(privateKey.export({ format: "jwk" })));
    const issuers = [{ did: `did:web:${au}`, key: { file: key }, name: null }];
    const config = await world.configure(au, "AU", { technology: "sqlite", file: join(directory, "au.db") });
    australia = await world.start({ ...config, credentials: { ...noCredentials, issuers } });
    await eventually(async () => (await australia.officer.request("/health/ready")).status === 200);
  });

  after(async () => {
    await browser.close();
    await world.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function sealed(subject: string) {
    const sample = new URL(
      "../../document-types/preferential-certificate-of-origin/samples/valid/chafta-wine.json",
      import.meta.url,
    );
    const obj = await australia.officer.store(new Uint8Array(await readFile(sample)), "application/json");
    const id = await australia.officer.send({ receiver: cn, subject, predicate: created, obj });
    await australia.officer.until(id, "delivered");
    const response = await australia.officer.request(`/documents/${obj}/seal`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ message: id }),
    });
    const seal = (await response.json()) as { link: string; offline: string };
    expect(response.status, JSON.stringify(seal)).to.equal(200);
    return { id, ...seal };
  }

  it("opens the content by the paper's link, and checks its seal, with nothing stood in for", async () => {
    const seal = await sealed("WBC208897");
    const page = await browser.open("phone");
    await page.goto(seal.link);
    await page.getByRole("heading", { level: 1, name: "Genuine, and not used" }).waitFor();
    await page.getByText("Treasury Wine Estates Vintners").first().waitFor();
    await page.locator("fieldset").first().waitFor();
    await page.getByText("Mode: Air (4)").first().waitFor();
    await shoot(page, "verifier-paper");
    await page.getByRole("button", { name: "Check another" }).click();
    await page.getByLabel("Code, link or hash").fill(seal.offline);
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await page.getByText(`Its signature is genuine: ${au} signed it.`).waitFor();
    await page.getByText(/Status as of .+: issued\./).waitFor();
    await shoot(page, "verifier-paper-seal");
  });

  it("says codes by their words in the reader's language, and what is English in it as English", async () => {
    const { link } = await sealed("WBC208897-fr");
    const page = await browser.open("phone", { locale: "fr-FR" });
    await page.goto(link);
    await page.getByRole("heading", { level: 1, name: "Authentique, et non utilisé" }).waitFor();
    const box = (number: string) => page.getByRole("group", { name: new RegExp(`^Case ${number} `) });
    await box("5").getByText("voie aérienne (4)").waitFor();
    await box("6").getByText("Australie (AU)").first().waitFor();
    const [goods] = await box("9").all();
    const said = (await goods?.textContent()) ?? "";
    expect(said).to.contain("dollar australien (AUD)").and.to.contain("Australie (AU)");
    expect(said).to.contain("produit entièrement à partir de matières originaires (WP)");
    expect(said).to.contain("litre (LTR)");
    const english = (await goods?.locator('[lang="en"]').allTextContents()) ?? [];
    expect(english).to.include("litre").and.to.include("kilogram");
    expect(english.join(" ")).not.to.match(/dollar|Australie|matières|[(]/);
    await expectAccessible(page);
  });

  it("calls who made the document by the ledger's word alone, and what he calls himself that", async () => {
    const { link } = await sealed("WBC208897-who");
    const page = await browser.open("phone");
    await page.goto(link);
    const last = page.getByRole("group", { name: /^Box 12 / });
    await last.getByText("Issuer of the electronic certificate: did:web:chamber.example").waitFor();
    const claim = last.getByText("Calls itself, not verified: Example Chamber of Commerce");
    expect(await claim.getAttribute("class")).to.equal("hint");
    const issued = page.getByRole("region", { name: "Issued" });
    await issued.getByText("Calls itself, not verified: Example Chamber of Commerce").waitFor();
  });

  it("is printed with verdict, time and fields, without buttons and menus, black on white also in the dark", async () => {
    const { link } = await sealed("WBC208897-print");
    const page = await browser.open("desktop", { colorScheme: "dark" });
    await page.goto(link);
    await page.getByText("Treasury Wine Estates Vintners").first().waitFor();
    await page.getByRole("radio", { name: "Differs" }).first().check();
    const text = await printedPage(page);
    const when = (await page.locator(".verify-when").textContent()) ?? "none";
    for (const shown of [
      ...["Genuine, and not used", when, "What to do", `${au} (Australia)`, "Treasury Wine Estates Vintners"],
      ...["Mode: Air (4)", "WBC208897", "Differs"],
    ]) {
      expect(text).to.contain(shown);
    }
    for (const hidden of [
      "Check another",
      "Print this",
      "Skip",
      "Language",
      "Français",
      "Agrees",
      "Copy",
      "Open its file",
    ]) {
      expect(text).not.to.contain(hidden);
    }
  });
});
