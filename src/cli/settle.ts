import { isHex32 } from "../domain/hex.ts";
import { waitingOf, waitOptions } from "./await-status.ts";
import { textOf, UsageError, type Command, type Values } from "./command.ts";
import type { Exit } from "./exit.ts";
import { itemsOf, membersOf, readMessageRecord, type MessageRecord } from "./message-record.ts";
import type { NodeClient } from "./node-client.ts";
import { clientOf, nodeHelp, nodeOptions } from "./node-options.ts";
import { objOf, postAndShow } from "./send.ts";

type SettlingEffect = "acquit" | "revoke";

/** @throws UsageError for what is no message id */
export function messageIdOf(text: string | undefined): string {
  const id = text?.toLowerCase();
  if (!isHex32(id)) throw new UsageError("a message id is 0x and 64 hexadecimal digits");
  return id;
}

/** Builds and sends the message that acquits or revokes the certificate which a message issued. */
async function settle(effect: SettlingEffect, values: Values, operands: readonly string[]): Promise<Exit> {
  const id = messageIdOf(operands[0]);
  const client = clientOf(values);
  waitingOf(values, ["sent", "delivered"]); // before anything is stored
  const issuance = readMessageRecord(await client.ask(`/messages/${id}`));
  const predicate = textOf(values, "type") ?? (await typeFor(client, effect, issuance));
  const obj = await objOf(client, values, "evidence");
  const receiver = effect === "acquit" ? issuance.sender : issuance.receiver;
  return postAndShow(client, values, { receiver, subject: issuance.subject, predicate, obj });
}

/** The one open type of the certificate's channel that does this to it. */
async function typeFor(client: NodeClient, effect: SettlingEffect, issuance: MessageRecord): Promise<string> {
  const channel = await client.ask(`/channels/${encodeURIComponent(issuance.channelId)}`);
  const fitting = itemsOf(membersOf(channel).get("messageTypes"))
    .map(membersOf)
    .filter(
      (type) =>
        type.get("effect") === effect &&
        type.get("target") === issuance.predicate &&
        type.get("closed") !== true,
    )
    .map((type) => String(type.get("predicate")));
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return only;
  const which = only === undefined ? "no message type" : `several message types (${fitting.join(", ")})`;
  throw new UsageError(
    `on its channel ${which} can ${effect} what ${issuance.predicate} issues: name one by --type <predicate>`,
  );
}

function settlingCommand(effect: SettlingEffect, what: string, example: string): Command {
  return {
    summary: what,
    help: `Usage: icl ${effect} <message id> (--evidence <file> | --obj <hash>) [--type <predicate>]

Sends the message that ${effect}s a certificate, given the id of the message that issued it. Subject and receiver follow from
that message; the type too, where the channel has one only.

  -e, --evidence <file>   a file to be stored as the evidence
      --obj <hash>        or the multihash of a document that the node holds
      --media-type <type> of --evidence; by the file's name where left out
  -t, --type <predicate>  the type of the message
  -w, --wait <status>     wait until the message is sent (in a block) or delivered (final)
      --timeout <seconds> how long to wait (120)
${nodeHelp}

Ends with 0 when done, 3 when the node refused, 4 when it is out of reach, 6 when the ledger refused while the message was
waited for, 7 when it was not there in time.

Example: icl ${effect} 0x… ${example}`,
    options: {
      ...nodeOptions,
      ...waitOptions,
      evidence: { type: "string", short: "e" },
      obj: { type: "string" },
      "media-type": { type: "string" },
      type: { type: "string", short: "t" },
    },
    operands: ["the message id"],
    run: (values, operands) => settle(effect, values, operands),
  };
}

/** `icl acquit`: marks a received certificate used. */
export const acquitCommand = settlingCommand(
  "acquit",
  "mark a received certificate used",
  "--evidence import-declaration.json --wait delivered",
);

/** `icl revoke`: makes a certificate of one's own invalid. */
export const revokeCommand = settlingCommand(
  "revoke",
  "make a certificate of one's own invalid",
  "--evidence reason.json --wait delivered",
);
