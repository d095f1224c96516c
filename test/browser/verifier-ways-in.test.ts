import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import PDFDocument from "pdfkit";
import type { Page } from "playwright-core";

import { formatVerifierLink } from "../../src/paper/verifier-link.ts";
import { eventually } from "../eventually.ts";
import { expectAccessible, openBrowser, shoot, type TestBrowser } from "./browser.ts";
import { filmOf, pictureOf } from "./qr-picture.ts";
import { startVerifierWorld, type IssuedPaper, type VerifierWorld } from "./verifier-world.ts";

const GENUINE = "Genuine, and not used";

/** Everything that a page sends, to be looked through for what it must not send. */
function listenTo(page: Page): string[] {
  const sent: string[] = [];
  page.on("request", (request) => {
    sent.push(
      `${request.method()} ${request.url()}\n${JSON.stringify(request.headers())}\n${request.postData() ?? ""}`,
    );
  });
  return sent;
}

describe("ways into the verifier's page", function () {
  this.timeout(180_000);
  let browser: TestBrowser;
  let places: VerifierWorld;
  let paper: IssuedPaper;
  let link: string;

  before(async function () {
    browser = await openBrowser(this);
    places = await startVerifierWorld();
    paper = await places.issue("WBC208897");
    link = `${places.door.url}/verify#${paper.fragment}`;
  });

  after(async () => {
    await browser.close();
    await places.close();
  });

  async function open(path = "/verify"): Promise<Page> {
    const page = await browser.open("phone");
    await places.standIn(page, [paper]);
    await page.goto(`${places.door.url}${path}`);
    return page;
  }

  const answered = (page: Page, title = GENUINE) =>
    page.getByRole("heading", { level: 1, name: title }).waitFor();
  const content = (page: Page) => page.getByText("Treasury Wine Estates Vintners").first().waitFor();

  it("are open to everybody, with the keyboard alone", async () => {
    const page = await open();
    await expectAccessible(page);
    await shoot(page, "verifier-start");
    await page.emulateMedia({ colorScheme: "dark" });
    await expectAccessible(page);
    await shoot(page, "verifier-start-dark");
    await page.getByLabel("Code, link or hash").focus();
    await page.keyboard.type(link);
    await page.keyboard.press("Enter");
    await answered(page);
    await content(page);
  });

  it("say so where a file cannot be read any more, and leave no one waiting", async () => {
    const page = await open();
    const directory = await mkdtemp(join(tmpdir(), "icl-gone-"));
    const file = join(directory, "certificate.json");
    await writeFile(file, paper.bytes);
    const field = page.getByLabel("Choose the file");
    // As with a medium that is taken out: the browser has the file's name, and is to read it only then.
    await page.evaluate(() => {
      const keep = (event: Event) => {
        event.stopImmediatePropagation();
      };
      addEventListener("change", keep, { capture: true, once: true });
    });
    await field.setInputFiles(file);
    await rm(directory, { recursive: true });
    await field.dispatchEvent("change");
    await answered(page, "The file cannot be read");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Check another" }).click();
    await field.setInputFiles({
      ...{ name: "certificate.json", mimeType: "application/json", buffer: Buffer.from(paper.bytes) },
    });
    await answered(page);
  });

  it("answer what was shown last, also where a large file that was chosen before is read later", async () => {
    const page = await open();
    await page.evaluate(() => {
      const digest = crypto.subtle.digest.bind(crypto.subtle);
      const late = new Promise((resolve) => {
        addEventListener("late", resolve);
      });
      crypto.subtle.digest = async (...given) => {
        await late;
        const made = await digest(...given);
        setTimeout(() => {
          document.documentElement.dataset.read = "";
        });
        return made;
      };
    });
    const buffer = Buffer.from("some other file");
    await page.getByLabel("Choose the file").setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer });
    await page.getByText("The file is being read …").waitFor();
    await page.getByLabel("Code, link or hash").fill(paper.id);
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await answered(page);
    await page.evaluate(() => dispatchEvent(new Event("late")));
    await page.locator("html[data-read]").waitFor({ state: "attached" });
    // Whatever the file would bring about has begun by now: an answer that is asked for hides the one before.
    expect(await page.getByRole("heading", { level: 1 }).innerText()).to.equal(GENUINE);
  });

  it("take a hash in every form, and a message's id, and show no content for them", async () => {
    const page = await open();
    for (const text of [paper.multihash, paper.id, `urn:icl:verify:${paper.multihash}:${paper.id}`]) {
      await page.getByLabel("Code, link or hash").fill(text);
      await page.getByRole("button", { name: "Check", exact: true }).click();
      await answered(page);
      await page.getByText("What the certificate says is not shown").waitFor();
      await page.getByRole("button", { name: "Check another" }).click();
    }
  });

  it("take a file, which never leaves the browser, and lay it out", async () => {
    const page = await open();
    const sent = listenTo(page);
    const file = { name: "certificate.json", mimeType: "application/json", buffer: Buffer.from(paper.bytes) };
    await page.getByLabel("Choose the file").setInputFiles(file);
    await answered(page);
    await content(page);
    expect(sent.length).to.be.at.least(1);
    for (const request of sent) expect(request).not.to.match(/Treasury|WBC208897|Vintners/);
    const changed = Buffer.from(Buffer.from(paper.bytes).toString().replace("33600.00", "93600.00"));
    await page.getByRole("button", { name: "Check another" }).click();
    await page.getByLabel("Choose the file").setInputFiles({ ...file, buffer: changed });
    await answered(page, "Unknown");
    expect(await page.getByText("Treasury Wine").count(), "nothing of a file that nobody issued").to.equal(0);
  });

  it("say that a file is altered that is presented beside its code", async () => {
    const page = await open(`/verify#${paper.fragment}`);
    await answered(page);
    const buffer = Buffer.from(Buffer.from(paper.bytes).toString().replace("33600.00", "93600.00"));
    await page
      .getByLabel("Choose the file")
      .setInputFiles({ name: "c.json", mimeType: "application/json", buffer });
    await answered(page, "Altered");
    const again = await open(`/verify#${paper.fragment}`);
    await answered(again);
    const same = { name: "c.json", mimeType: "application/json", buffer: Buffer.from(paper.bytes) };
    await again.getByLabel("Choose the file").setInputFiles(same);
    await answered(again);
    await again
      .getByText("A message on the ledger names the very hash of this document.")
      .waitFor({ state: "attached" });
  });

  it("take what is dropped anywhere on the page: a file, or a picture of a code", async () => {
    const page = await open();
    const drop = async (name: string, type: string, bytes: Uint8Array) => {
      const transfer = await page.evaluateHandle(
        ([fileName, mediaType, numbers]) => {
          const data = new DataTransfer();
          data.items.add(new File([Uint8Array.from(numbers)], fileName, { type: mediaType }));
          return data;
        },
        [name, type, [...bytes]] as const,
      );
      await page.dispatchEvent("body", "dragover", { dataTransfer: transfer });
      await page.getByText("Drop the file here").waitFor();
      await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
      await answered(page);
      await content(page);
    };
    await drop("certificate.json", "application/json", paper.bytes);
    await page.getByRole("button", { name: "Check another" }).click();
    await drop("photograph.gif", "image/gif", pictureOf(link));
  });

  it("read a printed certificate's PDF by the link that stands in it", async () => {
    const print = new PDFDocument();
    const chunks: Buffer[] = [];
    print.on("data", (chunk: Buffer) => chunks.push(chunk));
    print.text("Certificate of origin", { link });
    const ended = new Promise((resolve) => print.on("end", resolve));
    print.end();
    await ended;
    const page = await open();
    const file = { name: "print.pdf", mimeType: "application/pdf", buffer: Buffer.concat(chunks) };
    await page.getByLabel("Choose the file").setInputFiles(file);
    await answered(page);
    await page.getByText("This PDF is a print.").waitFor();
    await content(page);
  });

  it("refuse what is no code, and open nothing that it names", async () => {
    const page = await open();
    const sent = listenTo(page);
    await page.getByLabel("Code, link or hash").fill("https://shop.example/win?prize=1");
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await answered(page, "Code not readable");
    await expectAccessible(page);
    await shoot(page, "verifier-unreadable", "screen");
    const suspicious = sent.filter(
      (request) => request.startsWith("POST") || request.includes("shop.example"),
    );
    expect(suspicious).to.deep.equal([]);
  });

  it("say so, and offer a picture instead, where there is no camera", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Scan with the camera" }).click();
    await page.getByRole("alert").filter({ hasText: "no camera" }).waitFor();
    await expectAccessible(page);
    await shoot(page, "verifier-no-camera", "screen");
    await page.getByLabel("Take or choose a picture of the code").setInputFiles({
      ...{ name: "code.gif", mimeType: "image/gif", buffer: pictureOf(link) },
    });
    await answered(page);
  });

  it("compare the paper box by box with the keyboard, and say what to do where one differs", async () => {
    const page = await open(`/verify#${paper.fragment}`);
    await content(page);
    const boxes = page.locator("fieldset");
    const all = await boxes.count();
    expect(all).to.be.at.least(10);
    await page.getByText(`0 of ${all} compared, 0 differ`).waitFor();
    for (let place = 0; place < all; place++) {
      const agrees = boxes.nth(place).getByRole("radio", { name: "Agrees" });
      await agrees.focus();
      await page.keyboard.press("Space");
    }
    await page.getByRole("heading", { name: "The paper agrees in every box" }).waitFor();
    await boxes.nth(0).getByRole("radio", { name: "Agrees" }).focus();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("heading", { name: "The paper differs" }).waitFor();
    await page.getByText(`${all} of ${all} compared, 1 differ`).waitFor();
    await page.getByText("this answer is about what was issued, not about this paper").waitFor();
    await page.getByText("Do not accept the paper. Keep it as evidence").waitFor();
    await expectAccessible(page);
    await shoot(page, "verifier-compared");
    await page.getByRole("combobox").selectOption("fr");
    await page.getByRole("heading", { name: "Le papier diffère" }).waitFor();
  });

  it("give the key of the paper to nobody, and keep it nowhere", async () => {
    const page = await browser.open("phone");
    const sent = listenTo(page);
    await places.standIn(page, [paper]);
    await page.goto(link);
    await content(page);
    const [, , , key = ""] = paper.fragment.split(".");
    const hex = Buffer.from(paper.accessKey).toString("hex");
    for (const request of sent) {
      expect(request).not.to.contain(key);
      expect(request).not.to.contain(hex);
      expect(new URL(request.split(/\s/)[1] ?? "").origin, "nobody else is asked").to.equal(places.door.url);
    }
    expect(sent.some((request) => request.includes("/sealed"))).to.equal(true);
    const kept = await page.evaluate(() =>
      JSON.stringify([
        location.href,
        Object.entries(localStorage),
        Object.entries(sessionStorage),
        history.length,
      ]),
    );
    expect(kept).not.to.contain(key);
  });

  it("show no content that is another than was issued, or that the code's key does not open", async () => {
    const forged = await places.issue("WBC-forged");
    const page = await browser.open("phone");
    // The node gives the sealed copy of another document than the one that was asked for.
    await places.standIn(page, [{ ...paper, multihash: forged.multihash, accessKey: forged.accessKey }]);
    await page.goto(`${places.door.url}/verify#${forged.fragment}`);
    await page.getByRole("alert").filter({ hasText: "is not the document that was issued" }).waitFor();
    expect(await page.getByText("Treasury Wine").count()).to.equal(0);

    const keyless = await browser.open("phone");
    await places.standIn(keyless, [{ ...forged, accessKey: paper.accessKey }]);
    await keyless.goto(`${places.door.url}/verify#${forged.fragment}`);
    await keyless.getByRole("alert").filter({ hasText: "does not open it" }).waitFor();
  });

  it("never follow a code that names another host: a stranger's is warned of, the issuer's own is offered", async () => {
    const stranger = formatVerifierLink("https://homeaffairs-gov-au.example", {
      ...{ multihash: paper.multihash, messageId: paper.id, accessKey: paper.accessKey },
    });
    const page = await open();
    const sent = listenTo(page);
    await page.getByLabel("Code, link or hash").fill(stranger);
    await page.getByRole("button", { name: "Check", exact: true }).click();
    await answered(page);
    await page.getByRole("heading", { name: "This code leads elsewhere" }).waitFor();
    await page.getByText("That is not an address of the issuer, homeaffairs.gov.au.").waitFor();
    expect(await page.locator('a[href*="example"]').count(), "nothing to click on").to.equal(0);
    await expectAccessible(page);
    await shoot(page, "verifier-elsewhere", "page");

    // On the ledger, the issuer's node is at this address.
    const own = places.australia.config.publicUrl.replace("http:", "https:");
    await page.getByRole("button", { name: "Check another" }).click();
    await page.getByLabel("Code, link or hash").fill(`${own}/verify#${paper.fragment}`);
    await page.getByRole("button", { name: "Check", exact: true }).click();
    const offered = page.getByRole("link", { name: "Open the issuer's verifier" });
    await offered.waitFor();
    expect(await offered.getAttribute("href")).to.equal(`${own}/verify#${paper.fragment}`);
    await expectAccessible(page);
    await shoot(page, "verifier-issuer-elsewhere", "page");
    for (const request of sent) {
      expect(request.split("\n")[0]).to.contain(places.door.url);
    }
  });
});

