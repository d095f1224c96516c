import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

import { expect } from "chai";

import { eventually } from "../eventually.ts";
import { startFakeNode, type FakeNode } from "./fake-node.ts";
import { call, icl } from "./icl.ts";

const hash = "QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n";
const problem = (status: number): RequestListener => {
  const body = {
    type: "urn:icl:problem:x",
    title: "X",
    status,
    detail: "Do \u001b[2Jthis.",
    instance: "/",
    code: "x",
  };
  return (_request, response) => {
    response.writeHead(status, { "content-type": "application/problem+json" }).end(JSON.stringify(body));
  };
};

describe("the command line against whatever may answer", function () {
  this.timeout(60_000);
  let node: FakeNode;
  let directory: string;

  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "icl-cli-fake-"));
  });

  after(() => rm(directory, { recursive: true, force: true }));

  beforeEach(async () => {
    node = await startFakeNode();
  });

  afterEach(() => node.close());

  const options = () => ({ cwd: directory, env: { ICL_NODE: node.url, ICL_TOKEN: "token-of-somebody" } });
  const run = (...args: readonly string[]) => icl(args, options());

  describe("errors", () => {
    for (const [status, code] of [
      [400, 3],
      [404, 3],
      [429, 3],
      [500, 1],
      [502, 4],
      [503, 4],
      [504, 4],
    ] as const) {
      it(`ends with ${code} for a ${status}, and writes nothing of it that moves the terminal`, async () => {
        node.answer(problem(status));
        const outcome = await run("messages");
        expect(outcome.code).to.equal(code);
        expect(outcome.err).to.contain(`${status} x: Do ?[2Jthis.`);
        expect(outcome.out).to.equal("");
      });
    }

    it("ends with 1 for what is no JSON, or no list of messages", async () => {
      node.answer((_request, response) => response.end("<html>"));
      expect(await run("messages")).to.include({ code: 1 });
      node.answer((_request, response) => response.end('{"items":[{"id":3}],"next":null}'));
      const { code, err } = await run("messages");
      expect(code).to.equal(1);
      expect(err).to.contain("without id");
    });

    it("tells a subject's story page by page, and nothing of it moves the terminal", async () => {
      const page = (next: string | null) =>
        JSON.stringify({
          type: "Subject",
          messages: [
            {
              ...{
                messageId: `0x${next}`,
                sender: "did:web:customs.gov.cn",
                receiver: 1,
                status: "x\u001b[2J",
              },
              ...{
                obj: "urn:icl:document:Qm",
                journal: null,
                certificate: { duplicate: true, issuedAt: [] },
              },
            },
            "none",
          ],
          documents: [{ id: "urn:icl:document:Qm", multihash: "Qm", size: "1", documentType: "a\nb" }, null],
          next,
        });
      const asked: string[] = [];
      node.answer((request, response) => {
        asked.push(request.url ?? "");
        response.end(page(asked.length === 1 ? "on&on" : null));
      });
      const { code, out } = await run("subject", "show", "a/b?c");
      expect(code).to.equal(0);
      expect(asked).to.deep.equal(["/subjects/a%2Fb%3Fc", "/subjects/a%2Fb%3Fc?after=on%26on"]);
      expect(out).to.contain("0xon&on").and.to.contain("0xnull");
      expect(out).to.contain("customs.gov.cn -> -  -  x?[2J").and.to.contain("    certificate: duplicate\n");
      expect(out).to.contain("    document: Qm  a?b\n").and.not.to.contain("\u001b");
      await run("subject", "show", "private");
      expect(asked.at(-1)).to.equal("/subjects/%70rivate");
      node.answer((_request, response) => response.end('{"type":"Message"}'));
      expect((await run("subject", "show", "x")).code).to.equal(1);
    });

    it("ends with 4 when the answer breaks off", async () => {
      node.answer((_request, response) => {
        response.writeHead(200, { "content-length": "1000" }).write('{"items":[');
        setTimeout(() => response.destroy(), 20);
      });
      expect((await run("messages")).code).to.equal(4);
    });

    it("follows no redirect: nobody else gets the token", async () => {
      const other = await startFakeNode();
      try {
        node.answer((_request, response) =>
          response.writeHead(307, { location: `${other.url}/messages` }).end(),
        );
        const { code, err } = await run("messages");
        expect(code).to.equal(1);
        expect(err).to.contain("points elsewhere (307)");
        expect(other.authorizations).to.have.length(0);
      } finally {
        await other.close();
      }
    });

    it("sends its token to the node it asks, and none where none is needed", async () => {
      node.answer((_request, response) => response.end('{"items":[],"next":null}'));
      expect((await run("messages")).code).to.equal(0);
      expect((await run("channels")).code).to.equal(0);
      expect(node.authorizations).to.deep.equal(["Bearer token-of-somebody", undefined]);
    });
  });

  describe("documents get", () => {
    it("writes no file of bytes that are not those of the hash", async () => {
      node.answer((_request, response) => response.end("altered"));
      const { code, err } = await run("documents", "get", hash, "-o", "altered.bin");
      expect(code).to.equal(1);
      expect(err).to.contain("not those of the hash");
      expect(await readdir(directory)).not.to.include("altered.bin");
      expect((await run("documents", "get", hash)).code).to.equal(1);
    });

    it("leaves nothing of a document that breaks off", async () => {
      node.answer((_request, response) => {
        response.writeHead(200, { "content-length": "1000" }).write("half");
        setTimeout(() => response.destroy(), 20);
      });
      expect((await run("documents", "get", hash, "-o", "half.bin")).code).to.equal(4);
      expect((await readdir(directory)).filter((name) => name.startsWith("half"))).to.deep.equal([]);
    });
  });

  describe("send --batch", () => {
    /** Answers each line as it comes: the last member of `results` for those past its end. */
    const answering =
      (result: (place: number) => unknown): RequestListener =>
      (request, response) => {
        response.writeHead(200, { "content-type": "application/x-ndjson" }).flushHeaders();
        let place = 0;
        const lines = createInterface({ input: request });
        lines.on("line", () => {
          place += 1;
          response.write(`${JSON.stringify(result(place))}\n`);
        });
        lines.on("close", () => response.end());
      };

    it("streams the lines, writes what became of each, and ends with 3 when one was refused", async () => {
      await writeFile(path.join(directory, "three.ndjson"), '{"a":1}\n{"a":2}\n{"a":3}\n');
      node.answer(
        answering((line) =>
          line === 2
            ? { line, status: 422, error: { code: "subject-malformed", detail: "Send another." } }
            : { line, id: `0x${String(line).repeat(64)}`, status: line === 1 ? 202 : 200 },
        ),
      );
      const plain = await run("send", "--batch", "three.ndjson");
      expect(plain.code).to.equal(3);
      expect(plain.out.split("\n")).to.deep.equal([
        `1  0x${"1".repeat(64)}  taken`,
        "2  subject-malformed  Send another.",
        `3  0x${"3".repeat(64)}  known`,
        "",
      ]);
      expect(plain.err).to.equal("icl: 2 taken, 1 refused\n");
      const json = await run("send", "--batch", "three.ndjson", "--json");
      expect(
        json.out
          .trim()
          .split("\n")
          .map((line) => (JSON.parse(line) as { line: number }).line),
      ).to.deep.equal([1, 2, 3]);
    });

    it("reads standard input, as much as there is", async () => {
      node.answer(answering((line) => ({ line, id: "0x", status: 202 })));
      const input = '{"a":1}\n'.repeat(20_000);
      const { code, err } = await icl(["send", "--batch", "-"], { ...options(), input });
      expect(err).to.equal("icl: 20000 taken, 0 refused\n");
      expect(code).to.equal(0);
    });

    it("ends with 4 when the answers break off, and says that sending again is safe", async () => {
      node.answer((request, response) => {
        response.writeHead(200).write('{"line":1,"id":"0x","status":202}\n');
        request.on("data", () => undefined).on("end", () => response.destroy());
      });
      const { code, out, err } = await icl(["send", "-b", "-"], {
        ...options(),
        input: '{"a":1}\n{"a":2}\n',
      });
      expect(code).to.equal(4);
      expect(out).to.equal("1  0x  taken\n");
      expect(err).to.contain("send the file again, nothing is sent twice");
    });

    it("ends with 2 for a file that is not there, and 3 when the node takes no batch", async () => {
      expect((await run("send", "--batch", "none.ndjson")).code).to.equal(2);
      await writeFile(path.join(directory, "one.ndjson"), '{"a":1}\n');
      node.answer(problem(403));
      expect((await run("send", "--batch", "one.ndjson")).code).to.equal(3);
    });
  });

  describe("subscribe", () => {
    const event = (id: number) => {
      const message = { id: `0x${id}`, predicate: "a.b", subject: `s${id}` };
      const data = { id: String(id), type: "message.received", time: "2027-01-01T00:00:00Z", message };
      return `id: ${id}\nevent: message.received\ndata: ${JSON.stringify(data)}\n\n`;
    };
    const line = (id: number) => `${id}  2027-01-01T00:00:00Z  message.received  0x${id}  a.b  s${id}`;

    it("writes events, and goes on after the last one when the connection breaks", async () => {
      const asked: (string | string[] | undefined)[] = [];
      node.answer((request, response) => {
        const after = Number(request.headers["last-event-id"] ?? 0);
        asked.push(request.headers["last-event-id"]);
        expect(request.url).to.equal("/events?topic=UN.CEFACT.*");
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(`retry: 10\n\n: heartbeat\n\n${event(after + 1)}${event(after + 2)}`);
        response.write('id: 99\nevent: message.received\ndata: {"half"');
        setTimeout(() => response.destroy(), 20);
      });
      const { code, out, err } = await run("subscribe", "--topic", "UN.CEFACT.*", "--count", "5");
      expect(code, err).to.equal(0);
      expect(out.trim().split("\n")).to.deep.equal([1, 2, 3, 4, 5].map(line));
      expect(asked).to.deep.equal([undefined, "2", "4"]);
      expect(err).to.contain("trying again");
    });

    it("goes on after the event it is told, and writes whole events with --json", async () => {
      node.answer((request, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(event(Number(request.headers["last-event-id"]) + 1).replaceAll("\n", "\r\n"));
      });
      const { code, out } = await run("subscribe", "--after", "41", "--count", "1", "--json");
      expect(code).to.equal(0);
      expect(JSON.parse(out)).to.deep.include({ id: "42", type: "message.received" });
      expect((await run("subscribe", "--after", "yesterday")).code).to.equal(2);
    });

    it("misses nothing when the connection breaks before the first event, or when too many read", async () => {
      const asked: (string | string[] | undefined)[] = [];
      node.answer((request, response) => {
        asked.push(request.headers["last-event-id"]);
        if (asked.length === 2) {
          problem(429)(request, response);
          return;
        }
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(asked.length === 1 ? "retry: 10\nid: 7\n\n" : `id: 7\n\n${event(8)}`);
        if (asked.length === 1) setTimeout(() => response.destroy(), 20);
      });
      const { code, out, err } = await run("subscribe", "--count", "1");
      expect(code, err).to.equal(0);
      expect(out).to.equal(`${line(8)}\n`);
      expect(asked).to.deep.equal([undefined, "7", "7"]);
    });

    it("ends with 0 when it is told to stop", async () => {
      node.answer((_request, response) => {
        response.writeHead(200, { "content-type": "text/event-stream" }).write(event(1));
      });
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        const subscribed = call(["subscribe"], options());
        await eventually(() => subscribed.out() !== "");
        subscribed.kill(signal);
        expect((await subscribed.ended).code).to.equal(0);
      }
    });

    it("ends with 3 when the node refuses, also when it connects anew", async () => {
      node.answer(problem(401));
      expect((await run("subscribe")).code).to.equal(3);
      let times = 0;
      node.answer((request, response) => {
        times += 1;
        if (times > 1) {
          problem(401)(request, response);
          return;
        }
        response.writeHead(200, { "content-type": "text/event-stream" }).end(`retry: 10\n\n${event(1)}`);
      });
      const { code, out } = await run("subscribe");
      expect(code).to.equal(3);
      expect(out).to.equal(`${line(1)}\n`);
    });

    it("ends with 1 for an event that is none", async () => {
      node.answer((_request, response) => response.end("data: <html>\n\n"));
      expect((await run("subscribe", "--count", "1")).code).to.equal(1);
    });
  });
});
