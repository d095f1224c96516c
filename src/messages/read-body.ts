import { setImmediate as breathe } from "node:timers/promises";

import type { DocumentStore } from "../documents/document-store.ts";
import {
  BatchBody,
  BatchFault,
  LONGEST_BODY_LINE,
  type BatchHeader,
  type BatchMember,
} from "../domain/batch.ts";
import { digestOf } from "../domain/multihash.ts";

const LINE_FEED = 0x0a;
/** Hashing keeps the process busy; between so many lines others have their turn. */
const LINES_A_TURN = 200;

/**
 * Reads a batch's body, and checks it against what was anchored (PROTOCOL §4, "Bulk").
 *
 * @param files holds the body
 * @returns all its messages
 * @throws BatchFault when the body says something else than its anchor
 * @throws Problem `document-damaged`
 */
export async function readBody(files: DocumentStore, header: BatchHeader): Promise<readonly BatchMember[]> {
  const body = new BatchBody(header);
  const members: BatchMember[] = [];
  const content = await files.read(digestOf(header.body));
  for await (const line of linesOf(content as AsyncIterable<Buffer>)) {
    members.push(body.add(line));
    if (members.length % LINES_A_TURN === 0) await breathe();
  }
  body.finish();
  return members;
}

/**
 * The lines of a text, without their line feeds. The last one need not have any.
 *
 * @throws BatchFault `batch-malformed` for a line that is too long or no UTF-8
 */
async function* linesOf(content: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of content) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      yield decoded(bytes.subarray(start, end));
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > LONGEST_BODY_LINE) decoded(rest);
  }
  if (rest.length > 0) yield decoded(rest);
}

function decoded(line: Buffer): string {
  if (line.length > LONGEST_BODY_LINE)
    throw new BatchFault("batch-malformed", "A line of the body is too long.");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line);
  } catch {
    throw new BatchFault("batch-malformed", "The body is not UTF-8.");
  }
}
