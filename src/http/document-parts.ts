import busboy from "busboy";

import type { BatchItem, BatchLimits } from "../documents/batch-item.ts";
import { parseMediaType } from "../documents/media-type.ts";
import { Problem } from "../domain/problems.ts";
import { empty, tooLarge, tooMany, tooMuch } from "./document-lines.ts";

const FIELD_BYTES = 1_024;
const HEADERS_A_PART = 20;

/**
 * Reads documents as the file parts of a form (RFC 7578). Of the body no more is read ahead than one chunk; a part that is
 * too large is passed over.
 *
 * @param contentType with its boundary
 * @throws Problem `malformed-request` for what is no such form; whatever `body` throws
 */
export async function* documentParts(
  body: AsyncIterable<Buffer>,
  contentType: string,
  limits: BatchLimits,
): AsyncGenerator<BatchItem> {
  const parser = parserOf(contentType, limits);
  let read = 0;
  for await (const chunk of body) {
    read += chunk.length;
    if (read > limits.bytes) {
      yield* parser.take();
      yield { line: parser.taken() + 1, problem: tooMuch(limits) };
      return;
    }
    await parser.write(chunk);
    yield* parser.take();
    if (parser.taken() > limits.items) return;
  }
  await parser.end();
  yield* parser.take();
}

function parserOf(contentType: string, limits: BatchLimits) {
  let parts = 0;
  let taken = 0;
  // The parser may tell of a part's end after the next one's.
  const ready = new Map<number, BatchItem>();
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => undefined); // whoever writes next hears of it
  const form = openForm(contentType, limits);
  form.on("error", (cause) => {
    failed.reject(malformed(cause));
  });
  form.on("file", (_name, stream, { mimeType }) => {
    parts += 1;
    const line = parts;
    if (line > limits.items) {
      stream.resume();
      ready.set(line, { line, problem: tooMany(limits) });
      return;
    }
    const pieces: Buffer[] = [];
    let truncated = false;
    stream.on("data", (piece: Buffer) => pieces.push(piece));
    stream.on("limit", () => (truncated = true));
    stream.on("error", (cause: unknown) => {
      failed.reject(malformed(cause));
    });
    stream.on("end", () => {
      if (truncated) ready.set(line, { line, problem: tooLarge(limits) });
      else ready.set(line, itemOf(line, mimeType, Buffer.concat(pieces)));
    });
  });
  form.on("field", () => {
    parts += 1;
    const problem = new Problem(
      "malformed-request",
      "The part is no file: give each document a file name and a Content-Type.",
    );
    ready.set(parts, { line: parts, problem });
  });
  return {
    /** How many were handed out. */
    taken: () => taken,
    /** Those that are whole, in their order, up to the one that is still arriving. */
    *take() {
      for (let item = ready.get(taken + 1); item !== undefined; item = ready.get(taken + 1)) {
        taken += 1;
        ready.delete(taken);
        yield item;
        if (taken > limits.items) return;
      }
    },
    write: (chunk: Buffer) =>
      Promise.race([
        failed.promise,
        new Promise<void>((resolve) =>
          form.write(chunk, () => {
            resolve();
          }),
        ),
      ]),
    end: () =>
      Promise.race([
        failed.promise,
        new Promise<void>((resolve) => {
          form.once("close", resolve);
          form.end();
        }),
      ]),
  };
}

function openForm(contentType: string, limits: BatchLimits): busboy.Busboy {
  try {
    return busboy({
      headers: { "content-type": contentType },
      limits: {
        fileSize: limits.itemBytes,
        files: limits.items + 1,
        fields: limits.items + 1,
        fieldSize: FIELD_BYTES,
        headerPairs: HEADERS_A_PART,
      },
    });
  } catch (cause) {
    throw malformed(cause);
  }
}

function itemOf(line: number, mimeType: string, content: Buffer): BatchItem {
  try {
    if (content.length === 0) throw empty();
    return { line, mediaType: parseMediaType(mimeType), content };
  } catch (error) {
    if (error instanceof Problem) return { line, problem: error };
    throw error;
  }
}

function malformed(cause: unknown): Problem {
  return new Problem("malformed-request", "The body is no whole multipart/form-data as RFC 7578 has it.", {
    cause,
  });
}
