import { numberOf, type Command, type Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { itemsOf, membersOf } from "./message-record.ts";
import { clientOf, nodeHelp, nodeOptions } from "./node-options.ts";
import { show } from "./output.ts";

const MINUTES = { least: 0, most: 525_600, otherwise: 10 } as const;
const LIMIT = { least: 1, most: 1_000_000, otherwise: 100 } as const;
const PAGE = 1_000;

function lineOf(item: unknown): string {
  const members = membersOf(item);
  const text = (name: string) => {
    const value = members.get(name);
    return typeof value === "string" ? value : "";
  };
  const actions = itemsOf(members.get("actions")).join(", ");
  const may = actions === "" ? "" : `  [${actions}]`;
  return `${text("id")}  since ${text("since")}  ${text("code")}  ${text("detail")}${may}`;
}

async function stuck(values: Values): Promise<Exit> {
  const client = clientOf(values);
  const minutes = numberOf(values, "minutes", MINUTES);
  let left = numberOf(values, "limit", LIMIT);
  let after: string | null = null;
  do {
    const query = new URLSearchParams({ minutes: String(minutes), limit: String(Math.min(left, PAGE)) });
    if (after !== null) query.set("after", after);
    const page = membersOf(await client.ask(`/operations/stuck?${query.toString()}`));
    const items = itemsOf(page.get("items"));
    for (const item of items) show(values, item, lineOf(item));
    left -= items.length;
    const next = page.get("next");
    after = typeof next === "string" ? next : null;
  } while (after !== null && left > 0);
  return EXIT.done;
}

/** `icl stuck`: what does not go on as it should, and why. */
export const stuckCommand: Command = {
  summary: "list what is stuck, why, and what may be done",
  help: `Usage: icl stuck [--minutes <number>] [--limit <number>]

Lists what fails, and what is older than it should be though nothing fails: stopped channels, messages and bundles in line,
transactions without a final word, documents that are not fetched, batches that are not opened, subscriptions whose callback
fails, dead letters. A line has the id, since when, a code, a sentence, and what may be done about it. Nothing stuck, no line.

      --minutes <number>  what has been under way for longer is late (${MINUTES.otherwise})
  -l, --limit <number>    how many at most (${LIMIT.otherwise})
${nodeHelp}

Needs the role admin. Ends with 0 when done, 3 when the node refused, 4 when it is out of reach.

Example: icl stuck --json | jq -r 'select(.actions | index("retry")) | .id'`,
  options: {
    ...nodeOptions,
    minutes: { type: "string" },
    limit: { type: "string", short: "l" },
  },
  run: stuck,
};
