import { sql, type Kysely } from "kysely";

import type { Store } from "./store.ts";

const columns = ["seq", "at", "act", "actor_kind", "actor", "account", "object", "request_id", "detail"];
const REFUSAL = "the audit log is append-only";

/** SQLite and PostgreSQL write "is the same, or null both" differently. */
function unchanged(equals: "is" | "is not distinct from"): string {
  const same = columns.map((column) => `new.${column} ${equals} old.${column}`).join(" and ");
  return `old.position is null and new.position is not null and new.hash is not null and ${same}`;
}

const sqlite = [
  `create trigger audit_insert before insert on audit
   when new.position is not null or new.hash is not null or exists (select 1 from audit where seq = new.seq)
   begin select raise(abort, '${REFUSAL}'); end`,
  `create trigger audit_update before update on audit when not (${unchanged("is")})
   begin select raise(abort, '${REFUSAL}'); end`,
  `create trigger audit_delete before delete on audit begin select raise(abort, '${REFUSAL}'); end`,
];

const postgres = [
  `create function audit_keep() returns trigger language plpgsql as $$
   begin
     if tg_op = 'INSERT' then
       if new.position is null and new.hash is null then return new; end if;
     elsif tg_op = 'UPDATE' then
       if ${unchanged("is not distinct from")} then return new; end if;
     end if;
     raise exception '${REFUSAL}';
   end $$`,
  `create trigger audit_row before insert or update or delete on audit for each row execute function audit_keep()`,
  `create trigger audit_truncate before truncate on audit for each statement execute function audit_keep()`,
];

/**
 * Has the database itself keep the audit log as it was written: rows are added, and once given their place in the chain,
 * but never changed or deleted, whatever program asks for it.
 */
export async function keepAuditAppendOnly(db: Kysely<unknown>, dialect: Store["dialect"]): Promise<void> {
  await sql`create index audit_unsealed on audit (seq) where position is null`.execute(db);
  for (const statement of dialect === "sqlite" ? sqlite : postgres) await sql.raw(statement).execute(db);
}
