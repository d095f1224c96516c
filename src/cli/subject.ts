import { textOf, UsageError, type Command, type Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { clientOf, nodeHelp, nodeOptions } from "./node-options.ts";
import { show } from "./output.ts";

async function subject(values: Values): Promise<Exit> {
  const [type, number] = [textOf(values, "type"), textOf(values, "number")];
  if (type === null || number === null)
    throw new UsageError("say which document: --type <name> --number <number>");
  const answer = await clientOf(values).ask("/subjects/private", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ type, number }),
  });
  show(values, answer, (answer as { subject: string }).subject);
  return EXIT.done;
}

/** `icl subject`: makes a subject that says nothing to outsiders. */
export const subjectCommand: Command = {
  summary: "make a subject that says nothing to outsiders",
  help: `Usage: icl subject --type <document type> --number <number>

Writes the subject under which a document goes without its number standing on the ledger. A keyed one is the same each time;
a random one is another each time, and is yours to keep beside the number.

  -t, --type <name>      the document type, such as preferential-certificate-of-origin
      --number <number>  the document's number, as it stands in it

${nodeHelp}

Needs the role messages:write. Ends with 0 when done, 3 when refused, 4 when the node is out of reach.

Example: icl subject --type preferential-certificate-of-origin --number WBC208897`,
  options: { ...nodeOptions, type: { type: "string", short: "t" }, number: { type: "string" } },
  run: subject,
};
