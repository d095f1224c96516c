import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect } from "chai";

import { FileStore } from "../../src/documents/file-store.ts";
import { documentsRouter } from "../../src/http/documents-router.ts";
import { openStore } from "../../src/store/open-store.ts";
import { held } from "../held.ts";
import { serve } from "./test-app.ts";
import { authenticateAs, home, user } from "./test-callers.ts";

const OUTPUT = fileURLToPath(new URL("../../test-output/", import.meta.url));
const MIB = 1024 * 1024;
const SIZE = 1024 * MIB;
const GROWTH_ALLOWED = 64 * MIB;

const READER = `
  const { body } = await fetch(process.argv[1], { headers: { authorization: "Bearer officer" } });
  let received = 0;
  for await (const chunk of body) received += chunk.length;
  process.stdout.write(String(received));
`;
const run = promisify(execFile);

describe("a document of 1 GiB", () => {
  it("is stored and read back without growing memory by 64 MiB", async function () {
    this.timeout(120_000);
    // On a disk, as documents are, also where the other tests' files are kept in memory.
    await mkdir(OUTPUT, { recursive: true });
    const directory = await mkdtemp(join(OUTPUT, "icl-large-"));
    const store = await openStore({
      database: { technology: "sqlite", file: join(directory, "node.db") },
      participant: home,
    });
    const files = await FileStore.open(join(directory, "documents"));
    const router = documentsRouter({ store, files, maxBytes: SIZE, now: Date.now });
    const officer = user("officer", "documents:write", "messages:read");
    const server = await serve(authenticateAs({ officer }), [router]);
    let peak = 0;
    // Of what is thrown away, V8 lets some 64 MiB lie at times: a document that is held is what must not be.
    const watch = setInterval(() => (peak = Math.max(peak, held())), 50);
    try {
      // The sender shares this process, so it gives the same megabyte again and again.
      const upload = async (bytes: number) => {
        const chunk = Buffer.alloc(MIB, 7);
        const outgoing = httpRequest(`${server.url}/documents`, {
          method: "POST",
          headers: {
            authorization: "Bearer officer",
            "content-type": "application/pdf",
            "content-length": bytes,
          },
        });
        const answer = new Promise<string>((resolve, reject) => {
          outgoing.on("response", (incoming) => void text(incoming).then(resolve, reject));
          outgoing.on("error", reject);
        });
        const content = Readable.from(
          (function* () {
            for (let given = 0; given < bytes; given += MIB) yield chunk;
          })(),
          { objectMode: false },
        );
        await pipeline(content, outgoing);
        return JSON.parse(await answer) as { multihash: string; size: number };
      };
      // The reader is a process of its own: what it reads would else count as the node's until it is collected.
      const download = async (multihash: string) => {
        const address = `${server.url}/documents/${multihash}`;
        const { stdout } = await run(process.execPath, ["--input-type=module", "-e", READER, address]);
        return Number(stdout);
      };
      await download((await upload(128 * MIB)).multihash); // code is compiled and buffers are pooled
      peak = 0;
      const before = held();
      const { multihash, size } = await upload(SIZE);
      expect(size).to.equal(SIZE);
      expect(peak - before, "growth while storing").to.be.lessThan(GROWTH_ALLOWED);
      expect(await download(multihash)).to.equal(SIZE);
      expect(peak - before, "growth while reading").to.be.lessThan(GROWTH_ALLOWED);
    } finally {
      clearInterval(watch);
      await server.close(0);
      await store.close();
      await rm(directory, { recursive: true, force: true });
    }
  });
});
