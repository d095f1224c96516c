import { parseMultihash } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import { formLanguages } from "../paper/form.ts";
import { textOf, UsageError, type Command, type Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { bytesOf, unreachable, type NodeClient } from "./node-client.ts";
import { NodeFailure } from "./node-errors.ts";
import { clientOf, nodeHelp, nodeOptions } from "./node-options.ts";
import { show } from "./output.ts";
import { storeDocument } from "./store-document.ts";
import { writePrivate } from "./write-private.ts";

/** The longest paper has fifty pages. */
const LARGEST = 64 * 1024 * 1024;
const PATIENCE_MS = 120_000;

async function print(values: Values, [document = ""]: readonly string[]): Promise<Exit> {
  const language = textOf(values, "language") ?? "en";
  if (!formLanguages.some((known) => known === language)) {
    throw new UsageError(`--language takes one of ${formLanguages.join(", ")}`);
  }
  const message = textOf(values, "message");
  const client = clientOf(values);
  const multihash =
    hashIn(document) ?? (await storeDocument(client, document, textOf(values, "media-type"))).multihash;
  const response = await client.open(`/documents/${multihash}/print`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ language, ...(message === null ? {} : { message }) }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const file = textOf(values, "out") ?? `${multihash}.pdf`;
  writePrivate(file, await paperIn(client, response));
  show(values, { file, multihash, language }, file);
  return EXIT.done;
}

/** What was given is a hash, or else the name of a file. */
function hashIn(text: string): string | null {
  try {
    return parseMultihash(text);
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

async function paperIn(client: NodeClient, response: Response): Promise<Buffer> {
  if (response.headers.get("content-type") !== "application/pdf") {
    await response.body?.cancel();
    throw new NodeFailure(`${client.url} did not answer with a PDF: is it a node?`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of bytesOf(response)) {
      size += chunk.byteLength;
      if (size > LARGEST) throw new NodeFailure(`${client.url} answered more than ${LARGEST} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof NodeFailure ? error : unreachable(client.url, error);
  }
  return Buffer.concat(chunks);
}

/** `icl print`: prints a certificate. */
export const printCommand: Command = {
  summary: "print a certificate as PDF, with the codes that it is checked by",
  help: `Usage: icl print <multihash | file> [--language <language>] [--message <id>] [--out <file>]

Has the node that issued a certificate print it: its form, a code that leads to the node's verifier, and a signed seal that is checked
without a network. Writes the name of the PDF. Whoever has the paper can read the document. A file is stored first; it must be, byte
for byte, what a message issued.

      --language <language>  en (where left out), fr, es or zh: of what the paper says itself
      --message <id>      the message that issued it, where several did
      --out <file>        where to; the document's hash and .pdf where left out
      --media-type <type> of a file; by its name where left out
${nodeHelp}

Ends with 0 when done, 3 when the node refused, 4 when it is out of reach.

Example: icl print QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n --language fr --out certificate.pdf`,
  options: {
    ...nodeOptions,
    language: { type: "string" },
    message: { type: "string" },
    out: { type: "string" },
    "media-type": { type: "string" },
  },
  operands: ["the document's hash, or the file,"],
  run: print,
};
