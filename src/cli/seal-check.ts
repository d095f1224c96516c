import { readFileSync } from "node:fs";

import { checkOfflineSeal, type SealCheck, type SealOutcome, type SealRemark } from "../paper/check-seal.ts";
import { SEAL_PREFIX, type SealedFacts } from "../paper/offline-seal.ts";
import { readTrustList, TrustListFault, type TrustList } from "../paper/trust-list.ts";
import { textOf, UsageError, type Command, type Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { complain, printable, say } from "./terminal.ts";

const LARGEST = 4 * 1024 * 1024;

const outcomes: Readonly<Record<SealOutcome, string>> = {
  genuine: "genuine: made by the participant that it names, and not changed",
  "issuer-suspended": "genuine, but the participant that made it is suspended",
  "not-genuine": "NOT GENUINE: not made by the participant that it names, or changed since",
  "unknown-key": "not known: the trust list has no such key of this participant; get a newer list",
  "unknown-issuer": "not known: no participant of the trust list",
  unreadable: "unreadable: no offline seal, or not whole",
};

const remarks: Readonly<Record<SealRemark, string>> = {
  expired: "its validity is past",
  "not-yet-valid": "its validity is yet to begin",
  "status-ahead": "its status is of a time yet to come: one of the two clocks is wrong",
  "list-old": "the trust list is older than 90 days",
};

async function check(values: Values, [what = ""]: readonly string[]): Promise<Exit> {
  const file = textOf(values, "trust-list");
  if (file === null)
    throw new UsageError("say whom to trust: --trust-list <file>, as icl trust-list wrote it");
  const { list, signed } = await trustIn(file);
  const text = what.startsWith(SEAL_PREFIX) ? what : textIn(what);
  const found = await checkOfflineSeal(text, list, Date.now());
  if (values.json === true)
    say(JSON.stringify({ ...found, trustList: { by: list.by, asOf: list.asOf, signed } }));
  else tell(found, list);
  if (!signed) complain(printable(`icl: the trust list, said to be of ${list.by}, is not signed`));
  return isGood(found) ? EXIT.done : EXIT.notValid;
}

function isGood({ outcome, facts, remarks: made }: SealCheck): boolean {
  const stands = facts?.status === "issued" && !made.includes("expired") && !made.includes("not-yet-valid");
  return outcome === "genuine" && stands;
}

function tell({ outcome, facts, remarks: made }: SealCheck, list: TrustList): void {
  say(outcomes[outcome]);
  for (const remark of made) say(`note     ${remarks[remark]}`);
  if (facts !== null) for (const line of linesOf(facts, list)) say(printable(line));
}

function linesOf(facts: SealedFacts, list: TrustList): readonly string[] {
  const issuer = list.participants.find(({ domain }) => domain === facts.issuer);
  const moment = (at: number) => new Date(at).toISOString();
  return [
    `issuer   ${facts.issuer}${issuer === undefined ? "" : ` (${issuer.jurisdiction})`}`,
    `status   ${facts.status}, as of ${moment(facts.statusAsOf)}: check online for use`,
    ...(facts.validFrom === null ? [] : [`from     ${moment(facts.validFrom)}`]),
    ...(facts.validUntil === null ? [] : [`until    ${moment(facts.validUntil)}`]),
    `document ${facts.multihash}`,
    `message  ${facts.messageId}`,
    ...(facts.type === null ? [] : [`type     ${facts.type}`]),
    ...facts.lines.map(([label, text]) => `${label}: ${text}`),
  ];
}

async function trustIn(file: string) {
  try {
    return await readTrustList(textIn(file));
  } catch (error) {
    throw error instanceof TrustListFault ? new UsageError(`${file}: ${error.message}`) : error;
  }
}

function textIn(file: string): string {
  let text: string;
  try {
    text = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new UsageError(`${file} cannot be read (${code})`);
  }
  if (text.length > LARGEST) throw new UsageError(`${file} is larger than what is read`);
  return text.trim();
}

/** `icl seal check`: checks an offline seal, with no network. */
export const checkSealCommand: Command = {
  summary: "check a paper's offline seal without a network, by a trust list",
  help: `Usage: icl seal check <text, file or -> --trust-list <file>

Checks what the scanner reads of the seal on a paper (it begins with ICL1:), given as it is, in a file, or on standard input. No
connection is made: whose keys are believed is what the trust list says. What became of the certificate since the seal was made,
such as its use, only the ledger knows: ask a node.

      --trust-list <file> as icl trust-list wrote it; one that was changed since it was signed is refused
      --json              write what was found as JSON

Ends with 0 when the seal is genuine, and of a certificate that was issued, neither used nor revoked when it was made, and is in its
validity; 5 when not; 2 when called wrongly.

Example: icl seal check seal.txt --trust-list trust-list.jws`,
  options: { "trust-list": { type: "string" }, json: { type: "boolean" } },
  operands: ["the seal"],
  run: check,
};
