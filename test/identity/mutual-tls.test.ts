import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";

import { expect } from "chai";
import { Router } from "express";

import { createMemoryAccount, MemoryChannel } from "../../src/channels/memory/memory-channel.ts";
import { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { parseDomain, parseJurisdiction, type Domain } from "../../src/domain/participant.ts";
import { createApp } from "../../src/http/app.ts";
import { callerOf } from "../../src/http/caller.ts";
import { startServer, type HttpServer } from "../../src/http/server.ts";
import { authenticator } from "../../src/identity/authenticate.ts";
import { BearerTokens } from "../../src/identity/bearer-token.ts";
import { NodeCertificates, type PinRule } from "../../src/identity/node-certificate.ts";
import { NodeTokenIssuer, NodeTokenVerifier } from "../../src/identity/node-token.ts";
import { TlsMaterial } from "../../src/identity/tls-material.ts";
import { silentLogger } from "../../src/log.ts";
import { rejection } from "../rejection.ts";
import {
  selfSigned,
  startAuthority,
  TlsFolder,
  type CertificateTerms,
  type TestAuthority,
  type TestCertificate,
} from "./certificates.ts";
import { au, cn } from "./fixtures.ts";

const sg = parseDomain("customs.gov.sg");
const PATH = "/documents/QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n";
const DAY_MS = 86_400_000;

interface Answer {
  readonly status: number;
  readonly body: {
    readonly code?: string;
    readonly detail?: string;
    readonly caller?: Record<string, unknown>;
  };
}

describe("a node that is called with a certificate", () => {
  let directory: string;
  let authority: TestAuthority;
  let own: TestCertificate;
  let folder: TlsFolder;
  let ledger: MemoryLedger;
  let china: MemoryChannel;
  let material: TlsMaterial;
  let server: HttpServer;
  let now: number;
  let closing: (() => Promise<unknown>)[];

  function seat(on: MemoryLedger, domain: Domain, jurisdiction: string): MemoryChannel {
    const accounts = { operator: createMemoryAccount(), nodeKey: createMemoryAccount() };
    on.seat({
      ...{ domain, jurisdiction: parseJurisdiction(jurisdiction), endpoint: `https://icl.${domain}` },
      ...{ operator: accounts.operator.account, nodeKey: accounts.nodeKey.account, predicates: [] },
    });
    return new MemoryChannel(on, accounts);
  }

  async function serve(channels: readonly MemoryChannel[], pins: PinRule = "required"): Promise<HttpServer> {
    const router = Router();
    router.get("/documents/:multihash", (_request, response) => {
      const caller = callerOf(response);
      response.json({ caller });
    });
    const certificates = new NodeCertificates({
      ...{ channels: () => channels, pins, now: () => now },
      // The seats of these ledgers; what the ledger itself says of a suspended one is asked with the key.
      isActive: (_channelId, participant) =>
        Promise.resolve([au, cn, sg].includes(participant) && !gone.has(participant)),
    });
    const tokens = new NodeTokenVerifier(
      au,
      channels,
      () => Promise.resolve(true),
      () => now,
    );
    const app = createApp({
      routers: [router],
      authenticate: authenticator(new BearerTokens(au, []), tokens, certificates),
      health: { participant: au, ready: () => Promise.resolve([]), channels: () => Promise.resolve([]) },
      log: silentLogger,
      limits: { messageBytes: 65_536, requestsPerMinute: 10_000, anonymousRequestsPerMinute: 10_000 },
      publicUrl: "https://127.0.0.1",
    });
    const limits = { requestSeconds: 60, connections: 100 };
    const started = await startServer(app, { host: "127.0.0.1", port: 0 }, limits, {
      ...{ material, asksForCertificates: true },
    });
    closing.push(() => started.close(0));
    return started;
  }

  let other: MemoryLedger;
  let gone: Set<Domain>;
  let ours: MemoryChannel;

  beforeEach(async () => {
    closing = [];
    gone = new Set();
    now = Date.now();
    directory = await mkdtemp(join(tmpdir(), "icl-mtls-"));
    folder = new TlsFolder(directory);
    authority = await startAuthority();
    own = await authority.issue({ names: [au], addresses: ["127.0.0.1"] });
    ledger = new MemoryLedger();
    other = new MemoryLedger({ name: "other" });
    ours = seat(ledger, au, "AU");
    china = seat(ledger, cn, "CN");
    seat(ledger, sg, "SG");
    material = await TlsMaterial.open(
      {
        ...(await folder.put("server", own)),
        authorities: await folder.write("authorities.pem", authority.certificate),
        revocations: await folder.write("revoked.pem", await authority.revoke()),
      },
      { log: silentLogger, pollMs: 3_600_000 },
    );
    closing.push(() => material.stop());
    server = await serve([ours]);
  });

  afterEach(async () => {
    for (const close of closing.reverse()) await close();
    await rm(directory, { recursive: true, force: true });
  });

  function ask(
    certificate: TestCertificate | null,
    {
      headers = {},
      agent,
      path = PATH,
    }: { headers?: Record<string, string>; agent?: Agent; path?: string } = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asking = request(`${server.url}${path}`, {
        ...{ ca: authority.certificate, headers, agent: agent ?? false },
        ...(certificate === null ? {} : { cert: certificate.certificate, key: certificate.key }),
      });
      asking.on("error", reject);
      asking.on("response", (response) => {
        json(response).then((body) => {
          resolve({ status: response.statusCode ?? 0, body: body as Answer["body"] });
        }, reject);
      });
      asking.end();
    });
  }

  async function issued(terms: CertificateTerms, appointed: Domain | null = cn): Promise<TestCertificate> {
    const certificate = await authority.issue(terms);
    if (appointed !== null) ledger.appointNodeKey(appointed, certificate.pin);
    return certificate;
  }

  async function refused(certificate: TestCertificate, says: RegExp): Promise<void> {
    const { status, body } = await ask(certificate);
    expect({ status, code: body.code }).to.deep.equal({ status: 401, code: "certificate-refused" });
    expect(body.detail).to.match(says);
  }

  it("knows another participant's node by it, without a token", async () => {
    const certificate = await issued({ names: [cn] });
    const { status, body } = await ask(certificate);
    expect(status).to.equal(200);
    expect(body.caller).to.deep.equal({
      ...{ kind: "node", participant: cn, account: certificate.pin, channelId: ledger.id },
    });
  });

  it("lets users in as before, who have none", async () => {
    expect((await ask(null)).body.code).to.equal("token-missing");
    expect((await ask(null, { path: "/health/live" })).status).to.equal(200);
    // Nor does a certificate, good or bad, make a bad user's token better.
    const bearer = { headers: { authorization: "Bearer e30.e30.AAAA" } };
    expect((await ask(await issued({ names: [cn] }), bearer)).body.code).to.equal("token-invalid");
  });

  it("speaks TLS 1.3 and nothing older", async () => {
    const agent = new Agent({ maxVersion: "TLSv1.2" });
    expect(await rejection(ask(null, { agent }))).to.include({ code: "EPROTO" });
  });

  describe("refuses one", () => {
    it("for another name, also one below or above the participant's domain, or a wildcard", async () => {
      const exactly = /must be exactly the participant's domain/;
      for (const names of [["node.customs.gov.cn"], ["gov.cn"], ["*.gov.cn"], ["evil.example"], []]) {
        await refused(await issued({ names }), exactly);
      }
    });

    it("that has the participant's domain as common name only", async () => {
      await refused(await issued({ commonName: cn }), /must be exactly/);
    });

    it("of an authority that is not believed, also one of the same name", async () => {
      for (const name of ["Another", "Test Authority"]) {
        const stranger = await startAuthority(name);
        const certificate = await stranger.issue({ names: [cn] });
        ledger.appointNodeKey(cn, certificate.pin);
        await refused(certificate, /is not accepted|of an authority that is not believed/);
      }
    });

    it("that is signed by itself", async () => {
      const certificate = await selfSigned({ names: [cn] });
      ledger.appointNodeKey(cn, certificate.pin);
      await refused(certificate, /cannot be looked up|signed by nobody but itself/);
    });

    it("that has expired, or is not valid yet", async () => {
      const expired = {
        notBefore: new Date(Date.now() - 2 * DAY_MS),
        notAfter: new Date(Date.now() - 60_000),
      };
      await refused(await issued({ names: [cn], ...expired }), /has expired/);
      const early = { notBefore: new Date(Date.now() + 3_600_000) };
      await refused(await issued({ names: [cn], ...early }), /not valid yet/);
    });

    it("that expires while its connection stands", async () => {
      const certificate = await issued({ names: [cn] });
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      closing.push(() => {
        agent.destroy();
        return Promise.resolve();
      });
      expect((await ask(certificate, { agent })).status).to.equal(200);
      now += 2 * DAY_MS;
      expect((await ask(certificate, { agent })).body.detail).to.match(/has expired/);
    });

    it("that was revoked, from the moment the list is replaced, also on a connection that stands", async () => {
      const certificate = await issued({ names: [cn] });
      const spared = await issued({ names: [sg] }, sg);
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      closing.push(() => {
        agent.destroy();
        return Promise.resolve();
      });
      expect((await ask(certificate, { agent })).status).to.equal(200);
      await folder.write("revoked.pem", await authority.revoke(certificate));
      await material.look();
      const again = await ask(certificate, { agent }).catch(() => ask(certificate, { agent }));
      expect(again.body.code).to.equal("certificate-refused");
      await refused(certificate, /was revoked/);
      expect((await ask(spared)).status).to.equal(200);
    });

    it("that is for servers only", async () => {
      await refused(await issued({ names: [cn], usages: ["server"] }), /is for another purpose/);
    });

    it("whose key is not appointed, or for another participant", async () => {
      await refused(await issued({ names: [cn] }, null), /its key, 0x[0-9a-f]{40}, appointed/);
      await refused(await issued({ names: [cn] }, sg), /appointed/);
    });

    it("whose key was dismissed while its connection stood, at once", async () => {
      const certificate = await issued({ names: [cn] });
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      closing.push(() => {
        agent.destroy();
        return Promise.resolve();
      });
      expect((await ask(certificate, { agent })).status).to.equal(200);
      ledger.dismissNodeKey(cn, certificate.pin);
      expect((await ask(certificate, { agent })).body.code).to.equal("certificate-refused");
    });

    it("of a participant that is suspended", async () => {
      const certificate = await issued({ names: [cn] });
      ledger.suspend(cn);
      await refused(certificate, /no active participant/);
      ledger.reinstate(cn);
      expect((await ask(certificate)).status).to.equal(200);
      // Nor of one that this node knows to be none, whatever the ledger says of keys.
      gone.add(cn);
      await refused(certificate, /no active participant/);
    });

    it("that names two participants", async () => {
      const certificate = await issued({ names: [cn, sg] });
      ledger.appointNodeKey(sg, certificate.pin);
      await refused(certificate, /names several participants/);
    });
  });

  describe("and a token", () => {
    async function token(participant = cn, channel = china): Promise<Record<string, string>> {
      const issuer = new NodeTokenIssuer(participant, () => now);
      const asked = { audience: au, method: "GET", path: PATH };
      return { authorization: await issuer.authorize(channel, asked) };
    }

    it("takes both where they are of one participant, and goes by the token", async () => {
      const { status, body } = await ask(await issued({ names: [cn] }), { headers: await token() });
      expect(status).to.equal(200);
      expect(body.caller?.account).to.equal((await china.signAsNode(new Uint8Array())).account);
    });

    it("takes neither where they are not", async () => {
      const singapore = await issued({ names: [sg] }, sg);
      const { status, body } = await ask(singapore, { headers: await token() });
      expect({ status, code: body.code }).to.deep.equal({ status: 401, code: "certificate-refused" });
      expect(body.detail).to.contain("different participants");
    });

    it("takes neither where the certificate is a bad one", async () => {
      const stranger = await (await startAuthority("Another")).issue({ names: [cn] });
      ledger.appointNodeKey(cn, stranger.pin);
      expect((await ask(stranger, { headers: await token() })).body.code).to.equal("certificate-refused");
      const unpinned = await issued({ names: [cn] }, null);
      expect((await ask(unpinned, { headers: await token() })).body.code).to.equal("certificate-refused");
    });

    it("takes the token alone, as behind a proxy", async () => {
      expect((await ask(null, { headers: await token() })).status).to.equal(200);
    });
  });

  it("asks which channel is meant where the participant is on several", async () => {
    const there = seat(other, au, "AU");
    seat(other, cn, "CN");
    const certificate = await issued({ names: [cn] });
    other.appointNodeKey(cn, certificate.pin);
    server = await serve([ours, there]);
    expect((await ask(certificate)).body.code).to.equal("malformed-request");
    const named = await ask(certificate, { headers: { "icl-channel": other.id } });
    expect(named.body.caller?.channelId).to.equal(other.id);
    const unknown = await ask(certificate, { headers: { "icl-channel": "memory:elsewhere" } });
    expect(unknown.body.code).to.equal("certificate-refused");
  });

  it("goes by the name alone where pins are off", async () => {
    server = await serve([ours], "off");
    expect((await ask(await issued({ names: [cn] }, null))).status).to.equal(200);
    await refused(await issued({ names: ["customs.example"] }, null), /must be exactly/);
  });
});
