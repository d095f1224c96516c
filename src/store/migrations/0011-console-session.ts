import { sql, type Kysely } from "kysely";

import type { Store } from "../store.ts";

/** Who is signed in at the console. */
export async function createConsoleSession(db: Kysely<unknown>, dialect: Store["dialect"]): Promise<void> {
  const [text, number, end] =
    dialect === "sqlite"
      ? [sql`text`, sql`integer`, sql`strict`]
      : [sql`text collate "C"`, sql`bigint`, sql``];
  await sql`
    create table console_session (
      id ${text} not null,
      owner ${text} not null,
      sealed ${text} not null,
      version ${number} not null,
      renewing_until ${number} not null,
      created_at ${number} not null,
      used_at ${number} not null,
      ends_at ${number} not null,
      constraint console_session_pk primary key (id)
    ) ${end}
  `.execute(db);
  await sql`create index console_session_owner on console_session (owner, created_at)`.execute(db);
  await sql`create index console_session_ends_at on console_session (ends_at)`.execute(db);
}
