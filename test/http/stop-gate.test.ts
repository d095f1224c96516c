import { request } from "node:http";

import { expect } from "chai";
import express, { Router } from "express";

import { errorHandler } from "../../src/http/error-handler.ts";
import { startServer, type HttpServer } from "../../src/http/server.ts";
import { StopGate } from "../../src/http/stop-gate.ts";
import { silentLogger } from "../../src/log.ts";
import { eventually } from "../eventually.ts";

/** Something under way until it is told to end. */
function underWay() {
  let end: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { begun: false, over, end };
}

describe("the gate of a node that stops", () => {
  let server: HttpServer;
  let gate: StopGate;
  /** What is done before a request is let in, and then for it. */
  let before: ReturnType<typeof underWay>;
  let work: ReturnType<typeof underWay>;
  let arrivals: number;

  beforeEach(async () => {
    gate = new StopGate();
    [before, work, arrivals] = [underWay(), underWay(), 0];
    const router = Router().get("/work", async (_request, response) => {
      work.begun = true;
      await work.over;
      response.end("done");
    });
    const app = express();
    app.use((_request, response, next) => {
      arrivals += 1;
      response.once("close", () => (arrivals -= 1));
      next();
    });
    app.use(gate.handler());
    app.use(
      gate.watched(async (_request, _response, next) => {
        before.begun = true;
        await before.over;
        next();
      }),
    );
    app.use(gate.watch(router), errorHandler(silentLogger));
    server = await startServer(app, { host: "127.0.0.1", port: 0 }, { requestSeconds: 60, connections: 10 });
  });

  afterEach(() => server.close(0));

  /** Asks for work, and leaves once it is so far. */
  async function askAndLeave(isSoFar: () => boolean): Promise<void> {
    const asked = request(`${server.url}/work`);
    asked.on("error", () => undefined).end();
    await eventually(isSoFar);
    asked.destroy();
    await eventually(() => arrivals === 0);
  }

  /** @returns what tells whether the gate has nothing in hand any more */
  function shut(): () => boolean {
    let isIdle = false;
    void gate.shut().then(() => (isIdle = true));
    return () => isIdle;
  }

  it("waits for what is done for a caller who has left", async () => {
    before.end();
    await askAndLeave(() => work.begun);
    const isIdle = shut();
    const again = shut();
    await new Promise((resolve) => setImmediate(resolve));
    expect(isIdle()).to.equal(false);
    work.end();
    await eventually(() => isIdle() && again());
  });

  it("waits for who lets a request in, and has nothing begun then for a caller who has left", async () => {
    await askAndLeave(() => before.begun);
    const isIdle = shut();
    await new Promise((resolve) => setImmediate(resolve));
    expect(isIdle()).to.equal(false);
    before.end();
    await eventually(isIdle);
    expect(work.begun).to.equal(false);
  });

  it("waits for the answer, and takes nothing new", async () => {
    before.end();
    const answer = fetch(`${server.url}/work`).then((response) => response.text());
    await eventually(() => work.begun);
    const isIdle = shut();
    expect((await fetch(`${server.url}/work`)).ok).to.equal(false);
    expect(isIdle()).to.equal(false);
    work.end();
    expect(await answer).to.equal("done");
    await eventually(isIdle);
  });
});
