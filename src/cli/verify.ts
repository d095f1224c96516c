import { openAsBlob, readFileSync, statSync } from "node:fs";
import path from "node:path";

import { ChannelFailure } from "../channels/channel.ts";
import { Problem } from "../domain/problems.ts";
import {
  checkBundle,
  wordFor,
  type BundleReport,
  type BundleTrust,
  type ChannelPins,
} from "../verification/check-bundle.ts";
import { parseQrPayload, qrText } from "../verification/qr-payload.ts";
import { headerHashOf } from "../verification/trusted-header.ts";
import { textOf, UsageError, type Command, type Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { itemsOf, membersOf } from "./message-record.ts";
import { anonymousClientOf, nodeHelp, nodeOptions } from "./node-options.ts";
import { complain, printable, say } from "./terminal.ts";

const LARGEST_BUNDLE = 64 * 1024 * 1024;
const HASH = /^0x[0-9a-f]{64}$/i;
const OF_A_BUNDLE = ["rpc", "offline", "header", "channel", "genesis-hash", "code-hash", "live"];
const OF_A_DOCUMENT = ["node", "message", "receipt", "qr"];

async function verify(values: Values, [file = ""]: readonly string[]): Promise<Exit> {
  const [rpc, offline] = [textOf(values, "rpc"), values.offline === true];
  const asked = OF_A_BUNDLE.some((name) => values[name] !== undefined) ? "bundle" : "document";
  const stray = OF_A_DOCUMENT.find((name) => values[name] !== undefined);
  if (asked === "document") return verifyDocument(values, file);
  if (stray !== undefined) throw new UsageError(`--${stray} does not go with --rpc or --offline`);
  if ((rpc === null) === !offline) throw new UsageError("give --rpc <url>, or --offline with --header");
  return verifyBundle(values, file, rpc);
}

async function verifyBundle(values: Values, file: string, rpc: string | null): Promise<Exit> {
  const trust: BundleTrust = { pins: pinsOf(values), ledger: ledgerOf(values, rpc) };
  const text = textIn(file, LARGEST_BUNDLE);
  let bundle: unknown;
  try {
    bundle = JSON.parse(text);
  } catch {
    bundle = null; // what is no JSON is no bundle, and the report says so
  }
  let report: BundleReport;
  try {
    report = await checkBundle(bundle, trust);
  } catch (error) {
    if (!(error instanceof ChannelFailure)) throw error;
    complain(printable(`icl: ${error.message}`));
    return EXIT.unreachable;
  }
  const { certificate } = report;
  const state = certificate === null ? null : wordFor(certificate);
  const demanded = values.live !== true || state === "live";
  if (values.json === true) {
    say(JSON.stringify({ ...report, state }));
  } else {
    for (const { check, outcome, detail } of report.findings) {
      say(printable(`${outcome.padEnd(8)}${check}: ${detail}`));
    }
    say(report.holds ? "The evidence holds." : "The evidence does not hold.");
    if (state !== null) say(`The certificate now: ${state}.`);
    if (report.holds && !demanded) say("It was to be live, and is not shown to be.");
  }
  return report.holds && demanded ? EXIT.done : EXIT.notValid;
}

function ledgerOf(values: Values, rpc: string | null): BundleTrust["ledger"] {
  const header = textOf(values, "header");
  if (rpc === null) {
    if (header === null) throw new UsageError("--offline needs --header <hash or file>");
    if (values.live === true) throw new UsageError("--live needs --rpc: only the ledger knows");
    if (HASH.test(header)) return { header };
    const hash = headerHashOf(textIn(header, 1024 * 1024));
    if (hash === null) {
      throw new UsageError(
        `${header} holds neither a block's hash, nor its header in RLP, nor a block as JSON`,
      );
    }
    return { header: hash };
  }
  if (header !== null) throw new UsageError("--header goes with --offline");
  const url = URL.canParse(rpc) ? new URL(rpc) : null;
  if (url?.protocol !== "https:" && url?.protocol !== "http:") {
    throw new UsageError("--rpc takes an http or https URL");
  }
  return { rpcUrl: rpc };
}

function pinsOf(values: Values): ChannelPins | null {
  const [id, genesisHash, codeHash] = ["channel", "genesis-hash", "code-hash"].map((name) =>
    textOf(values, name),
  );
  for (const hash of [genesisHash, codeHash]) {
    if (hash !== null && hash !== undefined && !HASH.test(hash)) {
      throw new UsageError("--genesis-hash and --code-hash take 0x and 64 hexadecimal digits");
    }
  }
  if (id === null || id === undefined) {
    if (genesisHash === null && codeHash === null) return null;
    throw new UsageError("--genesis-hash and --code-hash go with --channel");
  }
  return {
    id,
    ...(genesisHash === null || genesisHash === undefined ? {} : { genesisHash }),
    ...(codeHash === null || codeHash === undefined ? {} : { codeHash }),
  };
}

async function verifyDocument(values: Values, file: string): Promise<Exit> {
  const client = anonymousClientOf(values);
  const form = new FormData();
  const receipt = textOf(values, "receipt");
  const beside = {
    message: textOf(values, "message"),
    receipt: receipt === null ? null : textIn(receipt, 64 * 1024),
    qr: withoutKey(textOf(values, "qr")),
  };
  const given = Object.entries(beside).filter(([, value]) => value !== null);
  if (given.length > 1) throw new UsageError("give one of --message, --receipt and --qr");
  sizeOf(file);
  form.set("file", await openAsBlob(file), path.basename(file));
  for (const [name, value] of given) form.set(name, value ?? "");
  const answer = await client.ask("/verify", { method: "POST", body: form });
  const verification = membersOf(answer);
  const verdict = String(verification.get("verdict"));
  if (values.json === true) {
    say(JSON.stringify(answer));
  } else {
    say(printable(verdict));
    for (const finding of itemsOf(verification.get("findings")).map(membersOf)) {
      const [name, outcome, detail] = ["name", "outcome", "detail"].map((each) => String(finding.get(each)));
      say(printable(`${outcome?.padEnd(8)}${name}: ${detail}`));
    }
    for (const certificate of itemsOf(verification.get("certificates")).map(membersOf)) {
      const [id, state, issuer, receiver, channel] = ["id", "state", "issuer", "receiver", "channel"].map(
        (each) => String(certificate.get(each)),
      );
      say(printable(`${id}  ${state}  ${issuer} -> ${receiver}  ${channel}`));
    }
  }
  return verdict === "valid" ? EXIT.done : EXIT.notValid;
}

/** What a code says, without the key by which it opens the document: that goes to nobody. */
function withoutKey(code: string | null): string | null {
  if (code === null) return null;
  try {
    const payload = parseQrPayload(code);
    return payload.seal ?? qrText(payload);
  } catch (error) {
    throw error instanceof Problem ? new UsageError(`--qr: ${error.message}`) : error;
  }
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new UsageError(`${file} cannot be read (${code})`);
  }
}

