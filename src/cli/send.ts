import { awaitAndShow, waitingOf, waitOptions } from "./await-status.ts";
import { textOf, UsageError, type Command, type Values } from "./command.ts";
import type { Exit } from "./exit.ts";
import { readMessageRecord } from "./message-record.ts";
import type { NodeClient } from "./node-client.ts";
import { clientOf, nodeHelp, nodeOptions } from "./node-options.ts";
import { sendBatch } from "./send-batch.ts";
import { storeDocument } from "./store-document.ts";

/** What `POST /messages` takes. */
export interface Draft {
  readonly sender?: string;
  readonly receiver: string;
  readonly subject: string;
  readonly predicate: string;
  readonly obj: string;
  readonly validUntil?: string;
}

const OF_ONE_MESSAGE = [
  "receiver",
  "type",
  "subject",
  "obj",
  "document",
  "media-type",
  "valid-until",
  "sender",
  "wait",
  "timeout",
];

/** Posts a message and, where that is asked for, waits for it. */
export async function postAndShow(client: NodeClient, values: Values, draft: Draft): Promise<Exit> {
  const waiting = waitingOf(values, ["sent", "delivered"]);
  const answer = await client.ask("/messages", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(draft),
  });
  const record = readMessageRecord(answer);
  return awaitAndShow(client, values, record.id, record, waiting);
}

/**
 * The hash that a message speaks of: given, or that of a file which is stored first.
 *
 * @param file name of the option that names the file
 * @throws UsageError unless exactly one is given
 */
export async function objOf(client: NodeClient, values: Values, file: string): Promise<string> {
  const [obj, document] = [textOf(values, "obj"), textOf(values, file)];
  if (obj !== null && document === null) return obj;
  if (obj !== null || document === null)
    throw new UsageError(`give --${file} <file> or --obj <hash>, one of them`);
  return (await storeDocument(client, document, textOf(values, "media-type"))).multihash;
}

async function send(values: Values): Promise<Exit> {
  const client = clientOf(values);
  const batch = textOf(values, "batch");
  if (batch !== null) {
    const stray = OF_ONE_MESSAGE.find((name) => values[name] !== undefined);
    if (stray !== undefined) throw new UsageError(`--${stray} does not go with --batch`);
    return sendBatch(client, values, batch);
  }
  const needed = (name: string): string => {
    const text = textOf(values, name);
    if (text === null) throw new UsageError(`--${name} is missing`);
    return text;
  };
  const [receiver, predicate, subject] = [needed("receiver"), needed("type"), needed("subject")];
  waitingOf(values, ["sent", "delivered"]); // before anything is stored
  const [sender, validUntil] = [textOf(values, "sender"), textOf(values, "valid-until")];
  const obj = await objOf(client, values, "document");
  return postAndShow(client, values, {
    ...(sender === null ? {} : { sender }),
    receiver,
    subject,
    predicate,
    obj,
    ...(validUntil === null ? {} : { validUntil }),
  });
}

/** `icl send`: sends a message, or a file of them. */
export const sendCommand: Command = {
  summary: "send a message, or a file of messages",
  help: `Usage: icl send --receiver <participant> --type <predicate> --subject <subject> (--document <file> | --obj <hash>)
       icl send --batch <file>

Sends one message, and writes its id and status. Saying the same thing twice is the same message. With --batch, sends the
messages of a file, one JSON object a line ({"receiver", "subject", "predicate", "obj"} and, optionally, "sender" and
"validUntil"), and writes what became of each line.

  -r, --receiver <name>   a participant's domain, or a jurisdiction such as CN
  -t, --type <predicate>  the message type
  -s, --subject <subject> what it speaks of, such as a certificate's number
  -d, --document <file>   a file to be stored as the document it speaks of
      --obj <hash>        or the multihash of a document that the node holds
      --media-type <type> of --document; by the file's name where left out
      --valid-until <time> end of the certificate's validity, such as 2027-06-03T00:00:00Z
      --sender <domain>   the node's own participant where left out
  -b, --batch <file>      messages to be sent, one a line; - for standard input
  -w, --wait <status>     wait until the message is sent (in a block) or delivered (final)
      --timeout <seconds> how long to wait (120)
${nodeHelp}

Ends with 0 when done, 3 when the node refused (with --batch: a line of it), 4 when it is out of reach, 6 when the message
failed on the ledger while it was waited for, 7 when it was not there in time.

Example: icl send -r CN -t UN.CEFACT.Regulatory.CertificateOfOrigin.created -s urn:uuid:… -d certificate.json -w delivered`,
  options: {
    ...nodeOptions,
    ...waitOptions,
    receiver: { type: "string", short: "r" },
    type: { type: "string", short: "t" },
    subject: { type: "string", short: "s" },
    document: { type: "string", short: "d" },
    obj: { type: "string" },
    "media-type": { type: "string" },
    "valid-until": { type: "string" },
    sender: { type: "string" },
    batch: { type: "string", short: "b" },
  },
  run: send,
};
