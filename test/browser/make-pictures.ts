/**
 * `npm run pictures`: makes the README's pictures anew, in `docs/pictures`: goes the way that the README describes in a real
 * browser, on a development network of its own, and keeps what two of its pages look like.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import hre from "hardhat";
import type { Page } from "playwright-core";

import { startBrowser } from "./browser.ts";
import { findOrInstallChromium } from "./chromium.ts";
import { walk } from "./walk.ts";
import { buildWeb } from "../../scripts/build-web.ts";
import { startDevelopmentNetwork } from "../../scripts/dev/development-network.ts";
import { StateDirectory } from "../../scripts/dev/state-directory.ts";

const PICTURES = fileURLToPath(new URL("../../docs/pictures/", import.meta.url));

/** Of a page that is higher than this, the beginning. @param height in CSS pixels */
async function keep(page: Page, name: string, height: number): Promise<void> {
  const width = page.viewportSize()?.width ?? 0;
  await page.setViewportSize({ width, height });
  await page.mouse.wheel(0, -100_000);
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: "disabled" });
  process.stdout.write(`docs/pictures/${name}.png\n`);
}

const found = await findOrInstallChromium((line) => {
  process.stdout.write(`${line}\n`);
});
if ("why" in found) throw new Error(`There is no browser: ${found.why}.`);
await hre.tasks.getTask("build").run({ quiet: true });
await buildWeb();
mkdirSync(PICTURES, { recursive: true });
const directory = mkdtempSync(join(tmpdir(), "icl-pictures-"));
const state = await StateDirectory.take(directory);
const network = await startDevelopmentNetwork(state);
const browser = await startBrowser(found.file);
try {
  await walk(network.description, browser, async (station, page) => {
    if (station === "printed") await keep(page, "console", 860);
    if (station === "checked-again") await keep(page, "verifier", 820);
  });
} finally {
  await browser.close();
  await network.close();
  state.release();
  rmSync(directory, { recursive: true, force: true });
}
