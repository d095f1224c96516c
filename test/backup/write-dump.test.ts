import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";

import { expect } from "chai";

import { readDump } from "../../src/backup/read-dump.ts";
import { writeDump } from "../../src/backup/write-dump.ts";
import { connect } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store.ts";
import { au, cn } from "../channels/fixtures.ts";
import { insertMessage } from "../documents/message-row.ts";
import { eachStore } from "../store/each-store.ts";

eachStore("a dump", (_openFresh, source) => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "icl-dump-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  /** A message and the first line of its journal, in one transaction. */
  const say = (store: Store, id: string) =>
    store.db.transaction().execute(async (db) => {
      await insertMessage(db, { id, digest: "0".repeat(64), sender: au, receiver: cn });
      const line = { message_id: id, seq: 1, attempt: 1, status: "delivered", at: 1 };
      await db
        .insertInto("journal")
        .values({ ...line, reason_code: null, reason_detail: null })
        .execute();
    });

  it("is of one moment, however much is written while it is made", async function () {
    this.timeout(60_000);
    const location = await source.freshLocation();
    const store = await source.open(location);
    for (let number = 0; number < 1_500; number += 1) await say(store, `before ${number}`);
    const over = new AbortController();
    let written = 0;
    const writing = (async () => {
      for (; !over.signal.aborted; written += 1) {
        await say(store, `meanwhile ${written}`);
        await breathe();
      }
    })();
    const db = await connect(location);
    const file = join(directory, "dump");
    const [begun, ids] = [written, { message: [] as string[], journal: [] as string[] }];
    const header = { icl: "database", version: 1, participant: au, migrations: [], startedAt: 1 } as const;
    await writeDump({ db, dialect: location.technology }, file, { ...header, node: "" });
    expect(written, "something was written meanwhile").to.be.greaterThan(begun + 3);
    over.abort();
    await writing;
    await db.destroy();
    await readDump(file, {
      row: (row, { table, columns }) => {
        if (table === "message") ids.message.push(String(row[columns.indexOf("id")]));
        if (table === "journal") ids.journal.push(String(row[columns.indexOf("message_id")]));
        return undefined;
      },
    });
    expect(ids.message.length).to.be.at.least(1_500);
    expect(new Set(ids.message), "as many messages as journals").to.deep.equal(new Set(ids.journal));
  });
});
