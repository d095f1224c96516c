import { sql, type Kysely } from "kysely";

/** Finds the lines of journals that may be pruned by their age, without looking at those that stay. */
export async function addPruningIndex(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index journal_passing on journal (at, message_id, seq)
    where status in ('bundled', 'sent', 'fetching') and reason_code is null
  `.execute(db);
}
