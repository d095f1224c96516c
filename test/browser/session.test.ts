import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";
import type { Page } from "playwright-core";

import { roles } from "../../src/identity/caller.ts";
import { createLogger } from "../../src/log.ts";
import { au, cn } from "../channels/fixtures.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { quickSubscriptions } from "../e2e/quick-timing.ts";
import { eventually } from "../eventually.ts";
import { expectAccessible, go, openBrowser, screens, shoot, type TestBrowser } from "./browser.ts";
import { byButtonAlone, signIn, type ConsoleUser } from "./sign-in.ts";

/** What a node logs of a request. */
interface Logged {
  readonly message: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

describe("signing in at the console, in a browser", function () {
  this.timeout(180_000);
  let world: World;
  let browser: TestBrowser;
  let country: Country;
  let evil: Server;
  let evilPage = "";
  const lines: string[] = [];
  const memory = { technology: "sqlite", file: ":memory:" } as const;

  before(async function () {
    browser = await openBrowser(this);
    world = await startWorld();
    country = await world.start(await world.configure(au, "AU", memory), {
      log: createLogger({ level: "debug", write: (line) => lines.push(line) }),
      subscriptions: { ...quickSubscriptions, heartbeatMs: 500 },
    });
    evil = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end(evilPage);
    });
    await new Promise<void>((resolve) => evil.listen(0, "127.0.0.1", resolve));
  });

  after(async () => {
    await browser.close();
    await world.close();
    await new Promise((resolve) => {
      evil.close(resolve);
      evil.closeAllConnections();
    });
  });

  const officer = (name = "Alex Reader"): ConsoleUser => ({
    ...{ url: country.node.url, token: "", name, participant: au },
    roles: roles.filter((role) => role !== "admin"),
  });
  const signedIn = (page: Page, name = "Alex Reader") => page.getByText(`${name} for ${au}`).waitFor();
  const comesBack = (page: Page) => page.evaluate(() => dispatchEvent(new Event("focus")));
  const noAlerts = (page: Page) =>
    eventually(async () => (await page.getByRole("alert").count()) === 0, { within: 20_000 });
  /** A page that is meant to breach its policy. */
  const openCareless = async (): Promise<Page> => {
    const page = await browser.open("desktop");
    page.removeAllListeners("console").removeAllListeners("pageerror");
    return page;
  };

  for (const screen of Object.keys(screens) as (keyof typeof screens)[]) {
    it(`leads to the identity provider and back to where one was, on a ${screen} screen`, async () => {
      const page = await browser.open(screen);
      await page.goto(`${country.node.url}/console#/sign-in/sign-in-failed`);
      await page.getByRole("alert").getByText("begin again").waitFor();
      await expectAccessible(page);
      await shoot(page, `sign-in-${screen}`);
      await page.goto(`${country.node.url}/console#/place?of=mine`);
      await page.getByRole("link", { name: "Sign in" }).click();
      await page.getByText("FOR DEVELOPMENT ONLY").waitFor();
      await expectAccessible(page);
      await page.getByLabel("Name").fill("Alex Reader");
      await page.getByRole("checkbox", { name: "messages:read" }).check();
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await signedIn(page);
      await page.waitForURL(`${country.node.url}/console#/place?of=mine`);
      await expectAccessible(page);
    });
  }

  it("gives scripts no cookie, and no token to any page, storage, address or log", async () => {
    const page = await browser.open("desktop");
    const addresses: string[] = [];
    page.on("request", (request) => addresses.push(request.url()));
    await signIn(page, officer());
    const cookies = await page.context().cookies(country.node.url);
    const [session] = cookies.filter(({ name }) => name.startsWith("icl-session"));
    expect(session).to.include({ httpOnly: true, sameSite: "Strict", path: "/" });
    expect(cookies.map(({ name }) => name)).not.to.include("icl-sign-in");
    const seen = await page.evaluate(() =>
      JSON.stringify([
        ...[document.cookie, Object.entries(localStorage), Object.entries(sessionStorage)],
        document.documentElement.outerHTML,
      ]),
    );
    const all = [seen, ...addresses, ...lines].join("\n");
    expect(all).not.to.match(/eyJ[\w-]+\.eyJ/);
    expect(all).not.to.contain(session?.value);
    expect(await page.evaluate(() => document.cookie)).to.equal("");
  });

