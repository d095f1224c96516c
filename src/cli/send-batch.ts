import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";

import { UsageError, type Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { linesOf } from "./lines.ts";
import { membersOf } from "./message-record.ts";
import { bytesOf, unreachable, type NodeClient } from "./node-client.ts";
import { NodeFailure, NodeUnreachable } from "./node-errors.ts";
import { show } from "./output.ts";
import { complain } from "./terminal.ts";

const LONGEST_LINE = 64 * 1024;
/** The status of a line whose message was said before. */
const KNOWN = 200;

/**
 * Streams a file of messages to the node, and writes what became of each line as the answers come.
 *
 * @param file its name; `-` for standard input
 * @throws NodeRefusal, NodeUnreachable, NodeFailure
 */
export async function sendBatch(client: NodeClient, values: Values, file: string): Promise<Exit> {
  const reading: { failure: Error | null } = { failure: null };
  const source = await sourceOf(file);
  try {
    const response = await client.open("/messages/batch", {
      method: "POST",
      headers: { "content-type": "application/x-ndjson", accept: "application/x-ndjson" },
      body: ReadableStream.from(noticing(source, reading)),
    });
    return await report(response, values);
  } catch (error) {
    if (reading.failure !== null) throw reading.failure;
    const broken = error instanceof TypeError || error instanceof DOMException;
    const failure = broken ? unreachable(client.url, error) : error;
    if (failure instanceof NodeUnreachable || failure instanceof NodeFailure) {
      complain(
        "icl: lines without an answer may have been taken; send the file again, nothing is sent twice",
      );
    }
    throw failure;
  }
}

async function sourceOf(file: string): Promise<AsyncIterable<Uint8Array>> {
  if (file === "-") return process.stdin as AsyncIterable<Uint8Array>;
  try {
    const handle = await open(file);
    return createReadStream("", { fd: handle }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new UsageError(`${file} cannot be read (${code})`);
  }
}

/** Hands the chunks on; keeps why reading failed, which is no fault of the network's. */
async function* noticing(
  chunks: AsyncIterable<Uint8Array>,
  reading: { failure: Error | null },
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of chunks) yield chunk;
  } catch (error) {
    reading.failure = error instanceof Error ? error : new Error("the file cannot be read");
    throw error;
  }
}

async function report(response: Response, values: Values): Promise<Exit> {
  const tooLong = () => new NodeFailure("the node answered a line without end");
  let [taken, refused] = [0, 0];
  for await (const line of linesOf(bytesOf(response), LONGEST_LINE, tooLong)) {
    if (line === "") continue;
    const answer = parsed(line);
    const members = membersOf(answer);
    const error = membersOf(members.get("error"));
    const place = String(members.get("line"));
    if (members.has("error")) {
      refused += 1;
      show(values, answer, `${place}  ${String(error.get("code"))}  ${String(error.get("detail"))}`);
    } else {
      taken += 1;
      const known = members.get("status") === KNOWN ? "known" : "taken";
      show(values, answer, `${place}  ${String(members.get("id"))}  ${known}`);
    }
  }
  complain(`icl: ${taken} taken, ${refused} refused`);
  return refused === 0 ? EXIT.done : EXIT.refused;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (cause) {
    throw new NodeFailure("the node answered a line that is not JSON", { cause });
  }
}
