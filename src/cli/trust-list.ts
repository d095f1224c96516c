import { writeFileSync } from "node:fs";

import { readTrustList, TrustListFault } from "../paper/trust-list.ts";
import { textOf, UsageError, type Command, type Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { membersOf } from "./message-record.ts";
import { bytesOf, type NodeClient } from "./node-client.ts";
import { NodeFailure, NodeRefusal } from "./node-errors.ts";
import { anonymousClientOf, nodeHelp, nodeOptions } from "./node-options.ts";
import { complain, printable, say } from "./terminal.ts";

const LARGEST = 4 * 1024 * 1024;
const PATIENCE_MS = 30_000;

async function trustList(values: Values): Promise<Exit> {
  const client = anonymousClientOf(values);
  const text = await exported(client);
  const { list, signed } = await read(text);
  if (!signed) complain(printable(`icl: ${client.url} has no key to sign its trust list with`));
  const out = textOf(values, "out");
  if (out !== null) write(out, text);
  if (values.json === true) {
    say(JSON.stringify(list));
    return EXIT.done;
  }
  say(printable(`${list.by}, as of ${list.asOf}`));
  for (const { domain, jurisdiction, status, keys, problem } of list.participants) {
    const known = problem ?? `${keys.length} key${keys.length === 1 ? "" : "s"}`;
    say(printable(`${domain}  ${jurisdiction}  ${status}  ${known}`));
  }
  return EXIT.done;
}

/** Signed where the node can, and else as it is. */
async function exported(client: NodeClient): Promise<string> {
  try {
    return await ask(client, "application/jose");
  } catch (error) {
    const isUnsigned =
      error instanceof NodeRefusal && membersOf(error.problem).get("code") === "seal-key-missing";
    if (!isUnsigned) throw error;
  }
  return ask(client, "application/json");
}

async function ask(client: NodeClient, accept: string): Promise<string> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await client.open("/trust-list", { headers: { accept }, signal });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytesOf(response)) {
    size += chunk.byteLength;
    if (size > LARGEST) throw new NodeFailure(`${client.url} answered more than ${LARGEST} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function read(text: string) {
  try {
    return await readTrustList(text);
  } catch (error) {
    throw error instanceof TrustListFault ? new NodeFailure(error.message) : error;
  }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, `${text}\n`);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "not writable";
    throw new UsageError(`${file} cannot be written (${code})`);
  }
}

/** `icl trust-list`: exports whose seals a node believes. */
export const trustListCommand: Command = {
  summary: "export whose offline seals a node believes",
  help: `Usage: icl trust-list [--out <file>]

Asks a node for the participants of its channels and the keys that make their offline seals, and writes a line for each; with --out
also the file that icl seal check needs, signed by the node's agency where it has a key. Take it from a node that you trust, such as
your own, and anew from time to time. No token is needed or sent.

      --out <file>        where to
${nodeHelp.replace(/^ +--token.*\n(?: +--token-file.*\n)?/gm, "")}

Ends with 0 when done, 3 when the node refused, 4 when it is out of reach.

Example: icl trust-list --node https://icl.customs.gov.cn --out trust-list.jws`,
  options: { node: nodeOptions.node, json: nodeOptions.json, out: { type: "string" } },
  run: trustList,
};