  for (const [what, host] of [
    ["another site", "localhost"],
    ["another port of the same host", "127.0.0.1"],
  ] as const) {
    it(`does nothing, and shows nothing, for a page of ${what}`, async () => {
      const page = await openCareless();
      const before = lines.length;
      await signIn(page, officer());
      // What the console itself asked is answered, and its stream has ended, before the other page asks.
      await page.goto("about:blank");
      await eventually(async () => {
        const count = lines.length;
        await delay(700);
        const asked = lines.slice(before).map((line) => (JSON.parse(line) as { path?: string }).path);
        return ["/messages", "/events"].every((path) => asked.includes(path)) && lines.length === count;
      });
      const begun = lines.length;
      const { url } = country.node;
      evilPage = `<!doctype html><title>Evil</title><iframe name="framed" src="${url}/console"></iframe>
        <iframe name="sink"></iframe>
        <form id="out" method="post" target="sink" action="${url}/console/sign-out"><input name="csrf" value="x"></form>
        <form id="text" method="post" target="sink" enctype="text/plain" action="${url}/messages"><input name='{"a' value='":1}'></form>
        <script>
          const tries = [
            fetch("${url}/messages", { credentials: "include" }),
            fetch("${url}/subscriptions", { method: "POST", mode: "no-cors", credentials: "include",
              body: new URLSearchParams({ "hub.mode": "subscribe" }) }),
            fetch("${url}/messages", { method: "POST", credentials: "include", headers: { "icl-csrf": "x" }, body: "{}" }),
            new Promise((resolve, reject) => {
              const stream = new EventSource("${url}/events", { withCredentials: true });
              stream.onopen = resolve; stream.onerror = reject;
            }),
          ];
          Promise.allSettled(tries).then(async (results) => {
            window.results = await Promise.all(results.map(async ({ status, value }) =>
              status === "fulfilled" && value.type !== "opaque" ? "read" : "nothing"));
          });
        </script>`;
      const { port } = evil.address() as AddressInfo;
      await page.goto(`http://${host}:${port}/`);
      await page.waitForFunction(() => "results" in globalThis);
      const results = await page.evaluate(() => (globalThis as unknown as { results: string[] }).results);
      expect(results).to.deep.equal(["nothing", "nothing", "nothing", "nothing"]);
      // A browser hides the answers from such a page; what the node did shows in its log.
      const asked = () =>
        lines
          .slice(begun)
          .map((line) => JSON.parse(line) as Logged)
          .filter(({ message, path }) => message === "request" && !/^\/(?:console$|assets\/)/.test(path));
      for (const [form, path] of [
        ["out", "/console/sign-out"],
        ["text", "/messages"],
      ] as const) {
        // A frame that is still busy with another page may lose what is sent into it.
        await eventually(async () => {
          await page.evaluate((id) => {
            (document.getElementById(id) as HTMLFormElement).submit();
          }, form);
          await delay(500);
          return asked().some((each) => each.method === "POST" && each.path === path);
        });
      }
      const requests = asked();
      expect(requests.map(({ path }) => path)).to.include.members(["/messages", "/events", "/subscriptions"]);
      expect(
        requests.filter(({ status }) => status < 400),
        "what was done",
      ).to.deep.equal([]);
      const framed = page.frame({ name: "framed" });
      expect(framed?.url(), "a page in a frame").not.to.equal(`${url}/console`);
      await page.goto(`${url}/console`);
      await signedIn(page);
    });
  }

