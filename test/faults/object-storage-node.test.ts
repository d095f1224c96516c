import { mkdtemp, open, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { expect } from "chai";

import type { Config } from "../../src/config.ts";
import { multihashOf } from "../../src/domain/multihash.ts";
import type { Domain } from "../../src/domain/participant.ts";
import { au, cn, created, sg } from "../channels/fixtures.ts";
import { openS3Door, type S3Door } from "../documents/s3-door.ts";
import { S3_SERVER_TIMEOUT_MS, startS3Server, type S3Server } from "../documents/s3-server.ts";
import { sha256 } from "../documents/document-store.behavior.ts";
import { MortalNode } from "../e2e/mortal-node.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe("nodes with their documents in object storage", () => {
  let server: S3Server;
  let world: World;
  let directory: string;
  let australia: Country;
  let china: Country;
  const doors = new Map<Domain, S3Door>();

  const doorOf = (participant: Domain): S3Door => {
    const door = doors.get(participant);
    if (door === undefined) throw new Error(`${participant} has no door.`);
    return door;
  };
  const configure = async (participant: Domain, jurisdiction: string): Promise<Config> => {
    const file = join(directory, `${participant}.db`);
    const config = await world.configure(participant, jurisdiction, { technology: "sqlite", file });
    const door = await openS3Door(server.url);
    doors.set(participant, door);
    const spool = join(directory, participant);
    const s3 = server.location({ prefix: `nodes/${participant}`, spool, endpoint: door.url });
    return { ...config, documents: { s3, maxBytes: config.documents.maxBytes } };
  };
  const pathOf = (participant: Domain, bytes: Uint8Array) =>
    join(server.directory, "nodes", participant, sha256(bytes).slice(0, 2), sha256(bytes));
  const isReady = async ({ config }: Country) => (await fetch(`${config.publicUrl}/health/ready`)).ok;

  before(async function () {
    this.timeout(S3_SERVER_TIMEOUT_MS + 120_000);
    const started = await startS3Server();
    if (started === null) return this.skip();
    server = started;
    directory = await mkdtemp(join(tmpdir(), "icl-s3-nodes-"));
    world = await startWorld();
    australia = await world.start(await configure(au, "AU"));
    china = await world.start(await configure(cn, "CN"));
  });

  after(async function () {
    this.timeout(60_000);
    /* eslint-disable @typescript-eslint/no-unnecessary-condition -- absent where the suite was skipped */
    await world?.close();
    for (const door of doors.values()) await door.close();
    await server?.close();
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
    /* eslint-enable @typescript-eslint/no-unnecessary-condition */
  });

  it("exchange a certificate, also when the sender's and then the receiver's storage is away for a while", async function () {
    this.timeout(180_000);
    const { officer } = australia;
    for (const away of [null, au, cn]) {
      const text = `certificate of origin, without the storage of ${away ?? "nobody"}`;
      const obj = await officer.store(bytesOf(text), "application/json");
      if (away !== null) {
        doorOf(away).disturb(() => "hang up");
        const country = away === au ? australia : china;
        await eventually(async () => !(await isReady(country)), { what: "a node that says it is not ready" });
      }
      const id = await officer.send({
        receiver: cn,
        subject: `number:${away ?? "none"}`,
        predicate: created,
        obj,
      });
      // The ledger knows nothing of anybody's storage.
      await officer.until(id, "delivered");
      if (away !== null) {
        expect((await (away === au ? officer : china.officer).message(id))?.status).not.to.equal("available");
        const admin = await world.officer((away === au ? australia : china).config, ["admin"]);
        const counted = async () =>
          /icl_document_storage_failures_total\S* [1-9]/.test(await (await admin.request("/metrics")).text());
        await eventually(counted, { what: "failures of the storage in the metrics" });
        doorOf(away).disturb(null);
      }
      await china.officer.until(id, "available");
      expect(Buffer.from((await china.officer.read(obj)).bytes).toString()).to.equal(text);
      await eventually(async () => (await isReady(australia)) && (await isReady(china)));
    }
  });

  it("show no byte of a document that was changed in the storage, and have it good again when it is brought again", async () => {
    const bytes = bytesOf("a document that somebody will change");
    const obj = await australia.officer.store(bytes, "text/plain");
    const file = await open(pathOf(au, bytes), "r+");
    await file.write(Buffer.from("B"), 0, 1, 0);
    await file.close();
    const response = await australia.officer.request(`/documents/${obj}`);
    expect(response.status).to.equal(500);
    expect(await response.json()).to.have.property("code", "document-damaged");
    await australia.officer.store(bytes, "text/plain");
    expect((await australia.officer.read(obj)).bytes).to.deep.equal(bytes);
  });

  it("refuse a document while their storage is away, with the time to come again, and erase all the same", async function () {
    this.timeout(60_000);
    const admin = await world.officer(australia.config, ["admin"]);
    const obj = await australia.officer.store(bytesOf("to be erased"), "text/plain");
    doorOf(au).disturb(() => ({ status: 503, headers: { "retry-after": "1" } }));
    try {
      const response = await australia.officer.request("/documents", {
        method: "POST",
        headers: { "content-type": "text/plain" },
        body: bytesOf("too early"),
      });
      expect(response.status).to.equal(503);
      expect(response.headers.get("retry-after")).to.equal("1");
      const erased = await admin.request(`/documents/${obj}?reason=order`, { method: "DELETE" });
      expect(erased.status).to.equal(200);
      expect(await erased.json()).to.have.property("bytesRemoved", false);
      expect((await australia.officer.read(obj)).status).to.equal(410);
    } finally {
      doorOf(au).disturb(null);
    }
    await australia.officer.store(bytesOf("too early"), "text/plain");
  });

  it("killed between the bytes and their row, keep no promise that they never made, and take the document again", async function () {
    this.timeout(120_000);
    const config = await configure(sg, "SG");
    const node = new MortalNode(config, dirname(join(directory, "sg.json")));
    try {
      await node.start();
      const officer = await world.officer(config);
      const bytes = bytesOf("stored, but nobody was told");
      const stored = Promise.withResolvers<undefined>();
      doorOf(sg).disturb(({ method, url }) => {
        if (method !== "PUT" || !url.endsWith(sha256(bytes))) return "pass";
        stored.resolve(undefined);
        return "hold back the answer";
      });
      const unanswered = officer.store(bytes, "text/plain").then(
        () => "answered",
        () => "cut off",
      );
      await stored.promise;
      await eventually(async () => (await readdir(dirname(pathOf(sg, bytes))).catch(() => [])).length === 1);
      await node.kill();
      expect(await unanswered).to.equal("cut off");
      doorOf(sg).disturb(null);

      await node.start();
      expect(await readdir(join(directory, sg)), "left in the spool").to.deep.equal([]);
      expect((await officer.read(multihashOf(sha256(bytes)))).status).to.equal(404);
      const again = await officer.store(bytes, "text/plain");
      expect((await officer.read(again)).bytes).to.deep.equal(bytes);
    } finally {
      await node.kill();
    }
  });
});
