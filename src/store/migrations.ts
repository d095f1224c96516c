import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

import { createTables } from "./migrations/0001-create-tables.ts";
import { addOperatorColumns } from "./migrations/0002-operator-columns.ts";
import { addPruningIndex } from "./migrations/0003-pruning-index.ts";
import { addCaughtUp } from "./migrations/0005-caught-up.ts";
import { createCredentialTables } from "./migrations/0006-credential-tables.ts";
import { addUsers } from "./migrations/0007-users.ts";
import { addBinding } from "./migrations/0008-binding.ts";
import { addOutboxErrorDetail } from "./migrations/0009-outbox-error-detail.ts";
import { createDocumentSeal } from "./migrations/0010-document-seal.ts";
import { createConsoleSession } from "./migrations/0011-console-session.ts";
import { addOperatorsView } from "./migrations/0012-operators-view.ts";
import { addDocumentNumbers } from "./migrations/0013-document-numbers.ts";
import type { Store } from "./store.ts";

type Step = (db: Kysely<unknown>, dialect: Store["dialect"]) => Promise<void>;

/** Every change of the tables, in order of its name. One that was released is never altered: another follows it. */
const steps: Readonly<Record<string, Step>> = {
  "0001-create-tables": createTables,
  "0002-operator-columns": addOperatorColumns,
  "0003-pruning-index": addPruningIndex,
  "0005-caught-up": addCaughtUp,
  "0006-credential-tables": createCredentialTables,
  "0007-users": addUsers,
  "0008-binding": addBinding,
  "0009-outbox-error-detail": addOutboxErrorDetail,
  "0010-document-seal": createDocumentSeal,
  "0011-console-session": createConsoleSession,
  "0012-operators-view": addOperatorsView,
  "0013-document-numbers": addDocumentNumbers,
};

/** The names of all migrations this version knows. */
export const migrationNames: ReadonlySet<string> = new Set(Object.keys(steps));

/** The migrations for a kind of database. There is no way down: a backup is. */
export function migrations(dialect: Store["dialect"]): Record<string, Migration> {
  return Object.fromEntries(
    Object.entries(steps).map(([name, step]) => [name, { up: (db: Kysely<unknown>) => step(db, dialect) }]),
  );
}
