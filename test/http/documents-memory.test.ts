import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { expect } from "chai";

const NODE = fileURLToPath(new URL("document-node.ts", import.meta.url));
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
    this.timeout(600_000); // what grows is asked, not how fast it goes
    // On a disk, as documents are, also where the other tests' files are kept in memory.
    await mkdir(OUTPUT, { recursive: true });
    const directory = await mkdtemp(join(OUTPUT, "icl-large-"));
    // What the tests before this one left in this process would be looked through at each look.
    const node = fork(NODE, [directory, String(SIZE)]);
    const said = async () => (await once(node, "message"))[0] as unknown;
    const heldAtMost = async () => {
      node.send("how much?");
      return Number(await said());
    };
    try {
      const url = String(await said());
      const upload = async (bytes: number) => {
        const chunk = Buffer.alloc(MIB, 7);
        const outgoing = httpRequest(`${url}/documents`, {
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
      const download = async (multihash: string) => {
        const address = `${url}/documents/${multihash}`;
        const { stdout } = await run(process.execPath, ["--input-type=module", "-e", READER, address]);
        return Number(stdout);
      };
      await download((await upload(MIB)).multihash); // code is compiled and buffers are pooled
      await heldAtMost();
      const before = await heldAtMost();
      const { multihash, size } = await upload(SIZE);
      expect(size).to.equal(SIZE);
      expect((await heldAtMost()) - before, "growth while storing").to.be.lessThan(GROWTH_ALLOWED);
      expect(await download(multihash)).to.equal(SIZE);
      expect((await heldAtMost()) - before, "growth while reading").to.be.lessThan(GROWTH_ALLOWED);
    } finally {
      node.disconnect();
      await once(node, "exit");
      await rm(directory, { recursive: true, force: true });
    }
  });
});
