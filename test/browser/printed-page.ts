import { expect } from "chai";
import type { Page } from "playwright-core";

import { pictureOf, textsOf } from "../paper/scan.ts";

/** Of 255: what is darker can be read on white, and what is lighter is the paper. */
const DARK = 110;
const LIGHT = 160;
const CONTROLS = "button:visible, select:visible, input:visible, textarea:visible, nav:visible";

/**
 * Prints a page from a screen that is dark, and demands that nothing is on the paper that is there to be pressed, and that it is
 * dark letters on white, its grounds included.
 *
 * @returns what stands on the paper, with single spaces
 */
export async function printedPage(page: Page): Promise<string> {
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  expect(await page.locator(CONTROLS).count(), "what is there to be pressed").to.equal(0);
  expect(await paleLetters(page), "letters that are too pale for paper").to.deep.equal([]);
  const pdf = await page.pdf({ format: "A4", printBackground: true });
  const { grey } = await pictureOf(pdf);
  const light = grey.reduce((sum, point) => (point > LIGHT ? sum + 1 : sum), 0);
  expect(light / grey.length, "how much of the paper is white").to.be.greaterThan(0.8);
  return (await textsOf(pdf)).join("\n").replaceAll(/\s+/g, " ");
}

async function paleLetters(page: Page): Promise<readonly string[]> {
  return page.evaluate((dark) => {
    const shadeOf = (colour: string) => {
      const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
      return 0.3 * red + 0.6 * green + 0.1 * blue;
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    while (walker.nextNode()) {
      const { textContent, parentElement } = walker.currentNode;
      if (parentElement === null || (textContent ?? "").trim() === "" || !parentElement.checkVisibility())
        continue;
      const { color } = getComputedStyle(parentElement);
      if (shadeOf(color) > dark) found.push(`${color}: ${parentElement.outerHTML.slice(0, 200)}`);
    }
    return found;
  }, DARK);
}