  it("runs no script that somebody puts into its page", async () => {
    const page = await openCareless();
    await page.route(`${country.node.url}/console`, async (route) => {
      const response = await route.fetch();
      const html = (await response.text()).replace(
        "<body>",
        `<body><script>window.injected = 1</script><img src="x" onerror="window.injected = 2">
         <script src="http://localhost:${(evil.address() as AddressInfo).port}/x.js"></script>`,
      );
      await route.fulfill({ response, body: html });
    });
    await page.goto(`${country.node.url}/console`);
    await page.getByRole("link", { name: "Sign in" }).waitFor();
    expect(await page.evaluate(() => "injected" in globalThis)).to.equal(false);
    const written = await page.evaluate(() => {
      try {
        document.body.innerHTML = "<p>Not by text.</p>";
        return true;
      } catch {
        return false;
      }
    });
    expect(written, "Trusted Types").to.equal(false);
  });

  it("says that a session has ended, keeps the page as it is, and goes on once there is one again", async () => {
    const page = await browser.open("phone");
    await signIn(page, officer());
    await page.evaluate(() => {
      Object.assign(globalThis, { typed: "not lost" });
    });
    const elsewhere = await page.context().newPage();
    await elsewhere.goto(`${country.node.url}/console`);
    await elsewhere.getByRole("button", { name: "Sign out" }).click();
    await elsewhere.getByRole("link", { name: "Sign in" }).waitFor();
    await comesBack(page);
    await page.getByRole("alert").getByText("Your session has ended").waitFor();
    await signedIn(page);
    await expectAccessible(page);
    await shoot(page, "session-ended");
    const goOn = await byButtonAlone(page);
    const [again] = await Promise.all([
      page.waitForEvent("popup"),
      page.getByRole("link", { name: "Sign in again" }).click(),
    ]);
    await again.getByLabel("Name").fill("Alex Reader");
    await again.getByRole("button", { name: "Sign in", exact: true }).click();
    await signedIn(again);
    await goOn();
    await noAlerts(page);
    expect(await page.evaluate(() => "typed" in globalThis)).to.equal(true);
  });

  for (const place of ["messages?status=failed", "stuck"]) {
    it(`asks again by itself, once there is a session, for what was refused meanwhile: ${place}`, async () => {
      const page = await browser.open("desktop");
      // Nothing comes from looking every few seconds, nor from the stream.
      await page.addInitScript(() => {
        const begin = globalThis.setTimeout;
        const seldom = 3_500;
        Object.assign(globalThis, {
          setInterval: () => 0,
          setTimeout: (act: () => void, wait = 0) => (wait > seldom ? 0 : begin(act, wait)),
        });
      });
      await page.route("**/events", () => undefined);
      await signIn(page, { ...officer(), roles });
      await page.getByText("No messages yet").waitFor();
      const elsewhere = await page.context().newPage();
      await elsewhere.goto(`${country.node.url}/console`);
      await elsewhere.getByRole("button", { name: "Sign out" }).click();
      await elsewhere.getByRole("link", { name: "Sign in" }).waitFor();
      await go(page, `#/${place}`);
      await page.getByRole("alert").getByText("Your session has ended").waitFor();
      await eventually(async () => (await page.getByRole("alert").count()) === 2);
      const goOn = await byButtonAlone(page);
      await signIn(elsewhere, { ...officer(), roles });
      await goOn();
      await noAlerts(page);
    });
  }

  it("shows nothing of one user to the next who signs in in the same browser", async () => {
    const page = await browser.open("desktop");
    await signIn(page, officer());
    const elsewhere = await page.context().newPage();
    await elsewhere.goto(`${country.node.url}/console`);
    await elsewhere.getByRole("button", { name: "Sign out" }).click();
    await elsewhere.getByRole("link", { name: "Sign in" }).waitFor();
    await signIn(elsewhere, officer("Kim Other"));
    await comesBack(page);
    await signedIn(page, "Kim Other");
  });

