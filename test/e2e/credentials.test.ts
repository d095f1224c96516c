import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import type { CredentialRule, CredentialsConfig } from "../../src/credentials/credentials-config.ts";
import { parseCredential } from "../../src/credentials/credential.ts";
import type { CredentialFinding } from "../../src/credentials/finding.ts";
import { isSet, listIn, statusEntryOf } from "../../src/credentials/status-list.ts";
import { readVcJwt, signVcJwt, verifyVcJwt } from "../../src/credentials/vc-jwt.ts";
import type { Domain } from "../../src/domain/participant.ts";
import {
  DidFailure,
  didOfDomain,
  type DidDocument,
  parseDidDocument,
  type ResolveDid,
} from "../../src/identity/did-document.ts";
import type { MessageRecord } from "../../src/messages/message-record.ts";
import { acquitted, au, cn, created, phytosanitary, revoked, sg } from "../channels/fixtures.ts";
import {
  certificatePayload,
  chamberIdentity,
  documentOf,
  findTestType,
  newSigner,
  testType,
  type Signer,
} from "../credentials/fixtures.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import type { Officer } from "./officer.ts";
import { startWorld, type Country, type CountryConfig, type World } from "./world.ts";

interface Problem {
  readonly code: string;
  readonly findings?: readonly CredentialFinding[];
}

interface Check {
  readonly outcome: string;
  readonly findings: readonly CredentialFinding[];
}

