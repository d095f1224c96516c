import { createReadStream } from "node:fs";

import type { ChainFault, AuditHead } from "../audit/chain-check.ts";
import type { Store } from "../store/store.ts";
import { textOf, UsageError, type Command, type Values } from "./command.ts";
import { configOf, configOption } from "./config-option.ts";
import { EXIT, type Exit } from "./exit.ts";
import { linesOf } from "./lines.ts";
import { orSentence } from "./offline.ts";
import { complain, say } from "./terminal.ts";

function headOf(values: Values): AuditHead | null {
  const given = textOf(values, "head");
  if (given === null) return null;
  const { position, hash } = /^(?<position>\d{1,15}):(?<hash>[0-9a-f]{64})$/.exec(given)?.groups ?? {};
  if (position === undefined || hash === undefined) throw new UsageError("--head takes <position>:<hash>");
  return { position: Number(position), hash };
}

async function withStore<T>(values: Values, work: (store: Store) => Promise<T>): Promise<T> {
  const config = configOf(values);
  const { openStore } = await import("../store/open-store.ts");
  const store = await openStore({ database: config.store, participant: config.participant });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

function tell(head: AuditHead, fault: ChainFault | null, waiting: string): Exit {
  if (fault !== null) {
    complain(`The audit log is not as it was written: position ${fault.position}. ${fault.detail}`);
    return EXIT.failed;
  }
  say(`The audit log is whole: ${head.position} acts${waiting}.`);
  say(`${head.position}:${head.hash}`);
  return EXIT.done;
}

async function verifyFile(file: string, expected: AuditHead | null): Promise<Exit> {
  const { checkExported, LONGEST_LINE } = await import("../audit/audit-export.ts");
  const tooLong = () => new Error(`${file} has a line of more than ${LONGEST_LINE} characters`);
  const lines = linesOf(createReadStream(file), LONGEST_LINE, tooLong);
  const { head, fault } = await checkExported(lines, expected);
  return tell(head, fault, "");
}

async function verify(values: Values): Promise<Exit> {
  const expected = headOf(values);
  const file = textOf(values, "file");
  if (file !== null) return orSentence(() => verifyFile(file, expected));
  const { checkAudit } = await import("../audit/audit-chain.ts");
  return withStore(values, async ({ db }) => {
    const { head, unsealed, fault } = await checkAudit(db, expected);
    return tell(head, fault, `, ${unsealed} waiting to be chained`);
  });
}

async function write(line: string): Promise<void> {
  if (process.stdout.write(line)) return;
  await new Promise((resolve) => process.stdout.once("drain", resolve));
}

function exportLog(values: Values): Promise<Exit> {
  return withStore(values, async ({ db }) => {
    const { exportedActs } = await import("../audit/audit-export.ts");
    const { recordActs } = await import("../audit/audit-repository.ts");
    const actor = { kind: "system", name: "command" } as const;
    await recordActs(db, [{ act: "audit.exported", actor, at: Date.now(), object: null }]);
    for await (const line of exportedActs(db)) await write(line);
    return EXIT.done;
  });
}

/** `icl audit verify`: whether the audit log, or an export of it, is as it was written. */
export const auditVerifyCommand: Command = {
  summary: "check that the audit log, or an export of it, is as it was written",
  help: `Usage: icl audit verify [--config <file> | --file <file>] [--head <position>:<hash>]

Recomputes the chain of hashes over the node's audit log, and tells the first act that was changed, taken out, put in or
moved. Prints the chain's head: keep it elsewhere, and give it to a later check, which then also notices a log that was cut
off at its end or written anew. The node may run meanwhile. With --file it checks what icl audit export wrote, and needs
neither node nor database.

  -c, --config <file>            configuration file; without it, the environment alone
      --file <file>              an exported log
      --head <position>:<hash>   the head that an earlier check printed

Example: icl audit verify --config /etc/icl/node.yaml --head 4711:$(cat /media/vault/head-4711)`,
  options: { ...configOption, file: { type: "string" }, head: { type: "string" } },
  run: verify,
};

/** `icl audit export`: the audit log for others to keep and check. */
export const auditExportCommand: Command = {
  summary: "write the audit log out, for others to keep and check",
  help: `Usage: icl audit export [--config <file>]

Writes the node's audit log to standard output, an act a line (NDJSON), in the order of the chain and with its hashes, as far
as it is chained. The node may run meanwhile; that the log was exported goes on record too. The file holds who did what: keep
it as you keep the database. icl audit verify --file checks it anywhere.

  -c, --config <file>       configuration file; without it, the environment alone

Example: icl audit export --config /etc/icl/node.yaml > audit-2027-06.ndjson`,
  options: configOption,
  run: exportLog,
};
