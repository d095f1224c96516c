import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { getCACertificates, setDefaultCACertificates } from "node:tls";

import { expect } from "chai";

import { nodeToken } from "../../scripts/demo/node-token.ts";
import { createLogger } from "../../src/log.ts";
import {
  startAuthority,
  TlsFolder,
  type TestAuthority,
  type TestCertificate,
} from "../identity/certificates.ts";
import { attached, au, cn, sg } from "../channels/fixtures.ts";
import { nameHash } from "../channels/evm/test-channel.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import { startWorld, type Country, type CountryConfig, type World } from "./world.ts";

/** Between two messages, so that there is load and not only load. */
const PAUSE_MS = 50;
const READ_ANEW = "the TLS files were read anew";

eachStore("two nodes", (_openFresh, source) => {
  // Its own suite, so that the nodes are stopped before their databases are deleted.
  describe("over mutual TLS", () => {
    let world: World;
    let directory: string;
    let authority: TestAuthority;
    let believed: readonly string[];
    let china: Country;
    let australia: Country;
    let folders: Map<string, TlsFolder>;
    let certificates: Map<string, TestCertificate>;
    let logs: Map<string, string[]>;
    let count = 0;

    before(() => {
      believed = getCACertificates("default");
    });

    beforeEach(async function () {
      this.timeout(120_000);
      authority = await startAuthority();
      // So that the officers of this process believe their nodes.
      setDefaultCACertificates([...believed, authority.certificate]);
      directory = await mkdtemp(join(tmpdir(), "icl-e2e-mtls-"));
      folders = new Map();
      certificates = new Map();
      logs = new Map();
      world = await startWorld();
      [australia, china] = [await open(au, "AU"), await open(cn, "CN")];
    });

    afterEach(async () => {
      await world.close();
      await rm(directory, { recursive: true, force: true });
      setDefaultCACertificates([...believed]);
    });

    const admin = (participant: typeof au) => {
      const wallet = world.channel.admins.get(participant) ?? expect.fail(`no admin of ${participant}`);
      return world.channel.contract.connect(wallet);
    };
    const appoint = async (participant: typeof au, { pin }: TestCertificate) =>
      (await admin(participant).appointNodeKey(nameHash(participant), pin)).wait();
    const dismiss = async (participant: typeof au, { pin }: TestCertificate) =>
      (await admin(participant).dismissNodeKey(nameHash(participant), pin)).wait();
    const issue = (participant: typeof au) =>
      authority.issue({ names: [participant], addresses: ["127.0.0.1"] });

    async function open(participant: typeof au, jurisdiction: string): Promise<Country> {
      const lines: string[] = [];
      logs.set(participant, lines);
      const plain = await world.configure(participant, jurisdiction, await source.freshLocation());
      const url = plain.publicUrl.replace("http:", "https:");
      await (await admin(participant).setEndpoint(nameHash(participant), url)).wait();
      const certificate = await issue(participant);
      await appoint(participant, certificate);
      const folder = new TlsFolder(join(directory, participant));
      folders.set(participant, folder);
      certificates.set(participant, certificate);
      const own = await folder.put("own", certificate);
      const authorities = await folder.write("authorities.pem", authority.certificate);
      const revocations = await folder.write("revoked.pem", await authority.revoke());
      const config: CountryConfig = {
        ...plain,
        publicUrl: url,
        listen: { ...plain.listen, tls: { ...own, clientAuthorities: authorities } },
        peers: {
          ...{ allowPrivateAddresses: true, allowHttp: false },
          tls: { ...own, authorities, revocations, pins: "required" },
        },
      };
      const country = await world.start(config, {
        tlsPoll: 50,
        log: createLogger({ write: (line) => lines.push(line) }),
      });
      await eventually(async () => (await country.officer.request("/health/ready")).status === 200);
      return country;
    }

    /** Australia tells China of a new document. @returns the message's id */
    async function send(): Promise<{ id: string; multihash: string }> {
      count += 1;
      const bytes = new TextEncoder().encode(
        JSON.stringify({ number: `TLS-${count}`, salt: String(Math.random()) }),
      );
      const multihash = await australia.officer.store(bytes, "application/json");
      const subject = `urn:uuid:${createHash("sha256").update(multihash).digest("hex").slice(0, 32)}`;
      const draft = { receiver: cn, subject, predicate: attached, obj: multihash };
      return { id: await australia.officer.send(draft), multihash };
    }

    it("exchange documents, each certain whose node the other is", async function () {
      this.timeout(120_000);
      const { id, multihash } = await send();
      await china.officer.until(id, "available");
      expect((await china.officer.read(multihash)).status).to.equal(200);
    });

    it("change certificate and key while messages flow: appoint, replace the files, dismiss; no request fails", async function () {
      this.timeout(180_000);
      const sent: string[] = [];
      const flow = new AbortController();
      const flowing = (async () => {
        while (!flow.signal.aborted) {
          sent.push((await send()).id);
          await delay(PAUSE_MS);
        }
      })();
      for (const participant of [au, cn]) {
        const before = certificates.get(participant) ?? expect.fail();
        const next = await issue(participant);
        await appoint(participant, next);
        const readings = () => logs.get(participant)?.filter((line) => line.includes(READ_ANEW)).length ?? 0;
        const so = readings();
        await folders.get(participant)?.put("own", next);
        // Both where it serves and where it calls; and nothing that began before is under way any more.
        await eventually(() => readings() === so + 2, { what: "the files were read anew" });
        expect(await shownBy(participant)).to.equal(next.pin);
        for (const id of sent.slice()) await china.officer.until(id, "available");
        await dismiss(participant, before);
        const after = sent.length;
        await eventually(() => sent.length > after + 3);
      }
      flow.abort();
      await flowing;
      for (const id of sent) {
        const { journal } = await china.officer.until(id, "available");
        expect(journal.map(({ status }) => status)).not.to.include("fetch-failed");
      }
    });

    it("stop at once where a key is dismissed, and go on when one is appointed again", async function () {
      this.timeout(120_000);
      const own = certificates.get(cn) ?? expect.fail();
      await dismiss(cn, own);
      const { id } = await send();
      const failed = await china.officer.until(id, "fetch-failed");
      expect(failed.journal.at(-1)?.reason?.code).to.equal("peer-refused");
      await appoint(cn, own);
      await china.officer.until(id, "available");

      // The other way round: the sender's node is not believed by its name alone.
      await dismiss(au, certificates.get(au) ?? expect.fail());
      const next = await send();
      const refused = await china.officer.until(next.id, "fetch-failed");
      expect(refused.journal.at(-1)?.reason?.code).to.equal("peer-certificate-refused");
    });

    it("refuse what was stolen: a token for another audience, used before, or of another than who shows it", async function () {
      this.timeout(120_000);
      const { id, multihash } = await send();
      await china.officer.until(id, "available");
      const path = `/documents/${multihash}`;
      const token = (audience: string = au) =>
        nodeToken(world.channel.nodeKeys.get(cn) ?? expect.fail(), {
          ...{
            participant: cn,
            audience,
            channelId: `eip155:31337:${world.channel.address.toLowerCase()}`,
            method: "GET",
            path,
          },
        });
      const ask = (shown: TestCertificate | null, authorization?: string) =>
        new Promise<string>((resolve, reject) => {
          const asking = request(`${australia.config.publicUrl}${path}`, {
            ...{ ca: authority.certificate, agent: false },
            ...(shown === null ? {} : { cert: shown.certificate, key: shown.key }),
            ...(authorization === undefined ? {} : { headers: { authorization } }),
          });
          asking.once("error", reject);
          asking.once("response", (response) => {
            text(response).then((body) => {
              const code = response.statusCode === 200 ? "ok" : (JSON.parse(body) as { code: string }).code;
              resolve(code);
            }, reject);
          });
          asking.end();
        });
      const own = certificates.get(cn) ?? expect.fail();
      const singapore = await issue(sg);
      await appoint(sg, singapore);

      expect(await ask(own)).to.equal("ok");
      expect(await ask(null, token())).to.equal("ok");
      const first = token();
      expect(await ask(own, first)).to.equal("ok");
      expect(await ask(own, first)).to.equal("token-replayed");
      expect(await ask(null, first)).to.equal("token-replayed");
      expect(await ask(own, token(sg))).to.equal("token-invalid");
      expect(await ask(singapore, token())).to.equal("certificate-refused");
      // Singapore is who it says it is; the document is not for it.
      expect(await ask(singapore)).to.equal("not-found");
    });

    it("refuse a certificate from the moment their list names it", async function () {
      this.timeout(120_000);
      const list = await authority.revoke(certificates.get(cn) ?? expect.fail());
      await folders.get(au)?.write("revoked.pem", list);
      await eventually(async () => {
        const { id } = await send();
        const stands = () => china.officer.message(id).then((record) => record?.status);
        await eventually(async () => ["available", "fetch-failed"].includes((await stands()) ?? ""));
        return (await stands()) === "fetch-failed";
      });
    });

    async function shownBy(participant: typeof au): Promise<string> {
      const { connect } = await import("node:tls");
      const { tlsPin } = await import("../../src/identity/tls-pin.ts");
      const port = (participant === au ? australia : china).config.listen.port;
      return new Promise((resolve, reject) => {
        const socket = connect({ port, host: "127.0.0.1", ca: authority.certificate }, () => {
          const shown = socket.getPeerX509Certificate();
          socket.destroy();
          if (shown === undefined) reject(new Error("no certificate"));
          else resolve(tlsPin(shown));
        });
        socket.once("error", reject);
      });
    }
  });
});
