import { once } from "node:events";
import { request } from "node:http";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";

import { freePort } from "../../scripts/dev/free-port.ts";
import { digestOf, parseMultihash } from "../../src/domain/multihash.ts";
import { createLogger } from "../../src/log.ts";
import { attached, au, cn } from "../channels/fixtures.ts";
import { startWorld, type CountryConfig, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";

/** Messages that are acknowledged before the uploads are broken off, a round each. */
const MOMENTS = [0, 1, 100, 300];
const LINES_A_WRITE = 20;
/** Of a document: so many that a group of them is not written in no time. */
const BYTES = 8_192;
/** Documents whose bytes are read at the end. */
const SAMPLE = 20;
/** So that neither upload keeps the other from coming on. */
const PAUSE_MS = 10;

/** Lines under way to a node, and what it acknowledged of them. */
interface Upload {
  readonly acknowledged: readonly Readonly<Record<string, unknown>>[];
  /** Ends the connection at once, in the middle of it. */
  breakOff(): void;
  /** Once the connection has ended, whoever ended it. */
  readonly over: Promise<void>;
}

/** Sends lines without end. */
function uploadOn(url: string, token: string, lineOf: (number: number) => unknown): Upload {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/x-ndjson" };
  const upload = request(url, { method: "POST", headers, agent: false });
  const acknowledged: Readonly<Record<string, unknown>>[] = [];
  let isOver = false;
  const over = new Promise<void>((resolve) => {
    upload.once("close", () => {
      isOver = true;
      resolve();
    });
  });
  upload.on("error", () => undefined); // it is broken off: that is what this is about
  upload.once("response", (response) => {
    response.on("error", () => undefined);
    const lines = createInterface({ input: response });
    lines.on("error", () => undefined);
    lines.on("line", (line) => {
      // The last one may have come in part.
      if (line.endsWith("}")) acknowledged.push(JSON.parse(line) as Record<string, unknown>);
    });
  });
  const send = async () => {
    for (let number = 0; !isOver; number += LINES_A_WRITE) {
      const lines = Array.from({ length: LINES_A_WRITE }, (_, place) =>
        JSON.stringify(lineOf(number + place)),
      );
      await delay(PAUSE_MS);
      if (!upload.write(`${lines.join("\n")}\n`))
        await Promise.race([once(upload, "drain").catch(() => undefined), over]);
    }
  };
  void send();
  return { acknowledged, over, breakOff: () => upload.destroy() };
}

eachStore("a node that is told to stop while many lines are uploaded", (_openFresh, source) => {
  // Its own suite, so that the node has ended before its database is deleted.
  describe("again and again", () => {
    let world: World;
    let config: CountryConfig;
    let token: string;

    beforeEach(async () => {
      world = await startWorld();
      config = await world.configure(au, "AU", await source.freshLocation());
      token = await world.issuer.mint({
        ...{ subject: "officer-7", audience: au, lifetimeSeconds: 3_600 },
        roles: ["documents:write", "messages:write"],
      });
    });

    /** At a port of its own, so that nobody comes by a connection to the node before. */
    const elsewhere = async () => {
      const port = await freePort(0);
      return { ...config, listen: { ...config.listen, port }, publicUrl: `http://127.0.0.1:${port}` };
    };

    let uploads: readonly Upload[] = [];

    afterEach(async () => {
      for (const upload of uploads) upload.breakOff();
      await world.close();
    });

    for (const [who, stopSeconds] of [
      ["their sender leaves", 60],
      ["the node cuts them off", 0],
    ] as const) {
      it(`uses nothing that it has closed, and keeps what it acknowledged, where ${who}`, async () => {
        config = { ...config, limits: { ...config.limits, stopSeconds } };
        const complaints: string[] = [];
        const log = createLogger({ level: "error", write: (line) => complaints.push(line) });
        const messages = new Set<unknown>();
        const documents = new Set<unknown>();

        for (const [round, moment] of MOMENTS.entries()) {
          const { node, officer } = await world.start(await elsewhere(), { log, validateResponses: false });
          await eventually(async () => (await officer.request("/health/ready")).status === 200);
          const obj = await officer.store(Buffer.from(`{"round":${round}}`), "application/json");
          const sent = uploadOn(`${node.url}/messages/batch`, token, (number) => ({
            ...{ receiver: cn, predicate: attached, obj },
            subject: `example:${round}:${number}`,
          }));
          const stored = uploadOn(`${node.url}/documents/batch`, token, (number) => ({
            content: Buffer.from(`${round} ${number} `.padEnd(BYTES, "x")).toString("base64"),
          }));
          uploads = [sent, stored];
          await eventually(
            () => sent.acknowledged.length >= moment && (moment === 0 || stored.acknowledged.length > 0),
            {
              every: 1,
              what: `the acknowledgement of ${moment} lines`,
            },
          );
          if (who === "their sender leaves") for (const upload of uploads) upload.breakOff();
          await node.close();
          await Promise.all(uploads.map(({ over }) => over));
          for (const { id } of sent.acknowledged) messages.add(id);
          for (const { multihash } of stored.acknowledged) documents.add(multihash);
        }
        expect(complaints).to.deep.equal([]);

        const store = await source.open(config.store);
        const lines = await store.db.selectFrom("message").select("id").execute();
        for (const { id } of lines) messages.delete(id);
        expect([...messages], "messages that were acknowledged and are not on record").to.deep.equal([]);
        const held = await store.db.selectFrom("document").select("digest").execute();
        const digests = new Set<string>(held.map(({ digest }) => digest));
        const lost = [...documents].filter(
          (multihash) => !digests.has(digestOf(parseMultihash(String(multihash)))),
        );
        expect(lost, "documents that were acknowledged and are not on record").to.deep.equal([]);
        const { officer } = await world.start(await elsewhere());
        for (const multihash of [...documents].slice(-SAMPLE)) {
          expect((await officer.read(String(multihash))).status, String(multihash)).to.equal(200);
        }
      }).timeout(120_000);
    }
  });
});