function textIn(file: string, most: number): string {
  if (sizeOf(file) > most) throw new UsageError(`${file} has more than ${most} bytes`);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new UsageError(`${file} cannot be read (${code})`);
  }
}

/** `icl verify`: checks evidence against a ledger or a header, or asks a node what a document is worth. */
export const verifyCommand: Command = {
  summary: "check a bundle of evidence without a node, or a document at a node",
  help: `Usage: icl verify <bundle> --rpc <url> [--channel <id>] [--live]
       icl verify <bundle> --offline --header <hash or file> [--channel <id>]
       icl verify <document> --node <url> [--message <id> | --receipt <file> | --qr <text>]

With --rpc or --offline, checks a bundle of evidence, as GET /messages/{id}/evidence answers it, and needs no node: that the
ledger recorded the message, in which block, by whose right, through which contract. With --node, asks that node what a
document is worth: valid, used, revoked, expired, pending, duplicate, altered or unknown. No token is needed or sent.

      --rpc <url>         a client of the ledger (JSON-RPC): is the block on the ledger, and where does the certificate stand?
      --offline           ask nobody; what --header pins is believed
      --header <hash or file>  hash of the bundle's block, or a file with it, with the header in RLP, or with the block as JSON
      --channel <id>      the channel that it must be of, such as eip155:31337:0x5fbd…; told, not checked, where left out
      --genesis-hash <hash>, --code-hash <hash>  what else is known of that channel
      --live              with --rpc: also demand that the certificate is live now
      --message <id>      the issuing message that is meant
      --receipt <file>    its record, as the node that sent it answered
      --qr <text>         what a QR code on the paper holds, link or seal; the key in a link is not sent
${nodeHelp.replace(/^ +--token.*\n(?: +--token-file.*\n)?/gm, "")}

Ends with 0 when the evidence holds or the document is valid, 5 when not (and says why), 2 when called wrongly, 3 when the node
refused, 4 when node or ledger is out of reach. Evidence of a certificate that was used or revoked since still holds: the
last line says where it stands.

Example: icl verify evidence.json --rpc https://rpc.example --channel eip155:31337:0x5fbd…`,
  options: {
    node: nodeOptions.node,
    json: nodeOptions.json,
    rpc: { type: "string" },
    offline: { type: "boolean" },
    header: { type: "string" },
    channel: { type: "string" },
    "genesis-hash": { type: "string" },
    "code-hash": { type: "string" },
    live: { type: "boolean" },
    message: { type: "string" },
    receipt: { type: "string" },
    qr: { type: "string" },
  },
  operands: ["file"],
  run: verify,
};
