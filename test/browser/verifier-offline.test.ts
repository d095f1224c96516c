import { expect } from "chai";
import type { Page } from "playwright-core";

import { type Domain } from "../../src/domain/participant.ts";
import { signOfflineSeal, type SealedFacts, type SealKey } from "../../src/paper/offline-seal.ts";
import { TRUST_LIST_FORMAT, type TrustList } from "../../src/paper/trust-list.ts";
import { au, cn } from "../channels/fixtures.ts";
import { eventually } from "../eventually.ts";
import { expectAccessible, openBrowser, shoot, type TestBrowser } from "./browser.ts";
import { pictureOf } from "./qr-picture.ts";
import { startVerifierWorld, type IssuedPaper, type VerifierWorld } from "./verifier-world.ts";

const HOUR_MS = 3_600_000;

async function freshKey(): Promise<SealKey> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(
    { name: "ECDSA", namedCurve: "P-256" },
    true,
    ["sign", "verify"],
  );
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  return { key: privateKey, publicJwk: { kty, crv, x, y } };
}

describe("the verifier's page and the offline seal", function () {
  this.timeout(180_000);
  let browser: TestBrowser;
  let places: VerifierWorld;
  let paper: IssuedPaper;
  let issuerKey: SealKey;
  let trust: TrustList;

  before(async function () {
    browser = await openBrowser(this);
    places = await startVerifierWorld();
    paper = await places.issue("WBC208897");
    issuerKey = await freshKey();
    const keyOf = (domain: Domain, { publicJwk }: SealKey) => ({
      kid: `did:web:${domain}#seal`,
      jwk: publicJwk as Readonly<Record<string, string>>,
    });
    const listed = { status: "active", channels: ["production"] } as const;
    trust = {
      ...{ format: TRUST_LIST_FORMAT, asOf: new Date().toISOString(), by: cn },
      channels: [{ id: "production", name: "Certificates", type: "production" }],
      participants: [
        { domain: au, jurisdiction: "AU", ...listed, keys: [keyOf(au, issuerKey)] },
        { domain: cn, jurisdiction: "CN", ...listed, keys: [keyOf(cn, await freshKey())] },
      ],
    };
  });

  after(async () => {
    await browser.close();
    await places.close();
  });

  afterEach(() => {
    places.door.mood = { kind: "open" };
  });

  const sealed = (changes: Partial<SealedFacts> = {}, key = issuerKey) =>
    signOfflineSeal(
      {
        ...{ issuer: au, status: "issued", statusAsOf: Date.now() - HOUR_MS, validFrom: null },
        ...{ validUntil: Date.now() + 1_000 * HOUR_MS, multihash: paper.multihash, messageId: paper.id },
        type: "UN.CEFACT.Regulatory.CertificateOfOrigin.created",
        lines: [
          ["Certificate No.", "WBC208897"],
          ["Exporter", "Treasury Wine Estates Vintners"],
        ],
        ...changes,
      },
      key,
    );

  /** The page as it stands once its node has given it a trust list, and is then gone. */
  async function cutOff(list: TrustList | null = trust): Promise<Page> {
    const page = await browser.open("phone");
    await page.route("**/trust-list", (route) =>
      list === null
        ? route.fulfill({ status: 404, json: { code: "not-found" } })
        : route.fulfill({ json: list }),
    );
    const asked = page.waitForResponse("**/trust-list");
    await page.goto(`${places.door.url}/verify`);
    await asked;
    if (list !== null) {
      await eventually(() => page.evaluate(() => localStorage.getItem("icl-trust-list") !== null));
    }
    await page.unroute("**/trust-list");
    places.door.mood = { kind: "shut" };
    return page;
  }

  async function paste(page: Page, text: string): Promise<void> {
    await page.getByLabel("Code, link or hash").fill(text);
    await page.getByRole("button", { name: "Check", exact: true }).click();
  }

  const told = (page: Page, title: string) => page.getByRole("heading", { level: 1, name: title }).waitFor();

  it("without the node: says what a genuine seal says, as of when, and that use was not checked", async () => {
    const page = await cutOff();
    await paste(page, await sealed());
    await told(page, "Seal genuine – use not checked");
    await page
      .getByText("homeaffairs.gov.au signed this seal. Whether the certificate has been used")
      .waitFor();
    await page.getByText("Treasury Wine Estates Vintners").waitFor();
    await page.getByText(/Status as of .+: issued\./).waitFor();
    await expectAccessible(page);
    await shoot(page, "verifier-offline-genuine");
    places.door.mood = { kind: "open" };
    await told(page, "Genuine, and not used");
  });

  it("without the node, in a browser that keeps nothing: says that nothing is known, and goes on asking", async () => {
    const page = await browser.open("phone");
    await page.addInitScript(() => {
      Object.defineProperty(window, "localStorage", {
        get() {
          throw new DOMException("Access is denied.", "SecurityError");
        },
      });
    });
    await page.route("**/trust-list", (route) => route.abort());
    await page.goto(`${places.door.url}/verify`);
    places.door.mood = { kind: "shut" };
    await paste(page, await sealed());
    await told(page, "No connection");
  });

  it("without the node: calls a forged, a void, a suspended issuer's and an unknown issuer's seal what they are", async () => {
    const page = await cutOff();
    const again = () => page.getByRole("button", { name: "Check another" }).click();
    const stranger = await freshKey();
    const forged = await sealed({}, { key: stranger.key, publicJwk: issuerKey.publicJwk });
    await paste(page, forged);
    await told(page, "Seal false");
    await expectAccessible(page);
    await shoot(page, "verifier-offline-false", "screen");
    expect(await page.getByText("Treasury Wine").count(), "no fact of a forgery").to.equal(0);
    await again();
    await paste(page, await sealed({ status: "revoked" }));
    await told(page, "No longer valid, by its seal");
    await page.getByText("revoked").first().waitFor();
    await again();
    await paste(page, await sealed({ validUntil: Date.now() - HOUR_MS }));
    await told(page, "No longer valid, by its seal");
    await again();
    await paste(page, await sealed({}, stranger));
    await told(page, "No connection");
    await page.getByText("whether the seal is genuine cannot be said").waitFor();
    await page.close();

    places.door.mood = { kind: "open" };
    const participants = trust.participants.map((each) => ({ ...each, status: "suspended" as const }));
    const suspended = await cutOff({ ...trust, participants });
    await paste(suspended, await sealed());
    await told(suspended, "Seal genuine, issuer suspended");
  });

  it("says that it has no trust list yet, where it never had one", async () => {
    const page = await cutOff(null);
    await paste(page, await sealed());
    await told(page, "No connection");
    await page.getByText("There is no trust list on this device yet.").waitFor();
    await expectAccessible(page);
  });

  it("with the node: the ledger's answer comes first, and a seal that is forged is altered", async () => {
    const open = async () => {
      const page = await browser.open("phone");
      await page.route("**/trust-list", (route) => route.fulfill({ json: trust }));
      await page.goto(`${places.door.url}/verify`);
      return page;
    };
    const page = await open();
    await page.getByLabel("Choose the file").setInputFiles({
      ...{ name: "seal.gif", mimeType: "image/gif", buffer: pictureOf(await sealed()) },
    });
    await told(page, "Genuine, and not used");
    await page.getByText("Its signature is genuine: homeaffairs.gov.au signed it.").waitFor();
    await shoot(page, "verifier-seal");

    const stranger = await freshKey();
    const forged = await open();
    await paste(forged, await sealed({}, { key: stranger.key, publicJwk: issuerKey.publicJwk }));
    await told(forged, "Altered");
  });

  it("opens without the node once it was opened with it, and keeps none of its answers", async () => {
    const page = await browser.open("phone");
    await page.route("**/trust-list", (route) => route.fulfill({ json: trust }));
    await page.goto(`${places.door.url}/verify#${paper.fragment}`);
    await told(page, "Genuine, and not used");
    await eventually(() =>
      page.evaluate(async () => (await navigator.serviceWorker.ready).active?.state === "activated"),
    );
    places.door.mood = { kind: "shut" };
    await page.goto("about:blank");
    await page.goto(`${places.door.url}/verify`);
    await told(page, "Is this certificate genuine?");
    await paste(page, paper.fragment);
    await told(page, "No connection");
    await page.getByRole("button", { name: "Check another" }).click();
    await paste(page, await sealed());
    await told(page, "Seal genuine – use not checked");
    const kept = await page.evaluate(async () => {
      const names = await caches.keys();
      const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return requests.flat().map(({ url }) => new URL(url).pathname);
    });
    expect(kept).to.include("/verify");
    for (const path of kept) expect(path).to.match(/^\/(verify|assets\/[\w.-]+)$/);
  });
});
