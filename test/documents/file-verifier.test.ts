import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, open, rm, writeFile, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { FileVerifier } from "../../src/documents/file-verifier.ts";
import type { Digest } from "../../src/domain/multihash.ts";

const bytes = randomBytes(1_000_000);
const digest = createHash("sha256").update(bytes).digest("hex") as Digest;

describe("file verifier", () => {
  let directory: string;
  let path: string;
  let file: FileHandle;
  let reads: number;
  let now: number;
  let verifier: FileVerifier;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "icl-verifier-"));
    path = join(directory, "document");
    await writeFile(path, bytes);
    file = await open(path);
    reads = 0;
    const read = file.read.bind(file);
    file.read = ((...where: [Buffer, number, number, number]) => {
      reads += 1;
      return read(...where);
    }) as typeof file.read;
    now = 0;
    verifier = new FileVerifier(() => now);
  });
  afterEach(async () => {
    await file.close();
    await rm(directory, { recursive: true, force: true });
  });

  it("reads a file once, however often and at how many places at once it is asked", async () => {
    expect(await Promise.all([verifier.isGood(file, digest), verifier.isGood(file, digest)])).to.deep.equal([
      true,
      true,
    ]);
    const once = reads;
    expect(await verifier.isGood(file, digest)).to.equal(true);
    expect(reads).to.equal(once);
  });

  it("reads it again when it changed, and after an hour", async () => {
    await verifier.isGood(file, digest);
    const once = reads;
    now = 60 * 60 * 1000 - 1;
    await verifier.isGood(file, digest);
    expect(reads).to.equal(once);
    now += 1;
    await verifier.isGood(file, digest);
    expect(reads).to.equal(2 * once);
    await writeFile(path, bytes.subarray(1));
    expect(await verifier.isGood(file, digest)).to.equal(false);
  });

  it("does not hold a bad state against a file that was made good", async () => {
    await writeFile(path, "bad");
    expect(await verifier.isGood(file, digest)).to.equal(false);
    await writeFile(path, bytes);
    expect(await verifier.isGood(file, digest)).to.equal(true);
  });

  it("distrusts a file that changes while it is compared", async () => {
    const read = file.read.bind(file);
    file.read = (async (...where: [Buffer, number, number, number]) => {
      const result = await read(...where);
      if (where[3] === 0) await writeFile(path, bytes); // the same bytes, but a change all the same
      return result;
    }) as typeof file.read;
    expect(await verifier.isGood(file, digest)).to.equal(false);
  });
});
