import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";

import busboy from "busboy";

import { multihashOf, type Multihash } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";

/** What came as `multipart/form-data`: the file's hash, and the fields beside it. */
export interface PresentedForm {
  readonly file: Multihash | null;
  readonly fields: ReadonlyMap<string, string>;
}

/** Bytes of one field; a receipt is the longest. */
const FIELD_BYTES = 64 * 1024;
const MOST_FIELDS = 4;
/** Bytes of a form beside its file. */
const FORM_BYTES = (MOST_FIELDS + 1) * (FIELD_BYTES + 8 * 1024);

/**
 * Hashes a document as it streams by; nothing of it is kept.
 *
 * @param limit bytes of the largest document
 * @throws Problem `document-too-large` or `document-empty`
 */
export async function hashOf(content: Readable, limit: number): Promise<Multihash> {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of chunksOf(content)) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge(limit);
    hash.update(chunk);
  }
  if (size === 0) throw empty();
  return multihashOf(hash.digest("hex"));
}

/**
 * Reads a form with one file, hashing it as it streams by.
 *
 * @param limit bytes of the largest document
 * @throws Problem `malformed-request`, `document-too-large`, `document-empty` or `body-too-large`
 */
export async function readForm(
  request: Readable & { readonly headers: IncomingHttpHeaders },
  limit: number,
): Promise<PresentedForm> {
  const fields = new Map<string, string>();
  const faults: Problem[] = [];
  const refuse = (problem: Problem) => faults.push(problem);
  let file: Multihash | null = null;
  const form = parserFor(request.headers, limit);
  form.on("file", (_name, content) => {
    const hash = createHash("sha256");
    let size = 0;
    content.on("data", (chunk: Uint8Array) => {
      size += chunk.byteLength;
      hash.update(chunk);
    });
    content.on("error", () => refuse(broken())); // an error that nobody listens for ends the process
    content.on("end", () => {
      if (size === 0) refuse(empty());
      if (size > limit) refuse(tooLarge(limit));
      file = multihashOf(hash.digest("hex"));
    });
  });
  form.on("field", (name, value, { valueTruncated }) => {
    if (valueTruncated) refuse(new Problem("body-too-large", `A field has ${FIELD_BYTES} bytes at most.`));
    else if (fields.has(name)) refuse(malformed(`Send ${name.slice(0, 20)} once.`));
    else fields.set(name, value);
  });
  for (const event of ["partsLimit", "filesLimit", "fieldsLimit"] as const) {
    form.on(event, () => {
      refuse(malformed(`Send one file, and ${MOST_FIELDS} fields at most.`));
    });
  }
  await feed(request, form, limit + FORM_BYTES);
  const [fault] = faults;
  if (fault !== undefined) throw fault;
  return { file, fields };
}

function parserFor(headers: IncomingHttpHeaders, limit: number): busboy.Busboy {
  try {
    return busboy({
      headers,
      limits: {
        files: 1,
        fields: MOST_FIELDS,
        parts: MOST_FIELDS + 1,
        fieldSize: FIELD_BYTES,
        fieldNameSize: 100,
        // The parser cuts a file off at its limit, and says so also where nothing is lost.
        fileSize: limit + 1,
        headerPairs: 20,
      },
    });
  } catch {
    throw malformed("The form has no proper boundary: send it as multipart/form-data."); // the parser's words are no help
  }
}

/** The chunks of a request. Whoever stops halfway leaves it open, so that its sender can read the answer. */
async function* chunksOf(request: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array;
  } catch (cause) {
    throw new Problem("truncated-upload", "The upload ended early: send it again, whole.", { cause });
  }
}

/** Lets a form through its parser, up to so many bytes. */
async function feed(request: Readable, form: busboy.Busboy, mostBytes: number): Promise<void> {
  const closed = new Promise<void>((resolve, reject) => {
    form.once("close", resolve);
    form.on("error", () => {
      reject(broken());
    });
  });
  closed.catch(() => undefined); // awaited below
  let size = 0;
  for await (const chunk of chunksOf(request)) {
    size += chunk.byteLength;
    if (size > mostBytes) {
      form.destroy();
      throw new Problem("body-too-large", `The form has ${mostBytes} bytes at most.`);
    }
    if (!form.write(chunk)) {
      await Promise.race([new Promise((resolve) => form.once("drain", resolve)), closed]);
    }
  }
  form.end();
  await closed;
}

function broken(): Problem {
  return malformed("The form is not whole, or not as multipart/form-data should be.");
}

function empty(): Problem {
  return new Problem("document-empty", "The document is empty: send its bytes.");
}

function tooLarge(limit: number): Problem {
  return new Problem("document-too-large", `A document has ${limit} bytes at most.`);
}

function malformed(detail: string): Problem {
  return new Problem("malformed-request", detail);
}