  it("forgets what was typed when its user signs out, and when another one signs in in the same tab", async () => {
    const { url } = country.node;
    const page = await browser.open("desktop");
    const storage = () => page.evaluate(() => JSON.stringify(Object.entries(sessionStorage)));
    const begin = async () => {
      await page.goto(`${url}/console#/send`);
      await page.getByRole("button", { name: "Preferential certificate of origin" }).click();
      await page.locator('[id="field.credentialSubject.number"]').fill("SECRET-OF-ALEX");
      await eventually(async () => (await storage()).includes("SECRET-OF-ALEX"));
    };
    const finds = async (name: string) => {
      await signIn(page, officer(name));
      await page.goto(`${url}/console#/send`);
      await page.getByRole("button", { name: "Preferential certificate of origin" }).waitFor();
      expect(await page.getByText("What you filled in is kept", { exact: false }).count()).to.equal(0);
      expect(await storage()).not.to.include("SECRET-OF-ALEX");
    };
    await signIn(page, officer());
    await begin();
    // A session that merely ends forgets nothing: its user goes on.
    await page.context().clearCookies();
    await signIn(page, officer());
    await page.goto(`${url}/console#/send`);
    const number = page.locator('[id="field.credentialSubject.number"]');
    await number.waitFor();
    expect(await number.inputValue()).to.equal("SECRET-OF-ALEX");

    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("link", { name: "Sign in" }).waitFor();
    expect(await storage()).not.to.include("SECRET-OF-ALEX");
    await finds("Alex Reader");

    await begin();
    await page.context().clearCookies();
    await finds("Kim Other");
  });

  for (const place of ["messages", "channels"]) {
    it(`asks seldom once the session has ended, on the page of ${place}: it counts against the address`, async () => {
      const page = await browser.open("desktop");
      await page.clock.install();
      await signIn(page, { ...officer(), roles });
      const asked: string[] = [];
      await page.goto(`${country.node.url}/console#/${place}`);
      await page.getByRole("navigation").locator('[aria-current="page"]').waitFor();
      const streamRefused =
        place === "messages"
          ? page.waitForResponse((answer) => answer.url().endsWith("/events") && answer.status() === 401)
          : null;
      if (streamRefused !== null) await page.getByText("Live", { exact: true }).waitFor();
      const elsewhere = await page.context().newPage();
      await elsewhere.goto(`${country.node.url}/console`);
      await elsewhere.getByRole("button", { name: "Sign out" }).click();
      await elsewhere.getByRole("link", { name: "Sign in" }).waitFor();
      await elsewhere.close();
      // By and by each page asks by itself, and hears that nobody is signed in; a stream that was open is ended.
      const banner = page.getByRole("alert").getByText("Your session has ended");
      await eventually(
        async () => {
          await page.clock.fastForward(30_000);
          return (await banner.count()) > 0;
        },
        { every: 300 },
      );
      await streamRefused;
      page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      const minutes = 4;
      for (let second = 0; second < minutes * 60; second += 5) {
        await page.clock.fastForward(5_000);
        await delay(50);
      }
      // Four times a minute a stream or a question, and after it whether there is a session by now.
      expect(asked.length, asked.join(" ")).to.be.at.most(minutes * 4 * 2 + 2);
      await banner.waitFor();
    });
  }

  it("tells somebody who has no role so, in each language", async () => {
    const page = await browser.open("narrow");
    await signIn(page, { ...officer("Nobody Yet"), roles: [] });
    for (const [language, words] of [
      ["en", "no role"],
      ["fr", "aucun rôle"],
      ["es", "ninguna función"],
      ["zh", "任何角色"],
    ] as const) {
      await page.goto(`${country.node.url}/console?lang=${language}`);
      await page.getByText(words).waitFor();
      await expectAccessible(page);
    }
  });

  it("says where nobody can sign in that its operator has to set it up", async () => {
    const { console: settings, ...config } = await world.configure(cn, "CN", memory);
    expect(settings).not.to.equal(undefined);
    const { node } = await world.start(config);
    const page = await browser.open("desktop");
    await page.goto(`${node.url}/console`);
    await page.getByRole("alert").getByText("sign-in-not-configured").waitFor();
    expect(await page.getByRole("link", { name: "Sign in" }).count()).to.equal(0);
    await expectAccessible(page);
  });
});
