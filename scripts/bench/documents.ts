import { createHash, randomBytes } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";

import type { Field } from "./field.ts";
import { measureOf, median, timed, type Measures } from "./measure.ts";

const MB = 1_000_000;

/**
 * Documents up and down, and in turn with them what no node can do without: writing and syncing the same bytes to the same
 * disk, reading them, hashing them.
 *
 * @param bytes of a document
 */
export async function benchDocuments(
  { officer, directory }: Field,
  { rounds, bytes }: { readonly rounds: number; readonly bytes: number },
): Promise<Measures> {
  const times: Record<string, number[]> = { upload: [], download: [], write: [], read: [], hash: [] };
  const note = async (name: string, work: () => Promise<unknown>) => {
    times[name]?.push((await timed(work)).ms);
  };
  for (let round = 0; round < rounds; round += 1) {
    const content = randomBytes(bytes);
    const file = join(directory, `plain-${round}`);
    await note("write", () => writeSynced(file, content));
    let multihash = "";
    await note("upload", async () => {
      multihash = await officer.store(content, "application/octet-stream");
    });
    await note("hash", () => Promise.resolve(createHash("sha256").update(content).digest()));
    await note("read", () => readFile(file));
    await note("download", async () => {
      const { status, bytes: got } = await officer.read(multihash);
      if (status !== 200 || got.byteLength !== bytes) throw new Error("The document did not come back.");
    });
  }
  const of = (name: string, plain?: string) => {
    const all = times[name] ?? [];
    const measure = measureOf(all, bytes / MB / (median(all) / 1000), "MB/s");
    if (plain === undefined) return measure;
    return { ...measure, times: measure.p50 / median(times[plain] ?? []) };
  };
  return {
    "document upload": of("upload", "write"),
    "document download": of("download", "read"),
    "plain write and sync": of("write"),
    "plain read": of("read"),
    "sha-256": of("hash"),
  };
}

async function writeSynced(path: string, content: Uint8Array): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