describe("the camera of the verifier's page", function () {
  this.timeout(120_000);
  let browser: TestBrowser;
  let places: VerifierWorld;
  let paper: IssuedPaper;
  let directory: string;

  before(async function () {
    places = await startVerifierWorld();
    paper = await places.issue("WBC208897");
    directory = await mkdtemp(join(tmpdir(), "icl-camera-"));
    const film = join(directory, "code.y4m");
    await writeFile(film, filmOf(`${places.door.url}/verify#${paper.fragment}`));
    browser = await openBrowser(this, { file: film });
  });

  after(async () => {
    await browser.close();
    await places.close();
    await rm(directory, { recursive: true, force: true });
  });

  it("reads a code, shows the answer without another click, and is off again", async () => {
    const page = await browser.open("phone", { permissions: ["camera"] });
    await places.standIn(page, [paper]);
    await page.goto(`${places.door.url}/verify`);
    await page.getByRole("button", { name: "Scan with the camera" }).click();
    await page.getByRole("heading", { name: GENUINE }).waitFor();
    await eventually(async () => (await page.locator("video").count()) === 0);
    await page.getByText("Treasury Wine Estates Vintners").first().waitFor();
  });

  it("can be stopped, and says so where the browser refuses it", async () => {
    const page = await browser.open("phone", { permissions: ["camera"] });
    await page.route("**/verify", (route) =>
      route.request().method() === "POST" ? route.abort() : route.fallback(),
    );
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("No.", "NotAllowedError"));
    });
    await page.goto(`${places.door.url}/verify`);
    await page.getByRole("button", { name: "Scan with the camera" }).click();
    await page.getByRole("alert").filter({ hasText: "does not let this page use the camera" }).waitFor();
    await expectAccessible(page);
    await shoot(page, "verifier-camera-refused", "screen");
  });
});

