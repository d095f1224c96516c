import type { RebuildReport } from "../backup/rebuild.ts";
import { createLogger } from "../log.ts";
import { uncounted } from "../operations/fault.ts";
import { textsOf, UsageError, type Command, type Values } from "./command.ts";
import { configOf, configOption } from "./config-option.ts";
import { EXIT, type Exit } from "./exit.ts";
import { show } from "./output.ts";
import { orSentence } from "./offline.ts";
import { complain } from "./terminal.ts";

const LONGEST_ACCOUNT = 200;

function accountsOf(values: Values): readonly string[] {
  const given = textsOf(values, "operator");
  if (given.some((account) => account === "" || account.length > LONGEST_ACCOUNT))
    throw new UsageError("--operator takes an account of the ledger, as its events name it");
  return given;
}

function sentenceOf(report: RebuildReport): string {
  const { outgoing, incoming, certificates, batchesOpen, batchesWaiting, readers, toFetch, documents } =
    report;
  const heights = report.channels.map(({ id, final }) => `${id} up to ${final}`).join(", ");
  return [
    `Rebuilt from ${heights}:`,
    `${outgoing} messages sent and ${incoming} received, ${certificates} certificates,`,
    `${batchesOpen} batches (${batchesWaiting} more wait for their bodies).`,
    `Documents: ${documents.own} of this node's own, open to ${readers} readers; ${documents.received} received;`,
    `${documents.bodies} bodies of batches; ${documents.kept} kept and open to nobody;`,
    `${documents.withheld} messages passed on what was received, and open nothing; ${toFetch} still to be fetched.`,
  ].join(" ");
}

function rebuildDatabase(values: Values): Promise<Exit> {
  const config = configOf(values);
  const accounts = accountsOf(values);
  return orSentence(async () => {
    // Loaded only here: most commands do without ledger and database.
    const { rebuild } = await import("../backup/rebuild.ts");
    const { openDocumentStore } = await import("../documents/open-document-store.ts");
    const log = createLogger({ level: config.log.level });
    const now = Date.now;
    const opened = await openDocumentStore(config.documents, { countFault: uncounted, now });
    const report = await rebuild(config, { files: opened.files, accounts, log, now }).finally(() =>
      opened.close(),
    );
    show(values, report, sentenceOf(report));
    const { damaged, damagedCount } = report.documents;
    if (damagedCount === 0) return EXIT.done;
    complain(`icl: ${damagedCount} documents are damaged, and were left alone:`);
    for (const digest of damaged) complain(`  ${digest}`);
    return EXIT.failed;
  });
}

/** `icl rebuild`: makes a lost database anew from the ledgers and the documents. */
export const rebuildCommand: Command = {
  summary: "make a lost database anew, from the ledgers and the documents",
  help: `Usage: icl rebuild [--config <file>] [--operator <account>]... [--json]

For a node that lost its database and has no backup. Reads every channel of the configuration from its beginning, into the
database that the configuration names, which must be empty, and puts on record what the ledgers carry: every message,
certificate and batch. Documents that still lie in the store are put on record too, each compared with its hash; those that
this node sent are opened again to exactly those they were sent to. Nothing is sent. When it breaks off, call it again.

What no ledger knows does not come back: who sent what, drafts, subscriptions, the audit log, what was accepted and not sent
yet. Stop every replica before; afterwards start one.

  -c, --config <file>         configuration file; without it, the environment alone
      --operator <account>    a ledger account that this very node has sent with and that the configuration does not name:
                              an earlier key's, or that of a channel which another process serves; may be repeated. Never
                              the account of another node of the participant: its documents are not here to be opened
      --json                  write the result as JSON

Example: icl rebuild --config /etc/icl/node.yaml`,
  options: {
    ...configOption,
    operator: { type: "string", multiple: true },
    json: { type: "boolean" },
  },
  run: rebuildDatabase,
};
