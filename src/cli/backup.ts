import path from "node:path";

import type { Kysely } from "kysely";

import type { BackupReport } from "../backup/backup.ts";
import type { CopiedDocuments } from "../backup/copy-documents.ts";
import type { RestoreReport } from "../backup/restore.ts";
import type { Schema } from "../store/schema.ts";
import { textOf, UsageError, type Command, type Values } from "./command.ts";
import { configOf, configOption } from "./config-option.ts";
import { withConfiguredStore } from "./configured-store.ts";
import { EXIT, type Exit } from "./exit.ts";
import { orSentence } from "./offline.ts";
import { show } from "./output.ts";
import { complain } from "./terminal.ts";

function directoryOf(values: Values, option: "to" | "from"): string {
  const given = textOf(values, option);
  if (given === null) throw new UsageError(`--${option} <directory> is missing`);
  return path.resolve(given);
}

/** @returns what the command ends with: damaged documents make it fail, though everything else is done */
function tell(
  values: Values,
  report: BackupReport | RestoreReport,
  done: string,
  documents: CopiedDocuments,
): Exit {
  const rows = Object.values(report.rows).reduce((sum, each) => sum + each, 0);
  const { copied, present, damaged, damagedCount } = documents;
  const counted = `${rows} rows, ${copied} documents copied, ${present} there already`;
  show(values, report, `${done} ${report.dump}: ${counted}.`);
  if (damagedCount === 0) return EXIT.done;
  complain(`icl: ${damagedCount} documents are missing or damaged, and were left out:`);
  for (const digest of damaged) complain(`  ${digest}`);
  return EXIT.failed;
}

/**
 * That everything was copied, or is what a copy had, belongs on record; who may only read the database can copy it all the
 * same.
 */
async function putOnRecord(
  db: Kysely<Schema>,
  act: "backup.made" | "backup.restored",
  { dump }: BackupReport | RestoreReport,
): Promise<void> {
  const { recordActs } = await import("../audit/audit-repository.ts");
  const actor = { kind: "system", name: "command" } as const;
  try {
    await recordActs(db, [{ act, actor, at: Date.now(), object: null, detail: { dump } }]);
  } catch (error) {
    complain(`icl: this is not in the audit log: ${error instanceof Error ? error.message : "no reason"}`);
  }
}

function backup(values: Values): Promise<Exit> {
  const config = configOf(values);
  const directory = directoryOf(values, "to");
  return orSentence(async () => {
    const { backUp } = await import("../backup/backup.ts");
    const { participant } = config;
    const report = await withConfiguredStore(config, async ({ database, files }) => {
      const made = await backUp({ database, files, participant, directory, now: Date.now });
      await putOnRecord(database.db, "backup.made", made);
      return made;
    });
    return tell(values, report, "Backed up to", report.documents);
  });
}

function restore(values: Values): Promise<Exit> {
  const config = configOf(values);
  const directory = directoryOf(values, "from");
  return orSentence(async () => {
    const { restore: bringBack } = await import("../backup/restore.ts");
    const { participant } = config;
    const dump = textOf(values, "dump");
    const report = await withConfiguredStore(config, async ({ database, files }) => {
      const brought = await bringBack({ database, files, participant, directory, dump, now: Date.now });
      await putOnRecord(database.db, "backup.restored", brought);
      return brought;
    });
    return tell(values, report, "Restored from", report.documents);
  });
}

/** `icl backup`: copies a node's database and documents while it runs. */
export const backupCommand: Command = {
  summary: "copy a node's database and documents, while it runs",
  help: `Usage: icl backup [--config <file>] --to <directory> [--json]

Copies every table of the database, as in one moment, and then the documents that the directory lacks, each compared with its
hash. The node may run meanwhile. The copy is the same for SQLite and PostgreSQL, and can be restored to either. A directory
may take one backup after the other: each adds one file, database-<time>.ndjson.gz, and the documents are shared.

The copy holds the secrets that subscriptions are signed with: keep it as you keep the database. Keys are not in it.
Documents that are missing or damaged are named, the rest is copied, and the command ends with 1.

  -c, --config <file>       configuration file; without it, the environment alone
      --to <directory>      where the backup goes; made where it is missing
      --json                write the result as JSON

Example: icl backup --config /etc/icl/node.yaml --to /mnt/backup/icl`,
  options: { ...configOption, to: { type: "string" }, json: { type: "boolean" } },
  run: backup,
};

/** `icl restore`: brings a backup back into an empty database. */
export const restoreCommand: Command = {
  summary: "bring a backup back, into an empty database",
  help: `Usage: icl restore [--config <file>] --from <directory> [--dump <name>] [--json]

Brings back what icl backup copied: into the database that the configuration names, which must be empty, and the documents
that are not there. The backup is checked to its last byte before anything is written. Stop every replica before. When it
breaks off, the database is as empty as before: call it again. Afterwards start one replica; it reads its ledgers on from
where the backup stood, and says nothing twice.

  -c, --config <file>       configuration file; without it, the environment alone
      --from <directory>    what icl backup wrote to
      --dump <name>         one of its files, such as database-20270603T020000000Z.ndjson.gz; the newest where left out
      --json                write the result as JSON

Example: icl restore --config /etc/icl/node.yaml --from /mnt/backup/icl`,
  options: {
    ...configOption,
    from: { type: "string" },
    dump: { type: "string" },
    json: { type: "boolean" },
  },
  run: restore,
};
