import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { startDevelopmentNetwork, type DevelopmentNetwork } from "../../scripts/dev/development-network.ts";
import { StateDirectory } from "../../scripts/dev/state-directory.ts";
import { expectAccessible, openBrowser, shoot, type TestBrowser } from "./browser.ts";
import { stations, walk, type Station } from "./walk.ts";

describe("the way that the README describes", function () {
  this.timeout(180_000);
  let browser: TestBrowser;
  let directory: string;
  let state: StateDirectory;
  let network: DevelopmentNetwork;

  before(async function () {
    browser = await openBrowser(this);
    directory = await mkdtemp(join(tmpdir(), "icl-walk-"));
    state = await StateDirectory.take(join(directory, ".icl"));
    network = await startDevelopmentNetwork(state);
  });

  after(async () => {
    await browser.close();
    await network.close();
    state.release();
    await rm(directory, { recursive: true, force: true });
  });

  it("leads from a form to paper, to a telephone, to use, and to “already used” at the next check", async () => {
    const seen: Station[] = [];
    const { pdf } = await walk(network.description, browser, async (station, page) => {
      seen.push(station);
      await expectAccessible(page);
      await shoot(page, `walk-${seen.length}-${station}`);
    });
    expect(seen).to.deep.equal([...stations]);
    await writeFile(new URL("../../test-output/screens/walk-paper.pdf", import.meta.url), pdf);
  });

  it("is described in the README with the words that are on the pages", async () => {
    const readme = await readFile(new URL("../../README.md", import.meta.url), "utf8");
    const words = [
      ...["Sign in", "Officer (AU)", "Send", "Preferential certificate of origin", "Fill in a sample"],
      ...["Check and go on", "customs.gov.cn", "Print (PDF)", "Officer (CN)", "Mark as used", "Already used"],
    ];
    for (const word of words) expect(readme).to.contain(`**${word}**`);
  });
});
