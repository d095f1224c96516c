import { numberOf, textOf, type Command, type Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { itemsOf, membersOf, messageLine, readMessageRecord } from "./message-record.ts";
import { clientOf, nodeHelp, nodeOptions } from "./node-options.ts";
import { show } from "./output.ts";

const LIMIT = { least: 1, most: 1_000_000, otherwise: 100 } as const;
const PAGE = 1_000;
/** Options by the query's member that each becomes. */
const FILTERS = new Map([
  ["subject", "subject"],
  ["type", "predicate"],
  ["sender", "sender"],
  ["receiver", "receiver"],
  ["status", "status"],
  ["direction", "direction"],
]);

async function messages(values: Values): Promise<Exit> {
  const client = clientOf(values);
  let left = numberOf(values, "limit", LIMIT);
  let after: string | null = null;
  do {
    const query = new URLSearchParams({ limit: String(Math.min(left, PAGE)) });
    for (const [option, member] of FILTERS) {
      const text = textOf(values, option);
      if (text !== null) query.set(member, text);
    }
    if (after !== null) query.set("after", after);
    const page = membersOf(await client.ask(`/messages?${query.toString()}`));
    const items = itemsOf(page.get("items")).map(readMessageRecord);
    for (const record of items) show(values, record.answer, messageLine(record));
    left -= items.length;
    const next = page.get("next");
    after = typeof next === "string" ? next : null;
  } while (after !== null && left > 0);
  return EXIT.done;
}

/** `icl messages`: lists messages. */
export const messagesCommand: Command = {
  summary: "list messages that were sent or received",
  help: `Usage: icl messages [--type <predicate>] [--status <status>] [--direction outgoing|incoming] …

Lists the participant's messages, oldest first: id, status, sender, receiver, type and subject; with --json whole records.

  -t, --type <predicate>  only of this type
  -s, --subject <subject> only about this subject
      --sender <domain>   only from this participant
      --receiver <domain> only to this participant
      --status <status>   only those that stand so: pending, bundled, sent, delivered, failed, withdrawn, received,
                          fetching, available, fetch-failed
      --direction <way>   outgoing or incoming
  -l, --limit <number>    how many at most (${LIMIT.otherwise})
${nodeHelp}

Ends with 0 when done, 3 when the node refused, 4 when it is out of reach.

Example: icl messages --direction incoming --status available --json | jq -r .obj`,
  options: {
    ...nodeOptions,
    type: { type: "string", short: "t" },
    subject: { type: "string", short: "s" },
    sender: { type: "string" },
    receiver: { type: "string" },
    status: { type: "string" },
    direction: { type: "string" },
    limit: { type: "string", short: "l" },
  },
  run: messages,
};
