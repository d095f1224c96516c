import { expect } from "chai";
import type { Page } from "playwright-core";

import { nameHash } from "../channels/evm/test-channel.ts";
import { au } from "../channels/fixtures.ts";
import { eventually } from "../eventually.ts";
import { expectAccessible, openBrowser, screens, shoot, type TestBrowser } from "./browser.ts";
import { startVerifierWorld, type IssuedPaper, type VerifierWorld } from "./verifier-world.ts";

const DAY_MS = 86_400_000;

describe("the verifier's page", function () {
  this.timeout(180_000);
  let browser: TestBrowser;
  let places: VerifierWorld;
  let good: IssuedPaper;

  before(async function () {
    browser = await openBrowser(this);
    places = await startVerifierWorld();
    good = await places.issue("WBC208897");
  });

  after(async () => {
    await browser.close();
    await places.close();
  });

  /** Opens the page with what a paper's code says. */
  async function scan(paper: IssuedPaper | string, screen: keyof typeof screens = "phone"): Promise<Page> {
    const page = await browser.open(screen);
    const papers = typeof paper === "string" ? [] : [paper];
    await places.standIn(page, papers);
    await page.goto(`${places.door.url}/verify#${typeof paper === "string" ? paper : paper.fragment}`);
    return page;
  }

  const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { level: 1, name });

  /** The state is shown, to everybody, in light and dark; a picture of it is kept. */
  async function expectState(page: Page, title: string, name: string): Promise<void> {
    await heading(page, title).waitFor();
    expect(await heading(page, title).evaluate((element) => element === document.activeElement)).to.equal(
      true,
    );
    expect(await page.title()).to.contain(title);
    await expectAccessible(page);
    await shoot(page, `verifier-${name}`, "screen");
    await page.emulateMedia({ colorScheme: "dark" });
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: "light" });
  }

  it("says from the code alone, without a click, that a certificate is genuine, by whom, and shows its content", async () => {
    const page = await scan(good);
    await expectState(page, "Genuine, and not used", "genuine");
    await page.getByText("homeaffairs.gov.au (Australia) issued it").waitFor();
    expect(page.url(), "the key is gone from the address").to.equal(`${places.door.url}/verify`);
    await page.getByText("Treasury Wine Estates Vintners").first().waitFor();
    await shoot(page, "verifier-genuine-content");
  });

  it("says that it was used, by whom and when; then that it was revoked", async () => {
    const paper = await places.issue("WBC-used");
    await places.acquit(paper);
    const page = await scan(paper);
    await expectState(page, "Already used", "used");
    await page
      .getByText(/Used by customs\.gov\.cn \(China\) on .+ UTC|Used by customs\.gov\.cn \(China\) on .+ GMT/)
      .waitFor();
    await places.revoke(paper);
    const after = await scan(paper);
    await expectState(after, "Revoked", "revoked");
    await after.getByText(/Before that it had been used by customs\.gov\.cn \(China\)/).waitFor();
  });
});
export const unused = [DAY_MS, nameHash, au, eventually];
