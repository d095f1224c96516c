import { checkAudit, type AuditHead } from "../audit/audit-chain.ts";
import { textOf, UsageError, type Command, type Values } from "./command.ts";
import { configOf, configOption } from "./config-option.ts";
import { EXIT, type Exit } from "./exit.ts";
import { complain, say } from "./terminal.ts";

function headOf(values: Values): AuditHead | null {
  const given = textOf(values, "head");
  if (given === null) return null;
  const { position, hash } = /^(?<position>\d{1,15}):(?<hash>[0-9a-f]{64})$/.exec(given)?.groups ?? {};
  if (position === undefined || hash === undefined) throw new UsageError("--head takes <position>:<hash>");
  return { position: Number(position), hash };
}

async function auditCheck(values: Values): Promise<Exit> {
  const config = configOf(values);
  const expected = headOf(values);
  const { openStore } = await import("../store/open-store.ts");
  const store = await openStore({ database: config.store, participant: config.participant });
  try {
    const { head, unsealed, fault } = await checkAudit(store.db, expected);
    if (fault !== null) {
      complain(`The audit log is not as it was written: position ${fault.position}. ${fault.detail}`);
      return EXIT.failed;
    }
    say(`The audit log is whole: ${head.position} acts, ${unsealed} waiting to be chained.`);
    say(`${head.position}:${head.hash}`);
    return EXIT.done;
  } finally {
    await store.close();
  }
}

/** `icl audit-check`: whether the audit log is as it was written. */
export const auditCheckCommand: Command = {
  summary: "check that the audit log is as it was written",
  help: `Usage: icl audit-check [--config <file>] [--head <position>:<hash>]

Recomputes the chain of hashes over the node's audit log, and tells the first act that was changed, taken out or put in.
Prints the chain's head: keep it elsewhere, and give it to a later check, which then also notices a log that was cut off
at its end or written anew. The node may run meanwhile.

  -c, --config <file>            configuration file; without it, the environment alone
      --head <position>:<hash>   the head that an earlier check printed

Example: icl audit-check --config /etc/icl/node.yaml --head 4711:$(cat /media/vault/head-4711)`,
  options: { ...configOption, head: { type: "string" } },
  run: auditCheck,
};
