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
import type { Store } from "../../src/store/store.ts";
import { testParticipant } from "../store/each-store.ts";

const main = join(import.meta.dirname, "../../src/main.ts");
const HASH = `0x${"0f".repeat(32)}`;

describe("icl audit", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "icl-audit-"));
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

  const check = (...more: readonly string[]) => icl("audit", "verify", ...more);
  const configured = () => ["--config", join(directory, "node.yaml")];

  const icl = (...words: readonly string[]) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const env = { ...process.env, NODE_KEY: `0x${"12ab".repeat(16)}` };
      execFile(process.execPath, [main, ...words], { env }, (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      });
    });

  const openDatabase = () => {
    const database = { technology: "sqlite", file: join(directory, "node.db") } as const;
    return openStore({ database, participant: testParticipant });
  };

  async function written(): Promise<Store> {
    const store = await openDatabase();
    const actor = { kind: "system", name: "ledger" } as const;
    const act = { act: "document.opened", actor, at: 1, object: null } as const;
    await recordActs(store.db, [act, { ...act, at: 2, detail: { participant: "customs.gov.cn" } }, act]);
    await sealed(store);
    return store;
  }

  const sealed = (store: Store) =>
    new AuditSealer({ store, owner: "x", log: silentLogger, now: Date.now }).sealAll();

  it("verify prints the head of a whole log, and tells of one that was changed or cut off", async function () {
    this.timeout(120_000);
    const store = await written();
    const verify = (...more: readonly string[]) => check(...configured(), ...more);
    const whole = await verify();
    expect(whole.code, whole.err).to.equal(0);
    const head = /^3:[0-9a-f]{64}$/m.exec(whole.out)?.[0] ?? "";
    expect(head).not.to.equal("");
    expect((await verify("--head", head)).code).to.equal(0);
    expect((await verify("--head", "3")).code).to.equal(2);

    for (const name of ["audit_update", "audit_delete"])
      await sql.raw(`drop trigger ${name}`).execute(store.db);
    await sql`delete from audit where position = 3`.execute(store.db);
    expect((await verify()).code, "what is left is whole").to.equal(0);
    expect(await verify("--head", head)).to.deep.include({ code: 1, out: "" });
    await sql`update audit set actor = 'x' where position = 1`.execute(store.db);
    await store.close();
    const changed = await verify();
    expect(changed.code).to.equal(1);
    expect(changed.err).to.contain("position 1");
  });

  it("export writes the log out, which goes on record, and verify checks it without the node", async function () {
    this.timeout(120_000);
    const store = await written();
    const exported = await icl("audit", "export", ...configured());
    expect(exported.code, exported.err).to.equal(0);
    const lines = exported.out.trimEnd().split("\n");
    expect(lines).to.have.length(3);
    await sealed(store);
    expect(await store.db.selectFrom("audit").select(["act", "actor"]).where("position", "=", 4).execute()) //
      .to.deep.equal([{ act: "audit.exported", actor: "command" }]);
    await store.close();
    await rm(join(directory, "node.db"));
    await rm(join(directory, "node.yaml"));

    const file = join(directory, "audit.ndjson");
    await writeFile(file, exported.out);
    const whole = await check("--file", file);
    expect(whole.code, whole.err).to.equal(0);
    const head = /^3:[0-9a-f]{64}$/m.exec(whole.out)?.[0] ?? "";

    await writeFile(file, `${lines.slice(0, 2).join("\n")}\n`);
    expect((await check("--file", file)).code, "what is left is whole").to.equal(0);
    const cut = await check("--file", file, "--head", head);
    expect(cut.code).to.equal(1);
    expect(cut.err).to.contain("position 3");
  });
});
