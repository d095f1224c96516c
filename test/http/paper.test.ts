import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { sql } from "kysely";

import type { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { FileStore } from "../../src/documents/file-store.ts";
import { messageId, toWire, type Message } from "../../src/domain/message.ts";
import { digestOf, multihashOf, type Digest, type Multihash } from "../../src/domain/multihash.ts";
import { Problem } from "../../src/domain/problems.ts";
import { parseSubjectPattern } from "../../src/domain/subject-pattern.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { auditRouter } from "../../src/http/audit-router.ts";
import { documentsRouter } from "../../src/http/documents-router.ts";
import { keepingRouter } from "../../src/http/keeping-router.ts";
import { messagesRouter } from "../../src/http/messages-router.ts";
import type { HttpServer } from "../../src/http/server.ts";
import { verificationRouter } from "../../src/http/verification-router.ts";
import { roles, type Caller, type Role, type UserCaller } from "../../src/identity/caller.ts";
import { DidFailure, didOfDomain, type ResolveDid } from "../../src/identity/did-document.ts";
import { openPaper } from "../../src/node/node-paper.ts";
import { DocumentForms } from "../../src/paper/document-forms.ts";
import { checkOfflineSeal } from "../../src/paper/check-seal.ts";
import type { SealedCopyStream } from "../../src/paper/make-sealed-copy.ts";
import { signOfflineSeal } from "../../src/paper/offline-seal.ts";
import { openSealedCopy, type AccessKey } from "../../src/paper/sealed-copy.ts";
import { SealedCopies } from "../../src/paper/sealed-copies.ts";
import { readTrustList, type TrustList } from "../../src/paper/trust-list.ts";
import { parseFragment } from "../../src/paper/verifier-link.ts";
import { loadDocumentTypes } from "../../src/semantics/document-types.ts";
import type { Store } from "../../src/store/store.ts";
import type { Verification } from "../../src/verification/verification.ts";
import { acquittalOf, attached, au, cn, created, message, phytosanitary, revocationOf, sg } from "../channels/fixtures.ts"; // prettier-ignore
import { documentOf, newSigner, type Signer } from "../credentials/fixtures.ts";
import { held } from "../held.ts";
import { channelOf, ledgerOf, rigOf, testClock, userOf, type Rig, type TestClock } from "../messages/rig.ts"; // prettier-ignore
import { drawn, scanned } from "../paper/read-code.ts";
import { newSealKey, sampleFacts } from "../paper/seal-fixtures.ts";
import { eachStore } from "../store/each-store.ts";
import { problemOf, serve } from "./test-app.ts";
import { authenticateAs } from "./test-callers.ts";

const PUBLIC_URL = "https://icl.homeaffairs.gov.au";
const everyRole = roles.filter((role) => role !== "admin");
const json = { "content-type": "application/json" };
const SEALED = 5 * 1024 * 1024;
const forms = new DocumentForms(loadDocumentTypes());

interface Sealed {
  readonly multihash: string;
  readonly message: string;
  readonly link: string;
  readonly offline: string | null;
  readonly status: string;
  readonly statusAsOf: string;
  readonly codes: Readonly<Record<"link" | "offline", { svg: string; png: string; text: string } | null>>;
}

function limited(
  subject: string,
  patterns: readonly string[],
  allowed: readonly Role[] = everyRole,
): UserCaller {
  const parsed = patterns.flatMap((pattern) => parseSubjectPattern(pattern) ?? []);
  return { ...userOf(au, allowed), subject, subjects: new Map(allowed.map((role) => [role, parsed])) };
}

const callers: Readonly<Record<string, Caller>> = {
  officer: userOf(au, everyRole),
  root: userOf(au, roles),
  reader: { ...userOf(au, ["messages:read", "documents:write"]), subject: "reader" },
  writer: { ...userOf(au, ["messages:write"]), subject: "writer" },
  chamber: limited("chamber", ["chamber.com.au:*"]),
  other: limited("other", ["other.com.au:*"]),
  // May read everything, and write about one subject alone.
  narrow: {
    ...limited("narrow", ["other.com.au:*"], ["messages:write"]),
    roles: new Set<Role>(["messages:write", "messages:read"]),
  },
  china: { kind: "node", participant: cn, account: "0x01", channelId: "memory:0" },
};

function issuerKey(signer: Signer) {
  const jwk = Object.fromEntries(
    Object.entries(signer.publicJwk).map(([name, value]) => [name, String(value)]),
  );
  return { ...signer, publicJwk: jwk, name: null };
}

eachStore("papers that can be checked", (openFresh) => {
  const agency = newSigner("ES256", didOfDomain(au));
  const chinese = newSigner("ES256", didOfDomain(cn));
  let clock: TestClock;
  let ledger: MemoryLedger;
  let directory: string;
  let store: Store;
  let node: Rig;
  let server: HttpServer;
  let resolved: string[];
  let certificate: Record<string, unknown>;

  const resolve: ResolveDid = (did) => {
    resolved.push(did);
    if (did === didOfDomain(cn)) return Promise.resolve(documentOf(did, [chinese]));
    return Promise.reject(new DidFailure("unreachable", `${did} does not answer.`));
  };

  async function start(agencyKeys = [issuerKey(agency)], isOpen = true): Promise<HttpServer> {
    const { now } = clock;
    const files = await FileStore.open(directory);
    const maxBytes = SEALED + 100;
    const documents = { store, files, maxBytes, now };
    const channels = [channelOf(ledger, au)];
    const paper = openPaper({
      ...{ store, files, agencyKeys, resolveDidWeb: resolve, forms, now },
      config: { participant: au, publicUrl: PUBLIC_URL, documents: { maxBytes, directory } },
      channels: () => (isOpen ? channels : []).map(({ description }) => description),
    });
    return serve(
      authenticateAs(callers),
      [
        auditRouter(store, now),
        keepingRouter(documents),
        documentsRouter(documents),
        messagesRouter({ ...node.accepting, subjects: { subjectsOfAnyNumber: () => [] } }),
        ...paper.routers,
      ],
      {
        publicUrl: PUBLIC_URL,
        openRouters: [
          ...paper.openRouters,
          verificationRouter({ store, channels: () => channels, maxBytes, checkSeal: paper.checkSeal }),
        ],
      },
    );
  }

  beforeEach(async function () {
    this.timeout(30_000);
    clock = testClock(Date.parse("2026-06-03T04:00:00Z"));
    resolved = [];
    directory = mkdtempSync(join(tmpdir(), "icl-paper-"));
    store = await openFresh(au);
    ledger = ledgerOf(clock, { terms: { type: "production" } });
    node = await rigOf({ store, clock, channels: [channelOf(ledger, au)] });
    server = await start();
    certificate = {
      type: ["VerifiableCredential", "PreferentialCertificateOfOrigin"],
      validFrom: "2026-06-03T00:00:00Z",
      credentialSubject: {
        ...{ salt: randomBytes(16).toString("base64url"), number: "WBC208897" },
        exporter: { name: "Treasury Wine Estates Vintners" },
        consignee: { name: "East meets west fine wines" },
        consignment: { lineItems: [{ hsCode: "220421" }, { hsCode: "220421" }, { hsCode: "220422" }] },
      },
    };
  });

  afterEach(async () => {
    await server.close(0);
    rmSync(directory, { recursive: true, force: true });
  });

  const ask = (as: string | null, path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if (as !== null) headers.set("authorization", `Bearer ${as}`);
    return fetch(`${server.url}${path}`, { ...init, headers });
  };
  async function stored(as: string, body: string | Uint8Array<ArrayBuffer>, type = "application/json") {
    const response = await ask(as, "/documents", { method: "POST", headers: { "content-type": type }, body });
    return ((await response.json()) as { multihash: Multihash }).multihash;
  }
  async function issued(as = "officer", changes: Partial<Message> = {}): Promise<Message> {
    const obj = await stored(as, JSON.stringify(certificate));
    const about = message({ subject: parseSubject("chamber.com.au:1"), obj, ...changes });
    const init = { method: "POST", headers: json, body: JSON.stringify(toWire(about)) };
    expect((await ask(as, "/messages", init)).status).to.equal(202);
    return about;
  }
  const seal = (as: string, obj: string, body?: unknown, headers: Record<string, string> = {}, query = "") =>
    ask(as, `/documents/${obj}/seal${query}`, {
      method: "POST",
      ...(body === undefined
        ? { headers }
        : { headers: { ...json, ...headers }, body: JSON.stringify(body) }),
    });
  async function sealed(as: string, obj: string, body?: unknown): Promise<Sealed> {
    const response = await seal(as, obj, body);
    if (response.status !== 200) throw new Error(await response.text());
    return (await response.json()) as Sealed;
  }
  const codeOf = async (response: Promise<Response>) => {
    const { status, code } = await problemOf(await response);
    return `${status} ${code}`;
  };
  const keyIn = ({ link }: Sealed): AccessKey => {
    const { accessKey } = parseFragment(new URL(link).hash.slice(1));
    if (accessKey === null) throw new Error("the link has no key");
    return accessKey;
  };
  /** An answer without what only names the request. */
  async function answer(path: string) {
    const response = await ask(null, path);
    const body = (await response.text()).replaceAll(/"instance":"[^"]*"/g, "");
    return { status: response.status, type: response.headers.get("content-type"), body };
  }
  const trustList = async () => (await (await ask(null, "/trust-list")).json()) as TrustList;
  const verify = async (qr: string) => {
    const response = await ask(null, "/verify", {
      method: "POST",
      headers: json,
      body: JSON.stringify({ qr }),
    });
    expect(response.status).to.equal(200);
    return (await response.json()) as Verification;
  };
  const sealFinding = ({ findings }: Verification) => findings.find(({ name }) => name === "seal");
  const acts = async (object: string) =>
    (
      await store.db.selectFrom("audit").select("act").where("object", "=", object).orderBy("seq").execute()
    ).map(({ act }) => act);

  it("are sealed: a link that opens the document for who holds it, and a seal that says what is on it", async () => {
    const about = await issued();
    await node.settle();
    const answered = await sealed("officer", about.obj);
    const id = messageId(about);
    expect(answered).to.include({ multihash: about.obj, message: id, status: "issued" });
    expect(answered.link).to.match(/^https:\/\/icl\.homeaffairs\.gov\.au\/verify#1\./);
    const { multihash, messageId: named } = parseFragment(new URL(answered.link).hash.slice(1));
    expect([multihash, named]).to.deep.equal([about.obj, id]);

    const response = await ask(null, `/documents/${about.obj}/sealed`);
    expect(response.headers.get("content-type")).to.contain("application/jose");
    expect(response.headers.get("cache-control")).to.equal("no-store");
    const opened = await openSealedCopy(await response.text(), keyIn(answered), about.obj);
    expect(opened.mediaType).to.equal("application/json");
    expect(JSON.parse(Buffer.from(opened.bytes).toString("utf8"))).to.deep.equal(certificate);

    const found = await checkOfflineSeal(answered.offline ?? "", await trustList(), clock.now());
    expect(found.outcome).to.equal("genuine");
    expect(found.facts).to.deep.include({
      ...{ issuer: au, status: "issued", multihash: about.obj, messageId: id, type: created },
      ...{ validFrom: Date.parse("2026-06-03T00:00:00Z"), validUntil: null },
      lines: [
        ["Certificate No.", "WBC208897"],
        ["Exporter", "Treasury Wine Estates Vintners"],
        ["Consignee", "East meets west fine wines"],
        ["HS code", "220421, 220422"],
      ],
    });
    expect(found.facts?.statusAsOf).to.equal(Math.floor(Date.parse(answered.statusAsOf) / 1000) * 1000);
    expect(await acts(digestOf(about.obj))).to.include.members(["document.sealed", "sealed-copy.given"]);
  });

  it("are given as text, SVG and PNG, each of which a scanner reads back", async () => {
    const about = await issued();
    const answered = await sealed("officer", about.obj);
    for (const name of ["link", "offline"] as const) {
      const code = answered.codes[name];
      expect(code?.text).to.equal(answered[name]);
      expect(scanned(Buffer.from(code?.png ?? "", "base64")), name).to.equal(answered[name]);
      expect(drawn(code?.svg ?? ""), name).to.equal(answered[name]);
      const picture = await seal("officer", about.obj, {}, { accept: "image/png" }, `?code=${name}`);
      expect(picture.headers.get("content-type")).to.equal("image/png");
      expect(picture.headers.get("cache-control")).to.equal("no-store");
      const again = scanned(Buffer.from(await picture.arrayBuffer()));
      expect(again.split("#")[0]?.slice(0, 5)).to.equal(answered[name]?.slice(0, 5));
    }
    const svg = await seal("officer", about.obj, undefined, { accept: "image/svg+xml" });
    expect(svg.headers.get("content-type")).to.contain("image/svg+xml");
    expect(drawn(await svg.text())).to.equal(answered.link);
    expect(await codeOf(seal("officer", about.obj, {}, { accept: "image/png" }, "?code=both"))).to.equal("400 malformed-request"); // prettier-ignore
  });

  it("keep their key however often they are sealed, by whoever, and at once", async () => {
    const about = await issued();
    const answers = await Promise.all(
      ["officer", "root", "chamber", "officer"].map((as) => sealed(as, about.obj)),
    );
    expect(new Set(answers.map(({ link }) => link)).size).to.equal(1);
    const rows = await store.db.selectFrom("document_seal").selectAll().execute();
    expect(rows).to.have.length(1);
    expect(rows[0]?.created_by).to.be.oneOf(["https://id.example officer-7", "https://id.example chamber"]);
  });

  it("say pending, issued, used, revoked or expired, as the ledger's final state has it", async () => {
    const about = await issued("officer", { validUntil: Math.floor(clock.now() / 1000) + 86_400 });
    expect(await sealed("officer", about.obj)).to.include({ status: "pending" });
    await node.settle();
    expect(await sealed("officer", about.obj)).to.include({ status: "issued" });
    clock.advance(2 * 86_400_000);
    // What was not heard since is told as of then.
    const stale = await sealed("officer", about.obj);
    expect(stale.status).to.equal("issued");
    expect(clock.now() - Date.parse(stale.statusAsOf)).to.be.greaterThan(86_400_000);
    await node.settle();
    expect(await sealed("officer", about.obj)).to.include({ status: "expired" });

    const used = await issued("officer", { subject: parseSubject("chamber.com.au:2") });
    await node.settle();
    const china = await rigOf({ store: await openFresh(cn), clock, channels: [channelOf(ledger, cn)], participant: cn }); // prettier-ignore
    await china.post(acquittalOf(used), userOf(cn));
    await china.settle();
    await node.settle();
    const ofUsed = { message: messageId(used) };
    expect(await sealed("officer", used.obj, ofUsed)).to.include({ status: "used" });
    const revocation = revocationOf(used);
    await node.post(revocation);
    await node.settle();
    expect(await sealed("officer", used.obj, ofUsed)).to.include({ status: "revoked" });
  });

  it("tell the status as of when the ledger was last followed to its end, while there is more to read", async () => {
    const about = await issued();
    await node.settle();
    const before = clock.now();
    clock.advance(2 * 86_400_000);
    ledger.mine(150);
    const china = await rigOf({ store: await openFresh(cn), clock, channels: [channelOf(ledger, cn)], participant: cn }); // prettier-ignore
    await china.post(acquittalOf(about), userOf(cn));
    await china.settle();
    // The node was down for two days, and has read the first page of what it missed.
    expect(await node.followers[0]?.readOnce()).to.equal(true);
    const behind = await sealed("officer", about.obj);
    expect(behind.status).to.equal("issued");
    expect(Date.parse(behind.statusAsOf)).to.be.at.most(before);
    await node.follow();
    expect(await sealed("officer", about.obj)).to.include({ status: "used" });
  });

  it("tell the status of what was never followed to its end as of its own block", async () => {
    const about = await issued();
    await node.settle();
    // As in a database that was made anew from the ledger, and is not through with it.
    await store.db.updateTable("channel").set({ caught_up_at: 0 }).execute();
    const { status, statusAsOf } = await sealed("officer", about.obj);
    const { issued_at_seconds: seconds } = await store.db
      .selectFrom("certificate")
      .select("issued_at_seconds")
      .executeTakeFirstOrThrow();
    expect([status, Date.parse(statusAsOf)]).to.deep.equal(["issued", seconds * 1000]);
  });

  it("say when a document begins and ends to be valid where it says so itself, with a time zone, and else nothing", async () => {
    const asked = async (validFrom: unknown, validUntil: unknown, subject: string) => {
      Object.assign(certificate, { validFrom, validUntil });
      const about = await issued("officer", { subject: parseSubject(subject) });
      const { offline } = await sealed("officer", about.obj);
      const { facts } = await checkOfflineSeal(offline ?? "", await trustList(), clock.now());
      return [facts?.validFrom, facts?.validUntil];
    };
    const said = await asked("2026-06-03T10:00:00+10:00", "2027-06-03T00:00:00.5Z", "chamber.com.au:1");
    expect(said).to.deep.equal([Date.parse("2026-06-03T00:00:00Z"), Date.parse("2027-06-03T00:00:00Z")]);
    // Each of these is some moment to a lenient reader, and another one where the node's clock is set to another zone.
    const vague = [
      "2026-06-03",
      "2026-06-03T10:00:00",
      "June 2026",
      "harvest 7",
      "06/07/2026",
      1_780_000_000,
    ];
    for (const [place, text] of vague.entries()) {
      expect(await asked(text, text, `chamber.com.au:2${place}`), String(text)).to.deep.equal([null, null]);
    }
  });

  it("name the message that is meant where several issued the document, and ask for it", async () => {
    const first = await issued();
    const second = await issued("officer", { subject: parseSubject("chamber.com.au:2") });
    expect(first.obj).to.equal(second.obj);
    const refused = await problemOf(await seal("officer", first.obj));
    expect(refused).to.include({ status: 422, code: "message-ambiguous" });
    expect((refused as unknown as { messages: string[] }).messages).to.have.members([messageId(first), messageId(second)]); // prettier-ignore
    for (const each of [first, second]) {
      const { message: named } = await sealed("officer", first.obj, { message: messageId(each) });
      expect(named).to.equal(messageId(each));
    }
    const absent = { message: `0x${"00".repeat(32)}` };
    expect(await codeOf(seal("officer", first.obj, absent))).to.equal("422 document-not-issued");
  });

  it("are made of what this participant issued alone: no other document, no message of another type or that failed", async () => {
    const draft = await stored("officer", "a draft", "text/plain");
    expect(await codeOf(seal("officer", draft))).to.equal("422 document-not-issued");
    const told = await issued("officer", { predicate: attached });
    expect(await codeOf(seal("officer", told.obj))).to.equal("422 document-not-issued");

    certificate.other = 1;
    const failed = await issued("officer", { predicate: phytosanitary });
    await store.db
      .updateTable("message")
      .set({ status: "failed" })
      .where("id", "=", messageId(failed))
      .execute();
    expect(await codeOf(seal("officer", failed.obj))).to.equal("422 document-not-issued");

    certificate.other = 2;
    const twice = await issued("officer", { subject: parseSubject("chamber.com.au:7") });
    await node.settle();
    await store.db.updateTable("certificate").set({ duplicate: 1 }).where("message_id", "=", messageId(twice)).execute(); // prettier-ignore
    expect(await codeOf(seal("officer", twice.obj))).to.equal("422 document-not-issued");

    await store.db.updateTable("document").set({ origin: "fetched", stored_by: cn }).execute();
    expect(await codeOf(seal("officer", told.obj))).to.equal("422 document-not-shareable");
    expect(await store.db.selectFrom("document_seal").selectAll().execute()).to.deep.equal([]);
  });

  it("are not made where a message of another type issued what the document calls itself, however it is written", async () => {
    const another = { predicate: phytosanitary };
    const signed = (payload: unknown) =>
      `${["{}", JSON.stringify(payload)].map((part) => Buffer.from(part).toString("base64url")).join(".")}.x`;
    const as = (type: unknown) => JSON.stringify({ ...certificate, type });
    for (const [place, [body, mediaType]] of (
      [
        [JSON.stringify(certificate), "application/json"],
        // The pages lay a document out by what is in it, not by what it is said to be.
        [as("PreferentialCertificateOfOrigin"), "text/plain"],
        [signed(certificate), "application/octet-stream"],
        [`\uFEFF ${JSON.stringify(certificate)}`, "application/json"],
      ] as const
    ).entries()) {
      const obj = await stored("officer", body, mediaType);
      const about = await issued("officer", {
        ...another,
        obj,
        subject: parseSubject(`chamber.com.au:${place}`),
      });
      const refused = await problemOf(await seal("officer", obj));
      expect(refused, String(place)).to.include({ status: 422, code: "document-type-mismatch", messageType: phytosanitary }); // prettier-ignore
      expect(refused).to.have.deep.property("expected", [created]);
      expect(refused.detail).to.contain(`issue it by ${created}`);
      const named = await seal("officer", obj, { message: messageId(about) });
      expect(await codeOf(Promise.resolve(named))).to.equal("422 document-type-mismatch");
      expect(await acts(digestOf(obj))).not.to.include("document.sealed");
    }
    const obj = await stored("officer", as(["PreferentialCertificateOfOrigin", "PhytosanitaryCertificate"]));
    await issued("officer", { obj, subject: parseSubject("chamber.com.au:both") });
    expect(await codeOf(seal("officer", obj)), "of two types").to.equal("422 document-type-mismatch");
    expect(await store.db.selectFrom("document_seal").selectAll().execute()).to.deep.equal([]);

    const plain = await issued("officer", another);
    await issued("officer", { obj: plain.obj, subject: parseSubject("chamber.com.au:right") });
    expect(await codeOf(seal("officer", plain.obj))).to.equal("422 message-ambiguous");
    expect(await codeOf(seal("officer", plain.obj, { message: messageId(plain) }))).to.equal("422 document-type-mismatch"); // prettier-ignore
  });

  it("are not made of more than 5 MiB", async () => {
    const about = await issued();
    await store.db
      .updateTable("document")
      .set({ size: SEALED + 1 })
      .execute();
    expect(await codeOf(seal("officer", about.obj))).to.equal("422 document-not-sealable");
    await store.db.updateTable("document").set({ size: SEALED }).execute();
    expect((await seal("officer", about.obj)).status).to.equal(200);
  });

  it("are made of a document that is no JSON too, whose seal then has no lines", async () => {
    const obj = await stored("officer", "%PDF-1.7 not parsed", "application/pdf");
    const about = message({ subject: parseSubject("chamber.com.au:1"), obj });
    await ask("officer", "/messages", { method: "POST", headers: json, body: JSON.stringify(toWire(about)) });
    const { offline, link } = await sealed("officer", obj);
    expect(
      (await checkOfflineSeal(offline ?? "", await trustList(), clock.now())).facts?.lines,
    ).to.deep.equal([]);
    const jwe = await (await ask(null, `/documents/${obj}/sealed`)).text();
    const key = parseFragment(new URL(link).hash.slice(1)).accessKey ?? new Uint8Array(32);
    expect((await openSealedCopy(jwe, key, obj)).mediaType).to.equal("application/pdf");
  });

  it("are for who may send about the certificate and read it, and for nobody else", async () => {
    const about = await issued("chamber");
    expect(await codeOf(seal("reader", about.obj))).to.equal("403 not-allowed");
    expect(await codeOf(seal("china", about.obj))).to.equal("403 not-allowed");
    expect(await codeOf(seal("nobody", about.obj))).to.equal("401 token-missing");
    expect(await codeOf(seal("writer", about.obj)), "who may read nothing").to.equal("403 not-allowed");
    const absent = multihashOf("00".repeat(32));
    const refusal = async (as: string, obj: string) => {
      const { status, code, detail } = await problemOf(await seal(as, obj));
      return { status, code, detail };
    };
    expect(await refusal("other", about.obj), "limited to others").to.deep.equal(
      await refusal("other", absent),
    );
    expect(await codeOf(seal("narrow", about.obj)), "reads it, and may not send").to.equal("422 document-not-issued"); // prettier-ignore
    for (const as of ["reader", "china", "nobody", "writer", "other", "narrow"]) {
      const response = await ask(as, `/documents/${about.obj}/seal`, { method: "DELETE" });
      expect(response.status, as).to.be.greaterThanOrEqual(401);
    }
    expect((await seal("chamber", about.obj)).status).to.equal(200);
    for (const as of ["other", "narrow"]) {
      const taken = await ask(as, `/documents/${about.obj}/seal`, { method: "DELETE" });
      expect(taken.status, as).to.be.oneOf([404, 422]);
    }
    expect(await store.db.selectFrom("document_seal").selectAll().execute()).to.have.length(1);
  });

  it("take a body of JSON, or none", async () => {
    const about = await issued();
    expect((await seal("officer", about.obj)).status).to.equal(200);
    const send = (type: string, body: string) =>
      ask("officer", `/documents/${about.obj}/seal`, {
        method: "POST",
        headers: { "content-type": type },
        body,
      });
    expect(await codeOf(send("text/plain", "{}"))).to.equal("415 media-type-unsupported");
    expect(await codeOf(send("application/json", "{"))).to.equal("400 malformed-json");
    for (const body of ['{"message":1}', '{"message":"0x00"}', '{"key":"x"}', "[]"]) {
      expect(await codeOf(send("application/json", body)), body).to.equal("400 malformed-request");
    }
    expect(await codeOf(seal("officer", "nonsense"))).to.equal("400 malformed-multihash");
  });

  it("tell strangers nothing of which documents are here, sealed, unsealed, erased or another's", async () => {
    const about = await issued();
    const unsealed = await stored("officer", "unsealed", "text/plain");
    const absent = await answer(`/documents/${multihashOf("00".repeat(32))}/sealed`);
    expect(absent.status).to.equal(404);
    expect(await answer(`/documents/${unsealed}/sealed`)).to.deep.equal(absent);
    expect(await answer(`/documents/${about.obj}/sealed`)).to.deep.equal(absent);
    await sealed("officer", about.obj);
    expect((await answer(`/documents/${about.obj}/sealed`)).status).to.equal(200);
    await ask("officer", `/documents/${about.obj}/seal`, { method: "DELETE" });
    expect(await answer(`/documents/${about.obj}/sealed`)).to.deep.equal(absent);
    await sealed("officer", about.obj);
    await store.db.deleteFrom("message").execute();
    expect((await ask("root", `/documents/${about.obj}?reason=over`, { method: "DELETE" })).status).to.equal(
      200,
    );
    expect(await answer(`/documents/${about.obj}/sealed`)).to.deep.equal(absent);
    expect(await codeOf(ask(null, "/documents/nonsense/sealed"))).to.equal("400 malformed-multihash");
    expect((await ask(null, `/documents/${about.obj}`)).status, "the document itself stays closed").to.equal(
      401,
    );
    expect((await ask(null, `/documents/${about.obj}/seal`, { method: "POST" })).status).to.equal(401);
  });

  it("show who has only the hash nothing of the content", async () => {
    const about = await issued();
    await sealed("officer", about.obj);
    const text = await (await ask(null, `/documents/${about.obj}/sealed`)).text();
    const shown = text + Buffer.from(text.split(".")[3] ?? "", "base64url").toString("latin1");
    for (const word of ["WBC208897", "Treasury", "credentialSubject"]) expect(shown).not.to.contain(word);
  });

  it("are unsealed for good: the code on paper opens nothing more, and the next has a new key", async () => {
    const about = await issued();
    const before = await sealed("officer", about.obj);
    const taken = () => ask("officer", `/documents/${about.obj}/seal`, { method: "DELETE" });
    expect((await taken()).status).to.equal(204);
    expect(await codeOf(taken())).to.equal("404 not-found");
    expect((await ask(null, `/documents/${about.obj}/sealed`)).status).to.equal(404);
    const after = await sealed("officer", about.obj);
    expect(keyIn(after)).not.to.deep.equal(keyIn(before));
    const jwe = await (await ask(null, `/documents/${about.obj}/sealed`)).text();
    const error: unknown = await openSealedCopy(jwe, keyIn(before), about.obj).catch(
      (cause: unknown) => cause,
    );
    expect(error).to.include({ code: "wrong-key" });
    expect(await acts(digestOf(about.obj))).to.include.members(["document.unsealed"]);
  });

  it("lose their key when the document is erased, and get another when it is stored again", async () => {
    const about = await issued();
    const before = await sealed("officer", about.obj);
    await node.settle();
    await store.db.deleteFrom("document_acl").execute();
    const erased = await ask("root", `/documents/${about.obj}?reason=over`, { method: "DELETE" });
    expect(erased.status).to.equal(200);
    expect(await store.db.selectFrom("document_seal").selectAll().execute()).to.deep.equal([]);
    expect(await codeOf(seal("officer", about.obj))).to.equal("410 document-erased");
    await stored("officer", JSON.stringify(certificate));
    expect((await ask(null, `/documents/${about.obj}/sealed`)).status).to.equal(404);
    expect(keyIn(await sealed("officer", about.obj))).not.to.deep.equal(keyIn(before));
  });

  it("leave no key in the audit log, and one line an hour for copies that strangers took", async () => {
    const about = await issued();
    const key = Buffer.from(keyIn(await sealed("officer", about.obj)));
    for (let times = 0; times < 3; times += 1) await answer(`/documents/${about.obj}/sealed`);
    clock.advance(61 * 60_000);
    await answer(`/documents/${about.obj}/sealed`);
    const log = await (await ask("root", `/audit?document=${about.obj}`)).text();
    expect(log.split('"sealed-copy.given"').length - 1).to.equal(2);
    for (const form of ["base64", "base64url", "hex"] as const)
      expect(log).not.to.contain(key.toString(form));
  });

  it("are not sealed while the channel is not open, so that none is marked for training that is not", async () => {
    const about = await issued();
    await node.settle();
    await server.close(0);
    server = await start(undefined, false);
    expect(await codeOf(seal("officer", about.obj))).to.equal("503 unavailable");
    expect(await store.db.selectFrom("document_seal").selectAll().execute()).to.deep.equal([]);
    await server.close(0);
    server = await start();
    expect(await sealed("officer", about.obj)).to.include({ status: "issued" });
  });

  it("are given to no stranger while that cannot go on record, and that of the next one does", async () => {
    const about = await issued();
    await sealed("officer", about.obj);
    const given = async () => (await acts(digestOf(about.obj))).filter((act) => act === "sealed-copy.given");
    const again = await refuseInserts(store, "audit");
    expect((await ask(null, `/documents/${about.obj}/sealed`)).status).to.be.at.least(500);
    await again();
    expect((await ask(null, `/documents/${about.obj}/sealed`)).status).to.equal(200);
    expect(await given()).to.have.length(1);
  });

  it("have the link alone where the agency has no P-256 key, and say so", async () => {
    const about = await issued();
    for (const keys of [[], [issuerKey(newSigner("EdDSA", didOfDomain(au)))]]) {
      await server.close(0);
      server = await start(keys);
      const answered = await sealed("officer", about.obj);
      expect(answered).to.include({ offline: null });
      expect(answered.codes.offline).to.equal(null);
      expect(scanned(Buffer.from(answered.codes.link?.png ?? "", "base64"))).to.equal(answered.link);
      const picture = seal("officer", about.obj, {}, { accept: "image/png" }, "?code=offline");
      expect(await codeOf(picture)).to.equal("409 seal-key-missing");
      const signed = ask(null, "/trust-list", { headers: { accept: "application/jose" } });
      expect(await codeOf(signed)).to.equal("409 seal-key-missing");
      const own = (await trustList()).participants.find(({ domain }) => domain === au);
      expect(own).to.deep.include({ keys: [], problem: "no-key" });
    }
  });

  describe("the trust list", () => {
    it("has every participant of the node's channels, its keys, and why some have none", async () => {
      const list = await trustList();
      expect(list).to.include({ format: "icl-trust-list-1", by: au });
      const said = list.participants.map((each) => [
        each.domain,
        each.status,
        each.keys.length,
        each.problem,
      ]);
      expect(said).to.deep.equal(
        [
          [cn, "active", 1, undefined],
          [sg, "active", 0, "unreachable"],
          [au, "active", 1, undefined],
        ].sort(([one], [other]) => (String(one) < String(other) ? -1 : 1)),
      );
      for (const { keys } of list.participants) {
        for (const { jwk } of keys) expect(Object.keys(jwk)).to.have.members(["kty", "crv", "x", "y"]);
      }
      expect(resolved, "not itself").to.have.members([didOfDomain(cn), didOfDomain(sg)]);
    });

    it("asks each domain once, however many ask for the list, and a silent one again only after a minute", async () => {
      await Promise.all(Array.from({ length: 30 }, trustList));
      expect(resolved).to.have.length(2);
      clock.advance(30_000);
      await trustList();
      expect(resolved).to.have.length(2);
      clock.advance(40_000);
      await trustList();
      expect(resolved).to.deep.equal([...resolved.slice(0, 2), didOfDomain(sg)]);
      clock.advance(11 * 60_000);
      await trustList();
      expect(resolved).to.have.length(5);
    });

    it("comes signed, so that a file shows whose it is, and that it was not changed", async () => {
      const response = await ask(null, "/trust-list", { headers: { accept: "application/jose" } });
      expect(response.headers.get("content-type")).to.contain("application/jose");
      const text = await response.text();
      const { list, signed } = await readTrustList(text);
      expect([list.by, signed]).to.deep.equal([au, true]);
      const [header = "", payload = "", signature = ""] = text.split(".");
      const changed = JSON.parse(Buffer.from(payload, "base64url").toString()) as { asOf: string };
      changed.asOf = "2030-01-01T00:00:00.000Z";
      const forged = [header, Buffer.from(JSON.stringify(changed)).toString("base64url"), signature].join(
        ".",
      );
      await expectFault(forged, "changed since");
      const renamed = Buffer.from(JSON.stringify({ alg: "ES256", typ: "vc+jwt", kid: agency.kid })).toString("base64url"); // prettier-ignore
      await expectFault([renamed, payload, signature].join("."), "not signed by a key");
      await expectFault("{}", "no trust list");
      await expectFault('{"format":"icl-trust-list-1"}', "no trust list");

      async function expectFault(file: string, words: string): Promise<void> {
        const error: unknown = await readTrustList(file).catch((cause: unknown) => cause);
        expect(error).to.be.instanceOf(Error);
        expect((error as Error).message).to.contain(words);
      }
    });
  });

  describe("POST /verify", () => {
    it("takes the link on paper, of whatever host, without its key", async () => {
      const about = await issued();
      await node.settle();
      const { link } = await sealed("officer", about.obj);
      const key = new URL(link).hash.split(".")[3] ?? "";
      const elsewhere = link.replace("icl.homeaffairs.gov.au", "icl.attacker.example");
      for (const qr of [link, elsewhere, link.replace(key, "-"), ` ${link}\n`]) {
        const answered = await verify(qr);
        expect(answered.certificates.map(({ id }) => id)).to.deep.equal([messageId(about)]);
        expect(answered.multihash).to.equal(about.obj);
        expect(JSON.stringify(answered)).not.to.contain(key);
        expect(sealFinding(answered)).to.equal(undefined);
      }
      expect(resolved, "nobody is asked for it").to.deep.equal([]);
      const broken = await ask(null, "/verify", { method: "POST", headers: json, body: JSON.stringify({ qr: link.slice(0, -2) }) }); // prettier-ignore
      expect(broken.status).to.equal(400);
      expect(await broken.text()).not.to.contain(key.slice(0, 20));
    });

    it("takes a link that names another document than its message for what it is", async () => {
      const about = await issued();
      await node.settle();
      const { link } = await sealed("officer", about.obj);
      const forged = link.replace(about.obj, multihashOf(createHash("sha256").update("x").digest("hex")));
      expect((await verify(forged)).verdict).to.equal("altered");
    });

    it("checks an offline seal's signature, and says what it found", async () => {
      const about = await issued();
      await node.settle();
      const { offline } = await sealed("officer", about.obj);
      const answered = await verify(offline ?? "");
      expect(answered.multihash).to.equal(about.obj);
      expect(sealFinding(answered)).to.deep.include({ outcome: "pass" });
      expect(sealFinding(answered)?.evidence).to.deep.include({ check: "genuine", issuer: au, statusThen: "issued", remarks: [] }); // prettier-ignore
      expect(answered.verdict).to.equal("valid");
    });

    it("calls altered what a forged seal pins, also where its forger is a participant", async () => {
      const about = await issued();
      await node.settle();
      await sealed("officer", about.obj);
      const facts = { ...sampleFacts, multihash: about.obj, messageId: messageId(about) };
      const seals = {
        "by nobody's key, under the issuer's name": await signOfflineSeal(facts, newSealKey()),
        "by China, under its own name": await signOfflineSeal({ ...facts, issuer: cn }, keyOf(chinese)),
        "by nobody known": await signOfflineSeal({ ...facts, issuer: sg }, newSealKey()),
      };
      const found = Object.fromEntries(
        await Promise.all(
          Object.entries(seals).map(async ([name, text]) => {
            const answered = await verify(text);
            return [name, [answered.verdict, sealFinding(answered)?.outcome]] as const;
          }),
        ),
      );
      expect(found).to.deep.equal({
        // The certificate is good; what such a seal says of it may be anything.
        "by nobody's key, under the issuer's name": ["unknown", "unknown"],
        "by China, under its own name": ["altered", "fail"],
        "by nobody known": ["altered", "unknown"],
      });
      const genuine = (await sealed("officer", about.obj)).offline ?? "";
      const at = genuine.length - 30;
      const changed = `${genuine.slice(0, at)}${genuine[at] === "0" ? "1" : "0"}${genuine.slice(at + 1)}`;
      const answered = await verify(changed);
      expect([answered.verdict, sealFinding(answered)?.outcome]).to.deep.equal(["altered", "fail"]);
      const nonsense = await ask(null, "/verify", {
        method: "POST",
        headers: json,
        body: '{"qr":"ICL1:NONSENSE"}',
      });
      expect(await codeOf(Promise.resolve(nonsense))).to.equal("400 malformed-request");
    });

    function keyOf({ key, publicJwk }: Signer) {
      return { key: key.toCryptoKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]), publicJwk };
    }
  });

  it("turn away whoever comes when too many wait already", async () => {
    const about = await issued();
    await sealed("officer", about.obj);
    const files = await FileStore.open(directory);
    const gate = Promise.withResolvers<undefined>();
    const slow = new Proxy(files, {
      get: (target, name) =>
        name === "read"
          ? async (digest: Digest) => {
              await gate.promise;
              return target.read(digest);
            }
          : (Reflect.get(target, name) as unknown),
    });
    const copies = new SealedCopies({ store, files: slow, now: clock.now });
    const asking = Array.from({ length: 70 }, () =>
      copies.of(about.obj, "203.0.113.7").catch((error: unknown) => error),
    );
    const refused = await Promise.all(asking.slice(68));
    for (const error of refused)
      expect(error).to.be.instanceOf(Problem).and.to.include({ code: "unavailable" });
    gate.resolve(undefined);
    const answers = await Promise.all(asking);
    const given = answers.flatMap((each) => (each instanceof Error ? [] : [each as SealedCopyStream]));
    expect(given).to.have.length(68);
    for (const { content } of given) content.destroy();
  });

  it("cost next to no memory, however many strangers take copies of a large document slowly", async () => {
    const obj = await stored("officer", new Uint8Array(SEALED).fill(7), "application/pdf");
    const about = message({ subject: parseSubject("chamber.com.au:1"), obj });
    const init = { method: "POST", headers: json, body: JSON.stringify(toWire(about)) };
    expect((await ask("officer", "/messages", init)).status).to.equal(202);
    const answered = await sealed("officer", obj);
    const { hostname, port } = new URL(server.url);
    const sockets: Socket[] = [];
    const before = held();
    try {
      for (let count = 0; count < 16; count += 1) {
        const socket = connect(Number(port), hostname);
        sockets.push(socket);
        socket.write(`GET /documents/${obj}/sealed HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
        // The beginning of the answer, and no more of it is taken.
        await once(socket, "readable");
      }
      // One alone has 11 MB.
      expect(held() - before).to.be.below(64 * 1024 * 1024);
      const whole = await ask(null, `/documents/${obj}/sealed`);
      const text = await whole.text();
      expect(whole.headers.get("content-length")).to.equal(String(text.length));
      expect((await openSealedCopy(text, keyIn(answered), obj)).bytes).to.have.length(SEALED);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  }).timeout(60_000);

  it("limit how often strangers may ask", async () => {
    await server.close(0);
    const about = multihashOf("00".repeat(32));
    server = await serve(() => Promise.reject(new Problem("token-missing", "No.")), [], {
      openRouters: openPaper({
        ...{
          store,
          files: await FileStore.open(directory),
          ...{ agencyKeys: [], forms },
          resolveDidWeb: resolve,
          now: clock.now,
        },
        config: { participant: au, publicUrl: PUBLIC_URL, documents: { maxBytes: SEALED, directory } },
        channels: () => [],
      }).openRouters,
      limits: { messageBytes: 1_000, requestsPerMinute: 1_000, anonymousRequestsPerMinute: 5 },
    });
    const statuses = [];
    for (let times = 0; times < 7; times += 1)
      statuses.push((await ask(null, `/documents/${about}/sealed`)).status);
    expect(statuses).to.deep.equal([404, 404, 404, 404, 404, 429, 429]);
  });
});

/** Has the database take no more rows of a table, as with a full disc. @returns what lets it take them again */
async function refuseInserts({ db, dialect }: Store, table: string): Promise<() => Promise<void>> {
  if (dialect === "sqlite") {
    await sql`
      create trigger full_disc before insert on ${sql.table(table)}
      begin select raise(fail, 'database or disk is full'); end
    `.execute(db);
    return async () => {
      await sql`drop trigger full_disc`.execute(db);
    };
  }
  await sql`
    create function full_disc() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$
  `.execute(db);
  await sql`
    create trigger full_disc before insert on ${sql.table(table)} for each row execute function full_disc()
  `.execute(db);
  return async () => {
    await sql`drop trigger full_disc on ${sql.table(table)}`.execute(db);
  };
}
