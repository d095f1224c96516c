import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { sql } from "kysely";
import { stringify } from "yaml";

import { recordActs } from "../../src/audit/audit-repository.ts";
import { AuditSealer } from "../../src/audit/audit-sealer.ts";
import { silentLogger } from "../../src/log.ts";
import { openStore } from "../../src/store/open-store.ts";
import { testParticipant } from "../store/each-store.ts";

const main = join(import.meta.dirname, "../../src/main.ts");
const HASH = `0x${"0f".repeat(32)}`;

describe("icl audit-check", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "icl-audit-check-"));
    const channel = {
      technology: "evm",
      rpcUrl: "http://127.0.0.1:1",
      chainId: 31337,
      finality: "immediate",
    };
    const pins = { genesisHash: HASH, address: `0x${"aa".repeat(20)}`, codeHash: HASH };
    await writeFile(
      join(directory, "node.yaml"),
      stringify({
        ...{ mode: "development", participant: testParticipant, jurisdiction: "AU" },
        ...{ publicUrl: "http://127.0.0.1:8551", store: { sqlite: "node.db" } },
        documents: { directory: "documents" },
        channels: [{ ...channel, ...pins, nodeKey: { env: "NODE_KEY" } }],
        identity: { issuers: [{ issuer: "http://127.0.0.1:1", audience: "x", development: true }] },
      }),
    );
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  const check = (...more: readonly string[]) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const env = { ...process.env, NODE_KEY: `0x${"12ab".repeat(16)}` };
      const words = [main, "audit-check", "--config", join(directory, "node.yaml"), ...more];
      execFile(process.execPath, words, { env }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });

  it("prints the head of a whole log, and tells of one that was changed or cut off", async function () {
    this.timeout(60_000);
    const database = { technology: "sqlite", file: join(directory, "node.db") } as const;
    const store = await openStore({ database, participant: testParticipant });
    const actor = { kind: "system", name: "ledger" } as const;
    const act = { act: "document.opened", actor, at: 1, object: null } as const;
    await recordActs(store.db, [act, act, act]);
    await new AuditSealer({ store, owner: "x", log: silentLogger, now: Date.now }).sealAll();

    const whole = await check();
    expect(whole.code, whole.err).to.equal(0);
    const head = /^3:[0-9a-f]{64}$/m.exec(whole.out)?.[0] ?? "";
    expect(head).not.to.equal("");
    expect((await check("--head", head)).code).to.equal(0);
    expect((await check("--head", "3")).code).to.equal(2);

    for (const name of ["audit_update", "audit_delete"])
      await sql.raw(`drop trigger ${name}`).execute(store.db);
    await sql`delete from audit where position = 3`.execute(store.db);
    expect((await check()).code, "what is left is whole").to.equal(0);
    expect(await check("--head", head)).to.deep.include({ code: 1, out: "" });
    await sql`update audit set actor = 'x' where position = 1`.execute(store.db);
    await store.close();
    const changed = await check();
    expect(changed.code).to.equal(1);
    expect(changed.err).to.contain("position 1");
  });
});
