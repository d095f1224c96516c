import type { Command, Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { itemsOf, membersOf } from "./message-record.ts";
import { NodeFailure } from "./node-errors.ts";
import { clientOf, nodeHelp, nodeOptions } from "./node-options.ts";
import { printable, say } from "./terminal.ts";

type Members = ReadonlyMap<string, unknown>;

async function showSubject(values: Values, operands: readonly string[]): Promise<Exit> {
  const client = clientOf(values);
  // A subject of this name has the address of another call, unless a letter is written otherwise.
  const path = `/subjects/${encodeURIComponent(operands[0] ?? "").replace(/^private$/, "%70rivate")}`;
  let query = "";
  for (;;) {
    const answer = await client.ask(`${path}${query}`);
    const page = membersOf(answer);
    if (page.get("type") !== "Subject") throw new NodeFailure("the node did not answer with a subject");
    if (values.json === true) say(JSON.stringify(answer));
    else for (const line of storyOf(page)) say(printable(line));
    const next = page.get("next");
    if (typeof next !== "string") return EXIT.done;
    query = `?after=${encodeURIComponent(next)}`;
  }
}

/** The lines that people read of a page: each message, and below it its certificate and its document. */
function storyOf(page: Members): readonly string[] {
  const documents = new Map(
    itemsOf(page.get("documents"))
      .map(membersOf)
      .map((document) => [document.get("id"), document]),
  );
  return itemsOf(page.get("messages"))
    .map(membersOf)
    .flatMap((message) => [
      messageStory(message),
      ...certificateStory(membersOf(message.get("certificate"))),
      ...documentStory(documents.get(message.get("obj"))),
    ]);
}

function messageStory(message: Members): string {
  const at = text(membersOf(itemsOf(message.get("journal"))[0]), "at");
  const [sender, receiver] = [text(message, "sender"), text(message, "receiver")].map(shorten);
  const channel = text(membersOf(message.get("channel")), "channelId");
  const what = [text(message, "predicateName"), text(message, "status"), text(message, "messageId")];
  return [at, `${sender} -> ${receiver}`, ...what, `on ${channel}`].join("  ");
}

function certificateStory(certificate: Members): readonly string[] {
  if (certificate.size === 0) return [];
  const lines = ["duplicate", "expired", "invalidated"]
    .filter((word) => certificate.get(word) === true)
    .map((word) => `    certificate: ${word}`);
  for (const word of ["issued", "acquitted", "revoked"]) {
    const [at, by] = [certificate.get(`${word}At`), certificate.get(`${word}By`)];
    if (typeof at !== "string") continue;
    lines.push(`    certificate: ${word} ${at}${typeof by === "string" ? ` by ${shorten(by)}` : ""}`);
  }
  return lines;
}

function documentStory(document: Members | undefined): readonly string[] {
  if (document === undefined) return [];
  const [size, mediaType] = [document.get("size"), document.get("mediaType")];
  const what = [
    ...(typeof mediaType === "string" ? [mediaType] : []),
    ...(typeof size === "number" ? [`${size} bytes`] : []),
    ...(document.has("documentType") ? [text(document, "documentType")] : []),
    ...(document.has("contentOmitted") ? [`(${text(document, "contentOmitted")})`] : []),
  ];
  return [`    document: ${[text(document, "multihash"), ...what].join("  ")}`];
}

/** What people know a node by: a participant's domain, a message's id. */
function shorten(iri: string): string {
  return iri.replace(/^(?:did:web:|urn:icl:message:)/, "");
}

function text(members: Members, name: string): string {
  const value = members.get(name);
  return typeof value === "string" ? value : "-";
}

/** `icl subject show`: the story of a subject. */
export const showSubjectCommand: Command = {
  summary: "tell the story of a subject: messages, certificate, documents",
  help: `Usage: icl subject show <subject>

Writes every message about a subject that you may see, on all channels, oldest first: when the node first knew of it, between
whom, type, status, id and channel; below it where its certificate stands, and its document. A word in brackets says why the
document's content is not in the answer. With --json, the answer itself, a page a line: JSON-LD, with the content of documents
whose type the node knows.

${nodeHelp}

Needs the role messages:read. Ends with 0 when done, 3 when there is nothing that you may see, 4 when the node is out of reach.

Example: icl subject show chamber.com.au:chafta-coo:WBC208897`,
  options: { ...nodeOptions },
  operands: ["the subject"],
  run: showSubject,
};
