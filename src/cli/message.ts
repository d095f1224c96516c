import { awaitAndShow, waitingOf, waitOptions } from "./await-status.ts";
import type { Command, Values } from "./command.ts";
import type { Exit } from "./exit.ts";
import { readMessageRecord } from "./message-record.ts";
import { clientOf, nodeHelp, nodeOptions } from "./node-options.ts";
import { messageIdOf } from "./settle.ts";

const STATUSES = ["sent", "delivered", "received", "available"];

async function message(values: Values, operands: readonly string[]): Promise<Exit> {
  const id = messageIdOf(operands[0]);
  const waiting = waitingOf(values, STATUSES);
  const client = clientOf(values);
  const first = waiting === null ? readMessageRecord(await client.ask(`/messages/${id}`)) : null;
  return awaitAndShow(client, values, id, first, waiting);
}

/** `icl message`: how one message stands. */
export const messageCommand: Command = {
  summary: "show how a message stands, or wait for it",
  help: `Usage: icl message <message id> [--wait <status>]

Writes a message's id and status; with --json its whole record, with journal and certificate.

  -w, --wait <status>     wait until it is ${STATUSES.join(", ")} (its document is here)
      --timeout <seconds> how long to wait (120)
${nodeHelp}

Ends with 0 when done, 3 when the node does not show it, 4 when the node is out of reach, 6 when the message failed while it
was waited for, 7 when it was not there in time.

Example: icl message 0x… --wait available`,
  options: { ...nodeOptions, ...waitOptions },
  operands: ["the message id"],
  run: message,
};
