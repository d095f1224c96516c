import { expect } from "chai";

import type { Page } from "playwright-core";

import { contractMessage } from "../../src/channels/evm/encode.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { messageId } from "../../src/domain/message.ts";
import { attached, au, cn, message } from "../channels/fixtures.ts";
import { quickSubscriptions } from "../e2e/quick-timing.ts";
import { eventually } from "../eventually.ts";
import { startCallbackServer, type CallbackServer } from "../subscriptions/callback-server.ts";
import { expectAccessible, openBrowser, shoot, type TestBrowser } from "./browser.ts";
import { startOperatorRig, type OperatorRig } from "./operator-rig.ts";

interface Act {
  readonly act: string;
  readonly actor: { readonly subject?: string };
  readonly detail?: { readonly id?: string };
}

describe("the console of an operator who acts", function () {
  this.timeout(240_000);
  let browser: TestBrowser;
  let rig: OperatorRig;
  let callback: CallbackServer;
  let broken = true;

  before(async function () {
    browser = await openBrowser(this);
    callback = await startCallbackServer();
    callback.receive = () => ({ status: broken ? 500 : 204 });
    // What fails is given up soon, and so becomes a dead letter.
    rig = await startOperatorRig({
      otherwise: { subscriptions: { ...quickSubscriptions, deadLetterAfterMs: 1_500 } },
    });
    await subscribe("*");
  });

  after(async () => {
    await browser.close();
    await rig.close();
    await callback.close();
  });

  async function subscribe(topic: string): Promise<void> {
    const { officer } = rig.australia;
    const form = {
      "hub.mode": "subscribe",
      "hub.topic": topic,
      "hub.callback": `${callback.url}/hook?key=hush`,
    };
    const response = await officer.request("/subscriptions", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString(),
    });
    expect(response.status).to.equal(202);
    await eventually(async () => {
      const list = await officer.request("/subscriptions");
      const { items } = (await list.json()) as { items: { state: string }[] };
      return items.every(({ state }) => state === "active");
    });
  }

  async function sent(subject: string): Promise<string> {
    const { officer } = rig.australia;
    const obj = await officer.store(new TextEncoder().encode(`{"s":"${subject}"}`), "application/json");
    return officer.send({ receiver: cn, subject, predicate: attached, obj });
  }

  async function acts(): Promise<readonly Act[]> {
    const administrator = await rig.world.officer(rig.australia.config, ["admin"]);
    return ((await (await administrator.request("/audit?limit=50")).json()) as { items: Act[] }).items;
  }

  const card = (page: Page, text: string) => page.getByRole("listitem").filter({ hasText: text });

  it("shows a subscriber that takes nothing, retries what was given up, and tells once more", async () => {
    const page = await browser.open("desktop");
    await rig.signIn(page, "subscriptions");
    await rig.australia.officer.until(await sent("told:1"), "delivered");
    await page.getByText("Callback fails").first().waitFor();
    await page.getByText("Nothing is delivered.").waitFor();
    expect(await page.locator("main").innerText(), "the callback's own secret").not.to.include("hush");
    await page
      .getByText(/^Events given up: \d+/)
      .first()
      .waitFor();
    await shoot(page, "operator-subscription-failing");
    await page.locator("summary", { hasText: "Events given up" }).click();
    const letters = page.getByRole("region", { name: "Events given up" });
    await letters.getByRole("button", { name: "Try again now" }).first().waitFor();
    await expectAccessible(page);

    broken = false;
    const before = callback.deliveries().length;
    await letters.getByRole("button", { name: "Try again now" }).first().click();
    await page.getByText("It is tried at once: Event given up.").waitFor();
    await eventually(() => callback.deliveries().length > before);
    await eventually(async () =>
      (await acts()).some(
        ({ act, actor }) => act === "dead-letter.retried" && actor.subject === "operator-3",
      ),
    );

    const told = callback.deliveries().length;
    await page.getByRole("button", { name: "Tell once more" }).click();
    const dialog = page.getByRole("dialog", { name: "Tell a subscriber once more" });
    await dialog.getByLabel("Last event that is not told again").fill("0");
    await expectAccessible(page);
    await shoot(page, "operator-replay");
    await dialog.getByRole("button", { name: "Tell once more" }).click();
    await page.getByText("It is told once more of everything after event 0.").waitFor();
    await dialog.waitFor({ state: "detached" });
    await eventually(() => callback.deliveries().length > told);
  });

  it("retries a document that its sender does not show, and says why it is not there", async () => {
    // China's operator sends past any node of China's: there is nobody to ask for the document.
    const lost = message({ sender: cn, receiver: au, predicate: attached, subject: parseSubject("lost:1") });
    const wallet = rig.world.channel.operators.get(cn)?.connect(rig.world.channel.consortium.provider);
    if (wallet === undefined) throw new Error("China has no operator.");
    await (await rig.world.channel.contract.connect(wallet).send(contractMessage(lost))).wait();
    const page = await browser.open("phone");
    await rig.signIn(page, "stuck");
    const item = card(page, messageId(lost));
    await item.getByRole("heading", { name: "The sender's node cannot be reached." }).waitFor();
    await item.getByText("Tell the sender's agency.").waitFor();
    await shoot(page, "operator-stuck-phone");
    await expectAccessible(page);
    await item.getByRole("button", { name: "Try again now" }).click();
    await page.getByText("It is tried at once: Document to fetch.").waitFor();
    await page.getByRole("combobox", { name: "What" }).selectOption("message");
    await page.getByText("Nothing is stuck.").waitFor();
    expect(page.url()).to.include("kind=message");
  });

  it("gives up a message that waits for a ledger that is away, only with a reason, and says that it has", async () => {
    const { evm } = rig.world;
    const { officer } = rig.australia;
    evm.setReachable(false);
    try {
      const id = await sent("waits:1");
      const page = await browser.open("desktop");
      await rig.signIn(page, "stuck?minutes=0&kind=message");
      const item = card(page, id);
      await item.getByRole("heading", { name: "The ledger's client does not answer." }).waitFor();
      await item.getByRole("button", { name: "Give up" }).click();
      const dialog = page.getByRole("dialog", { name: "Give up: Message" });
      await dialog.getByText("The message ends as failed.").waitFor();
      await dialog.getByRole("button", { name: "Give up" }).click();
      expect((await officer.message(id))?.status, "without a reason nothing happens").to.equal("pending");
      await expectAccessible(page);
      await shoot(page, "operator-give-up");
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      expect((await officer.message(id))?.status).to.equal("pending");

      await item.getByRole("button", { name: "Give up" }).click();
      await dialog.getByLabel("Reason").fill("Sent by mistake, agreed with the receiver");
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      await page.route("**/give-up", async (route) => {
        await held;
        await route.fallback();
      });
      await dialog.getByRole("button", { name: "Give up" }).click();
      // What is under way is seen to its end: a dialog that is gone could not say that it was refused.
      expect(await dialog.getByRole("button", { name: "Leave it" }).isDisabled()).to.equal(true);
      await page.keyboard.press("Escape");
      expect(await dialog.isVisible()).to.equal(true);
      release();
      await page.getByText("It has been given up.").waitFor();
      await item.waitFor({ state: "detached" });
      const record = await officer.until(id, "failed");
      expect(record.journal.at(-1)?.reason).to.deep.equal({
        code: "given-up",
        detail: "Sent by mistake, agreed with the receiver",
      });
    } finally {
      evm.setReachable(true);
    }
  });

  it("says in the node's words why something can no longer be given up", async () => {
    const { evm } = rig.world;
    evm.setReachable(false);
    const id = await sent("quick:1");
    const page = await browser.open("desktop");
    await rig.signIn(page, "stuck?minutes=0&kind=message");
    await card(page, id).getByRole("button", { name: "Give up" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("Too late");
    evm.setReachable(true);
    await rig.australia.officer.until(id, "delivered");
    await dialog.getByRole("button", { name: "Give up" }).click();
    await dialog.getByRole("alert").waitFor();
    expect(await dialog.getByRole("alert").innerText()).to.match(/not in line|signed|carries/);
  });
});
