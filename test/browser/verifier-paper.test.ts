import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { noCredentials } from "../../src/credentials/credentials-config.ts";
import { au, cn, created } from "../channels/fixtures.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { openBrowser, shoot, type TestBrowser } from "./browser.ts";

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

  it("opens the content by the paper's link, and checks its seal, with nothing stood in for", async () => {
    const sample = new URL(
      "../../document-types/preferential-certificate-of-origin/samples/valid/chafta-wine.json",
      import.meta.url,
    );
    const obj = await australia.officer.store(new Uint8Array(await readFile(sample)), "application/json");
    const id = await australia.officer.send({ receiver: cn, subject: "WBC208897", predicate: created, obj });
    await australia.officer.until(id, "delivered");
    const response = await australia.officer.request(`/documents/${obj}/seal`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    const seal = (await response.json()) as { link: string; offline: string };
    expect(response.status, JSON.stringify(seal)).to.equal(200);

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
});
