import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { copyFile, mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect } from "chai";

import { digestOf, parseMultihash } from "../../src/domain/multihash.ts";
import { createLogger } from "../../src/log.ts";
import type { Store } from "../../src/store/store.ts";
import { attached, au, cn } from "../channels/fixtures.ts";
import { startWorld, type Country, type CountryConfig, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { problemOf } from "../http/test-app.ts";
import { eachStore } from "../store/each-store.ts";

const run = promisify(execFile);
const SMALL = 10_000;
/** Above what is compared anew at each reading. */
const LARGE = 1_500_000;
const MEBIBYTE = 1024 * 1024;

const pathOf = ({ documents }: CountryConfig, multihash: string) => {
  const digest = digestOf(parseMultihash(multihash));
  return join(documents.directory, "content", digest.slice(0, 2), digest);
};
const incoming = ({ documents }: CountryConfig) => readdir(join(documents.directory, "incoming"));

const ready = async ({ officer }: Country) => {
  const response = await officer.request("/health/ready");
  const { checks } = (await response.json()) as { checks: { name: string; ok: boolean }[] };
  return { status: response.status, failing: checks.filter(({ ok }) => !ok).map(({ name }) => name) };
};

/** Ways in which a file stops being what it was; `other` is a good document. */
const damages: Readonly<Record<string, (file: string, other: string) => Promise<void>>> = {
  "one bit of it flipped": async (file) => {
    const handle = await open(file, "r+");
    const byte = Buffer.alloc(1);
    await handle.read(byte, 0, 1, 5_000);
    await handle.write(Buffer.from([byte.readUInt8() ^ 1]), 0, 1, 5_000);
    await handle.close();
  },
  "it was cut short": (file) => truncate(file, 6_000),
  "it is gone": (file) => rm(file),
  "it holds another document": (file, other) => copyFile(other, file),
};

eachStore(
  "documents on a disc that fails",
  (_openFresh, source) => {
    describe("of two countries", () => {
      let world: World;
      let australia: Country;
      let china: Country;
      let notes = 0;
      let besides: Store;
      const lines: string[] = [];

      before(async function () {
        this.timeout(120_000);
        world = await startWorld();
        const log = createLogger({ level: "error", write: (line) => void lines.push(line) });
        australia = await world.start(await world.configure(au, "AU", await source.freshLocation()));
        const location = await source.freshLocation();
        china = await world.start(await world.configure(cn, "CN", location), { log });
        besides = await source.open(location, cn);
        await eventually(async () => (await ready(australia)).status === 200);
        await eventually(async () => (await ready(china)).status === 200);
      });
      after(() => world.close());

      const bring = async (bytes: Uint8Array<ArrayBuffer>) => {
        const obj = await australia.officer.store(bytes, "application/octet-stream");
        const subject = `note:${(notes += 1)}`;
        return { obj, id: await australia.officer.send({ receiver: cn, subject, predicate: attached, obj }) };
      };
      const damagedCount = async ({ config }: Country) => {
        const administrator = await world.officer(config, ["admin"]);
        const text = await (await administrator.request("/metrics")).text();
        return Number(/^icl_documents_damaged_total(?:\{.*\})? (\d+)$/m.exec(text)?.[1] ?? 0);
      };

      for (const [size, bytes] of [
        ["small", SMALL],
        ["large", LARGE],
      ] as const) {
        it(`never show a ${size} one that is damaged, nor a part of it, and fetch it again from its sender`, async function () {
          this.timeout(120_000);
          const content = Uint8Array.from(randomBytes(bytes));
          const { obj, id } = await bring(content);
          await china.officer.until(id, "available");
          const other = await bring(Uint8Array.from(randomBytes(bytes)));
          await china.officer.until(other.id, "available");
          const { journal } = await china.officer.until(id, "available");
          const good = async () => {
            const { status, bytes: read } = await china.officer.read(obj);
            return status === 200 && Buffer.from(read).equals(content);
          };
          // Whoever reads it while it is being mended has it mended once more: a damage made just then would not last.
          const nothingInLine = async () => {
            const fetches = besides.db.selectFrom("document_fetch").select("message_id");
            return (await fetches.where("state", "=", "queued").execute()).length === 0;
          };
          for (const [what, damage] of Object.entries(damages)) {
            for (const headers of [{}, { range: "bytes=0-9" }] as const) {
              await eventually(nothingInLine, { what: "an end of all mending" });
              expect(await good(), "it was compared, and found good").to.equal(true);
              lines.length = 0;
              const counted = await damagedCount(china);
              await damage(pathOf(china.config, obj), pathOf(china.config, other.obj));
              const answer = await china.officer.request(`/documents/${obj}`, { headers });
              expect(await problemOf(answer), what).to.include({ status: 500, code: "document-damaged" });
              expect(lines.join(""), "the operator is told").to.contain("a stored document is damaged");
              expect(await damagedCount(china)).to.equal(counted + 1);
              await eventually(good, { within: 30_000, what: `though ${what}, it is whole again` });
            }
          }
          const record = await china.officer.message(id);
          expect(record?.journal, "available is never left").to.deep.equal(journal);
        });
      }

      it("do not pass a damaged one on; stored once more, it goes its way", async function () {
        this.timeout(60_000);
        const content = Uint8Array.from(randomBytes(SMALL));
        const obj = await australia.officer.store(content, "application/pdf");
        const [flip] = Object.values(damages);
        await flip?.(pathOf(australia.config, obj), "");
        const draft = { receiver: cn, subject: `note:${(notes += 1)}`, predicate: attached, obj };
        const id = await australia.officer.send(draft);
        await china.officer.until(id, "fetch-failed");
        const { journal } = await china.officer.until(id, "fetch-failed");
        expect(journal.at(-1)?.reason?.code).to.equal("peer-refused");
        expect((await china.officer.read(obj)).status).to.equal(404);
        expect((await australia.officer.read(obj)).status, "nobody else has it").to.equal(500);
        expect(await damagedCount(australia)).to.be.greaterThan(1);
        expect(await australia.officer.store(content, "application/pdf")).to.equal(obj);
        await china.officer.until(id, "available");
        expect(Buffer.from((await china.officer.read(obj)).bytes).equals(content)).to.equal(true);
      });
    });

    describe("that is full", () => {
      let disc: string;
      let mounted = false;
      let world: World;
      let australia: Country;
      let china: Country;

      before(async function () {
        this.timeout(120_000);
        disc = await mkdtemp(join(tmpdir(), "icl-disc-"));
        try {
          await run("mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", disc]);
          mounted = true;
        } catch {
          process.stdout.write("      left out: a small file system can be mounted by root on Linux only\n");
          this.skip();
        }
        world = await startWorld();
        const onDisc = async (participant: typeof au, jurisdiction: string) => {
          const config = await world.configure(participant, jurisdiction, await source.freshLocation());
          const documents = { ...config.documents, directory: join(disc, participant) };
          return world.start({ ...config, documents });
        };
        australia = await onDisc(au, "AU");
        china = await onDisc(cn, "CN");
        await eventually(async () => (await ready(australia)).status === 200);
        await eventually(async () => (await ready(china)).status === 200);
      });
      after(async () => {
        if (!mounted) return;
        await world.close();
        await run("umount", [disc]);
        await rm(disc, { recursive: true, force: true });
      });

      const fill = async () => {
        const filler = join(disc, "filler");
        for (const size of [MEBIBYTE, 4_096]) {
          const piece = Buffer.alloc(size);
          // Until the file system says that it takes no more.
          for (let full = false; !full;) {
            full = await writeFile(filler, piece, { flag: "a" }).then(
              () => false,
              () => true,
            );
          }
        }
      };
      const makeRoom = () => rm(join(disc, "filler"));
      const upload = (bytes: Uint8Array<ArrayBuffer>) =>
        australia.officer.request("/documents", {
          method: "POST",
          headers: { "content-type": "application/octet-stream" },
          body: bytes,
        });
      const storedFiles = async ({ documents }: CountryConfig) => {
        const names = await readdir(join(documents.directory, "content"), { recursive: true });
        return names.filter((name) => /[0-9a-f]{64}$/.test(name)).length;
      };

      it("takes no document, keeps nothing of it, says so, works on, and takes documents again when there is room", async function () {
        this.timeout(120_000);
        const kept = await australia.officer.store(Uint8Array.from(randomBytes(SMALL)), "text/plain");
        const files = await storedFiles(australia.config);
        const tooMuch = await upload(Uint8Array.from(randomBytes(5 * MEBIBYTE)));
        expect(Number(tooMuch.headers.get("retry-after"))).to.be.greaterThan(0);
        expect(await problemOf(tooMuch)).to.include({ status: 503, code: "unavailable" });
        expect(await incoming(australia.config), "nothing half stored").to.deep.equal([]);
        expect((await ready(australia)).status, "there is room for others").to.equal(200);

        await fill();
        const next = Uint8Array.from(randomBytes(SMALL));
        const refused = await upload(next);
        expect(Number(refused.headers.get("retry-after"))).to.be.greaterThan(0);
        expect(await problemOf(refused)).to.include({ status: 503, code: "unavailable" });
        expect(await incoming(australia.config)).to.deep.equal([]);
        expect(await storedFiles(australia.config)).to.equal(files);
        expect(await ready(australia)).to.deep.equal({ status: 503, failing: ["documents"] });

        // All else goes on.
        expect((await australia.officer.read(kept)).status).to.equal(200);
        const draft = { receiver: cn, subject: "note:full", predicate: attached, obj: kept };
        const id = await australia.officer.send(draft);
        await australia.officer.until(id, "delivered");
        const { journal } = await china.officer.until(id, "fetch-failed");
        expect(journal.at(-1)?.reason?.code).to.equal("storage-unavailable");
        expect(await incoming(china.config)).to.deep.equal([]);

        await makeRoom();
        await china.officer.until(id, "available");
        expect((await china.officer.read(kept)).status).to.equal(200);
        expect((await upload(next)).status).to.equal(201);
        expect((await ready(australia)).status).to.equal(200);
        expect((await readFile(pathOf(australia.config, kept))).length).to.equal(SMALL);
      });
    });
  },
  "suite",
);
