import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";

import { expect } from "chai";

import { AddressGuard, type VettedAddress } from "../../src/identity/address-guard.ts";
import { DidFailure } from "../../src/identity/did-document.ts";
import { DidWeb, placeOfDid, type DidCache } from "../../src/identity/did-web.ts";
import type { Fault } from "../../src/operations/fault.ts";
import { rejection } from "../rejection.ts";
import { startAuthority } from "./certificates.ts";
import { cn } from "./fixtures.ts";

const DID = `did:web:${cn}`;
const ACCOUNT = `eip155:1:0x${"ab".repeat(20)}`;
const documentOf = (id: string) => ({
  ...{ "@context": "https://www.w3.org/ns/did/v1", id },
  verificationMethod: [
    {
      id: `${id}#ledger`,
      type: "EcdsaSecp256k1RecoveryMethod2020",
      controller: id,
      blockchainAccountId: ACCOUNT,
    },
  ],
});
const here: VettedAddress = { address: "127.0.0.1", family: 4 };

describe("a did:web", () => {
  let closing: (() => Promise<unknown>)[];
  let asked: string[];
  let answer: RequestListener;
  let now: number;
  let faults: Fault[];

  beforeEach(() => {
    closing = [];
    asked = [];
    now = 1_000_000;
    faults = [];
    answer = (_request, response) => {
      response.setHeader("content-type", "application/did+json");
      response.end(JSON.stringify(documentOf(DID)));
    };
  });

  afterEach(async () => {
    for (const close of closing.reverse()) await close();
  });

  async function listen(server: Server & { closeAllConnections(): void }): Promise<number> {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    closing.push(async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    });
    return (server.address() as AddressInfo).port;
  }

  const handle: RequestListener = (request, response) => {
    asked.push(request.url ?? "");
    answer(request, response);
  };

  /** Asks a server of this test in place of the DID's host. */
  async function resolver(cache: Partial<DidCache> = {}, withinMs = 5_000): Promise<DidWeb> {
    const port = await listen(createServer(handle));
    return new DidWeb({
      guard: new AddressGuard({ allowPrivateAddresses: false, allowHttp: false }),
      hostGuard: new AddressGuard({ allowPrivateAddresses: true, allowHttp: true }),
      hosts: new Map([[cn, `http://127.0.0.1:${port}`]]),
      ...{ cache, withinMs, now: () => now, countFault: (fault: Fault) => faults.push(fault) },
    });
  }

  async function failure(work: Promise<unknown>): Promise<DidFailure> {
    const error = await rejection(work);
    if (!(error instanceof DidFailure)) throw error;
    return error;
  }

  it("says by itself where its document is", () => {
    expect(placeOfDid(DID)).to.deep.equal({ host: cn, path: "/.well-known/did.json" });
    expect(placeOfDid("did:web:customs.gov.cn%3A8443:icl:node")).to.deep.equal({
      host: "customs.gov.cn:8443",
      path: "/icl/node/did.json",
    });
    for (const wrong of [
      "did:key:z6Mk",
      "did:web:",
      "did:web:localhost",
      "did:web:127.0.0.1",
      "did:web:customs.gov.cn%2Fevil",
      "did:web:user%40customs.gov.cn",
      "did:web:customs.gov.cn%3A99999",
      "did:web:customs.gov.cn%3A0",
      "did:web:customs.gov.cn:..",
      "did:web:customs.gov.cn:a%2F..%2Fb",
      "did:web:customs.gov.cn:",
      "did:web:customs.gov.cn%",
      `did:web:customs.gov.cn${":a".repeat(9)}`,
    ]) {
      expect(() => placeOfDid(wrong), wrong).to.throw(DidFailure);
    }
  });

  it("is fetched over TLS from its own host", async () => {
    const authority = await startAuthority();
    const { certificate, key } = await authority.issue({ names: [cn] });
    const port = await listen(createTlsServer({ cert: certificate, key }, handle));
    const did = `did:web:${cn}%3A${port}`;
    answer = (_request, response) => {
      response.setHeader("content-type", "application/json; charset=utf-8");
      response.end(JSON.stringify(documentOf(did)));
    };
    const guard = new AddressGuard({ allowPrivateAddresses: true, allowHttp: false }, () =>
      Promise.resolve([here]),
    );
    const believed = getCACertificates("default");
    expect((await failure(new DidWeb({ guard }).resolve(did))).kind).to.equal("unreachable");
    setDefaultCACertificates([...believed, authority.certificate]);
    try {
      const document = await new DidWeb({ guard }).resolve(did);
      expect(
        document.verificationMethods.map(({ blockchainAccountId }) => blockchainAccountId),
      ).to.deep.equal([ACCOUNT]);
    } finally {
      setDefaultCACertificates(believed);
    }
    expect(asked).to.deep.equal(["/.well-known/did.json"]);
  });

  it("is not fetched from where this node does not go", async () => {
    const guard = new AddressGuard({ allowPrivateAddresses: false, allowHttp: false }, () =>
      Promise.resolve([here]),
    );
    const error = await failure(new DidWeb({ guard }).resolve(DID));
    expect(error.kind).to.equal("invalid");
    expect(error.message).to.contain(DID).and.not.to.contain("127.0.0.1");
  });

  const bad: readonly (readonly [string, DidFailure["kind"], RequestListener])[] = [
    [
      "that is another's",
      "invalid",
      (_q, r) =>
        void r
          .setHeader("content-type", "application/json")
          .end(JSON.stringify(documentOf("did:web:customs.gov.sg"))),
    ],
    ["that is no JSON", "invalid", (_q, r) => void r.setHeader("content-type", "application/json").end("{")],
    [
      "that is a web page",
      "invalid",
      (_q, r) => void r.setHeader("content-type", "text/html").end(JSON.stringify(documentOf(DID))),
    ],
    ["that is somewhere else", "invalid", (_q, r) => void r.writeHead(302, { location: "/elsewhere" }).end()],
    ["that is not there", "invalid", (_q, r) => void r.writeHead(404).end()],
    [
      "that does not end",
      "invalid",
      (_q, r) => void r.setHeader("content-type", "application/json").end(" ".repeat(65 * 1024)),
    ],
    ["of a server in trouble", "unreachable", (_q, r) => void r.writeHead(503).end()],
    ["of a server that hangs up", "unreachable", (q) => void q.socket.destroy()],
  ];
  for (const [name, kind, how] of bad) {
    it(`has no document ${name}`, async () => {
      answer = how;
      const error = await failure((await resolver()).resolve(DID));
      expect(error.kind).to.equal(kind);
      expect(error.message).to.contain(DID);
      expect(asked).to.have.length(1);
      expect(faults).to.deep.equal(["did_failures"]);
    });
  }

  it("is not waited for without end", async () => {
    answer = (_request, response) => {
      response.setHeader("content-type", "application/json");
      response.write("{");
    };
    const dids = await resolver({}, 50);
    expect((await failure(dids.resolve(DID))).kind).to.equal("unreachable");
  });

  it("is asked for once by many, and again when the answer is old", async () => {
    const dids = await resolver({ freshMs: 1_000 });
    await Promise.all(Array.from({ length: 10 }, () => dids.resolve(DID)));
    expect(asked).to.have.length(1);
    now += 1_000;
    expect(await dids.look(DID)).to.deep.include({ fetchedAt: 1_000_000, stale: false });
    expect(asked).to.have.length(1);
    await dids.look(DID, 500);
    expect(asked).to.have.length(2);
  });

  it("counts for a while where its host is out of reach, is said to be old, and then counts no more", async () => {
    const dids = await resolver({ freshMs: 10, failedMs: 5, staleMs: 1_000 });
    await dids.resolve(DID);
    answer = (request) => request.socket.destroy();
    now += 500;
    expect(await dids.look(DID)).to.deep.include({ fetchedAt: 1_000_000, stale: true });
    // It is not asked at every turn meanwhile.
    const so = asked.length;
    await dids.look(DID);
    expect(asked).to.have.length(so);
    now += 501;
    expect((await failure(dids.look(DID))).kind).to.equal("unreachable");
    // What was taken away by its owner counts no longer, at once.
    answer = (_request, response) => response.writeHead(404).end();
    now += 10;
    expect((await failure(dids.look(DID))).kind).to.equal("invalid");
  });

  it("is not asked for again at once where it could not be had", async () => {
    answer = (_request, response) => response.writeHead(500).end();
    const dids = await resolver({ failedMs: 1_000 });
    await failure(dids.resolve(DID));
    await failure(dids.resolve(DID));
    expect(asked).to.have.length(1);
    now += 1_001;
    await failure(dids.resolve(DID));
    expect(asked).to.have.length(2);
  });

  it("is forgotten where too many are known", async () => {
    const dids = await resolver({ most: 1 });
    await dids.resolve(DID);
    await failure(dids.resolve(`${DID}:other`));
    await dids.resolve(DID);
    expect(asked).to.have.length(3);
  });

  it("is asked of nobody where it is pinned, and read anew from its file", async () => {
    const directory = await mkdtemp(join(tmpdir(), "icl-did-"));
    closing.push(() => rm(directory, { recursive: true }));
    const file = join(directory, "cn.json");
    await writeFile(file, JSON.stringify(documentOf(DID)));
    const guard = new AddressGuard({ allowPrivateAddresses: false, allowHttp: false });
    const dids = new DidWeb({ guard, pinned: new Map([[DID, file]]) });
    expect(await dids.look(DID)).to.deep.include({ fetchedAt: null, stale: false });
    await writeFile(file, JSON.stringify(documentOf("did:web:customs.gov.sg")));
    expect((await failure(dids.resolve(DID))).kind).to.equal("invalid");
  });
});
