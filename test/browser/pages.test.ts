import { expect } from "chai";

import { Problem } from "../../src/domain/problems.ts";
import type { HttpServer } from "../../src/http/server.ts";
import { serve } from "../http/test-app.ts";
import { expectAccessible, openBrowser, screens, type TestBrowser } from "./browser.ts";

describe("the pages in a browser", function () {
  this.timeout(120_000);
  let server: HttpServer;
  let browser: TestBrowser;

  before(async function () {
    browser = await openBrowser(this);
    server = await serve(() => Promise.reject(new Problem("token-missing", "Sign in.")), []);
  });

  after(async () => {
    await browser.close();
    await server.close();
  });

  for (const path of ["verify", "console"]) {
    for (const screen of Object.keys(screens) as (keyof typeof screens)[]) {
      it(`opens /${path} on a ${screen} screen, for everybody to use`, async () => {
        const page = await browser.open(screen);
        await page.route("**/console/session", (route) => route.fulfill({ status: 401, json: {} }));
        await page.goto(`${server.url}/${path}`);
        await page.getByRole("heading", { level: 1 }).waitFor();
        await expectAccessible(page);
        expect(await page.title()).not.to.equal("");
      });
    }
  }
});
