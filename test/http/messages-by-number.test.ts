import { mkdir, mkdtemp, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";

import { expect } from "chai";
import { sql } from "kysely";

import { recordDocument } from "../../src/documents/document-repository.ts";
import { eraseDocument } from "../../src/documents/erasure.ts";
import { FileStore } from "../../src/documents/file-store.ts";
import { NumberReader } from "../../src/documents/number-reader.ts";
import { documentsNumbered, documentsUnread } from "../../src/documents/number-repository.ts";
import type { Message } from "../../src/domain/message.ts";
import { digestOf, multihashOf, type Digest, type Multihash } from "../../src/domain/multihash.ts";
import type { SubjectPattern } from "../../src/domain/subject-pattern.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { messagesRouter } from "../../src/http/messages-router.ts";
import type { HttpServer } from "../../src/http/server.ts";
import type { Caller } from "../../src/identity/caller.ts";
import { silentLogger } from "../../src/log.ts";
import type { MessageRecord } from "../../src/messages/message-record.ts";
import { openSemantics } from "../../src/node/node-semantics.ts";
import { keyedSubject } from "../../src/semantics/private-subject.ts";
import { Subjects } from "../../src/semantics/subjects.ts";
import { au, cn, message } from "../channels/fixtures.ts";
import { eventually } from "../eventually.ts";
import { channelOf, filesForTests, ledgerOf, rigOf, testClock, userOf, type Rig } from "../messages/rig.ts";
import { validSamples } from "../semantics/samples.ts";
import { eachStore } from "../store/each-store.ts";
import { problemOf, serve } from "./test-app.ts";
import { authenticateAs } from "./test-callers.ts";

const COO = "preferential-certificate-of-origin";
const SECRET = "a secret of more than 32 characters";
const semantics = openSemantics();
const type = semantics.documentTypes.named(COO);
if (type === null) throw new Error("There is no such type.");
const sample = validSamples(type).get("chafta-wine.json") as { readonly credentialSubject: object };
const subjects = new Subjects(semantics.documentTypes, {}, SECRET);

const officer = userOf(au, ["messages:read", "messages:write"]);
const callers: Readonly<Record<string, Caller>> = {
  officer,
  limited: { ...officer, subjects: new Map([["messages:read", ["urn:other:*" as SubjectPattern]]]) },
  cn: { kind: "node", participant: cn, account: "0x1", channelId: "memory:0" },
};

eachStore("messages about a number", (openFresh) => {
  let node: Rig;
  let server: HttpServer;
  let reader: NumberReader;

  beforeEach(async () => {
    const clock = testClock();
    const ledger = ledgerOf(clock);
    node = await rigOf({ store: await openFresh(au), clock, channels: [channelOf(ledger, au)] });
    server = await serve(authenticateAs(callers), [messagesRouter({ ...node.accepting, subjects })]);
    const { store } = node;
    reader = new NumberReader({
      ...{ store, files: await filesForTests(), numberOf: semantics.numberOf, log: silentLogger, poll: 20 },
    });
  });

  afterEach(async () => {
    await reader.stop();
    await server.close(0);
  });

  const hold = async (content: unknown, mediaType = "application/json"): Promise<Multihash> => {
    const bytes = Buffer.from(typeof content === "string" ? content : JSON.stringify(content));
    const stored = await (await filesForTests()).put(Readable.from([bytes]), { maxBytes: 2 ** 24 });
    await recordDocument(node.store.db, { ...stored, mediaType, origin: "user", storedBy: "clerk", at: 1 });
    return multihashOf(stored.digest);
  };
  const numbered = (number: string) => ({
    ...sample,
    credentialSubject: { ...sample.credentialSubject, number },
  });
  const allRead = () => eventually(async () => (await documentsUnread(node.store.db, 1)).length === 0);
  const post = async (...messages: readonly Message[]) => {
    for (const each of messages) await node.post(each);
    await node.settle();
  };
  const ask = (number: string, as = "officer", more = "") =>
    fetch(`${server.url}/messages?number=${encodeURIComponent(number)}${more}`, {
      headers: { authorization: `Bearer ${as}` },
    });
  const found = async (number: string, as = "officer", more = "") => {
    const response = await ask(number, as, more);
    expect(response.status).to.equal(200);
    const { items } = (await response.json()) as { items: MessageRecord[] };
    return items.map(({ subject, predicate }) => `${subject} ${predicate.split(".").at(-1) ?? ""}`);
  };

  it("are found by what the held document says, with all that was said of it, though nothing on the ledger shows the number", async () => {
    const subject = parseSubject("urn:uuid:5d1a2b3c-0000-4000-8000-000000000001");
    const issued = { ...message(), subject, obj: await hold(numbered("WBC-1")) };
    await post(issued, {
      ...message(),
      subject: parseSubject("urn:other:1"),
      obj: await hold(numbered("WBC-2")),
    });
    expect(await found("WBC-1"), "before it was read").to.deep.equal([]);
    reader.start();
    await allRead();
    expect(await found("WBC-1")).to.deep.equal([`${subject} created`]);
    expect(await found("WBC-2", "officer", "&direction=outgoing&order=newest")).to.deep.equal([
      "urn:other:1 created",
    ]);
    expect(await found("WBC-2", "officer", "&direction=incoming")).to.deep.equal([]);
    for (const other of ["WBC", "wbc-1", "WBC-1 2", "%", "WBC-_"])
      expect(await found(other)).to.deep.equal([]);
  });

  it("are found by the subject that is the number, and by what this node keys of it, without any document", async () => {
    const keyed = keyedSubject(SECRET, COO, "WBC-3");
    const foreign = keyedSubject("somebody else's secret of 32 characters", COO, "WBC-3");
    await post(
      { ...message(), subject: parseSubject("WBC-3") },
      { ...message(), subject: keyed },
      { ...message(), subject: foreign },
    );
    expect(await found("WBC-3")).to.have.members(["WBC-3 created", `${keyed} created`]);
  });

  it("are read out of a credential too, and out of nothing that is of no known type, is no JSON, or is large", async () => {
    const jwt = `e30.${Buffer.from(JSON.stringify(numbered("WBC-4"))).toString("base64url")}.e30`;
    const subject = parseSubject("urn:other:4");
    await post({ ...message(), subject, obj: await hold(jwt, "application/vc+jwt") });
    await hold("{", "application/json");
    await hold({ number: "WBC-5", credentialSubject: { number: "WBC-5" } });
    await hold("%PDF-1.7 WBC-5", "application/pdf");
    await hold({ ...numbered("WBC-5"), filling: "x".repeat(300_000) });
    await hold(numbered("Näme"));
    reader.start();
    await allRead();
    expect(await found("WBC-4")).to.deep.equal(["urn:other:4 created"]);
    const rows = await node.store.db.selectFrom("document").select("said_number").execute();
    expect(rows.flatMap(({ said_number: number }) => number ?? [])).to.deep.equal(["WBC-4"]);
  });

  it("are shown to those alone who see them anyway, and other nodes may not try numbers out", async () => {
    const subject = parseSubject("urn:uuid:5d1a2b3c-0000-4000-8000-000000000006");
    await post({ ...message(), subject, obj: await hold(numbered("WBC-6")) });
    await post({ ...message(), subject: parseSubject("urn:other:6"), obj: await hold(numbered("WBC-7")) });
    reader.start();
    await allRead();
    expect(await found("WBC-6", "limited")).to.deep.equal([]);
    expect(await found("WBC-7", "limited")).to.deep.equal(["urn:other:6 created"]);
    for (const number of ["WBC-6", "ABSENT"]) {
      const refused = await ask(number, "cn");
      expect(refused.status).to.equal(403);
      expect(await problemOf(refused)).to.include({ code: "not-allowed" });
    }
    for (const number of ["", " ", "x".repeat(71), "Näme", " WBC"]) {
      expect((await ask(number)).status, number).to.equal(400);
    }
  });

  it("are not found by it any more once the document is erased", async () => {
    const subject = parseSubject("urn:uuid:5d1a2b3c-0000-4000-8000-000000000008");
    const obj = await hold(numbered("WBC-8"));
    await post({ ...message(), subject, obj });
    reader.start();
    await allRead();
    expect(await found("WBC-8")).to.have.length(1);
    const erasing = { store: node.store, files: await filesForTests(), now: () => Date.now() };
    await eraseDocument(erasing, userOf(au, ["admin"]), digestOf(obj), "Its time is over.");
    expect(await found("WBC-8")).to.deep.equal([]);
  });

  it("are found though another document cannot be read, which is read when it can be", async () => {
    const directory = await mkdtemp(join(tmpdir(), "icl-numbers-"));
    const files = await FileStore.open(directory);
    const about: { readonly number: string; readonly digest: Digest; readonly bytes: Buffer }[] = [];
    for (const number of ["WBC-9", "WBC-10"]) {
      const bytes = Buffer.from(JSON.stringify(numbered(number)));
      const stored = await files.put(Readable.from([bytes]), { maxBytes: 2 ** 24 });
      await recordDocument(node.store.db, {
        ...{ ...stored, mediaType: "application/json", origin: "user", storedBy: "clerk", at: 1 },
      });
      about.push({ number, digest: stored.digest, bytes });
    }
    // The one that is come upon first.
    const [bad, good] = about.toSorted((one, other) => (one.digest < other.digest ? -1 : 1));
    if (bad === undefined || good === undefined) throw new Error("There are two.");
    const file = join(directory, "content", bad.digest.slice(0, 2), bad.digest);
    await rm(file);
    await mkdir(file); // the file system opens it, and gives nothing to read
    const restarted = () =>
      new NumberReader({
        ...{ store: node.store, files, numberOf: semantics.numberOf, log: silentLogger, poll: 20 },
      });
    const found = async ({ number }: { readonly number: string }) =>
      (await documentsNumbered(node.store.db, number, 2)).length === 1;
    const first = restarted();
    first.start();
    await eventually(() => found(good));
    await first.stop();
    expect(await found(bad)).to.equal(false);
    await rmdir(file);
    await files.put(Readable.from([bad.bytes]), { maxBytes: 2 ** 24 });
    const second = restarted();
    second.start();
    await eventually(() => found(bad));
    await second.stop();
    await rm(directory, { recursive: true });
  });

  it("are found by an index, and so are the documents that are yet to be read", async () => {
    const { db } = node.store;
    for (const [query, index] of [
      ["select digest from document where said_number = 'x' limit 100", "document_said_number"],
      ["select digest from document where number_read = 0 limit 100", "document_number_unread"],
      ["select distinct subject from message where digest in ('a', 'b')", "message_digest"],
    ] as const) {
      const isPostgres = node.store.dialect === "postgres";
      const plan = await db.transaction().execute(async (transaction) => {
        // Tables as small as these are sooner read whole.
        if (isPostgres) await sql`set local enable_seqscan = off`.execute(transaction);
        const explain = isPostgres ? "explain" : "explain query plan";
        return (await sql.raw(`${explain} ${query}`).execute(transaction)).rows;
      });
      expect(JSON.stringify(plan)).to.include(index);
    }
  });
});
