import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { TLSSocket } from "node:tls";

import { expect } from "chai";

import { askPeer } from "../../src/documents/peer-request.ts";
import { retrievalDefaults } from "../../src/documents/retrieve.ts";
import { AddressGuard } from "../../src/identity/address-guard.ts";
import { PeerTls } from "../../src/identity/peer-tls.ts";
import { TlsMaterial } from "../../src/identity/tls-material.ts";
import { createLogger, silentLogger } from "../../src/log.ts";
import type { Fault } from "../../src/operations/fault.ts";
import { eventually } from "../eventually.ts";
import {
  selfSigned,
  startAuthority,
  TlsFolder,
  type TestAuthority,
  type TestCertificate,
} from "./certificates.ts";
import { au, cn } from "./fixtures.ts";

const DAY_MS = 86_400_000;
const HOST = "icl.customs.example";
const CHANNEL = "eip155:1:0x01";

describe("a node that calls another participant's with its certificate", () => {
  let directory: string;
  let folder: TlsFolder;
  let authority: TestAuthority;
  let own: TestCertificate;
  let appointed: Set<string>;
  let requests: { certificate: string | null; authorization: string | undefined }[];
  let closing: (() => Promise<unknown>)[];

  beforeEach(async () => {
    closing = [];
    requests = [];
    appointed = new Set();
    directory = await mkdtemp(join(tmpdir(), "icl-peer-tls-"));
    folder = new TlsFolder(directory);
    authority = await startAuthority();
    own = await authority.issue({ names: [au] });
  });

  afterEach(async () => {
    for (const close of closing.reverse()) await close();
    await rm(directory, { recursive: true, force: true });
  });

  /** China's node, or what pretends to be it. */
  async function serve({ certificate, key }: TestCertificate): Promise<number> {
    const server: Server = createServer(
      { cert: certificate, key, ca: authority.certificate, requestCert: true, rejectUnauthorized: false },
      (request, response) => {
        const { socket } = request;
        const shown = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
        requests.push({
          certificate: shown?.subjectAltName ?? null,
          authorization: request.headers.authorization,
        });
        response.end("bytes");
      },
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    closing.push(async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    });
    return (server.address() as AddressInfo).port;
  }

  async function open(pins: "required" | "off" = "required", revoked?: readonly TestCertificate[]) {
    const material = await TlsMaterial.open(
      {
        ...(await folder.put("own", own)),
        authorities: await folder.write("authorities.pem", authority.certificate),
        revocations:
          revoked === undefined
            ? null
            : await folder.write("revoked.pem", await authority.revoke(...revoked)),
      },
      { log: silentLogger, pollMs: 3_600_000 },
    );
    closing.push(() => material.stop());
    const tls = new PeerTls({
      ...{ material, pins },
      isNodeKey: (channelId, participant, account) =>
        Promise.resolve(channelId === CHANNEL && participant === cn && appointed.has(account)),
    });
    return { material, tls };
  }

  /** Asks whatever is at a port, as China's node; its name leads there. @returns what it answered, or why there is nothing */
  function ask(tls: PeerTls, port: number, host = HOST): Promise<unknown> {
    const address = { address: "127.0.0.1", family: 4 } as const;
    const rules = { allowPrivateAddresses: true, allowHttp: false };
    return askPeer(
      {
        guard: new AddressGuard(rules, () => Promise.resolve([address])),
        limits: { ...retrievalDefaults, maxBytes: 1_000 },
      },
      {
        ...{ endpoint: `https://${host}:${port}`, method: "GET", path: "/documents/x" },
        authorize: () => Promise.resolve("ICL x.y"),
        connect: (to) => tls.connect({ ...to, participant: cn, channelId: CHANNEL }),
        signal: new AbortController().signal,
      },
      (response) => text(response),
    ).then((answer) => (typeof answer === "string" || answer.outcome !== "failed" ? answer : answer.reason));
  }

  async function refused(server: TestCertificate, says: RegExp, client?: PeerTls): Promise<void> {
    const answer = await ask(client ?? (await open()).tls, await serve(server));
    expect(answer).to.have.property("code", "peer-certificate-refused");
    expect(answer).to.have.property("detail").that.matches(says);
    // Neither request nor token came to whoever it was.
    expect(requests).to.deep.equal([]);
  }

  async function appoint(certificate: TestCertificate): Promise<TestCertificate> {
    appointed.add(certificate.pin);
    return Promise.resolve(certificate);
  }

  it("speaks to one whose certificate is for the participant's domain, wherever it is, and shows its own", async () => {
    const server = await appoint(await authority.issue({ names: [cn] }));
    const { tls } = await open();
    expect(await ask(tls, await serve(server))).to.equal("bytes");
    expect(await ask(tls, await serve(server), "127.0.0.1")).to.equal("bytes");
    expect(requests).to.deep.equal([
      { certificate: `DNS:${au}`, authorization: "ICL x.y" },
      { certificate: `DNS:${au}`, authorization: "ICL x.y" },
    ]);
  });

  it("takes one for the endpoint's host only where its key is appointed on the ledger", async () => {
    const server = await authority.issue({ names: [HOST] });
    const { tls } = await open("off");
    await refused(server, /not for the sender's domain, and its key is not appointed/, tls);
    await appoint(server);
    expect(await ask(tls, await serve(server))).to.equal("bytes");
  });

  it("does without an appointed key where pins are off and the name is the participant's", async () => {
    const { tls } = await open("off");
    expect(await ask(tls, await serve(await authority.issue({ names: [cn] })))).to.equal("bytes");
  });

  describe("tells nothing to one", () => {
    it("whose certificate is for another name, or a wildcard", async () => {
      for (const names of [["customs.gov.sg"], ["*.customs.example"], ["node.customs.gov.cn"], []]) {
        await refused(await appoint(await authority.issue({ names })), /not for the sender's domain/);
      }
      const commonName = await appoint(await authority.issue({ commonName: cn }));
      await refused(commonName, /not for the sender's domain/);
    });

    it("whose certificate is of an authority that is not believed, or signed by itself", async () => {
      const stranger = await startAuthority("Another");
      await refused(
        await appoint(await stranger.issue({ names: [cn] })),
        /is of an authority that is not believed/,
      );
      await refused(await appoint(await selfSigned({ names: [cn] })), /signed by nobody but itself/);
    });

    it("whose certificate has expired, or is not valid yet", async () => {
      const expired = {
        notBefore: new Date(Date.now() - 2 * DAY_MS),
        notAfter: new Date(Date.now() - 60_000),
      };
      await refused(await appoint(await authority.issue({ names: [cn], ...expired })), /has expired/);
      const early = { notBefore: new Date(Date.now() + 3_600_000) };
      await refused(await appoint(await authority.issue({ names: [cn], ...early })), /is not valid yet/);
    });

    it("whose certificate was revoked", async () => {
      const server = await appoint(await authority.issue({ names: [cn] }));
      await refused(server, /was revoked/, (await open("required", [server])).tls);
    });

    it("whose certificate is for clients only", async () => {
      const server = await appoint(await authority.issue({ names: [cn], usages: ["client"] }));
      await refused(server, /is for another purpose/);
    });

    it("whose key is not appointed, or was dismissed since the last call", async () => {
      const server = await authority.issue({ names: [cn] });
      const { tls } = await open();
      await refused(server, /key of the sender's node is not appointed/, tls);
      await appoint(server);
      const port = await serve(server);
      expect(await ask(tls, port)).to.equal("bytes");
      appointed.delete(server.pin);
      expect(await ask(tls, port)).to.have.property("code", "peer-certificate-refused");
    });
  });

  describe("reads its files again when they change", () => {
    it("and calls with the new certificate from then on", async () => {
      const port = await serve(await appoint(await authority.issue({ names: [cn] })));
      const { material, tls } = await open();
      await ask(tls, port);
      await folder.put("own", await authority.issue({ names: ["icl.homeaffairs.gov.au"] }));
      await material.look();
      await ask(tls, port);
      expect(requests.map(({ certificate }) => certificate)).to.deep.equal([
        `DNS:${au}`,
        "DNS:icl.homeaffairs.gov.au",
      ]);
    });

    it("goes on with what it had where they cannot be used, and says so once", async () => {
      const faults: Fault[] = [];
      const lines: string[] = [];
      const other = await authority.issue({ names: [au] });
      const expired = await authority.issue({
        ...{ names: [au], key: own.key, notBefore: new Date(Date.now() - 2 * DAY_MS) },
        notAfter: new Date(Date.now() - DAY_MS),
      });
      const files = {
        ...(await folder.put("own", own)),
        authorities: await folder.write("authorities.pem", authority.certificate),
        revocations: null,
      };
      const material = await TlsMaterial.open(files, {
        log: createLogger({ write: (line) => lines.push(line) }),
        countFault: (fault) => faults.push(fault),
        pollMs: 10,
      });
      closing.push(() => material.stop());
      const good = material.current;
      const bad: readonly (readonly [string, string])[] = [
        ["own.pem", "not PEM"],
        ["own.pem", other.certificate], // whose key is another
        ["own.pem", expired.certificate],
        ["authorities.pem", own.key],
      ];
      for (const [index, [name, content]] of bad.entries()) {
        await folder.write(name, content);
        await eventually(() => faults.length === index + 1, { what: `a fault for ${name}` });
        expect(material.current).to.equal(good);
      }
      expect(faults).to.deep.equal(Array(bad.length).fill("tls_reload_failures"));
      expect(lines.join("")).not.to.contain("PRIVATE KEY");
      await folder.put("own", other);
      await folder.write("authorities.pem", authority.certificate);
      await eventually(
        () => material.current !== good && material.current.options.cert === other.certificate,
      );
    });
  });
});
