import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

import { expect } from "chai";

import { FileStore } from "../../src/documents/file-store.ts";
import { retrieve, retrievalDefaults, type Retrieval } from "../../src/documents/retrieve.ts";
import { multihashOf, type Digest } from "../../src/domain/multihash.ts";
import { AddressGuard } from "../../src/identity/address-guard.ts";
import { rejection } from "../rejection.ts";
import { startPeer, type Peer } from "./peer.ts";

const document = Buffer.from('{"number":"WBC208897"}');
const digest = createHash("sha256").update(document).digest("hex") as Digest;
const path = `/documents/${multihashOf(digest)}`;
const closedNetwork = { allowPrivateAddresses: true, allowHttp: true };
const limits = {
  ...retrievalDefaults,
  maxBytes: 1_000_000,
  answerMs: 400,
  idleMs: 300,
  totalMs: 2_000,
  graceMs: 500,
};

describe("retrieval of a document from its sender's node", () => {
  let directory: string;
  let files: FileStore;
  let peer: Peer | undefined;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "icl-retrieve-"));
    files = await FileStore.open(directory);
  });
  afterEach(async () => {
    await peer?.close();
    peer = undefined;
    await rm(directory, { recursive: true, force: true });
  });

  const from = async (
    answer: RequestListener,
    options: {
      readonly guard?: AddressGuard;
      readonly base?: string;
      readonly signal?: AbortSignal;
      readonly authorize?: (path: string) => Promise<string>;
    } = {},
  ): Promise<Retrieval> => {
    peer = await startPeer(answer);
    const guard = options.guard ?? new AddressGuard(closedNetwork);
    return retrieve(
      { files, guard, limits },
      {
        digest,
        endpoint: `${peer.url}${options.base ?? ""}`,
        authorize: options.authorize ?? ((asked) => Promise.resolve(`ICL for ${asked}`)),
        signal: options.signal ?? new AbortController().signal,
      },
    );
  };
  const codeOf = (retrieval: Retrieval) =>
    retrieval.outcome === "failed" ? retrieval.reason.code : retrieval.outcome;
  const nothingKept = async () => {
    expect(await readdir(join(directory, "incoming"))).to.deep.equal([]);
    expect(await rejection(files.read(digest))).to.have.property("code", "document-damaged");
  };

  it("asks with a token for this very path, and keeps the bytes that have the hash", async () => {
    let authorization: string | undefined;
    const retrieval = await from(
      (request, response) => {
        authorization = request.headers.authorization;
        response.setHeader("content-type", "application/json");
        response.end(document);
      },
      { base: "/icl" },
    );
    expect(retrieval).to.deep.equal({
      outcome: "stored",
      content: { digest, size: document.length },
      mediaType: "application/json",
    });
    expect(peer?.asked).to.deep.equal([`/icl${path}`]);
    expect(authorization).to.equal(`ICL for /icl${path}`);
    expect(await buffer(await files.read(digest))).to.deep.equal(document);
  });

  it("takes 404 for 'not yet'", async () => {
    const retrieval = await from((_request, response) => response.writeHead(404).end());
    expect(retrieval).to.deep.equal({ outcome: "not-yet" });
  });

  it("throws away what does not have the hash: a lying peer (trap 6)", async () => {
    const forged = Buffer.from('{"number":"WBC208898"}');
    const retrieval = await from((_request, response) => response.end(forged));
    expect(codeOf(retrieval)).to.equal("hash-mismatch");
    await nothingKept();
    const other = createHash("sha256").update(forged).digest("hex") as Digest;
    expect(await rejection(files.read(other))).to.have.property("code", "document-damaged");
  });

  it("throws away an empty answer", async () => {
    expect(codeOf(await from((_request, response) => response.end()))).to.equal("hash-mismatch");
    await nothingKept();
  });

  it("follows no redirect (trap 6)", async () => {
    for (const status of [301, 302, 307, 308]) {
      const retrieval = await from((request, response) => {
        if (request.url === path) response.writeHead(status, { location: "/elsewhere" }).end();
        else response.end(document);
      });
      expect(codeOf(retrieval)).to.equal("redirected");
      expect(peer?.asked).to.deep.equal([path]);
      await peer?.close();
    }
    peer = undefined;
    await nothingKept();
  });

  it("stops an endless answer at the limit", async () => {
    let given = 0;
    const retrieval = await from((_request, response) => {
      const chunk = Buffer.alloc(65_536);
      const go = () => {
        while (!response.destroyed && response.write(chunk)) given += chunk.length;
        if (!response.destroyed) response.once("drain", go);
      };
      go();
    });
    expect(codeOf(retrieval)).to.equal("document-too-large");
    expect(given).to.be.lessThan(20_000_000);
    await nothingKept();
  });

  it("does not begin to read an answer that is announced as too large", async () => {
    const retrieval = await from((_request, response) => {
      response.setHeader("content-length", limits.maxBytes + 1);
      response.write("x");
    });
    expect(codeOf(retrieval)).to.equal("document-too-large");
    await nothingKept();
  });

  it("keeps nothing of an answer that breaks off", async () => {
    const retrieval = await from((_request, response) => {
      response.setHeader("content-length", document.length);
      response.write(document.subarray(0, 5), () => response.destroy());
    });
    expect(codeOf(retrieval)).to.equal("answer-truncated");
    await nothingKept();
  });

  it("waits no longer than allowed for an answer, for the next byte, and for the whole", async () => {
    const silent = await from(() => undefined);
    expect(codeOf(silent)).to.equal("peer-timeout");
    await peer?.close();
    const stalled = await from((_request, response) => {
      response.write(document.subarray(0, 5));
    });
    expect(codeOf(stalled)).to.equal("peer-timeout");
    await peer?.close();
    const started = performance.now();
    const trickling = await from((_request, response) => {
      const timer = setInterval(() => response.write("x"), 20);
      response.on("close", () => {
        clearInterval(timer);
      });
    });
    expect(codeOf(trickling)).to.equal("peer-timeout");
    expect(performance.now() - started, "too slow to be waited for").to.be.lessThan(limits.totalMs);
    await nothingKept();
  });

  it("waits for headers that trickle no longer than for an answer", async () => {
    const server = createServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      const timer = setInterval(() => socket.write("x: y\r\n"), 50);
      socket.on("error", () => undefined); // the reader hangs up: that is the test
      socket.on("close", () => {
        clearInterval(timer);
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const { port } = server.address() as { port: number };
      const retrieval = await retrieve(
        { files, guard: new AddressGuard(closedNetwork), limits },
        {
          digest,
          endpoint: `http://127.0.0.1:${port}`,
          authorize: () => Promise.resolve("ICL x"),
          signal: new AbortController().signal,
        },
      );
      expect(codeOf(retrieval)).to.equal("peer-timeout");
    } finally {
      server.close();
    }
  });

  it("never goes to a private address outside a closed network", async () => {
    const guard = new AddressGuard({ allowPrivateAddresses: false, allowHttp: true });
    const retrieval = await from((_request, response) => response.end(document), { guard });
    expect(codeOf(retrieval)).to.equal("address-refused");
    expect(peer?.asked).to.deep.equal([]);
  });

  it("connects to the address that was vetted, whatever the name stands for by then", async () => {
    const names: string[] = [];
    const guard = new AddressGuard(closedNetwork, (name) => {
      names.push(name);
      return Promise.resolve([{ address: "127.0.0.1", family: 4 }]);
    });
    let host: string | undefined;
    peer = await startPeer((request, response) => {
      host = request.headers.host;
      response.end(document);
    });
    const { port } = new URL(peer.url);
    const retrieval = await retrieve(
      { files, guard, limits },
      {
        digest,
        endpoint: `http://node.customs.invalid:${port}`,
        authorize: () => Promise.resolve("ICL x"),
        signal: new AbortController().signal,
      },
    );
    expect(codeOf(retrieval)).to.equal("stored");
    expect(names, "asked once").to.deep.equal(["node.customs.invalid"]);
    expect(host).to.equal(`node.customs.invalid:${port}`);
  });

  it("tells refusals, and how long the peer asks to wait", async () => {
    const busy = await from((_request, response) => response.writeHead(503, { "retry-after": "7" }).end());
    expect(busy).to.deep.include({ outcome: "failed", retryAfterMs: 7_000 });
    expect(codeOf(busy)).to.equal("peer-refused");
    await peer?.close();
    const eager = await from((_request, response) =>
      response.writeHead(429, { "retry-after": "99999999" }).end(),
    );
    expect(eager, "an hour at most").to.include({ retryAfterMs: 3_600_000 });
    await peer?.close();
    const dated = await from((_request, response) =>
      response.writeHead(401, { "retry-after": "tomorrow" }).end(),
    );
    expect(dated).to.include({ retryAfterMs: 0 });
  });

  it("tells an unreachable peer, a malformed endpoint and a channel that cannot sign apart", async () => {
    const gone = await startPeer(() => undefined);
    await gone.close();
    const at = (endpoint: string) =>
      retrieve(
        { files, guard: new AddressGuard(closedNetwork), limits },
        { digest, endpoint, authorize: () => Promise.resolve("ICL x"), signal: new AbortController().signal },
      );
    expect(codeOf(await at(gone.url))).to.equal("peer-unreachable");
    expect(codeOf(await at("http://does-not-exist.invalid"))).to.be.oneOf([
      "peer-unreachable",
      "peer-timeout",
    ]);
    for (const endpoint of ["", "not a url", "http://x.example/?q=", "http://x.example/#a"]) {
      expect(codeOf(await at(endpoint)), endpoint).to.equal("endpoint-malformed");
    }
    const unsigned = await from((_request, response) => response.end(document), {
      authorize: () => Promise.reject(new Error("the ledger is out of reach")),
    });
    expect(codeOf(unsigned)).to.equal("authorization-unavailable");
    expect(peer?.asked).to.deep.equal([]);
  });

  it("ends at once when it is told to, and keeps nothing", async () => {
    const controller = new AbortController();
    const retrieval = await from(
      (_request, response) => {
        response.write(document.subarray(0, 5), () => {
          controller.abort();
        });
      },
      { signal: controller.signal },
    );
    expect(retrieval).to.deep.equal({ outcome: "interrupted" });
    await nothingKept();
  });

  it("takes a media type that is none for unknown", async () => {
    const retrieval = await from((_request, response) => {
      response.setHeader("content-type", "any thing");
      response.end(document);
    });
    expect(retrieval).to.include({ outcome: "stored", mediaType: "application/octet-stream" });
  });

  it("does not hide a mistake of its own", async () => {
    const guard = new AddressGuard(closedNetwork, () => {
      throw new TypeError("a mistake");
    });
    const request = retrieve(
      { files, guard, limits },
      {
        digest,
        endpoint: "http://node.example",
        authorize: () => Promise.resolve(""),
        signal: new AbortController().signal,
      },
    );
    expect(await rejection(request)).to.be.instanceOf(TypeError);
  });
});
