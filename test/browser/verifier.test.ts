import { expect } from "chai";
import type { Page } from "playwright-core";

import type { Verification } from "../../web/verify/verification.ts";
import { nameHash } from "../channels/evm/test-channel.ts";
import { au } from "../channels/fixtures.ts";
import { eventually } from "../eventually.ts";
import { expectAccessible, openBrowser, shoot, type screens, type TestBrowser } from "./browser.ts";
import { startVerifierWorld, type IssuedPaper, type VerifierWorld } from "./verifier-world.ts";

/** Seconds. */
const DAY = 86_400;

/** The state is shown to everybody, in light and dark; a picture of it is kept. */
async function expectState(page: Page, title: string, name: string): Promise<void> {
  const heading = page.getByRole("heading", { level: 1, name: title });
  await heading.waitFor();
  await eventually(() => heading.evaluate((element) => element === document.activeElement));
  expect(await page.title()).to.contain(title);
  expect(await page.getByRole("heading", { name: "What to do next" }).count()).to.equal(1);
  expect(await page.locator("body").innerText(), "no value is missing").not.to.match(/\{\w+\}|undefined/);
  await expectAccessible(page);
  await shoot(page, `verifier-${name}`, "screen");
  await page.emulateMedia({ colorScheme: "dark" });
  await expectAccessible(page);
  await page.emulateMedia({ colorScheme: "light" });
}

