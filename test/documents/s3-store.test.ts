import { mkdtemp, open, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { S3Store } from "../../src/documents/s3-store.ts";
import type { Digest } from "../../src/domain/multihash.ts";
import { behavesAsDocumentStore } from "./document-store.behavior.ts";
import { S3_SERVER_TIMEOUT_MS, startS3Server, type S3Server } from "./s3-server.ts";

describe("S3 store", () => {
  let server: S3Server;
  let spool: string;
  let prefix: string;
  const stores: S3Store[] = [];

  before(async function () {
    this.timeout(S3_SERVER_TIMEOUT_MS);
    const started = await startS3Server();
    if (started === null) this.skip();
    else server = started;
  });
  after(async () => {
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- absent where the suite was skipped
    await server?.close();
  });

  beforeEach(async () => {
    spool = await mkdtemp(join(tmpdir(), "icl-spool-"));
    prefix = `tests/${randomUUID()}`;
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    await rm(spool, { recursive: true, force: true });
  });

  const pathOf = (digest: Digest) => join(server.directory, prefix, digest.slice(0, 2), digest);
  const openStore = async () => {
    const store = await S3Store.open(server.location({ prefix, spool }));
    stores.push(store);
    return store;
  };

  behavesAsDocumentStore(async () => ({
    store: await openStore(),
    anew: openStore,
    damage: async (digest, position) => {
      const file = await open(pathOf(digest), "r+");
      await file.write(Buffer.from([0x21]), 0, 1, position);
      await file.close();
    },
    replace: (digest, bytes) => writeFile(pathOf(digest), bytes),
    lose: (digest) => rm(pathOf(digest)),
    age: async (digest, milliseconds) => {
      const moment = new Date(Date.now() - milliseconds);
      await utimes(pathOf(digest), moment, moment);
    },
    unfinished: async () => [
      ...(await readdir(spool)),
      ...(await readdir(join(server.directory, prefix, "removing"), { recursive: true }).catch(() => [])),
    ],
  }));
});
