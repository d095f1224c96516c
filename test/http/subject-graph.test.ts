import { Readable } from "node:stream";

import { expect } from "chai";

import { listActs } from "../../src/audit/audit-repository.ts";
import type { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { recordDocument } from "../../src/documents/document-repository.ts";
import { messageId, type Message } from "../../src/domain/message.ts";
import { digestOf, multihashOf, type Multihash } from "../../src/domain/multihash.ts";
import { Problem } from "../../src/domain/problems.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import type { SubjectGraph } from "../../src/graph/subject-graph.ts";
import type { HttpServer } from "../../src/http/server.ts";
import { subjectGraphRouter } from "../../src/http/subject-graph-router.ts";
import type { Authenticate } from "../../src/identity/authenticate.ts";
import type { Caller } from "../../src/identity/caller.ts";
import { openSemantics } from "../../src/node/node-semantics.ts";
import { Subjects } from "../../src/semantics/subjects.ts";
import { acquittalOf, attached, au, cn, message } from "../channels/fixtures.ts";
import {
  channelOf,
  filesForTests,
  ledgerOf,
  rigOf,
  testClock,
  userOf,
  type Rig,
  type TestClock,
} from "../messages/rig.ts";
import { quadsOf } from "../semantics/bundled-contexts.ts";
import { validSamples } from "../semantics/samples.ts";
import { eachStore } from "../store/each-store.ts";
import { problemOf, serve } from "./test-app.ts";

const COO = "preferential-certificate-of-origin";
const semantics = openSemantics();
const wine = (() => {
  const type = semantics.documentTypes.named(COO);
  if (type === null) throw new Error("There is no such type.");
  return validSamples(type).get("chafta-wine.json");
})();
const subjects = new Subjects(semantics.documentTypes, {}, "a secret of more than 32 characters");
const publicUrl = "https://icl.homeaffairs.gov.au";
const EVIL = "https://attacker.example/context.jsonld";

const callers: Readonly<Record<string, Caller>> = {
  reader: userOf(au, ["messages:read"]),
  clerk: userOf(au, ["documents:write", "messages:write"]),
  cn: { kind: "node", participant: cn, account: "0x1", channelId: "memory:0" },
};
const authenticate: Authenticate = ({ authorization }) => {
  const caller = callers[authorization?.replace("Test ", "") ?? ""];
  if (caller === undefined) return Promise.reject(new Problem("token-missing", "Send a token."));
  return Promise.resolve(caller);
};

type Page = SubjectGraph & { readonly next: string | null };

eachStore("GET /subjects/{subject}", (openFresh) => {
  let clock: TestClock;
  let certificates: MemoryLedger;
  let notes: MemoryLedger;
  let node: Rig;
  let server: HttpServer;

  beforeEach(async () => {
    clock = testClock();
    certificates = ledgerOf(clock, { name: "certificates" });
    notes = ledgerOf(clock, { name: "notes" });
    certificates.closeMessageType(attached);
    notes.closeMessageType(message().predicate);
    const channels = [certificates, notes].map((ledger) => channelOf(ledger, au));
    node = await rigOf({ store: await openFresh(au), clock, channels, threshold: 3 });
    const files = await filesForTests();
    const { store } = node;
    const { embedDocument: embed, ledgerContext: context } = semantics;
    const options = { store, files, maxBytes: 2 ** 24, now: clock.now, embed, context, publicUrl };
    const subjectsOfNumber = subjects.subjectsOfNumber.bind(subjects);
    server = await serve(authenticate, [subjectGraphRouter({ ...options, subjectsOfNumber })]);
  });

  afterEach(() => server.close(0));

  const ask = (subject: string, { query = "", as = "reader", accept = "*/*" } = {}) =>
    fetch(`${server.url}/subjects/${encodeURIComponent(subject)}${query}`, {
      headers: { authorization: `Test ${as}`, accept },
    });

  const read = async (subject: string, query = ""): Promise<Page> => {
    const response = await ask(subject, { query });
    expect(response.status).to.equal(200);
    return (await response.json()) as Page;
  };

  const hold = async (content: unknown, mediaType = "application/json"): Promise<Multihash> => {
    const bytes = typeof content === "string" ? Buffer.from(content) : Buffer.from(JSON.stringify(content));
    const stored = await (await filesForTests()).put(Readable.from([bytes]), { maxBytes: 2 ** 24 });
    await recordDocument(node.store.db, { ...stored, mediaType, origin: "user", storedBy: "clerk", at: 1 });
    return multihashOf(stored.digest);
  };

  const post = async (...messages: readonly Message[]) => {
    for (const each of messages) await node.post(each);
    await node.settle();
  };

  const reads = async () =>
    (await listActs(node.store.db, {}, null, 1_000)).filter(({ act }) => act === "document.read");

  it("tells a certificate's whole story, across channels and both ways, as JSON-LD with no term without a meaning", async () => {
    const issue = message({ obj: await hold(wine), validUntil: 1_900_000_000 });
    const note = message({ predicate: attached, obj: await hold("%PDF-1.7", "application/pdf") });
    await post(issue, note);
    const china = await rigOf({
      ...{ store: await openFresh(cn), clock, participant: cn },
      channels: [channelOf(certificates, cn), channelOf(notes, cn)],
    });
    const use = acquittalOf(issue, { obj: multihashOf("77".repeat(32)) });
    await china.post(use);
    await china.settle();
    await node.settle();

    const response = await ask(issue.subject);
    expect(response.headers.get("content-type")).to.match(/^application\/ld\+json/);
    const page = (await response.json()) as Page;
    expect(page).to.include({ id: `urn:icl:subject:${issue.subject}`, subject: issue.subject, next: null });
    expect(
      page.messages.map(({ id, channel, direction }) => [id, channel.channelId, direction]),
    ).to.have.deep.members([
      [`urn:icl:message:${messageId(issue)}`, certificates.id, "outgoing"],
      [`urn:icl:message:${messageId(note)}`, notes.id, "outgoing"],
      [`urn:icl:message:${messageId(use)}`, certificates.id, "incoming"],
    ]);
    const issued = page.messages.find(({ effect }) => effect === "issue");
    const certificateId = `urn:icl:certificate:${messageId(issue)}`;
    expect(issued).to.deep.include({
      sender: `did:web:${au}`,
      receiver: `did:web:${cn}`,
      predicate: `urn:icl:predicate:${issue.predicate}`,
      obj: `urn:icl:document:${issue.obj}`,
      status: "delivered",
      validUntil: "2030-03-17T17:46:40Z",
    });
    expect(issued?.certificate).to.include({
      ...{ id: certificateId, acquitted: true, revoked: false },
      acquittedBy: `urn:icl:message:${messageId(use)}`,
    });
    expect(page.messages.find(({ effect }) => effect === "acquit")).to.include({ actsOn: certificateId });

    const documents = new Map(page.documents.map((each) => [each.multihash, each]));
    expect(documents.get(issue.obj)).to.include({
      ...{ mediaType: "application/json", documentType: "preferential-certificate-of-origin" },
      url: `${publicUrl}/documents/${issue.obj}`,
    });
    expect(documents.get(note.obj)).to.include({ mediaType: "application/pdf", contentOmitted: "not-json" });
    expect(documents.get(use.obj)).to.deep.equal({
      ...{ id: `urn:icl:document:${use.obj}`, type: "Document", multihash: use.obj },
      contentOmitted: "not-held",
    });

    const quads = await quadsOf(semantics.documentTypes, page, `${server.url}/subjects/x`);
    expect(quads).to.contain(
      `<${certificateId}> <http://www.w3.org/ns/prov#wasGeneratedBy> <${issued?.id}> .`,
    );
    expect(quads).to.contain(
      `<${issued?.id}> <http://www.w3.org/ns/prov#used> <urn:icl:document:${issue.obj}> .`,
    );
    // What the document says stands in its own graph alone.
    expect(quads).to.match(
      new RegExp(
        `^\\S+ <https://vocabulary.uncefact.org/identifier> "WBC208897" <urn:icl:document:${issue.obj}> \\.$`,
        "m",
      ),
    );
    expect(quads).not.to.match(/^\S+ <https:\/\/vocabulary\.uncefact\.org\/\S+> \S+ \.$/m);
  });

  it("tells of messages in a batch as of any other, and by which batch they went", async () => {
    const some = ["1", "2", "3"].map((number) => message({ subject: parseSubject(`batched:${number}`) }));
    await post(...some);
    for (const each of some) {
      const { messages } = await read(each.subject);
      expect(messages).to.have.length(1);
      expect(messages[0]?.batch).to.match(/^urn:icl:batch:0x/);
      expect(messages[0]?.certificate).to.include({ type: "Certificate", acquitted: false });
    }
  });

  it("gives pages by the cursor of GET /messages, each with the documents that its messages name", async () => {
    const about = (number: number) =>
      message({ predicate: attached, obj: multihashOf(String(number).repeat(64)) });
    const all = [1, 2, 3, 4, 5].map(about);
    await post(...all);
    const seen: string[] = [];
    let query = "?limit=2";
    let pages = 0;
    for (let next: string | null = ""; next !== null; pages += 1) {
      const page = await read(message().subject, query);
      expect(page.documents.map(({ id }) => id)).to.deep.equal(page.messages.map(({ obj }) => obj));
      seen.push(...page.messages.map((each) => each.messageId));
      next = page.next;
      query = `?limit=2&after=${next}`;
    }
    expect(pages).to.equal(3);
    expect(seen).to.have.members(all.map(messageId));
    const beyond = Buffer.from("m999999").toString("base64url");
    expect((await read(message().subject, `?after=${beyond}`)).messages).to.deep.equal([]);
    for (const wrong of ["?after=x", "?limit=0", "?limit=1001", "?after=dDE"]) {
      const problem = await problemOf(await ask(message().subject, { query: wrong }));
      expect(problem.code, wrong).to.equal("malformed-request");
    }
  });

  it("answers alike for a subject that others speak of and one that nobody speaks of", async () => {
    await post(message());
    const row = { sender: "customs.gov.sg", receiver: "customs.gov.cn", subject: "hidden:1" };
    await node.store.db.updateTable("message").set(row).execute();
    const answer = async (subject: string) => {
      const response = await ask(subject);
      const body = (await response.text()).replaceAll(encodeURIComponent(subject), "");
      return { status: response.status, body };
    };
    const hidden = await answer("hidden:1");
    expect(hidden.status).to.equal(404);
    expect(hidden).to.deep.equal(await answer("absent:1"));
  });

  it("is for users who may read messages: neither for others, nor for other participants' nodes", async () => {
    await post(message());
    for (const [as, code] of [
      ["clerk", "not-allowed"],
      ["cn", "not-allowed"],
      ["nobody", "token-missing"],
    ] as const) {
      expect((await problemOf(await ask(message().subject, { as }))).code, as).to.equal(code);
    }
  });

  it("takes a subject of any form, and one that looks like the node's own names is none of them", async () => {
    const id = messageId(message());
    for (const text of [`urn:icl:message:${id}`, "a/b?c#d%e", '"<>\\^`{|}', "https://x.example/#y", "_:b0"]) {
      const subject = parseSubject(text);
      await post(message({ subject, predicate: attached }));
      const page = await read(subject);
      expect(page.subject).to.equal(subject);
      expect(page.id).not.to.equal(subject);
      const quads = await quadsOf(semantics.documentTypes, page);
      expect(quads).to.match(/^<urn:icl:subject:[^<>"{}|\\^`\s]+> <\S+subjectText> /m);
    }
    // Its address is that of a call of its own, unless a letter of it is written otherwise.
    await post(message({ subject: parseSubject("private"), predicate: attached }));
    const headers = { authorization: "Test reader" };
    const reserved = await fetch(`${server.url}/subjects/%70rivate`, { headers });
    expect(reserved.status).to.equal(200);
    expect(await reserved.json()).to.include({ subject: "private" });
    for (const wrong of ["a b", "ä", "x".repeat(201)]) {
      expect((await ask(wrong)).status, wrong).to.equal(400);
    }
  });

  it("gives plain JSON to those who ask for it", async () => {
    await post(message());
    const response = await ask(message().subject, { accept: "application/json" });
    expect(response.headers.get("content-type")).to.match(/^application\/json/);
    expect(response.headers.get("vary")).to.match(/accept/i);
    expect(await response.json()).to.deep.equal(await read(message().subject));
  });

  it("follows what a certificate says of others, to subjects that the caller may see, by number and by the node's own key", async () => {
    const base = wine as Record<string, unknown> & { credentialSubject: object };
    const replacing = (number: string) => ({
      ...base,
      credentialSubject: { ...base.credentialSubject, replaces: { number } },
    });
    const keyed = subjects.privateSubject(COO, "OLD-2").subject;
    await post(message({ subject: parseSubject("OLD-1") }), message({ subject: keyed, predicate: attached }));
    for (const number of ["OLD-1", "OLD-2", "OLD-3", "none at all", "été"]) {
      await post(message({ predicate: attached, obj: await hold(replacing(number)) }));
    }
    const { documents } = await read(message().subject);
    const links = new Map(documents.map(({ links: [only] = [] }) => [only?.number, only]));
    expect(links.get("OLD-1")).to.deep.equal({
      ...{ type: "Link", link: "replaces", documentType: COO, number: "OLD-1" },
      subjects: ["urn:icl:subject:OLD-1"],
    });
    expect(links.get("OLD-2")?.subjects).to.deep.equal([`urn:icl:subject:${keyed}`]);
    for (const number of ["OLD-3", "none at all", "été"]) {
      expect(links.get(number)?.subjects, number).to.deep.equal([]);
    }
    // What somebody else speaks of is as what nobody speaks of.
    await node.store.db
      .updateTable("message")
      .set({ sender: "customs.gov.sg", receiver: cn })
      .where("subject", "=", "OLD-1")
      .execute();
    const later = await read(message().subject);
    expect(
      later.documents.flatMap(({ links: some = [] }) => some).find(({ number }) => number === "OLD-1")
        ?.subjects,
    ).to.deep.equal([]);
  });

  it("puts on record what content it shows, and nothing of what it does not", async () => {
    const shown = await hold(wine);
    await post(
      message({ obj: shown, predicate: attached }),
      message({ obj: await hold({ x: 1 }), predicate: attached }),
    );
    await read(message().subject);
    expect((await reads()).map(({ object }) => object)).to.deep.equal([digestOf(shown)]);
  });

  it("gives a hostile document by reference, with the rest of the graph untouched", async () => {
    const other = `urn:icl:message:${messageId(message())}`;
    const base = wine as Record<string, unknown> & { credentialSubject: object };
    const hostile = [
      { ...base, id: other },
      { ...base, "@context": [...(base["@context"] as string[]), EVIL] },
      { ...base, "@context": EVIL },
      { ...base, credentialSubject: { ...base.credentialSubject, "@context": { number: "@id" } } },
      { ...base, credentialSubject: { ...base.credentialSubject, id: other } },
      { "@context": EVIL, "@graph": [{ "@id": other, status: "delivered" }] },
    ];
    for (const content of hostile) await post(message({ predicate: attached, obj: await hold(content) }));
    await post(message({ obj: await hold(wine) }));
    const page = await read(message().subject);
    const omitted = page.documents.map(({ contentOmitted }) => contentOmitted);
    expect(omitted).to.have.length(7);
    expect(omitted.filter((reason) => reason === undefined)).to.have.length(1);
    expect(JSON.stringify(page)).not.to.contain("attacker");
    await quadsOf(semantics.documentTypes, page);
  });

  it("gives a signed credential as what it says, and tells why it has nothing of a document that is gone", async () => {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const jwt = `${part({ alg: "ES256", typ: "vc+jwt" })}.${part(wine)}.c2lnbmF0dXJl`;
    const signed = await hold(jwt, "application/vc+jwt");
    const [gone, lost] = [multihashOf("1e".repeat(32)), multihashOf("2e".repeat(32))];
    for (const obj of [signed, gone, lost]) await node.post(message({ predicate: attached, obj }));
    await node.store.db.deleteFrom("document").where("digest", "=", digestOf(gone)).execute();
    await node.store.db
      .insertInto("document_erasure")
      .values({
        ...{ digest: digestOf(gone), origin: "user", stored_by: "clerk", erased_at: 1 },
        ...{ erased_by: "retention", reason: "retention", bytes_removed: 1 },
      })
      .execute();
    const { documents } = await read(message().subject);
    const of = (multihash: string) => documents.find((each) => each.multihash === multihash);
    expect(of(signed)).to.include({ mediaType: "application/vc+jwt", documentType: COO });
    expect(of(signed)?.content).to.have.nested.property("credentialSubject.number", "WBC208897");
    expect(of(gone)?.contentOmitted).to.equal("erased");
    expect(of(lost)?.contentOmitted).to.equal("damaged");
  });

  it("looks into twenty documents a page at most, and into none that is large", async () => {
    const large = await hold({ filling: "x".repeat(300 * 1024) });
    await post(message({ obj: large, predicate: attached, receiver: cn }));
    for (let number = 0; number < 21; number += 1) {
      await node.post(message({ predicate: attached, obj: await hold({ number }) }));
    }
    const { documents } = await read(message().subject);
    const reasons = documents.map(({ contentOmitted }) => contentOmitted);
    expect(reasons[0]).to.equal("too-large");
    expect(reasons.filter((reason) => reason === "unknown-type")).to.have.length(20);
    expect(reasons.filter((reason) => reason === "page-full")).to.have.length(1);
    expect(documents.at(-1)?.url).to.be.a("string");
  });
});
