import { textOf, UsageError, type Command, type Values } from "./command.ts";
import { knownHash } from "./documents.ts";
import { EXIT, type Exit } from "./exit.ts";
import { membersOf } from "./message-record.ts";
import { NodeFailure } from "./node-errors.ts";
import { clientOf, nodeHelp, nodeOptions } from "./node-options.ts";
import { printable, say } from "./terminal.ts";
import { writePrivate } from "./write-private.ts";

const forms = ["svg", "png", "text"] as const;
const codes = ["link", "offline"] as const;

async function seal(values: Values, [hash = ""]: readonly string[]): Promise<Exit> {
  const multihash = knownHash(hash);
  const wanted = forms.filter((form) => values[form] === true);
  const [form] = wanted;
  if (wanted.length > 1) throw new UsageError("give one of --svg, --png and --text");
  const code = textOf(values, "code") ?? "link";
  if (!codes.some((known) => known === code)) throw new UsageError("--code takes link or offline");
  const out = textOf(values, "out");
  if (out !== null && form === undefined) throw new UsageError("--out goes with --svg, --png or --text");
  if (form === "png" && out === null) throw new UsageError("a PNG goes into a file: --out <file>");
  const message = textOf(values, "message");
  const answer = await clientOf(values).ask(`/documents/${multihash}/seal`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(message === null ? {} : { message }),
  });
  if (form === undefined) {
    tell(values, answer);
    return EXIT.done;
  }
  const made = membersOf(membersOf(membersOf(answer).get("codes")).get(code));
  const content = made.get(form);
  if (typeof content !== "string") {
    throw new NodeFailure(
      "this node's agency has no P-256 key that makes offline seals: only --code link is there",
    );
  }
  if (out === null) say(form === "text" ? printable(content) : content.trim());
  else writePrivate(out, form === "png" ? Buffer.from(content, "base64") : content);
  return EXIT.done;
}

function tell(values: Values, answer: unknown): void {
  if (values.json === true) {
    say(JSON.stringify(answer));
    return;
  }
  const members = membersOf(answer);
  const offline = members.get("offline");
  say(printable(`link     ${String(members.get("link"))}`));
  say(printable(`offline  ${typeof offline === "string" ? offline : "none: the agency has no P-256 key"}`));
  say(printable(`status   ${String(members.get("status"))}, as of ${String(members.get("statusAsOf"))}`));
}

/** `icl seal`: makes the codes by which a paper is checked. */
export const sealCommand: Command = {
  summary: "make the codes by which a certificate's paper is checked",
  help: `Usage: icl seal <multihash> [--message <id>] [--svg | --png | --text] [--code link|offline] [--out <file>]

Has the node that issued a document make the two codes that belong on its paper: a link to its verifier, which opens the document for
whoever holds the paper, and a signed seal that is checked without a network. Writes both texts, or the picture of one.

      --message <id>      the message that issued it, where several did
      --svg, --png, --text  one code alone, in this form
      --code <name>       which one: link (where left out) or offline
      --out <file>        where to; standard output where left out
${nodeHelp}

Needs the role messages:write, and the right to read the document. Ends with 0 when done, 3 when the node refused, 4 when it is out
of reach.

Example: icl seal QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n --svg --out code.svg`,
  options: {
    ...nodeOptions,
    message: { type: "string" },
    svg: { type: "boolean" },
    png: { type: "boolean" },
    text: { type: "boolean" },
    code: { type: "string" },
    out: { type: "string" },
  },
  operands: ["the hash"],
  run: seal,
};
