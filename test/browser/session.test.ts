import { expect } from "chai";
import type { Page } from "playwright-core";

import { roles } from "../../src/identity/caller.ts";
import { createLogger } from "../../src/log.ts";
import { au } from "../channels/fixtures.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { expectAccessible, openBrowser, screens, shoot, type TestBrowser } from "./browser.ts";
import { signIn, type ConsoleUser } from "./sign-in.ts";

describe("signing in at the console", function () {
  this.timeout(180_000);
  let world: World;
  let browser: TestBrowser;
  let country: Country;
  const lines: string[] = [];

  before(async function () {
    browser = await openBrowser(this);
    world = await startWorld();
    const config = await world.configure(au, "AU", { technology: "sqlite", file: ":memory:" });
    country = await world.start(config, {
      log: createLogger({ level: "debug", write: (line) => lines.push(line) }),
    });
  });

  after(async () => {
    await browser.close();
    await world.close();
  });

  const officer = (name = "Alex Reader"): ConsoleUser => ({
    ...{ url: country.node.url, token: "", name, participant: au },
    roles: roles.filter((role) => role !== "admin"),
  });

  it("leads to the identity provider and back, and says who is signed in", async () => {
    const page = await browser.open("desktop");
    await signIn(page, officer());
    await page.getByText(`Alex Reader for ${au}`).waitFor();
    expect(new URL(page.url()).search).to.equal("");
  });
});
