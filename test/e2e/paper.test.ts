import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { noCredentials } from "../../src/credentials/credentials-config.ts";
import { parseMultihash } from "../../src/domain/multihash.ts";
import type { Domain } from "../../src/domain/participant.ts";
import { didOfDomain } from "../../src/identity/did-document.ts";
import type { SealCheck } from "../../src/paper/check-seal.ts";
import { openSealedCopy } from "../../src/paper/sealed-copy.ts";
import type { TrustList } from "../../src/paper/trust-list.ts";
import { parseFragment } from "../../src/paper/verifier-link.ts";
import type { Verification } from "../../src/verification/verification.ts";
import { acquitted, au, cn, created } from "../channels/fixtures.ts";
import { icl } from "../cli/icl.ts";
import { eventually } from "../eventually.ts";
import { scanned } from "../paper/read-code.ts";
import { eachStore } from "../store/each-store.ts";
import { startWorld, type Country, type World } from "./world.ts";

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** The paper of a certificate, from the agency that prints it to the officer abroad who has no network. */
eachStore(
  "a certificate's paper, between two countries",
  (_openFresh, source) => {
    describe("over one EVM channel", function () {
      this.timeout(180_000);
      let directory: string;
      let world: World;
      let australia: Country;
      let china: Country;
      let obj: string;
      let id: string;
      let link: string;
      let offline: string;

      async function start(participant: Domain, jurisdiction: string, didHosts: Record<string, string>) {
        const file = join(directory, `${participant}.jwk`);
        const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
        await writeFile(file, JSON.stringify(privateKey.export({ format: "jwk" })), { mode: 0o600 });
        const config = await world.configure(participant, jurisdiction, await source.freshLocation());
        const issuers = [{ did: didOfDomain(participant), key: { file }, name: null }];
        const country = await world.start({
          ...config,
          identity: { ...config.identity, didHosts },
          credentials: { ...noCredentials, issuers },
        });
        await eventually(async () => (await country.officer.request("/health/ready")).status === 200);
        return country;
      }
      const cli = (args: readonly string[], country?: Country, input?: string) =>
        icl(args, {
          cwd: directory,
          ...(country === undefined
            ? {}
            : { env: { ICL_NODE: country.config.publicUrl, ICL_TOKEN: tokens.get(country) } }),
          ...(input === undefined ? {} : { input }),
        });
      const tokens = new Map<Country, string>();
      const trustFile = () => join(directory, "trust-list.jws");
      const verified = async (qr: string) => {
        const headers = { "content-type": "application/json" };
        const init = { method: "POST", headers, body: JSON.stringify({ qr }) };
        const response = await fetch(`${china.config.publicUrl}/verify`, init);
        return (await response.json()) as Verification;
      };
      const checked = async (text: string) => {
        const { code, out } = await cli(["seal", "check", text, "--trust-list", trustFile(), "--json"]);
        return { code, found: JSON.parse(out) as SealCheck };
      };

      before(async () => {
        directory = await mkdtemp(join(tmpdir(), "icl-papers-"));
        world = await startWorld();
        australia = await start(au, "AU", {});
        china = await start(cn, "CN", { [au]: australia.config.publicUrl });
        for (const country of [australia, china]) {
          const { participant: audience } = country.config;
          const roles = ["documents:write", "messages:read", "messages:write"] as const;
          const request = { subject: "officer", audience, roles, lifetimeSeconds: 3_600 };
          tokens.set(country, await world.issuer.mint(request));
        }
        const sample = "preferential-certificate-of-origin/samples/valid/chafta-wine.json";
        const file = new URL(`../../document-types/${sample}`, import.meta.url);
        const wine = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
        const validity = { validFrom: "2026-01-01T00:00:00Z", validUntil: "2999-01-01T00:00:00Z" };
        obj = await australia.officer.store(json({ ...wine, ...validity }), "application/json");
        id = await australia.officer.send({
          receiver: cn,
          subject: "chamber.com.au:1",
          predicate: created,
          obj,
        });
        await china.officer.until(id, "available");
      });
      after(async () => {
        await world.close();
        await rm(directory, { recursive: true, force: true });
      });

      it("is sealed from the command line, as text and as a picture that only its owner can read", async () => {
        const told = await cli(["seal", obj, "--json"], australia);
        expect(told.code, told.err).to.equal(0);
        ({ link, offline } = JSON.parse(told.out) as { link: string; offline: string });
        expect((await cli(["seal", obj], australia)).out)
          .to.contain(`link     ${link}`)
          .and.to.contain("status   training");
        expect((await cli(["seal", obj, "--text", "--code", "link"], australia)).out).to.equal(`${link}\n`);
        const file = join(directory, "code.png");
        expect((await cli(["seal", obj, "--png", "--out", file], australia)).code).to.equal(0);
        expect(scanned(await readFile(file))).to.equal(link);
        expect((await stat(file)).mode & 0o777).to.equal(0o600);
        expect((await cli(["seal", obj, "--svg", "--message", id], australia)).out).to.match(/^<svg /);
        const wrong = [["--svg", "--png"], ["--png"], ["--out", "x"], ["--svg", "--code", "both"]];
        const ends = await Promise.all(wrong.map((args) => cli(["seal", obj, ...args], australia)));
        expect(ends.map(({ code }) => code)).to.deep.equal([2, 2, 2, 2]);
        expect((await cli(["seal", obj], china)).code, "another's").to.equal(3);
        expect((await cli(["seal", "nonsense"], australia)).code).to.equal(2);
      });

      it("opens the document to whoever holds it, at the issuer's node, without a token", async () => {
        const { accessKey, multihash } = parseFragment(new URL(link).hash.slice(1));
        const response = await fetch(`${australia.config.publicUrl}/documents/${multihash}/sealed`);
        const opened = await openSealedCopy(
          await response.text(),
          accessKey ?? new Uint8Array(32),
          multihash,
        );
        expect(Buffer.from(opened.bytes).toString("utf8")).to.contain("Treasury Wine Estates Vintners");
        const abroad = await fetch(`${china.config.publicUrl}/documents/${multihash}/sealed`);
        expect(abroad.status, "the receiver's node gives no copies").to.equal(404);
      });

      it("is checked abroad without a network, by a trust list with the keys that each domain publishes", async () => {
        const exported = await cli(["trust-list", "--out", trustFile()], china);
        expect(exported.code, exported.err).to.equal(0);
        expect(exported.out)
          .to.match(/^customs\.gov\.cn, as of /)
          .and.to.contain("homeaffairs.gov.au  AU  active  1 key");
        expect(exported.out).to.contain("customs.gov.sg  SG  active  unreachable");
        const { code, found } = await checked(offline);
        expect(code, "of a test channel, it is good for nothing").to.equal(5);
        expect(found.outcome).to.equal("genuine");
        expect(found.facts).to.deep.include({
          issuer: au,
          status: "training",
          multihash: parseMultihash(obj),
          messageId: id,
        });
        const shown = await cli(
          ["seal", "check", "-", "--trust-list", trustFile()],
          undefined,
          `${offline}\n`,
        );
        expect(shown.code, shown.err).to.equal(5);
        expect(shown.out)
          .to.match(/^genuine/)
          .and.to.contain("issuer   homeaffairs.gov.au (AU)");
        expect(shown.out).to.contain("check online for use").and.to.contain("WBC208897");
      });

      it("is refused offline when its seal was changed, its list was changed, or it cannot be read", async () => {
        const at = offline.length - 30;
        const changed = `${offline.slice(0, at)}${offline[at] === "0" ? "1" : "0"}${offline.slice(at + 1)}`;
        expect(await checked(changed)).to.deep.include({ code: 5 });
        const file = join(directory, "seal.txt");
        await writeFile(file, "HC1:NOTHING");
        const unread = await cli(["seal", "check", file, "--trust-list", trustFile()]);
        expect([unread.code, unread.out]).to.deep.equal([5, "unreadable: no offline seal, or not whole\n"]);
        const list = await readFile(trustFile(), "utf8");
        const [header = "", payload = "", signature = ""] = list.trim().split(".");
        const own = JSON.parse(Buffer.from(payload, "base64url").toString()) as TrustList;
        const forged = {
          ...own,
          participants: own.participants.map((each) => ({ ...each, jurisdiction: "XX" })),
        };
        const other = join(directory, "other.jws");
        await writeFile(
          other,
          [header, Buffer.from(JSON.stringify(forged)).toString("base64url"), signature].join("."),
        );
        const refused = await cli(["seal", "check", offline, "--trust-list", other]);
        expect(refused.code).to.equal(2);
        expect(refused.err).to.contain("changed since it was signed");
        await writeFile(other, JSON.stringify(own));
        const unsigned = await cli(["seal", "check", offline, "--trust-list", other]);
        expect(unsigned.code).to.equal(5);
        expect(unsigned.err).to.contain("is not signed");
        expect((await cli(["seal", "check", offline])).code).to.equal(2);
      });

      it("is verified at any node by either code; the key in the link leaves no machine", async () => {
        const bySeal = await verified(offline);
        expect(bySeal.findings.find(({ name }) => name === "seal")).to.deep.include({ outcome: "pass" });
        expect(bySeal.certificates.map((each) => [each.id, each.state])).to.deep.equal([[id, "live"]]);
        expect((await verified(link)).certificates.map(({ state }) => state)).to.deep.equal(["live"]);

        const file = join(directory, "certificate.json");
        const { bytes } = await australia.officer.read(obj);
        await writeFile(file, bytes);
        for (const qr of [link, offline]) {
          const asked = await cli(["verify", file, "--qr", qr, "--json"], china);
          expect(asked.code, asked.err).to.equal(5); // a test channel's
          expect(asked.out).to.contain(id);
        }
        const broken = await cli(["verify", file, "--qr", link.slice(0, -3)], china);
        expect(broken.code).to.equal(2);
        expect(broken.err).not.to.contain(link.slice(-20, -3));
      });

      it("says that it was used once it was: at once at a node, and on the next paper", async () => {
        const evidence = await china.officer.store(
          json({ salt: "9f8e7d6c5b", entry: "1" }),
          "application/json",
        );
        const draft = { receiver: au, subject: "chamber.com.au:1", predicate: acquitted, obj: evidence };
        const use = await china.officer.send(draft);
        await australia.officer.until(use, "available");
        expect((await verified(offline)).verdict).to.equal("used");
        const old = await checked(offline);
        expect(old.found.facts?.status, "the old paper knows nothing of it").to.equal("training");
        const again = JSON.parse((await cli(["seal", obj, "--json"], australia)).out) as {
          link: string;
          offline: string;
        };
        expect(again.link, "the key stays").to.equal(link);
        const { code, found } = await checked(again.offline);
        expect([code, found.outcome, found.facts?.status]).to.deep.equal([5, "genuine", "used"]);
      });

      it("is unsealed: the code opens nothing more", async () => {
        const taken = await australia.officer.request(`/documents/${obj}/seal`, { method: "DELETE" });
        expect(taken.status).to.equal(204);
        const response = await fetch(`${australia.config.publicUrl}/documents/${obj}/sealed`);
        expect(response.status).to.equal(404);
        expect((await verified(link)).verdict, "it still names the certificate").to.equal("used");
      });
    });
  },
  "suite",
);