describe("the cameras of the verifier's page, where there are two", function () {
  this.timeout(120_000);
  let browser: TestBrowser;
  let places: VerifierWorld;

  before(async function () {
    browser = await openBrowser(this, { count: 2 });
    places = await startVerifierWorld();
  });

  after(async () => {
    await browser.close();
    await places.close();
  });

  const used = (page: Page) =>
    page.evaluate(() => {
      const source = document.querySelector("video")?.srcObject;
      const [track] = source instanceof MediaStream ? source.getVideoTracks() : [];
      return track?.readyState === "live" ? (track.getSettings().deviceId ?? "") : "";
    });

  it("are changed from one to the other and back, and the one that is taken is let go of", async () => {
    const page = await browser.open("phone", { permissions: ["camera"] });
    await page.goto(`${places.door.url}/verify`);
    await page.getByRole("button", { name: "Scan with the camera" }).click();
    await eventually(async () => (await used(page)) !== "");
    const first = await used(page);
    const other = page.getByRole("button", { name: "Other camera" });
    await expectAccessible(page);
    await other.click();
    await eventually(async () => !["", first].includes(await used(page)));
    await other.click();
    await eventually(async () => (await used(page)) === first);
    await page.getByRole("button", { name: "Stop the camera" }).click();
    await page.locator("video").waitFor({ state: "detached" });
  });

  it("are changed to the other one at once, whichever was opened first, and one that is taken says so", async () => {
    const page = await browser.open("phone", { permissions: ["camera"] });
    await page.addInitScript(() => {
      const { mediaDevices } = navigator;
      const open = mediaDevices.getUserMedia.bind(mediaDevices);
      let opened = 0;
      // The rear camera is the second on many telephones; here it is then taken by another program.
      mediaDevices.getUserMedia = async (asked) => {
        opened += 1;
        if (opened > 2) throw new DOMException("Taken.", "NotReadableError");
        const devices = (await mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
        return opened === 1
          ? open({ video: { deviceId: { exact: devices[1]?.deviceId ?? "" } } })
          : open(asked);
      };
    });
    await page.goto(`${places.door.url}/verify`);
    await page.getByRole("button", { name: "Scan with the camera" }).click();
    await eventually(async () => (await used(page)) !== "");
    const first = await used(page);
    await page.getByRole("button", { name: "Other camera" }).click();
    await eventually(async () => !["", first].includes(await used(page)));
    await page.getByRole("button", { name: "Other camera" }).click();
    await page.getByRole("alert").filter({ hasText: "used by another program" }).waitFor();
  });
});
