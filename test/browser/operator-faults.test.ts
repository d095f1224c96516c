import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";
import { ethers } from "ethers";
import type { Page } from "playwright-core";

import { startNode, type Node } from "../../src/node.ts";
import { silentLogger } from "../../src/log.ts";
import { au } from "../channels/fixtures.ts";
import { quickFetching, quickSubscriptions, quickTiming } from "../e2e/quick-timing.ts";
import { eventually } from "../eventually.ts";
import { expectAccessible, openBrowser, shoot, type TestBrowser } from "./browser.ts";
import { startOperatorRig, type OperatorRig } from "./operator-rig.ts";

const lookAgain = (page: Page) => page.getByRole("button", { name: "Look again now" }).click();
/** A place that shows what the node answered. */
const told = (page: Page) => page.getByText(/^As of /).first();

describe("the console of an operator whose node and ledger fail", function () {
  this.timeout(240_000);
  let browser: TestBrowser;
  let rig: OperatorRig;
  let again: Node | null = null;

  before(async function () {
    browser = await openBrowser(this);
    rig = await startOperatorRig();
  });

  after(async () => {
    await browser.close();
    await again?.close();
    await rig.close();
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
    await lookAgain(page);
    await page.getByText("Running dry").waitFor();
    await shoot(page, "operator-signers-low");
    await expectAccessible(page);
    await evm.send("hardhat_setBalance", [operator, ethers.toQuantity(ethers.parseEther("100"))]);
    await lookAgain(page);
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
