import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";

import { expect } from "chai";

import { framesOf, LARGEST_FRAMED } from "../../src/documents/document-frames.ts";
import { openToReceiver, recordDocument, recordIntent } from "../../src/documents/document-repository.ts";
import { FileStore } from "../../src/documents/file-store.ts";
import type { MessageId } from "../../src/domain/message.ts";
import { multihashOf, type Digest } from "../../src/domain/multihash.ts";
import { parseDomain } from "../../src/domain/participant.ts";
import { documentsRouter } from "../../src/http/documents-router.ts";
import type { HttpServer } from "../../src/http/server.ts";
import type { Store } from "../../src/store/store.ts";
import { insertMessage } from "../documents/message-row.ts";
import { eachStore } from "../store/each-store.ts";
import { problemOf, serve } from "./test-app.ts";
import { authenticateAs, home, node, user } from "./test-callers.ts";

const china = parseDomain("customs.gov.cn");
const digestFor = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex") as Digest;
const callers = {
  reader: user("reader", "messages:read"),
  clerk: user("clerk", "documents:write"),
  sender: user("sender", "messages:write"),
  cn: node("customs.gov.cn"),
  sg: node("customs.gov.sg"),
};

eachStore("POST /documents/retrieve", (openFresh) => {
  let directory: string;
  let store: Store;
  let files: FileStore;
  let server: HttpServer;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "icl-retrieve-many-"));
    store = await openFresh();
    files = await FileStore.open(directory);
    const router = documentsRouter({ store, files, maxBytes: 3_000_000, now: Date.now });
    server = await serve(authenticateAs(callers), [router]);
  });
  afterEach(async () => {
    await server.close(0);
    await rm(directory, { recursive: true, force: true });
  });

  const hold = async (content: string | Uint8Array, opened: boolean): Promise<Digest> => {
    const stored = await files.put(Readable.from([Buffer.from(content)], { objectMode: false }), {
      maxBytes: 3_000_000,
    });
    const { digest } = stored;
    const own = { mediaType: "application/json", origin: "user", storedBy: "issuer officer", at: 1 } as const;
    await recordDocument(store.db, { ...stored, ...own });
    if (!opened) return digest;
    const messageId = `0x${digestFor(digest)}` as MessageId;
    await recordIntent(store.db, { messageId, digest, participant: china });
    await insertMessage(store.db, { id: messageId, digest, sender: home, receiver: china });
    await openToReceiver(store.db, { messageId, at: 1 });
    return digest;
  };
  const ask = (as: keyof typeof callers, asked: unknown, contentType = "application/json") =>
    fetch(`${server.url}/documents/retrieve`, {
      method: "POST",
      headers: { authorization: `Bearer ${as}`, "content-type": contentType },
      body: JSON.stringify(asked),
    });
  const read = async (as: keyof typeof callers, digests: readonly Digest[]) => {
    const response = await ask(
      as,
      digests.map((digest) => multihashOf(digest)),
    );
    expect(response.status).to.equal(200);
    expect(response.headers.get("content-type")).to.equal("application/vnd.icl.documents");
    const body = response.body ?? new ReadableStream<Uint8Array>();
    const frames = [];
    for await (const { status, content } of framesOf(body, digests)) {
      frames.push(status === 200 ? content.toString("latin1") : status);
    }
    return frames;
  };
  const reads = () =>
    store.db
      .selectFrom("audit")
      .select(["object as digest", "actor as reader"])
      .where("act", "=", "document.read")
      .execute();

  it("sends each document in the order asked for, and puts each on record as read", async () => {
    const [a, b] = [await hold("first\n{}", true), await hold("second", true)];
    expect(await read("cn", [b, a])).to.deep.equal(["second", "first\n{}"]);
    expect(await reads()).to.have.deep.members([
      { digest: a, reader: china },
      { digest: b, reader: china },
    ]);
  });

  it("says the same of what is absent and of what is not open to the caller", async () => {
    const [open, closed] = [await hold("open", true), await hold("closed", false)];
    const absent = digestFor("absent");
    expect(await read("cn", [closed, open, absent])).to.deep.equal([404, "open", 404]);
    expect(await read("sg", [closed, open, absent])).to.deep.equal([404, 404, 404]);
    expect((await reads()).map(({ digest }) => digest)).to.deep.equal([open]);
  });

  it("has large documents be asked for alone", async () => {
    const large = await hold(new Uint8Array(LARGEST_FRAMED + 1), true);
    const fits = await hold(new Uint8Array(LARGEST_FRAMED), true);
    const small = await hold("small", true);
    const [first, second, third] = await read("cn", [large, fits, small]);
    expect([first, third]).to.deep.equal([413, "small"]);
    expect(second).to.have.length(LARGEST_FRAMED);
  });

  it("says that one is damaged, and sends the others", async () => {
    const [damaged, good] = [await hold("damaged", true), await hold("good", true)];
    await writeFile(join(directory, "content", damaged.slice(0, 2), damaged), "other bytes");
    expect(await read("cn", [damaged, good])).to.deep.equal([500, "good"]);
  });

  it("shows a user what that user may read alone", async () => {
    const mine = await hold("mine", false);
    expect(await read("reader", [mine])).to.deep.equal(["mine"]);
    expect(await read("clerk", [mine])).to.deep.equal([404]);
    const refused = await ask("sender", [multihashOf(mine)]);
    expect(await problemOf(refused)).to.include({ status: 403, code: "not-allowed" });
  });

  it("refuses what is no list of hashes, before it reads anything", async () => {
    const good = multihashOf(await hold("good", true));
    const many = Array.from({ length: 1_001 }, (_, index) => multihashOf(digestFor(`${index}`)));
    for (const asked of [[], {}, [1], [good, good], many]) {
      expect(await problemOf(await ask("cn", asked))).to.include({ status: 400, code: "malformed-request" });
    }
    const wrong = await ask("cn", [good, "QmNoHash"]);
    expect(await problemOf(wrong)).to.include({ status: 400, code: "malformed-multihash" });
    const text = await ask("cn", [good], "text/plain");
    expect(await problemOf(text)).to.include({ status: 415 });
    const huge = await ask("cn", ["x".repeat(500_000)]);
    expect(await problemOf(huge)).to.include({ status: 413, code: "body-too-large" });
    expect(await reads()).to.deep.equal([]);
  });
});
