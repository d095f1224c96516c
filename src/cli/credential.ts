import { readFileSync } from "node:fs";

import { textOf, UsageError, type Command, type Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { itemsOf, membersOf } from "./message-record.ts";
import { clientOf, nodeHelp, nodeOptions } from "./node-options.ts";
import { show } from "./output.ts";

const LARGEST_FILE = 256 * 1024;
const MULTIHASH = /^Qm[1-9A-HJ-NP-Za-km-z]{44}$/;

function textIn(file: string): string {
  let text: string;
  try {
    text = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new UsageError(`${file} cannot be read (${code})`);
  }
  if (text.length > LARGEST_FILE) throw new UsageError(`${file} is larger than any credential`);
  return text.trim();
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(textIn(file)) as unknown;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file} is not JSON`);
  }
}

function asJson(body: unknown) {
  return {
    method: "POST" as const,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}

async function issue(values: Values, operands: readonly string[]): Promise<Exit> {
  const type = textOf(values, "type");
  if (type === null) throw new UsageError("say which credential: --type PreferentialCertificateOfOrigin");
  const optional = (name: string, member: string) => {
    const value = textOf(values, name);
    return value === null ? {} : { [member]: value };
  };
  const body = {
    type,
    credentialSubject: jsonIn(operands[0] ?? ""),
    ...optional("issuer", "issuer"),
    ...optional("valid-from", "validFrom"),
    ...optional("valid-until", "validUntil"),
  };
  const answer = await clientOf(values).ask("/credentials", asJson(body));
  show(values, answer, String(membersOf(answer).get("multihash")));
  return EXIT.done;
}

/** `icl credential issue`: makes a credential of what a file says. */
export const issueCredentialCommand: Command = {
  summary: "issue a certificate as a verifiable credential, and hold it as a document",
  help: `Usage: icl credential issue <file> --type <credential type> [options]

Has the node make a credential of the JSON object in the file (- for standard input), which is what the certificate says: it
adds the contexts and the schema of the type, a salt and a status entry, signs it, and keeps it as a document. Writes the
multihash to name in a message; with --json also the credential itself.

  -t, --type <name>        the credential type, such as PreferentialCertificateOfOrigin
      --issuer <did>       whose key signs, where the node has keys of several
      --valid-from <time>  RFC 3339; now where left out
      --valid-until <time> RFC 3339; no end where left out
${nodeHelp}

Needs the role credentials:issue. Ends with 0 when done, 3 when the node refused, 4 when it is out of reach.

Example: icl credential issue coo.json --type PreferentialCertificateOfOrigin --valid-until 2028-06-03T00:00:00Z`,
  options: {
    ...nodeOptions,
    type: { type: "string", short: "t" },
    issuer: { type: "string" },
    "valid-from": { type: "string" },
    "valid-until": { type: "string" },
  },
  operands: ["the file"],
  run: issue,
};

async function check(values: Values, operands: readonly string[]): Promise<Exit> {
  const [what = ""] = operands;
  const participant = textOf(values, "participant");
  const body = {
    ...(MULTIHASH.test(what) ? { multihash: what } : { credential: textIn(what) }),
    ...(participant === null ? {} : { participant }),
  };
  const answer = membersOf(await clientOf(values).ask("/credentials/check", asJson(body)));
  const outcome = String(answer.get("outcome"));
  const lines = itemsOf(answer.get("findings")).map((finding) => {
    const members = membersOf(finding);
    const [name, each, code, detail] = ["name", "outcome", "code", "detail"].map((one) =>
      String(members.get(one)),
    );
    return `${name}: ${each} (${code}). ${detail}`;
  });
  if (values.json === true) show(values, Object.fromEntries(answer), "");
  else for (const line of [outcome, ...lines]) show(values, null, line);
  return outcome === "pass" ? EXIT.done : EXIT.notValid;
}

/** `icl credential check`: checks a credential at every link. */
export const checkCredentialCommand: Command = {
  summary: "check a credential at every link, from its form to who vouches for its issuer",
  help: `Usage: icl credential check <multihash or file> [--participant <domain>]

Has the node check a document that it holds, or the credential in a file (- for standard input): form, schema, signature, who
vouches for the issuer, validity and status, a line for each.

      --participant <domain>  whose agency must vouch for the issuer; the node's own where left out
${nodeHelp}

Needs the role messages:read. Ends with 0 when it passes, 5 when it fails or a step could not be said, 3 when the node refused, 4
when it is out of reach.

Example: icl credential check coo.jwt --participant homeaffairs.gov.au`,
  options: { ...nodeOptions, participant: { type: "string" } },
  operands: ["the multihash or file"],
  run: check,
};
