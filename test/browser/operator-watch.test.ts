import { expect } from "chai";
import type { Page } from "playwright-core";

import { attached, au, cn } from "../channels/fixtures.ts";
import { expectAccessible, go, openBrowser, screens, shoot, type TestBrowser } from "./browser.ts";
import { startOperatorRig, type OperatorRig } from "./operator-rig.ts";

const PLACES = ["channels", "stuck", "signers", "subscriptions", "participants", "traffic"];
/** A place that shows what the node answered. */
const told = (page: Page) => page.getByText(/^As of /).first();

describe("the console of an operator who watches", function () {
  this.timeout(240_000);
  let browser: TestBrowser;
  let rig: OperatorRig;

  before(async function () {
    browser = await openBrowser(this);
    rig = await startOperatorRig();
    const { officer } = rig.australia;
    const china = await rig.world.start(rig.china);
    for (let each = 0; each < 3; each += 1) {
      const obj = await officer.store(new TextEncoder().encode(`{"n":${each}}`), "application/json");
      const id = await officer.send({ receiver: cn, subject: `watched:${each}`, predicate: attached, obj });
      await officer.until(id, "delivered");
      await china.officer.until(id, "available");
    }
    const obj = await china.officer.store(new TextEncoder().encode('{"n":9}'), "application/json");
    const back = await china.officer.send({ receiver: au, subject: "back:1", predicate: attached, obj });
    await officer.until(back, "available");
  });

  after(async () => {
    await browser.close();
    await rig.close();
  });

  for (const screen of Object.keys(screens) as (keyof typeof screens)[]) {
    it(`shows every place on a ${screen} screen, for everybody to use`, async () => {
      const page = await browser.open(screen);
      await rig.signIn(page, "channels");
      for (const place of PLACES) {
        await go(page, `#/${place}`);
        await page.locator(`nav a[aria-current="page"][href="#/${place}"]`).waitFor();
        await told(page).waitFor();
        expect(await told(page).innerText()).to.match(/^As of \d\d:\d\d:\d\d [A-Z]\S*; /);
        await page.locator("main h1").waitFor();
        if (place === "participants") await page.getByText("By the ledger's final state").waitFor();
        await expectAccessible(page);
        await shoot(page, `operator-${place}-${screen}`);
      }
    });
  }

  it("says of each question that the node does not answer, and asks again", async () => {
    const page = await browser.open("phone");
    let refusals = 0;
    await page.route("**/rights", async (route) => {
      refusals += 1;
      if (refusals > 1) return route.fallback();
      const json = { code: "unavailable", title: "Not now.", status: 503 };
      return route.fulfill({ status: 503, contentType: "application/problem+json", json });
    });
    await rig.signIn(page, "participants");
    await page.getByRole("alert").filter({ hasText: "The node did not say: Not now." }).waitFor();
    await page.getByText("May admit and suspend participants").waitFor();
    expect(await page.getByRole("alert").count()).to.equal(0);
  });

  it("is as readable in the dark", async () => {
    const page = await browser.open("desktop", { colorScheme: "dark" });
    await rig.signIn(page, "traffic");
    await page.getByRole("img", { name: "How many messages" }).waitFor();
    await expectAccessible(page);
    await shoot(page, "operator-traffic-dark");
    await page.getByRole("link", { name: "Channels" }).click();
    await page.getByText("All channels are well.").waitFor();
    await expectAccessible(page);
    await shoot(page, "operator-channels-dark");
  });

  it("speaks French, Spanish and Chinese, without a word left out", async () => {
    for (const [locale, title] of [
      ["fr-FR", "Canaux"],
      ["es-ES", "Canales"],
      ["zh-CN", "通道"],
    ] as const) {
      const page = await browser.open("phone", { locale });
      await rig.signIn(page, "channels");
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
      await expectAccessible(page);
      await shoot(page, `operator-channels-${locale.slice(0, 2)}`);
    }
  });

  it("tells how much came and went and how long it took, in pictures and in figures", async () => {
    const page = await browser.open("desktop");
    await rig.signIn(page, "traffic");
    const chart = page.getByRole("img", { name: "How many messages" });
    await chart.waitFor();
    await page.getByText("Sent 3, received 1.").first().waitFor();
    expect(await chart.locator("rect").count()).to.be.at.least(1);
    await page.getByText("The same as a table").first().click();
    const figures = page.getByRole("region", { name: "How many messages" }).locator("tbody tr");
    const cells = (await figures.allInnerTexts()).map((row) => row.split("\t").slice(1));
    const sum = (direction: string) =>
      cells.filter(([each]) => each === direction).reduce((all, row) => all + Number(row.at(-1)), 0);
    expect([sum("Sent"), sum("Received")]).to.deep.equal([3, 1]);
    expect(cells.every(([, effect]) => effect === "Inform")).to.equal(true);
    await page.getByRole("rowheader", { name: "Accepted – delivered" }).waitFor();
    await page.getByRole("rowheader", { name: "Received – document available" }).waitFor();
    for (const range of ["Last day", "Last week"]) {
      await page.getByRole("link", { name: range }).click();
      await page.locator(`a[aria-current="true"]`, { hasText: range }).waitFor();
      await page.getByText("Sent 3, received 1.").first().waitFor();
    }
  });

  it("says who may do what, as the ledger has it", async () => {
    const page = await browser.open("desktop");
    await rig.signIn(page, "participants");
    const australia = page.getByRole("region", { name: au });
    await australia.getByText("(message types: 5)").click();
    await australia.getByText(attached).waitFor();
    const operator = rig.world.channel.operators.get(au)?.address.toLowerCase() ?? "";
    const admin = rig.world.channel.admins.get(au)?.address.toLowerCase() ?? "";
    const text = await australia.innerText();
    expect(text).to.include(operator).and.to.include(admin);
    const consortium = rig.world.channel.consortium.address.toLowerCase();
    await page.getByText(consortium).waitFor();
    await page.getByRole("region", { name: "Change log" }).first().getByText(cn).first().waitFor();
  });
});
