import { request as httpRequest, type IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import { expect } from "chai";

import { toWire } from "../../src/domain/message.ts";
import { messagesBatchRouter } from "../../src/http/messages-batch-router.ts";
import type { Authenticate } from "../../src/identity/authenticate.ts";
import { au, message } from "../channels/fixtures.ts";
import { held } from "../held.ts";
import { channelOf, ledgerOf, rigOf, testClock, userOf } from "../messages/rig.ts";
import { eachStore } from "../store/each-store.ts";
import { serve } from "./test-app.ts";

const LINES = 100_000;
const PIECE = 100;
const SAMPLE = 20_000;
const MIB = 1024 * 1024;
const GROWTH_ALLOWED = 24 * MIB;

eachStore("a request of 100,000 messages", (openFresh) => {
  it("is answered line by line, and every line is stored, without growing memory", async function () {
    this.timeout(900_000); // what grows is asked, not how fast it goes
    const clock = testClock();
    const ledger = ledgerOf(clock);
    const node = await rigOf({ store: await openFresh(au), clock, channels: [channelOf(ledger, au)] });
    await node.hold(message());
    const authenticate: Authenticate = () => Promise.resolve(userOf(au));
    const limits = { lineBytes: 4_096, linesPerRequest: LINES };
    const server = await serve(authenticate, [messagesBatchRouter({ ...node.accepting, limits })]);
    try {
      const wire = toWire(message());
      const lines = Readable.from(
        (function* () {
          // In pieces as of a file: line by line each would come alone, and be a transaction of its own.
          for (let first = 1; first <= LINES; first += PIECE) {
            const numbers = Array.from({ length: PIECE }, (_, place) => first + place);
            yield numbers
              .map((number) => `${JSON.stringify({ ...wire, subject: `number:${number}` })}\n`)
              .join("");
          }
        })(),
        { objectMode: false },
      );
      const outgoing = httpRequest(`${server.url}/messages/batch`, {
        method: "POST",
        headers: { authorization: "Bearer officer", "content-type": "application/x-ndjson" },
      });
      const answer = new Promise<IncomingMessage>((resolve, reject) => {
        outgoing.on("response", resolve);
        outgoing.on("error", reject);
      });
      const sent = pipeline(lines, outgoing);
      const samples: number[] = [];
      let answered = 0;
      for await (const line of createInterface({ input: await answer })) {
        answered += 1;
        const { line: number, status } = JSON.parse(line) as { line: number; status: number };
        if (number !== answered || status !== 202) throw new Error(`Line ${answered} was answered: ${line}`);
        if (answered % SAMPLE === 0) samples.push(held());
      }
      await sent;
      expect(answered).to.equal(LINES);
      const [first = 0, ...later] = samples;
      expect(later).to.have.length(LINES / SAMPLE - 1);
      expect(Math.max(...later) - first, "growth after the first lines").to.be.lessThan(GROWTH_ALLOWED);
      const { count } = await node.store.db
        .selectFrom("message")
        .select((select) => select.fn.countAll<number | string>().as("count"))
        .executeTakeFirstOrThrow();
      expect(Number(count)).to.equal(LINES);
    } finally {
      await server.close(0);
    }
  });
});
