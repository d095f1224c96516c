import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { signVcJwt } from "../../src/credentials/vc-jwt.ts";
import type { Domain } from "../../src/domain/participant.ts";
import { didOfDomain } from "../../src/identity/did-document.ts";
import type { Verification } from "../../src/verification/verification.ts";
import { acquitted, au, cn, created } from "../channels/fixtures.ts";
import { chamberIdentity, newSigner, type Signer } from "../credentials/fixtures.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import type { Officer } from "./officer.ts";
import { startWorld, type Country, type World } from "./world.ts";

const CHAMBER = "did:web:chamber.example";
const TYPE = "preferential-certificate-of-origin";
const HOUR = 3_600_000;
const bytesOf = (text: string) => new TextEncoder().encode(text);

/**
 * The whole chain with nothing stood in for: the node's own document types, did:web over HTTP, each domain vouching for its
 * accounts, a chamber that signs in a system of its own.
 */
eachStore(
  "the chain of trust, from a chamber's key to a certificate used abroad",
  (_openFresh, source) => {
    describe("between two countries", function () {
      this.timeout(120_000);
      let directory: string;
      let world: World;
      let web: Server;
      let australia: Country;
      let china: Country;
      const urls = new Map<string, string>();
      let chamber: Signer;
      /** The key that the chamber's own domain publishes. */

      const start = async (participant: Domain, jurisdiction: string, didHosts: Record<string, string>) => {
        const config = await world.configure(participant, jurisdiction, await source.freshLocation());
        const agency = newSigner("EdDSA", didOfDomain(participant));
        const file = join(directory, `${participant}.jwk`);
        await writeFile(file, JSON.stringify({ ...agency.privateJwk, kid: "key-1" }), { mode: 0o600 });
        const country = await world.start(
          {
            ...config,
            channels: config.channels.map((channel) => ({ ...channel, binding: "required" as const })),
            identity: { ...config.identity, didHosts },
            credentials: {
              issuers: [{ did: agency.did, key: { file }, name: participant }],
              messageTypes: new Map([
                [created, { document: "required", types: ["PreferentialCertificateOfOrigin"] }],
              ]),
              statusLists: [],
              accounts: [],
            },
          },
          {
            checking: { pollMs: 100, firstRetryMs: 100, longestRetryMs: 500 },
            bindings: { poll: 50, fresh: 10, soon: 200, again: 200 },
          },
        );
        urls.set(participant, config.publicUrl);
        return country;
      };
      const ask = async (country: Country, path: string, body: unknown, roles?: readonly "admin"[]) => {
        const officer = roles === undefined ? country.officer : await world.officer(country.config, roles);
        const headers = { "content-type": "application/json" };
        const answer = await officer.request(path, { method: "POST", headers, body: JSON.stringify(body) });
        return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
      };
      const sample = () => {
        const file = new URL(`../../document-types/${TYPE}/samples/valid/chafta-wine.json`, import.meta.url);
        return JSON.parse(readFileSync(file, "utf8")) as {
          readonly credentialSubject: { readonly number: string };
        };
      };
      /** The certificate as the chamber's own system signs it. */
      const sign = async (by: Signer, status: unknown) =>
        signVcJwt(
          {
            ...sample(),
            issuer: { id: CHAMBER, name: "Example Chamber of Commerce" },
            validFrom: new Date(Date.now() - HOUR).toISOString(),
            validUntil: new Date(Date.now() + 24 * HOUR).toISOString(),
            credentialStatus: status,
            credentialSubject: {
              ...sample().credentialSubject,
              salt: randomBytes(24).toString("base64url"),
            },
          },
          by,
        );

      /** What a domain publishes: an agency's passes the question on to its node, which may be about to start. */
      async function answer(path: string): Promise<string> {
        const [, host = ""] = path.split("/");
        if (host !== "chamber.example") {
          await eventually(() => urls.has(host), { within: 4_000 });
          return (await fetch(`${urls.get(host) ?? ""}/.well-known/did.json`)).text();
        }
        const { kid, publicJwk } = chamber;
        const method = { id: kid, type: "JsonWebKey", controller: CHAMBER, publicKeyJwk: publicJwk };
        return JSON.stringify({ id: CHAMBER, verificationMethod: [method], assertionMethod: [kid] });
      }

      before(async () => {
        directory = await mkdtemp(join(tmpdir(), "icl-chain-"));
        world = await startWorld();
        chamber = newSigner("ES256", CHAMBER);
        web = createServer((request, response) => {
          answer(request.url ?? "").then(
            (document) => response.setHeader("content-type", "application/did+json").end(document),
            () => response.writeHead(503).end(),
          );
        }).listen(0, "127.0.0.1");
        await once(web, "listening");
        const { port } = web.address() as AddressInfo;
        const hosts = [au, cn, "chamber.example"].map((host) => [host, `http://127.0.0.1:${port}/${host}`]);
        const didHosts = Object.fromEntries(hosts) as Record<string, string>;
        australia = await start(au, "AU", didHosts);
        china = await start(cn, "CN", didHosts);
        for (const { officer } of [australia, china])
          await eventually(async () => (await officer.request("/health/ready")).status === 200);
      });

      after(async () => {
        await world.close();
        web.closeAllConnections();
        web.close();
        await rm(directory, { recursive: true, force: true });
      });

      it("is whole only once the agency vouches for the chamber, and holds from key to use", async () => {
        const { body: status } = await ask(australia, "/credentials/status-entries", {});
        const credential = await sign(chamber, status.credentialStatus ?? status);
        const obj = await australia.officer.store(bytesOf(credential), "application/vc+jwt");
        const { number } = sample().credentialSubject;
        const made = await ask(australia, "/subjects/private", { type: TYPE, number });
        const subject = made.body.subject as string;
        expect(subject).to.match(/^urn:hmac-sha256:/);
        const draft = { receiver: cn, subject, predicate: created, obj };

        const early = await australia.officer.post(draft);
        expect([early.status, (early.body as { code: string }).code]).to.deep.equal([
          422,
          "credential-refused",
        ]);
        const anchor = { did: CHAMBER, ...chamberIdentity };
        expect((await ask(australia, "/credentials/anchors", anchor, ["admin"])).status).to.equal(201);

        const id = await eventuallySent(draft);
        await australia.officer.until(id, "delivered");
        await china.officer.until(id, "available");
        await eventually(async () => (await china.officer.message(id))?.credential?.outcome === "pass", {
          what: "every link checked abroad",
        });
        const received = await china.officer.message(id);
        expect(received?.credential?.findings.map(({ name, outcome }) => `${name} ${outcome}`)).to.deep.equal(
          [
            "structure pass",
            "schema pass",
            "signature pass",
            "issuer pass",
            "participant pass",
            "validity pass",
            "status pass",
          ],
        );
        expect(received?.binding?.outcome).to.equal("bound");

        const evidence = await china.officer.store(bytesOf('{"entry":"020220261"}'), "application/json");
        const use = { receiver: au, subject, predicate: acquitted, obj: evidence };
        const acquittal = await china.officer.send(use);
        await china.officer.until(acquittal, "delivered");
        await eventually(async () => (await australia.officer.message(id))?.certificate?.acquitted === true);
        const answer = await fetch(`${australia.config.publicUrl}/verify/${obj}`);
        const verified = (await answer.json()) as Verification;
        expect(verified.verdict).to.equal("used");
        expect(verified.certificates[0]).to.include({ issuer: au, receiver: cn, acquittedBy: acquittal });

        const graph = await china.officer.request(`/subjects/${encodeURIComponent(subject)}`);
        expect(graph.status).to.equal(200);
        const story = await graph.text();
        expect(story, "what the certificate says").to.contain(number);
        expect(story, "and what became of it").to.contain(acquitted);
      });

      /** Whether a domain vouches for its accounts is looked at in the background: until it was, nothing is sent. */
      async function eventuallySent(draft: Parameters<Officer["post"]>[0]): Promise<string> {
        let id = "";
        await eventually(
          async () => {
            const { status, body } = await australia.officer.post(draft);
            if (status === 202) id = (body as { id: string }).id;
            else expect(status, JSON.stringify(body)).to.equal(503);
            return status === 202;
          },
          { every: 200 },
        );
        return id;
      }

      it("breaks where the chamber's domain publishes another key than signed", async () => {
        const thief = newSigner("ES256", CHAMBER);
        const { body: status } = await ask(australia, "/credentials/status-entries", {});
        const credential = await sign(thief, status.credentialStatus ?? status);
        const obj = await australia.officer.store(bytesOf(credential), "application/vc+jwt");
        const { status: answered, body } = await australia.officer.post({
          ...{
            receiver: cn,
            subject: "urn:uuid:00000000-0000-4000-8000-000000000001",
            predicate: created,
            obj,
          },
        });
        expect(answered, JSON.stringify(body)).to.equal(422);
        const { findings } = body as { findings: { name: string; outcome: string; code: string }[] };
        expect(findings.find(({ name }) => name === "signature")).to.include({
          outcome: "fail",
          code: "signature-invalid",
        });
      });
    });
  },
  "suite",
);