describe("the verifier's page", function () {
  this.timeout(180_000);
  let browser: TestBrowser;
  let places: VerifierWorld;
  let good: IssuedPaper;

  before(async function () {
    browser = await openBrowser(this);
    places = await startVerifierWorld();
    good = await places.issue("WBC208897");
  });

  after(async () => {
    await browser.close();
    await places.close();
  });

  afterEach(() => {
    places.door.mood = { kind: "open" };
    places.world.evm.setReachable(true);
  });

  /** Opens the page with what a paper's code says. */
  async function scan(paper: IssuedPaper | string, screen: keyof typeof screens = "phone"): Promise<Page> {
    const page = await browser.open(screen);
    await places.standIn(page, typeof paper === "string" ? [] : [paper]);
    await page.goto(`${places.door.url}/verify#${typeof paper === "string" ? paper : paper.fragment}`);
    return page;
  }

  /** What both nodes say of a certificate; null while they do not agree. */
  async function verdictOf({ multihash }: IssuedPaper): Promise<string | null> {
    const [one, other] = await Promise.all(
      [places.australia, places.china].map(async ({ config }) => {
        const answer = await fetch(`${config.publicUrl}/verify/${multihash}`);
        return ((await answer.json()) as Verification).verdict;
      }),
    );
    return one === other ? (one ?? null) : null;
  }

  /** Lets the page see the node's own answer changed, for what cannot be brought about here. */
  async function scanAnswered(change: (answer: Verification) => Verification): Promise<Page> {
    const page = await browser.open("phone");
    await page.route("**/verify", async (route) => {
      if (route.request().method() !== "POST") return route.fallback();
      const answer = await route.fetch();
      return route.fulfill({ json: change((await answer.json()) as Verification) });
    });
    await page.goto(`${places.door.url}/verify#1.${good.multihash}.-.-`);
    return page;
  }

  it("says from the code alone, without a click, that a certificate is genuine, and by whom", async () => {
    const page = await scan(good);
    await page.getByText("Treasury Wine Estates Vintners").first().waitFor();
    await expectState(page, "Genuine, and not used", "genuine");
    await page.getByText("homeaffairs.gov.au (Australia) issued it").waitFor();
    const issued = page.getByRole("region", { name: "Who issued it" });
    await issued.getByText("Example Chamber of Commerce").waitFor();
    await issued.getByText("customs.gov.cn (China)").waitFor();
    expect(page.url(), "the key is gone from the address").to.equal(`${places.door.url}/verify`);
    await shoot(page, "verifier-genuine-whole");
    await page.getByText("Details and evidence").click();
    await page.getByText(good.id, { exact: true }).waitFor();
    await page.getByText("A message on the ledger names this hash.").waitFor();
    await expectAccessible(page);
    await shoot(page, "verifier-details");
  });

  it("says that it was used, by whom and when; then that it was revoked", async () => {
    const paper = await places.issue("WBC-used");
    await places.acquit(paper);
    const page = await scan(paper);
    await expectState(page, "Already used", "used");
    await page.getByText(/^Used by customs\.gov\.cn \(China\) on .+ 20\d\d .+ (UTC|GMT)/).waitFor();
    await page.getByText("Do not grant the preference on it again.").waitFor();
    await places.revoke(paper);
    const after = await scan(paper);
    await expectState(after, "Revoked", "revoked");
    await after.getByText(/Before that it had been used by customs\.gov\.cn \(China\)/).waitFor();
  });

  it("says that nothing is known of a hash, and that a paper is altered whose code contradicts the ledger", async () => {
    const unknown = await scan("1.QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n.-.-");
    await expectState(unknown, "Unknown", "unknown");
    const other = await places.issue("WBC-other");
    const [, , id, key] = other.fragment.split(".");
    const altered = await scan(`1.${good.multihash}.${id ?? ""}.${key ?? ""}`);
    await expectState(altered, "Altered", "altered");
    expect(await altered.getByText("Compare with the paper").count(), "no content is shown").to.equal(0);
  });

  it("shows nothing of the content to who has only the hash, and says why", async () => {
    const page = await browser.open("phone");
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${places.door.url}/verify#1.${good.multihash}.-.-`);
    await page.getByRole("heading", { name: "Genuine, and not used" }).waitFor();
    await page.getByText("What the certificate says is not shown").waitFor();
    const text = await page.locator("body").innerText();
    expect(text).not.to.match(/WBC208897|Treasury Wine/);
    expect(asked.filter((path) => path.startsWith("/documents"))).to.deep.equal([]);
  });

  it("says that the ledger or its node is out of reach, and answers by itself when it is there again", async () => {
    const refreshed = (page: Page) => page.getByRole("heading", { name: "Genuine, and not used" }).waitFor();
    places.world.evm.setReachable(false);
    const ledgerless = await scan(good);
    await expectState(ledgerless, "The ledger does not answer", "ledger-unreachable");
    places.world.evm.setReachable(true);
    await refreshed(ledgerless);

    const nodeless = await browser.open("phone");
    await nodeless.goto(`${places.door.url}/verify`);
    places.door.mood = { kind: "shut" };
    await nodeless.getByLabel("Code, link or hash").fill(good.fragment);
    await nodeless.getByRole("button", { name: "Check" }).click();
    await expectState(nodeless, "No connection", "node-unreachable");
    places.door.mood = { kind: "open" };
    await refreshed(nodeless);
  });

  it("calls no answer good that is none: another server's page, a garbled answer, an error, too many questions", async () => {
    const answers = (status: number, mediaType: string, body: string, headers = {}) =>
      ({ kind: "answers", status, mediaType, body, headers }) as const;
    const trouble = "The node gives no answer";
    for (const mood of [
      answers(200, "text/html", "<h1>Welcome to the hotel's network</h1>"),
      answers(200, "application/json", '{"verdict":"valid"}'),
      answers(200, "application/json", '{"verdict":"wonderful","findings":[],"certificates":[]}'),
      answers(502, "text/html", "<h1>Bad gateway</h1>"),
      answers(500, "application/problem+json", '{"code":"internal","title":"The node made a mistake"}'),
    ]) {
      places.door.mood = mood;
      const page = await scan(good);
      await page.getByRole("heading", { level: 1, name: trouble }).waitFor();
      if (mood.status === 502) await expectState(page, trouble, "node-trouble");
      await page.close();
    }
    const problem = '{"code":"too-many-requests","title":"Too many requests"}';
    places.door.mood = answers(429, "application/problem+json", problem, { "retry-after": "7" });
    const busy = await scan(good);
    await expectState(busy, "Too many checks at once", "too-many-questions");
    await busy.getByText("asks again in about 7 seconds").waitFor();
  });

  it("says that it is asking while the node is slow, and then the answer", async () => {
    places.door.mood = { kind: "slow", milliseconds: 1_500 };
    const page = await scan(good);
    await page.getByRole("heading", { name: "Asking the ledger …" }).waitFor();
    await expectAccessible(page);
    await page.getByRole("heading", { name: "Genuine, and not used" }).waitFor();
  });

  it("has a page for what this network cannot bring about: a number used twice, an issuer not confirmed, a failed signature, too many", async () => {
    const first = (answer: Verification, changes: object): Verification => ({
      ...answer,
      certificates: answer.certificates.map((each) => ({ ...each, ...changes })),
    });
    const finding = (answer: Verification, name: string, outcome: "fail" | "pass"): Verification => ({
      ...answer,
      findings: answer.findings.map((each) => (each.name === name ? { ...each, outcome } : each)),
    });
    const duplicate = await scanAnswered((answer) => ({
      ...first(answer, { state: "duplicate" }),
      verdict: "duplicate",
    }));
    await expectState(duplicate, "Number already taken", "duplicate");
    const unconfirmed = await scanAnswered((answer) => ({
      ...finding(answer, "issuer", "fail"),
      verdict: "unknown",
    }));
    await expectState(unconfirmed, "Issuer not confirmed", "issuer-unconfirmed");
    const refused = await scanAnswered((answer) => ({
      ...answer,
      findings: [
        ...answer.findings,
        { name: "credential", outcome: "fail", detail: "It fails.", evidence: {} },
      ],
    }));
    await expectState(refused, "Recorded, but its signature fails", "credential-refused");
    const many = await scanAnswered((answer) => ({ ...answer, verdict: "unknown", more: true }));
    await expectState(many, "Which certificate is meant?", "too-many-certificates");
    const several = await scanAnswered((answer) => {
      const again = answer.certificates.map(
        (each) => ({ ...each, channel: "another", state: "used" }) as const,
      );
      return { ...answer, verdict: "used", certificates: [...answer.certificates, ...again] };
    });
    await expectState(several, "Already used", "several");
    await several.getByText("2 certificates name this document.").waitFor();
  });

  it("asks again when somebody comes back to an answer: it may have been used since", async () => {
    const paper = await places.issue("WBC-slept");
    const page = await browser.open("phone");
    await places.standIn(page, [paper]);
    await page.clock.install();
    await page.goto(`${places.door.url}/verify#${paper.fragment}`);
    await page.getByRole("heading", { level: 1, name: "Genuine, and not used" }).waitFor();
    await places.acquit(paper);
    await page.clock.fastForward("01:00:00");
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await page.getByRole("heading", { level: 1, name: "Already used" }).waitFor();
  });

  it("works in a browser that keeps nothing of a site", async () => {
    const page = await browser.open("phone");
    await page.addInitScript(() => {
      Object.defineProperty(window, "localStorage", {
        get() {
          throw new DOMException("Access is denied.", "SecurityError");
        },
      });
    });
    await page.goto(`${places.door.url}/verify#${good.fragment}`);
    await page.getByRole("heading", { level: 1, name: "Genuine, and not used" }).waitFor();
    await page.getByRole("combobox").selectOption("fr");
    await page.getByRole("heading", { level: 1, name: "Authentique" }).waitFor();
  });

  it("leads whoever uses the keyboard back to the beginning, and says what a certificate is of in words", async () => {
    const page = await scan(good);
    const issued = page.getByRole("region", { name: "Who issued it" });
    await issued.getByText("Certificate of origin", { exact: true }).waitFor();
    expect(await issued.getByText("UN.CEFACT").count()).to.equal(0);
    await page.getByRole("button", { name: "Check another" }).press("Enter");
    const heading = page.getByRole("heading", { level: 1, name: "Is this certificate genuine?" });
    await heading.waitFor();
    await eventually(() => heading.evaluate((element) => element === document.activeElement));
  });

  it("speaks French, Spanish and Chinese, also on the narrowest screen, and keeps the language", async () => {
    const page = await scan(good, "narrow");
    const titles = { fr: "Authentique", es: "Auténtico", zh: "真实" };
    for (const [code, title] of Object.entries(titles)) {
      await page.getByRole("combobox").selectOption(code);
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
      expect(await page.locator("html").getAttribute("lang")).to.equal(code);
      await expectAccessible(page);
      await shoot(page, `verifier-${code}`, "screen");
    }
    await page.goto(`${places.door.url}/verify`);
    expect(await page.locator("html").getAttribute("lang")).to.equal("zh");
  });

  it("says that the issuer is suspended, and that a certificate has expired", async () => {
    const { contract } = places.world.channel;
    await (await contract.suspend(nameHash(au))).wait();
    await eventually(async () => (await verdictOf(good)) === "unknown");
    await expectState(await scan(good), "Issuer suspended", "issuer-suspended");
    await (await contract.reinstate(nameHash(au))).wait();
    await eventually(async () => (await verdictOf(good)) === "valid");

    const block = (await places.world.evm.send("eth_getBlockByNumber", ["latest", false])) as {
      timestamp: string;
    };
    const validUntil = new Date((Number(block.timestamp) + DAY) * 1_000).toISOString();
    const paper = await places.issue("WBC-expired", { validUntil });
    await places.world.evm.send("evm_increaseTime", [2 * DAY]);
    await places.world.evm.send("evm_mine");
    await expectState(await scan(paper), "Expired", "expired");
  });
});

describe("the verifier's page of a test channel", function () {
  this.timeout(120_000);
  let browser: TestBrowser;
  let places: VerifierWorld;

  before(async function () {
    browser = await openBrowser(this);
    places = await startVerifierWorld({}, { finality: { kind: "confirmations", blocks: 3 } });
  });

  after(async () => {
    await browser.close();
    await places.close();
  });

  it("says that a certificate is not final yet, and by itself, once it is, that it is for training only", async () => {
    const paper = await places.issue("WBC-training", { final: false });
    const page = await browser.open("phone");
    await places.standIn(page, [paper]);
    await page.goto(`${places.door.url}/verify#${paper.fragment}`);
    await expectState(page, "Issued, but not yet final", "pending");
    for (let block = 0; block < 4; block++) await places.world.evm.send("evm_mine");
    await page.getByRole("heading", { level: 1, name: "Test only: no legal effect" }).waitFor();
    await expectState(page, "Test only: no legal effect", "training");
  });
});
