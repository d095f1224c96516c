import { sql, type Kysely } from "kysely";

import type { Store } from "../store.ts";

/**
 * Whether a participant's own domain names the accounts that act for it on a channel, and which accounts have acted there.
 */
export async function addBinding(db: Kysely<unknown>, dialect: Store["dialect"]): Promise<void> {
  const [text, number, end] =
    dialect === "sqlite"
      ? [sql`text`, sql`integer`, sql`strict`]
      : [sql`text collate "C"`, sql`bigint`, sql``];
  await sql`
    create table binding (
      channel_id ${text} not null,
      participant ${text} not null,
      outcome ${text} not null,
      reason ${text},
      accounts ${text} not null,
      checked_at ${number},
      due_at ${number} not null,
      constraint binding_pk primary key (channel_id, participant)
    ) ${end}
  `.execute(db);
  await sql`create index binding_due_at on binding (due_at)`.execute(db);
  await sql`
    create table acting_account (
      channel_id ${text} not null,
      participant ${text} not null,
      account ${text} not null,
      seen_at ${number} not null,
      constraint acting_account_pk primary key (channel_id, participant, account)
    ) ${end}
  `.execute(db);
}
