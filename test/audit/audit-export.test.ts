import { Readable } from "node:stream";

import { expect } from "chai";

import { exportedActs, checkExported } from "../../src/audit/audit-export.ts";
import { checkAudit } from "../../src/audit/audit-chain.ts";
import { recordActs } from "../../src/audit/audit-repository.ts";
import { AuditSealer } from "../../src/audit/audit-sealer.ts";
import { silentLogger } from "../../src/log.ts";
import { inRequest } from "../../src/request-context.ts";
import type { Store } from "../../src/store/store.ts";
import { eachStore } from "../store/each-store.ts";

async function write(store: Store, count: number): Promise<void> {
  const acts = Array.from({ length: count }, (_, number) => ({
    act: "document.read" as const,
    actor: { kind: "user", issuer: "https://id.gov.au", subject: `officer-${number}` } as const,
    at: 1_764_000_000_000 + number,
    object: "ab".repeat(32),
    detail: { number, note: 'a "quoted" word,\nand — a dash' },
  }));
  await inRequest("request-1", () => recordActs(store.db, acts));
  await new AuditSealer({ store, owner: "one", log: silentLogger, now: Date.now }).sealAll();
}

async function exported(store: Store): Promise<string[]> {
  let text = "";
  for await (const line of exportedActs(store.db)) text += line;
  return text.split("\n").slice(0, -1);
}

const check = (lines: readonly string[], head?: { position: number; hash: string }) =>
  checkExported(Readable.from(lines), head);

eachStore("an exported audit log", (openFresh) => {
  it("is whole without the database, over more than one page, and ends where the log does", async function () {
    this.timeout(60_000);
    const store = await openFresh();
    await write(store, 1_200);
    await recordActs(store.db, [
      { act: "access.refused", actor: { kind: "unknown", address: "::1" }, at: 1, object: null },
    ]);
    const lines = await exported(store);
    expect(lines, "what is not chained yet is left out").to.have.length(1_200);
    const { head } = await checkAudit(store.db);
    expect(await check(lines)).to.deep.equal({ head, fault: null });
    expect(await check(lines, head)).to.deep.equal({ head, fault: null });
  });

  it("is empty where nothing is on record", async () => {
    expect(await check(await exported(await openFresh()))).to.deep.include({ fault: null });
  });

  it("shows each way of tampering with it", async function () {
    this.timeout(60_000);
    const store = await openFresh();
    await write(store, 5);
    const lines = await exported(store);
    const { head } = await checkAudit(store.db);
    const [one = "", two = "", three = "", four = "", five = ""] = lines;
    const changed = (line: string, change: Record<string, unknown>) =>
      JSON.stringify({ ...(JSON.parse(line) as object), ...change });
    const ways: readonly (readonly [string, readonly string[], number])[] = [
      ["altered", [one, changed(two, { actor: "https://id.gov.au nobody" }), three, four, five], 2],
      ["altered in its detail", [one, changed(two, { detail: null }), three, four, five], 2],
      ["altered in its time", [one, changed(two, { at: 1 }), three, four, five], 2],
      ["removed", [one, three, four, five], 2],
      ["removed at the beginning", [two, three, four, five], 1],
      ["removed and numbered anew", [one, changed(three, { position: 2 }), four, five], 2],
      ["inserted", [one, two, two, three, four, five], 3],
      ["reordered", [one, three, two, four, five], 2],
      [
        "reordered and numbered anew",
        [one, changed(three, { position: 2 }), changed(two, { position: 3 })],
        2,
      ],
      ["no act", [one, "{}", three], 2],
      ["no JSON", [one, two.slice(0, 40)], 2],
      ["with a member more", [one, changed(two, { more: 1 }), three], 2],
      ["with a member less", [one, changed(two, { object: undefined }), three], 2],
    ];
    for (const [name, tampered, position] of ways) {
      expect((await check(tampered)).fault, name).to.have.property("position", position);
    }
    for (const cut of [[one, two, three, four], [one], []]) {
      expect((await check(cut)).fault, "what is left is whole").to.equal(null);
      expect((await check(cut, head)).fault, `cut after ${cut.length}`).to.deep.equal({
        position: cut.length + 1,
        detail: "The log ends before the position that was written down.",
      });
    }
  });

  it("made anew in another's favour is whole, but not the one whose head was written down", async () => {
    const [store, forged] = [await openFresh(), await openFresh()];
    await recordActs(store.db, [
      { act: "access.refused", actor: { kind: "unknown", address: "::1" }, at: 1, object: null },
    ]);
    await write(store, 2);
    await write(forged, 5);
    const { head } = await checkAudit(store.db);
    const lines = await exported(forged);
    expect((await check(lines)).fault).to.equal(null);
    expect((await check(lines, head)).fault).to.have.property("position", 3);
  });
});
