import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";

import { startServer, type HttpServer } from "../../src/http/server.ts";
import { rejection } from "../rejection.ts";

const limits = { requestSeconds: 60, connections: 2 };
const anywhere = { host: "127.0.0.1", port: 0 };

describe("the HTTP server", () => {
  it("lets a request in progress end when it is closed, and takes no other", async () => {
    const server = await startServer(
      (_request, response) => {
        void sleep(200).then(() => response.end("whole"));
      },
      anywhere,
      limits,
    );
    const answer = fetch(server.url).then((response) => response.text());
    await sleep(50);
    const start = performance.now();
    const closed = server.close();
    await rejection(fetch(server.url));
    expect(await answer).to.equal("whole");
    await closed;
    expect(performance.now() - start).to.be.lessThan(20_000);
  });

  it("cuts what does not end in time", async () => {
    const server = await startServer(() => undefined, anywhere, limits);
    const answer = rejection(fetch(server.url));
    await sleep(50);
    const start = performance.now();
    await server.close(100);
    expect(performance.now() - start).to.be.lessThan(20_000);
    await answer;
  });

  it("says so when its address is taken", async () => {
    const server = await startServer((_request, response) => response.end(), anywhere, limits);
    const port = Number(new URL(server.url).port);
    const error = await rejection(startServer(() => undefined, { host: "127.0.0.1", port }, limits));
    expect(error).to.include({ code: "EADDRINUSE" });
    await server.close();
  });

  for (const [name, text, status, code] of [
    ["what is not HTTP", "EHLO customs.gov.cn\r\n\r\n", 400, "malformed-request"],
    [
      "headers without end",
      `GET / HTTP/1.1\r\nX-Long: ${"a".repeat(20_000)}\r\n\r\n`,
      431,
      "headers-too-large",
    ],
    [
      "two lengths, by which a proxy could be fooled",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      400,
      "malformed-request",
    ],
  ] as const) {
    it(`answers ${name} with a problem document, and closes the connection`, async () => {
      const server = await startServer((_request, response) => response.end(), anywhere, limits);
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(new URL(server.url).port), "127.0.0.1", () => socket.write(text));
        let received = "";
        socket.on("data", (chunk) => (received += chunk.toString()));
        socket.once("error", reject);
        socket.once("close", () => {
          resolve(received);
        });
      });
      await server.close();
      const [head = "", body = ""] = answer.split("\r\n\r\n");
      expect(head)
        .to.match(new RegExp(`^HTTP/1.1 ${status} `))
        .and.to.contain("application/problem+json");
      expect(JSON.parse(body)).to.include({ status, code });
    });
  }

  it("answers a request that does not arrive in time with a problem document, and closes the connection", async () => {
    const server = await startServer(
      (request, response) => {
        request.resume().once("end", () => response.end());
      },
      anywhere,
      { ...limits, requestSeconds: 1 },
    );
    for (const begun of [
      "POST / HTTP/1.1\r\nHost: a\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab",
    ]) {
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect(Number(new URL(server.url).port), "127.0.0.1", () => socket.write(begun));
        let received = "";
        socket.on("data", (chunk) => (received += chunk.toString()));
        socket.once("error", reject);
        socket.once("close", () => {
          resolve(received);
        });
      });
      const [head = "", body = ""] = answer.split("\r\n\r\n");
      expect(head).to.match(/^HTTP\/1.1 408 /);
      expect(JSON.parse(body)).to.include({ status: 408, code: "request-timeout" });
    }
    await server.close();
  });

  it("takes so many connections at once and no more", async () => {
    const server: HttpServer = await startServer((_request, response) => response.end(), anywhere, limits);
    const port = Number(new URL(server.url).port);
    const outcomes = Array.from(
      { length: 4 },
      () =>
        new Promise<string>((resolve) => {
          const socket = connect(port, "127.0.0.1");
          socket.on("error", () => undefined);
          socket.once("close", () => {
            resolve("closed");
          });
          setTimeout(() => {
            resolve("open");
            socket.destroy();
          }, 500);
        }),
    );
    const open = (await Promise.all(outcomes)).filter((outcome) => outcome === "open");
    expect(open).to.have.length(limits.connections);
    await server.close();
  });
});
