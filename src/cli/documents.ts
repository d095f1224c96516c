import { createHash } from "node:crypto";
import { once } from "node:events";
import { open, rename, rm } from "node:fs/promises";

import { multihashOf, parseMultihash } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import { textOf, UsageError, type Command, type Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { bytesOf, unreachable } from "./node-client.ts";
import { NodeFailure } from "./node-errors.ts";
import { clientOf, nodeHelp, nodeOptions } from "./node-options.ts";
import { show } from "./output.ts";
import { storeDocument } from "./store-document.ts";

async function put(values: Values, [file = ""]: readonly string[]): Promise<Exit> {
  const { multihash, answer } = await storeDocument(clientOf(values), file, textOf(values, "media-type"));
  show(values, answer, multihash);
  return EXIT.done;
}

async function get(values: Values, [text = ""]: readonly string[]): Promise<Exit> {
  const multihash = knownHash(text);
  const client = clientOf(values);
  const output = textOf(values, "output");
  const hash = createHash("sha256");
  const response = await client.open(`/documents/${multihash}`);
  const check = () => {
    if (multihashOf(hash.digest("hex")) === multihash) return;
    throw new NodeFailure("the bytes are not those of the hash: they were altered, or are not whole");
  };
  const bytes = noticing(response, client.url);
  if (output === null) await toStandardOutput(bytes, hash);
  else await toFile(output, bytes, hash, check);
  if (output === null) check();
  return EXIT.done;
}

/** @throws UsageError for what is no hash */
export function knownHash(text: string) {
  try {
    return parseMultihash(text);
  } catch (error) {
    throw error instanceof Problem ? new UsageError(error.message) : error;
  }
}

async function* noticing(response: Response, url: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of bytesOf(response)) yield chunk;
  } catch (error) {
    throw unreachable(url, error);
  }
}

type Hash = ReturnType<typeof createHash>;

async function toStandardOutput(bytes: AsyncIterable<Uint8Array>, hash: Hash): Promise<void> {
  for await (const chunk of bytes) {
    hash.update(chunk);
    if (!process.stdout.write(chunk)) await once(process.stdout, "drain");
  }
}

/** The file appears whole and checked, or not at all. */
async function toFile(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  hash: Hash,
  check: () => void,
): Promise<void> {
  const partial = `${file}.${process.pid}.part`;
  let handle;
  try {
    handle = await open(partial, "wx", 0o600);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "not writable";
    throw new UsageError(`${file} cannot be written (${code})`);
  }
  try {
    try {
      for await (const chunk of bytes) {
        hash.update(chunk);
        await handle.writeFile(chunk);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    check();
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** `icl documents put`: stores a file's bytes. */
export const putDocumentCommand: Command = {
  summary: "store a document, and write its hash",
  help: `Usage: icl documents put <file> [--media-type <type>]

Stores a file's bytes as a document and writes its multihash. It is open to nobody before a message names it.

      --media-type <type> by the file's name where left out
${nodeHelp}

Ends with 0 when done, 3 when the node refused, 4 when it is out of reach.

Example: icl documents put certificate.json`,
  options: { ...nodeOptions, "media-type": { type: "string" } },
  operands: ["the file"],
  run: put,
};

/** `icl documents get`: reads a document and checks its hash. */
export const getDocumentCommand: Command = {
  summary: "read a document, checked against its hash",
  help: `Usage: icl documents get <hash> [--output <file>]

Writes a document's bytes. Its hash is computed here once more: a file that does not have it is not written, and standard
output ends with exit code 1.

  -o, --output <file>     where to; standard output where left out
${nodeHelp}

Ends with 0 when done, 1 when the bytes are not those of the hash, 3 when the node does not show it, 4 when the node is out
of reach.

Example: icl documents get QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n --output certificate.json`,
  options: { ...nodeOptions, output: { type: "string", short: "o" } },
  operands: ["the hash"],
  run: get,
};