const saidOf = (check: Pick<Check, "findings"> | undefined, name: string) => {
  const finding = check?.findings.find((each) => each.name === name);
  return `${finding?.outcome} ${finding?.code}`;
};
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** A certificate as a credential, from the chamber that issues it to the agency abroad that uses it. */
eachStore(
  "certificates as credentials, between two countries",
  (_openFresh, source) => {
    describe("over one EVM channel", function () {
      this.timeout(120_000);
      let directory: string;
      let world: World;
      let australia: Country;
      let china: Country;
      let admin: Officer;
      let chamber: Signer;
      let agency: Signer;
      const urls = new Map<string, string>();
      let unreachable = new Set<string>();
      const documents = new Map<string, DidDocument>();

      /** did:web as nodes abroad find it, but that the domain leads to a node of this test. */
      const resolveDidWeb: ResolveDid = async (did) => {
        const document = documents.get(did);
        if (document !== undefined) return document;
        const url = urls.get(did);
        if (url === undefined || unreachable.has(did))
          throw new DidFailure("unreachable", `${did} does not answer.`);
        const response = await fetch(`${url}/.well-known/did.json`);
        return parseDidDocument(did, await response.json());
      };
      const options = {
        findCredentialType: findTestType,
        resolveDidWeb,
        checking: { pollMs: 100, firstRetryMs: 100, longestRetryMs: 500 },
      };
      const rules = (entries: Readonly<Record<string, CredentialRule>>): CredentialsConfig["messageTypes"] =>
        new Map(Object.entries(entries));
      const configure = async (participant: Domain, jurisdiction: string) =>
        world.configure(participant, jurisdiction, await source.freshLocation());
      const found = async (config: CountryConfig, credentials: Partial<CredentialsConfig>) => {
        const none = { issuers: [], messageTypes: rules({}), statusLists: [], accounts: [] };
        const country = await world.start({ ...config, credentials: { ...none, ...credentials } }, options);
        urls.set(didOfDomain(config.participant), config.publicUrl);
        await eventually(async () => (await country.officer.request("/health/ready")).status === 200);
        return country;
      };
      const keyFile = async (signer: Signer) => {
        const file = join(directory, `${randomUUID()}.jwk`);
        await writeFile(file, JSON.stringify({ ...signer.privateJwk, kid: signer.kid.split("#")[1] }), {
          mode: 0o600,
        });
        return { file };
      };

      const ask = async (officer: Officer, path: string, body?: unknown, method = "POST") => {
        const response = await officer.request(path, {
          method,
          headers: body === undefined ? {} : { "content-type": "application/json" },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        return { status: response.status, body: await response.json() };
      };
      const issue = async (otherwise: Readonly<Record<string, unknown>> = {}) => {
        const subject = { id: `urn:uuid:${randomUUID()}`, goods: "wine" };
        const draft = { type: testType.name, issuer: chamber.did, credentialSubject: subject, ...otherwise };
        const { status, body } = await ask(australia.officer, "/credentials", draft);
        expect(status, JSON.stringify(body)).to.equal(201);
        return body as { readonly multihash: string; readonly credential: string };
      };
      const store = (credential: string, officer = australia.officer) =>
        officer.store(bytesOf(credential), "application/vc+jwt");
      const draftOf = (obj: string, predicate: string = created) => ({
        ...{ receiver: cn, subject: `urn:uuid:${randomUUID()}`, predicate, obj },
      });
      const check = async (officer: Officer, credential: string) => {
        const { status, body } = await ask(officer, "/credentials/check", { credential, participant: au });
        expect(status, JSON.stringify(body)).to.equal(200);
        return body as Check;
      };
      /** What the agency's list, as anybody fetches it, says of a credential. */
      const isRevoked = async (credential: string) => {
        const entry = statusEntryOf(parseCredential(readVcJwt(credential).payload));
        if (entry === null) throw new Error("it has no status");
        const text = await (await fetch(entry.list)).text();
        const jwt = readVcJwt(text);
        await verifyVcJwt(jwt, await resolveDidWeb(didOfDomain(au)));
        return isSet(listIn(parseCredential(jwt.payload), entry.list, Date.now()), entry.index);
      };

      before(async () => {
        directory = await mkdtemp(join(tmpdir(), "icl-credentials-"));
        world = await startWorld();
        chamber = newSigner("ES256");
        agency = newSigner("EdDSA", didOfDomain(au));
        australia = await found(await configure(au, "AU"), {
          issuers: [
            { did: agency.did, key: await keyFile(agency), name: "Home Affairs" },
            { did: chamber.did, key: await keyFile(chamber), name: "Sample Chamber of Commerce" },
          ],
          messageTypes: rules({ [created]: { document: "required", types: [testType.name] } }),
        });
        china = await found(await configure(cn, "CN"), {
          messageTypes: rules({
            [created]: { document: "required" },
            [phytosanitary]: { document: "required" },
          }),
        });
        admin = await world.officer(australia.config, ["admin"]);
        const anchored = await ask(admin, "/credentials/anchors", { did: chamber.did, ...chamberIdentity });
        expect(anchored.status, JSON.stringify(anchored.body)).to.equal(201);
      });

      after(async () => {
        await world.close();
        await rm(directory, { recursive: true, force: true });
      });

      beforeEach(() => {
        unreachable = new Set();
      });

      it("is issued, anchored, sent, received, checked at every link, acquitted, and shown as such", async () => {
        const { multihash, credential } = await issue();
        const draft = draftOf(multihash);
        const id = await australia.officer.send(draft);
        const sent = await australia.officer.until(id, "delivered");
        expect(sent.credential?.outcome, "checked before it was sent").to.equal("pass");

        await china.officer.until(id, "available");
        let received: MessageRecord | null = null;
        await eventually(async () => {
          received = await china.officer.message(id);
          return received?.credential?.outcome === "pass";
        });
        const record = received as MessageRecord | null;
        expect(
          record?.credential?.findings.map((each) => `${each.name} ${each.outcome} ${each.code}`),
        ).to.deep.equal([
          "structure pass well-formed",
          "schema pass schema-met",
          "signature pass signed-by-issuer",
          "issuer pass anchored",
          "participant pass vouched-for",
          "validity pass in-force",
          "status pass not-revoked",
        ]);
        expect(record?.credential?.findings[3]?.evidence).to.include({
          agency: "did:web:homeaffairs.gov.au",
          registeredId: chamberIdentity.registeredId,
        });

        const evidence = await china.officer.store(
          bytesOf(`{"entry":"${randomUUID()}"}`),
          "application/json",
        );
        const use = { receiver: au, subject: draft.subject, predicate: acquitted, obj: evidence };
        await china.officer.until(await china.officer.send(use), "delivered");
        await eventually(async () => (await australia.officer.message(id))?.certificate?.acquitted === true);
        expect((await china.officer.message(id))?.certificate).to.include({
          acquitted: true,
          revoked: false,
        });
        expect(await isRevoked(credential), "used is not revoked").to.equal(false);

        const verified = (await (
          await fetch(`${china.config.publicUrl}/verify/${multihash}`)
        ).json()) as Check;
        expect(verified.findings, JSON.stringify(verified)).to.be.an("array");
        expect(saidOf(verified, "credential")).to.equal("pass undefined");
        const finding = verified.findings.find(({ name }) => (name as string) === "credential");
        expect(JSON.stringify(finding), "tells nothing of the content").not.to.contain("wine");
      });

      it("shows as revoked in the agency's list once its revocation is final, alone or in a batch", async () => {
        const alone = await issue();
        const draft = draftOf(alone.multihash);
        const id = await australia.officer.send(draft);
        const several = [await issue(), await issue(), await issue()] as const;
        const drafts = several.map(({ multihash }) => draftOf(multihash));
        const lines = async (messages: readonly object[]) => {
          const response = await australia.officer.request("/messages/batch", {
            method: "POST",
            headers: { "content-type": "application/x-ndjson" },
            body: messages.map((message) => JSON.stringify(message)).join("\n"),
          });
          const answers = (await response.text()).trimEnd().split("\n");
          return answers.map((line) => (JSON.parse(line) as { readonly id: string }).id);
        };
        const ids = await lines(drafts);
        for (const each of [id, ...ids]) await australia.officer.until(each, "delivered");
        expect((await australia.officer.message(ids[0] ?? ""))?.batch, "they went in a batch").not.to.equal(
          undefined,
        );
        for (const { credential } of [alone, ...several]) expect(await isRevoked(credential)).to.equal(false);

        const why = await australia.officer.store(bytesOf(`{"why":"${randomUUID()}"}`), "application/json");
        const revocation = await australia.officer.send({ ...draft, predicate: revoked, obj: why });
        const [settled] = await lines([{ ...drafts[1], predicate: revoked, obj: why }]);
        for (const each of [revocation, settled ?? ""]) await australia.officer.until(each, "delivered");
        await eventually(() => isRevoked(alone.credential), { what: "the entry of the one" });
        await eventually(() => isRevoked(several[1].credential), {
          what: "the entry of the one in the batch",
        });
        expect(await isRevoked(several[0].credential)).to.equal(false);
        expect(await isRevoked(several[2].credential)).to.equal(false);
        expect(saidOf(await check(australia.officer, alone.credential), "status")).to.equal("fail revoked");
      });

      it("is refused before it is sent where a link is missing, and nothing of it is stored", async () => {
        const stranger = newSigner("ES256");
        const obj = await store(
          await signVcJwt(certificatePayload(stranger.did, { credentialStatus: undefined }), stranger),
        );
        const draft = draftOf(obj);
        const { status, body } = await australia.officer.post(draft);
        expect([status, (body as Problem).code]).to.deep.equal([422, "credential-refused"]);
        expect(saidOf({ findings: (body as Problem).findings ?? [] }, "issuer")).to.equal(
          "fail anchor-missing",
        );
        const list = await australia.officer.request(`/messages?subject=${draft.subject}`);
        expect(((await list.json()) as { items: unknown[] }).items).to.deep.equal([]);
      });

      it("is demanded where the message type says so, of the credential type that it says", async () => {
        const plain = await australia.officer.store(
          bytesOf(`{"salt":"${randomUUID()}"}`),
          "application/json",
        );
        const { status, body } = await australia.officer.post(draftOf(plain));
        expect([status, (body as Problem).code]).to.deep.equal([422, "credential-refused"]);
        expect(saidOf({ findings: (body as Problem).findings ?? [] }, "structure")).to.equal(
          "fail not-a-credential",
        );
        // Of a type that nothing is demanded of, any document goes.
        expect((await australia.officer.post(draftOf(plain, phytosanitary))).status).to.equal(202);
      });

      it("is answered 503 where a link cannot be looked at now, and accepted once it can", async () => {
        const did = "did:web:chamber.com.au";
        const other = newSigner("EdDSA", did);
        await ask(admin, "/credentials/anchors", { did, ...chamberIdentity });
        const obj = await store(await signVcJwt(certificatePayload(did, fresh()), other));
        const draft = draftOf(obj);
        const refused = await australia.officer.post(draft);
        expect([refused.status, (refused.body as Problem).code]).to.deep.equal([503, "unavailable"]);
        expect(saidOf({ findings: (refused.body as Problem).findings ?? [] }, "signature")).to.equal(
          "unknown issuer-unreachable",
        );
        documents.set(did, documentOf(did, [other]));
        expect((await australia.officer.post(draft)).status).to.equal(202);
      });

      const fresh = (): Readonly<Record<string, unknown>> => ({
        ...{
          validFrom: new Date(Date.now() - 1_000).toISOString(),
          validUntil: undefined,
          credentialStatus: undefined,
        },
        credentialSubject: { id: `urn:uuid:${randomUUID()}`, salt: randomUUID() },
      });

      it("is marked, and not dropped, where it fails at the receiver; acquittal remains people's decision", async () => {
        // The sender's node looks at no document of this type.
        const stranger = newSigner("ES256");
        const obj = await store(await signVcJwt(certificatePayload(stranger.did, fresh()), stranger));
        const id = await australia.officer.send(draftOf(obj, phytosanitary));
        const plain = await australia.officer.store(
          bytesOf(`{"salt":"${randomUUID()}"}`),
          "application/json",
        );
        const other = await australia.officer.send(draftOf(plain, phytosanitary));
        for (const each of [id, other]) {
          await china.officer.until(each, "available");
          await eventually(async () => (await china.officer.message(each))?.credential?.outcome === "fail");
        }
        expect(saidOf((await china.officer.message(id))?.credential, "issuer")).to.equal(
          "fail anchor-missing",
        );
        expect(saidOf((await china.officer.message(other))?.credential, "structure")).to.equal(
          "fail not-a-credential",
        );
        expect((await china.officer.read(obj)).status).to.equal(200);
      });

      it("is looked at again while its agency is out of reach, until it can be said", async () => {
        unreachable.add(didOfDomain(au));
        const { multihash } = await issue();
        const id = await australia.officer.send(draftOf(multihash));
        await china.officer.until(id, "available");
        await eventually(async () => (await china.officer.message(id))?.credential?.outcome === "unknown");
        expect(saidOf((await china.officer.message(id))?.credential, "issuer")).to.equal(
          "unknown anchor-unreachable",
        );
        unreachable.clear();
        await eventually(async () => (await china.officer.message(id))?.credential?.outcome === "pass");
      });

      it("carries an entry of the list that its issuer took beforehand, which no other credential can take", async () => {
        const taken = await ask(australia.officer, "/credentials/status-entries");
        expect(taken.status).to.equal(201);
        const make = () =>
          signVcJwt(certificatePayload(chamber.did, { ...fresh(), credentialStatus: taken.body }), chamber);
        const [first, second] = [await make(), await make()];
        const draft = draftOf(await store(first));
        await australia.officer.until(await australia.officer.send(draft), "delivered");
        const stolen = await australia.officer.post(draftOf(await store(second)));
        expect([stolen.status, (stolen.body as Problem).code]).to.deep.equal([422, "credential-refused"]);
        const never = { ...(taken.body as Record<string, unknown>), statusListIndex: "131071" };
        const ungiven = certificatePayload(chamber.did, { ...fresh(), credentialStatus: never });
        const refused = await australia.officer.post(draftOf(await store(await signVcJwt(ungiven, chamber))));
        expect((refused.body as Problem).code).to.equal("credential-refused");

        const why = await australia.officer.store(bytesOf(`{"why":"${randomUUID()}"}`), "application/json");
        await australia.officer.send({ ...draft, predicate: revoked, obj: why });
        await eventually(() => isRevoked(first));
      });

      it("fails, whenever it was signed, once the agency vouches for its issuer no longer", async () => {
        const other = newSigner("EdDSA");
        const { did } = other;
        const made = await ask(admin, "/credentials/anchors", { did, ...chamberIdentity });
        const { credential: anchor } = made.body as { readonly credential: string };
        const certificate = await signVcJwt(certificatePayload(did, fresh()), other);
        expect((await check(australia.officer, certificate)).outcome).to.equal("pass");
        const path = `/credentials/anchors/${encodeURIComponent(did)}`;
        const shown = async () =>
          ((await (await fetch(`${urls.get(agency.did)}${path}`)).json()) as { items: string[] }).items;
        expect(await shown()).to.deep.equal([anchor]);
        expect(await isRevoked(anchor)).to.equal(false);
        const ended = await ask(admin, `${path}?reason=Registration%20withdrawn`, undefined, "DELETE");
        expect(ended).to.deep.equal({ status: 200, body: { did, revoked: 1 } });
        expect(await shown()).to.deep.equal([]);
        expect(saidOf(await check(australia.officer, certificate), "issuer")).to.equal("fail anchor-missing");
        await eventually(() => isRevoked(anchor), { what: "the anchor's entry" });
        const again = await ask(admin, `${path}?reason=again`, undefined, "DELETE");
        expect(again.status).to.equal(404);
      });

      it("is issued to those with the role, by keys that are there, of types that are known, in their form", async () => {
        const allowed = await world.officer(australia.config, ["messages:write", "documents:write", "admin"]);
        const draft = { type: testType.name, issuer: chamber.did, credentialSubject: { id: "urn:x:1" } };
        const code = async (officer: Officer, otherwise: object, path = "/credentials") => {
          const { status, body } = await ask(officer, path, { ...draft, ...otherwise });
          return `${status} ${(body as Problem).code}`;
        };
        expect(await code(allowed, {})).to.equal("403 not-allowed");
        expect(await code(australia.officer, { type: "Diploma" })).to.equal("422 credential-type-unknown");
        expect(await code(australia.officer, { issuer: "did:web:evil.test" })).to.equal(
          "422 credential-issuer-unknown",
        );
        expect(await code(australia.officer, { issuer: undefined })).to.equal(
          "422 credential-issuer-unknown",
        );
        expect(await code(australia.officer, { credentialSubject: { id: "urn:x:1", more: 1 } })).to.equal(
          "422 credential-refused",
        );
        expect(await code(australia.officer, { credentialSubject: { id: "x".repeat(500_000) } })).to.equal(
          "413 body-too-large",
        );
        expect(await code(china.officer, {})).to.equal("422 credential-issuer-unknown");
        const polluted = await australia.officer.request("/credentials", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: `{"type":"${testType.name}","issuer":"${chamber.did}","credentialSubject":{"id":"urn:x:1","__proto__":{"a":1}}}`,
        });
        expect(polluted.status).to.be.oneOf([400, 422]);
        for (const officer of [australia.officer, allowed]) {
          const anchoring = await ask(officer, "/credentials/status-entries");
          expect(anchoring.status).to.equal(officer === allowed ? 403 : 201);
        }
        const own = await ask(australia.officer, "/credentials/anchors", {
          did: chamber.did,
          ...chamberIdentity,
        });
        expect(own.status, "an officer is no administrator").to.equal(403);
      });

      it("leads to a DID document that names the agency's keys, and the accounts that act for it", async () => {
        const document = await resolveDidWeb(didOfDomain(au));
        expect([...document.assertionMethods]).to.deep.equal([agency.kid]);
        const accounts = document.verificationMethods.flatMap(
          ({ blockchainAccountId }) => blockchainAccountId ?? [],
        );
        const record = await eventually(async () => (await events()).length > 0).then(events);
        expect(accounts).to.include(`eip155:${world.evm.chainId}:${record[0]?.toLowerCase()}`);
        expect(accounts.length, "operator and node").to.equal(2);

        async function events(): Promise<readonly string[]> {
          const { contract } = world.channel;
          const sent = await contract.queryFilter(contract.filters.MessageSent());
          return sent.flatMap((event) => ("args" in event ? event.args.operator : []));
        }
      });

      it("puts on record who issued and who vouched", async () => {
        const { items } = (await (await admin.request("/audit?limit=1000")).json()) as {
          items: { act: string; document?: string; detail?: Record<string, unknown> }[];
        };
        const acts = new Set(items.map(({ act }) => act));
        for (const act of ["credential.issued", "status-entry.given", "anchor.issued", "anchor.revoked"]) {
          expect(acts).to.include(act);
        }
        expect(items.find(({ act }) => act === "credential.issued")?.document).to.match(/^Qm/);
      });

      it("says nothing in the name of a third agency, though its chamber is anchored here", async () => {
        const credential = await signVcJwt(certificatePayload(chamber.did, fresh()), chamber);
        const answer = await ask(australia.officer, "/credentials/check", { credential, participant: sg });
        // Singapore has announced no node: nobody can be asked whether it vouches.
        expect(saidOf(answer.body as Check, "issuer")).to.equal("unknown anchor-unreachable");
        // Nor is a host asked that the caller made up, though the credential would be that domain's own.
        const madeUp = newSigner("EdDSA", didOfDomain("agency.example"));
        const own = await signVcJwt(certificatePayload(madeUp.did, fresh()), madeUp);
        const refused = await ask(australia.officer, "/credentials/check", {
          credential: own,
          participant: "agency.example",
        });
        expect([refused.status, (refused.body as Problem).code]).to.deep.equal([422, "participant-unknown"]);
      });
    });
  },
  "suite",
);
