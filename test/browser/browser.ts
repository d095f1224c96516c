import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import axe from "axe-core";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

import { findChromium } from "./chromium.ts";

/** A telephone held upright, the narrowest screen, and an office's. */
export const screens = {
  phone: { width: 390, height: 844 },
  narrow: { width: 320, height: 640 },
  desktop: { width: 1280, height: 900 },
} as const;

const SHOTS = fileURLToPath(new URL("../../test-output/screens/", import.meta.url));
const SLOW_MACHINE_MS = 30_000;

/** A real browser, and pages in it that reach nothing beyond this machine. */
export interface TestBrowser {
  /** A page of a fresh profile; what its console complains of fails `close`, unless it was expected. */
  open(screen: keyof typeof screens, options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
}

/** What cameras a browser has: one that shows a Y4M or MJPEG file, or several that show what they make up. */
export type Cameras = { readonly file: string } | { readonly count: number };

/**
 * Starts Chromium, or skips the suite and says why.
 *
 * @param context of mocha's `before` hook
 * @param cameras none where left out
 */
export async function openBrowser(context: Mocha.Context, cameras?: Cameras): Promise<TestBrowser> {
  const found = findChromium();
  if ("why" in found) {
    process.stdout.write(`      (no browser: ${found.why}; these pages were not opened)\n`);
    context.skip();
  }
  return startBrowser(found.file, cameras);
}

/** The same for whoever has found a Chromium. @param file its program */
export async function startBrowser(file: string, cameras?: Cameras): Promise<TestBrowser> {
  const camera =
    cameras === undefined
      ? []
      : "file" in cameras
        ? ["--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${cameras.file}`]
        : [`--use-fake-device-for-media-stream=device-count=${cameras.count}`];
  const browser: Browser = await chromium.launch({
    executablePath: file,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"],
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
      ...(cameras === undefined ? [] : ["--use-fake-ui-for-media-stream"]),
      ...camera,
    ],
  });
  const complaints: string[] = [];
  return {
    async open(screen, options = {}) {
      const profile = await browser.newContext({ viewport: screens[screen], locale: "en-GB", ...options });
      profile.setDefaultTimeout(SLOW_MACHINE_MS);
      const page = await profile.newPage();
      page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
      page.on("console", (message) => {
        // A refused or failed request is the page's to show; a breach of its policy is a fault of ours.
        if (/Content Security Policy|TrustedType/i.test(message.text())) complaints.push(message.text());
      });
      return page;
    },
    async close() {
      await browser.close();
      expect(complaints, "errors of the pages").to.deep.equal([]);
    },
  };
}

/** Goes to a place of the console that is open, by its address's fragment; without a load. */
export async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

/**
 * Keeps a picture in `test-output/screens`.
 *
 * @param name without ending
 * @param extent the whole page, or what the screen shows of it
 */
export async function shoot(page: Page, name: string, extent: "page" | "screen" = "page"): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  const fullPage = extent === "page";
  await page.screenshot({ path: `${SHOTS}${name}.png`, fullPage, animations: "disabled" });
}

/** Demands that axe finds nothing (WCAG 2.2 AA and best practice), and that nothing sticks out sideways. */
export async function expectAccessible(page: Page): Promise<void> {
  // Through the debugger: the page's own policy would not let it run.
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ["violations"],
    });
    return violations.map(({ id, help, nodes }) => ({
      ...{ id, help },
      nodes: nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary ?? ""}`),
    }));
  });
  expect(found, "what axe finds").to.deep.equal([]);
  const [inner, outer] = await page.evaluate(() => [
    document.documentElement.clientWidth,
    document.documentElement.scrollWidth,
  ]);
  expect(outer, "width of the content").to.be.at.most(inner);
}
