import { textOf, type Command, type Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { itemsOf, membersOf } from "./message-record.ts";
import { anonymousClientOf, nodeHelp, nodeOptions } from "./node-options.ts";
import { show } from "./output.ts";

async function channels(values: Values): Promise<Exit> {
  const client = anonymousClientOf(values);
  let after: string | null = null;
  do {
    const query = new URLSearchParams({ limit: "1000" });
    const [country, type] = [textOf(values, "country"), textOf(values, "type")];
    if (country !== null) query.set("country.eq", country);
    if (type !== null) query.set("predicate.eq", type);
    if (after !== null) query.set("after", after);
    const page = membersOf(await client.ask(`/channels?${query.toString()}`));
    for (const channel of itemsOf(page.get("items"))) show(values, channel, lineOf(channel));
    const next = page.get("next");
    after = typeof next === "string" ? next : null;
  } while (after !== null);
  return EXIT.done;
}

function lineOf(channel: unknown): string {
  const members = membersOf(channel);
  const participants = itemsOf(members.get("participants"))
    .map(membersOf)
    .filter((each) => each.get("status") === "active")
    .map((each) => `${String(each.get("jurisdiction"))} ${String(each.get("domain"))}`);
  const [id, status, type, name] = ["id", "status", "type", "name"].map((member) =>
    String(members.get(member)),
  );
  return `${id}  ${status}  ${type}  ${name}: ${participants.join(", ")}`;
}

/** `icl channels`: lists the channels a node is on. */
export const channelsCommand: Command = {
  summary: "list a node's channels, and who is on them",
  help: `Usage: icl channels [--country <code>] [--type <predicate>]

Lists the node's channels in the order in which they would be taken: id, status, kind, name and active participants; with
--json whole records, with message types and change log. It needs no token, and sends none.

      --country <code>    only with a participant of this jurisdiction, such as CN
  -t, --type <predicate>  only with this message type
${nodeHelp}

Ends with 0 when done, 3 when the node refused, 4 when it is out of reach.

Example: icl channels --country CN --type UN.CEFACT.Regulatory.CertificateOfOrigin.created`,
  options: { ...nodeOptions, country: { type: "string" }, type: { type: "string", short: "t" } },
  run: channels,
};
