import { expect } from "chai";

import type { Hex32 } from "../../src/domain/hex.ts";
import type { MessageStatus } from "../../src/domain/journal.ts";
import { messageId } from "../../src/domain/message.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { appendJournals, openJournals, readJournals } from "../../src/messages/journal-repository.ts";
import { findMessage, insertMessages, type NewMessage } from "../../src/messages/message-repository.ts";
import type { Store } from "../../src/store/store.ts";
import { au, message } from "../channels/fixtures.ts";
import { eachStore } from "../store/each-store.ts";

const COUNT = 2_345; // more than one statement carries

function fresh(number: number, status: MessageStatus = "pending"): NewMessage {
  const content = message({ subject: parseSubject(`number:${number}`) });
  return {
    id: messageId(content),
    message: content,
    direction: "outgoing",
    channelId: "memory:1",
    effect: "issue",
    status,
    createdAt: 1,
    acceptedBy: null,
    txn: null,
    height: null,
  };
}

eachStore("the journals of many messages", (openFresh) => {
  const rows = Array.from({ length: COUNT }, (_, number) => fresh(number));
  const ids = rows.map(({ id }) => id);
  let store: Store;

  beforeEach(async () => {
    store = await openFresh(au);
    await store.db.transaction().execute(async (db) => {
      await insertMessages(db, rows);
      await openJournals(db, { messageIds: ids, status: "pending", at: 5 });
    });
  });

  const append = (steps: Parameters<typeof appendJournals>[1]) =>
    store.transact((db) => appendJournals(db, steps));

  it("are opened and appended to as one by one, in the order given", async () => {
    const reason = { code: "SettlementEmpty", detail: "Nothing was left to settle." };
    expect([...(await append({ messageIds: ids, status: "bundled", at: 6 }))]).to.deep.equal(ids);
    await append({ messageIds: ids, status: "failed", at: 7, reason });
    await append({ messageIds: ids.slice(0, 1), status: "pending", at: 8, newAttempt: true });
    const journals = await readJournals(store.db, ids.slice(0, 2));
    const first = [
      { status: "pending", at: 5, attempt: 1 },
      { status: "bundled", at: 6, attempt: 1 },
      { status: "failed", at: 7, attempt: 1, reason },
    ];
    expect(journals.get(ids[1] ?? "")).to.deep.equal(first);
    const again = { status: "pending", at: 8, attempt: 2 };
    expect(journals.get(ids[0] ?? "")).to.deep.equal([...first, again]);
    expect(await findMessage(store.db, ids[0] ?? "")).to.include({ status: "pending", attempt: 2 });
    const { count } = await store.db
      .selectFrom("journal")
      .select((eb) => eb.fn.countAll().as("count"))
      .executeTakeFirstOrThrow();
    expect(Number(count)).to.equal(3 * COUNT + 1);
  });

  it("leave alone what may not take the step, and what is unknown", async () => {
    const gone = ids.slice(0, 1_500);
    await append({ messageIds: gone, status: "withdrawn", at: 6 });
    const moved = await append({ messageIds: [...ids, "0xnone"], status: "bundled", at: 7 });
    expect([...moved]).to.deep.equal(ids.slice(1_500));
    expect((await readJournals(store.db, ids.slice(0, 1))).get(ids[0] ?? "")).to.have.length(2);
    expect(await findMessage(store.db, ids[0] ?? "")).to.include({ status: "withdrawn" });
    expect((await append({ messageIds: [], status: "bundled", at: 7 })).size).to.equal(0);
  });

  it("say which messages were new, and keep their place in a batch", async () => {
    const id: Hex32 = `0x${"ab".repeat(32)}`;
    const more = [fresh(0), { ...fresh(COUNT), batch: { id, index: 7 } }, fresh(1)];
    const stored = await store.transact((db) => insertMessages(db, more));
    expect([...stored]).to.deep.equal([more[1]?.id]);
    expect(await findMessage(store.db, more[1]?.id ?? "")).to.include({ batch_id: id, batch_index: 7 });
    expect(await findMessage(store.db, ids[0] ?? "")).to.include({ batch_id: null, batch_index: null });
  });
});
