import { sql, type Kysely } from "kysely";

import type { Schema } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { BackupFailure } from "./backup-failure.ts";
import { anyDatabase, databaseTables, type DatabaseTable } from "./database-tables.ts";
import type { DumpRow, DumpTable, DumpTrailer, DumpValue } from "./dump-form.ts";
import { numberOn } from "./number-on.ts";

type Row = Record<string, DumpValue>;

// A row has up to twenty-five columns; SQLite takes 32,766 parameters in a statement.
const ROWS_A_STATEMENT = 500;
const CHARACTERS_A_STATEMENT = 4 * 1024 * 1024;
/** Fills the empty tables of a database with the rows of a dump, as they come. */
export class DumpFiller {
  readonly #db: Kysely<Schema>;
  readonly #dialect: Store["dialect"];
  readonly #now: number;
  #tables: ReadonlyMap<string, DatabaseTable> | null = null;
  #table: DumpTable | null = null;
  #rows: Row[] = [];
  #characters = 0;

  /** @param db a transaction; `now`: milliseconds since 1970 */
  constructor(db: Kysely<Schema>, dialect: Store["dialect"], now: number) {
    this.#db = db;
    this.#dialect = dialect;
    this.#now = now;
  }

  /** @throws BackupFailure `backup-damaged` where this database has no such table, or it has other columns */
  async begin(table: DumpTable): Promise<void> {
    await this.#flush();
    const known = (await this.#known()).get(table.table);
    const same = known?.columns.length === table.columns.length;
    if (!same || !table.columns.every((column) => known.columns.includes(column))) {
      throw new BackupFailure(
        "backup-damaged",
        `The backup has a table ${table.table} that is not as this version made it: restore it with the version that wrote it.`,
      );
    }
    this.#table = table;
    if (table.table === "node") await sql`delete from node`.execute(this.#db);
    if (table.table === "lease") await sql`delete from lease`.execute(this.#db);
  }

  add(values: DumpRow): Promise<void> | undefined {
    const row: Row = {};
    this.#table?.columns.forEach((column, place) => {
      const value = values[place] ?? null;
      row[column] = value;
      if (typeof value === "string") this.#characters += value.length;
    });
    this.#rows.push(row);
    const full = this.#rows.length >= ROWS_A_STATEMENT || this.#characters > CHARACTERS_A_STATEMENT;
    return full ? this.#flush() : undefined;
  }

  /** Writes the last rows, and has each table number on. */
  async end({ numbers }: DumpTrailer): Promise<void> {
    await this.#flush();
    await numberOn(this.#db, this.#dialect, numbers, this.#now);
  }

  async #known(): Promise<ReadonlyMap<string, DatabaseTable>> {
    if (this.#tables === null) {
      const tables = await databaseTables(this.#db, this.#dialect);
      this.#tables = new Map(tables.map((table) => [table.name, table]));
    }
    return this.#tables;
  }

  async #flush(): Promise<void> {
    const rows = this.#rows;
    const table = this.#table?.table;
    this.#rows = [];
    this.#characters = 0;
    if (table === undefined || rows.length === 0) return;
    const filled = anyDatabase(this.#db).insertInto(table);
    if (table === "audit") {
      await filled.values(rows.map((row) => ({ ...row, position: null, hash: null }))).execute();
      await this.#chain(rows);
      return;
    }
    await filled.values(rows.map((row) => withoutHolder(table, row))).execute();
  }

  /** The audit log takes rows only as they are first written, and their places in the chain only after. */
  async #chain(rows: readonly Row[]): Promise<void> {
    const links = rows
      .filter(({ position }) => position !== null)
      .map(({ seq, position, hash }) => {
        return sql`(cast(${seq} as bigint), cast(${position} as bigint), ${hash})`;
      });
    if (links.length === 0) return;
    await sql`
      with link (seq, position, hash) as (values ${sql.join(links)})
      update audit set position = link.position, hash = link.hash from link where audit.seq = link.seq
    `.execute(this.#db);
  }
}

/** Whoever held a lease is dead. The epochs stay, so that nobody takes an old holder for a new one. */
function withoutHolder(table: string, row: Row): Row {
  if (table === "lease") return { ...row, until: 0 };
  if (!("lease_until" in row)) return row;
  return { ...row, lease_owner: null, lease_until: 0 };
}
