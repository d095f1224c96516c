import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parseDomain, type Domain } from "../../src/domain/participant.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { DatabaseLocation, Store } from "../../src/store/store.ts";
import { freshDatabase, postgresForTests } from "./postgres-for-tests.ts";

/** Whose database `openFresh` makes. */
export const testParticipant: Domain = parseDomain("homeaffairs.gov.au");

/** How a suite gets at databases; all of them are closed and deleted after each test, or after the suite. */
export interface StoreSource {
  /** A database of its own, that nothing has opened yet. */
  freshLocation(): Promise<DatabaseLocation>;
  /** Opens a database: a second time for a second replica, or after a "restart". */
  open(location: DatabaseLocation, participant?: Domain): Promise<Store>;
}

interface Place {
  readonly location: DatabaseLocation;
  readonly remove: () => Promise<void>;
}

type OpenFresh = (participant?: Domain) => Promise<Store>;

function storeSource(make: () => Promise<Place>) {
  const stores: Store[] = [];
  const removals: (() => Promise<void>)[] = [];
  const source: StoreSource = {
    async freshLocation() {
      const { location, remove } = await make();
      removals.push(remove);
      return location;
    },
    async open(database, participant = testParticipant) {
      const store = await openStore({ database, participant });
      stores.push(store);
      return store;
    },
  };
  const clear = async () => {
    for (const store of stores.splice(0)) await store.close();
    for (const remove of removals.splice(0)) await remove();
  };
  return { source, clear };
}

// Every commit is synced, thousands of times in these tests: where files can lie in memory, that takes no time.
const IN_MEMORY = "/dev/shm";
const databases = existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir();

async function sqliteFile(): Promise<Place> {
  const directory = await mkdtemp(join(databases, "icl-sqlite-"));
  const location: DatabaseLocation = { technology: "sqlite", file: join(directory, "node.db") };
  return { location, remove: () => rm(directory, { recursive: true, force: true }) };
}

async function postgresDatabase(): Promise<Place> {
  const postgres = await postgresForTests();
  if (!postgres.available) throw new Error(`PostgreSQL is not available: ${postgres.why}`);
  const { url, drop } = await freshDatabase(postgres.adminUrl);
  const location: DatabaseLocation = { technology: "postgres", url };
  return { location, remove: drop };
}

/**
 * Runs a suite on each kind of database: SQLite in a temporary file, and PostgreSQL where there is one; where there is
 * none its tests are counted as skipped, and a line says why.
 *
 * @param suite gets `openFresh`, which opens a new, empty database of `testParticipant` (or of another), and a source for
 *   suites that open one database several times
 * @param lifetime `suite` keeps the databases for all tests of the suite
 */
export function eachStore(
  name: string,
  suite: (openFresh: OpenFresh, source: StoreSource) => void,
  lifetime: "test" | "suite" = "test",
): void {
  const kinds = [
    { title: "SQLite", make: sqliteFile },
    { title: "PostgreSQL", make: postgresDatabase },
  ];
  for (const { title, make } of kinds) {
    describe(`${name} (${title})`, function () {
      const { source, clear } = storeSource(make);
      if (title === "PostgreSQL") {
        before(async function () {
          this.timeout(60_000); // the first suite starts the server
          if (!(await postgresForTests()).available) this.skip();
        });
      }
      if (lifetime === "test") afterEach(clear);
      else after(clear);
      suite(async (participant) => source.open(await source.freshLocation(), participant), source);
    });
  }
}
