import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";
import { ethers } from "ethers";
import type { Page } from "playwright-core";

import { startNode, type Node } from "../../src/node.ts";
import { silentLogger } from "../../src/log.ts";
import { attached, au, cn } from "../channels/fixtures.ts";
import { quickFetching, quickSubscriptions, quickTiming } from "../e2e/quick-timing.ts";
import { eventually } from "../eventually.ts";
import { expectAccessible, openBrowser, screens, shoot, type TestBrowser } from "./browser.ts";
import { startOperatorRig, type OperatorRig } from "./operator-rig.ts";

const PLACES = ["channels", "stuck", "signers", "subscriptions", "participants", "traffic"];
/** A place that shows what the node answered. */
const told = (page: Page) => page.getByText(/^As of /).first();

describe("the console of an operator who watches", function () {
  this.timeout(240_000);
  let browser: TestBrowser;
  let rig: OperatorRig;
  let again: Node | null = null;

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
    await again?.close();
    await rig.close();
  });

  for (const screen of Object.keys(screens) as (keyof typeof screens)[]) {
    it(`shows every place on a ${screen} screen, for everybody to use`, async () => {
      const page = await browser.open(screen);
      await rig.signIn(page, "channels");
      for (const place of PLACES) {
        await page.evaluate((hash) => {
          location.hash = hash;
        }, `#/${place}`);
        await page.locator(`nav a[aria-current="page"][href="#/${place}"]`).waitFor();
        await told(page).waitFor();
        await page.locator("main h1").waitFor();
        if (place === "participants") await page.getByText("By the ledger's final state").waitFor();
        await expectAccessible(page);
        await shoot(page, `operator-${place}-${screen}`);
      }
    });
  }

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

  it("warns of an account that runs dry, and goes on with what is stored while the ledger is away", async () => {
    const { evm, channel } = rig.world;
    const operator = channel.operators.get(au)?.address ?? "";
    const page = await browser.open("desktop");
    await rig.signIn(page, "signers");
    await page
      .getByText("100 ETH")
      .or(page.getByText(/99\.\d+ ETH/))
      .first()
      .waitFor();
    await evm.send("hardhat_setBalance", [operator, ethers.toQuantity(10n ** 14n)]);
    await page.getByText("Running dry").waitFor();
    await shoot(page, "operator-signers-low");
    await expectAccessible(page);
    await evm.send("hardhat_setBalance", [operator, ethers.toQuantity(ethers.parseEther("100"))]);
    await page.getByText("Running dry").waitFor({ state: "detached" });
    evm.setReachable(false);
    try {
      await page.getByText("The ledger's client does not answer.").waitFor();
      await page.getByText("What is stored here is shown.").waitFor();
      await shoot(page, "operator-signers-away");
    } finally {
      evm.setReachable(true);
    }
    await page.getByText("The ledger's client does not answer.").waitFor({ state: "detached" });
  });

  it("says so when the node is slow, or dead, and recovers by itself", async () => {
    const page = await browser.open("desktop");
    let slow = true;
    await rig.signIn(page, "stuck");
    await told(page).waitFor();
    await page.route("**/operations/channels", async (route) => {
      // Until the page has said so: a node that takes its time.
      for (let waited = 0; slow && waited < 200; waited += 1) await delay(50);
      await route.fallback();
    });
    await page.getByRole("link", { name: "Channels" }).click();
    await page.getByText("The node takes long to answer").waitFor();
    await shoot(page, "operator-slow");
    slow = false;
    await page.getByText("All channels are well.").waitFor();

    await rig.australia.node.close();
    await page.getByText("The node cannot be reached.").waitFor();
    await page.getByText(/^What is shown is from /).waitFor();
    await page.getByText("Nothing is known of the channels now").waitFor();
    expect(await page.getByRole("heading", { name: "Certificates of origin" }).count()).to.equal(1);
    await expectAccessible(page);
    await shoot(page, "operator-dead");
    again = await startNode(rig.australia.config, {
      ...{ log: silentLogger, timing: quickTiming, fetching: quickFetching },
      subscriptions: quickSubscriptions,
      validateResponses: true,
    });
    await page.getByText("The node cannot be reached.").waitFor({ state: "detached" });
    await page.getByText("All channels are well.").waitFor();
  });

  it("asks nothing while nobody looks at it, and at once when somebody does again", async () => {
    const page = await browser.open("desktop");
    let asked = 0;
    await rig.signIn(page, "stuck");
    await told(page).waitFor();
    await page.route("**/operations/channels", async (route) => {
      asked += 1;
      await route.fallback();
    });
    await page.getByRole("link", { name: "Channels" }).click();
    await page.getByText("All channels are well.").waitFor();
    const hide = (hidden: boolean) =>
      page.evaluate((value) => {
        Object.defineProperty(document, "hidden", { value, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, hidden);
    await hide(true);
    const before = asked;
    // Longer than it waits between two questions.
    await delay(5_000);
    expect(before).to.be.at.least(1);
    expect(asked - before).to.be.at.most(1);
    await hide(false);
    await eventually(() => asked > before);
  });

  it("shows a ledger that took back what was final, and what to do, above all else", async () => {
    const { evm } = rig.world;
    const page = await browser.open("phone");
    await rig.signIn(page, "channels");
    await page.getByText("All channels are well.").waitFor();
    const snapshot = await evm.send("evm_snapshot");
    await evm.send("evm_mine");
    await evm.send("evm_mine");
    const head = async () => Number(await evm.send("eth_blockNumber"));
    const top = await head();
    const followed = async () => {
      const health = (await (await fetch(`${rig.australia.config.publicUrl}/health`)).json()) as {
        channels: { final: number }[];
      };
      return (health.channels[0]?.final ?? 0) >= top;
    };
    await eventually(followed);
    await evm.send("evm_revert", [snapshot]);
    await evm.send("hardhat_mine", ["0x5", "0x7"]);
    await page.getByText("The ledger took back a block that was final.").waitFor();
    await page.getByText("Call the consortium").waitFor();
    await page.getByText("Channels that need you: 1").waitFor();
    await expectAccessible(page);
    await shoot(page, "operator-channel-stopped");
  });
});
