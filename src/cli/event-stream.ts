import { linesOf } from "./lines.ts";
import { NodeFailure } from "./node-errors.ts";

/** One server-sent event. */
export interface ServerEvent {
  /** Its position; null where the server gave none. */
  readonly id: string | null;
  readonly event: string;
  readonly data: string;
}

/** What a stream brings: an event, or a sign of life. */
export type StreamItem =
  | { readonly kind: "event"; readonly event: ServerEvent }
  /** Everything up to here has been sent. */
  | { readonly kind: "position"; readonly id: string }
  | { readonly kind: "retry"; readonly milliseconds: number }
  | { readonly kind: "alive" };

const LONGEST_LINE = 1024 * 1024;

/** Reads a stream of server-sent events (the HTML standard's `text/event-stream`). */
export async function* serverEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<StreamItem> {
  const tooLong = () => new NodeFailure("the node sent an event without end");
  let id: string | null = null;
  let event = "message";
  let data: string[] = [];
  for await (const line of linesOf(chunks, LONGEST_LINE, tooLong)) {
    if (line === "") {
      if (data.length > 0) yield { kind: "event", event: { id, event, data: data.join("\n") } };
      else if (id !== null) yield { kind: "position", id };
      [event, data] = ["message", []];
      continue;
    }
    yield { kind: "alive" };
    const colon = line.indexOf(":");
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "id" && !value.includes("\0")) id = value;
    else if (field === "event") event = value;
    else if (field === "data") data.push(value);
    else if (field === "retry" && /^\d{1,8}$/.test(value))
      yield { kind: "retry", milliseconds: Number(value) };
    if (data.length * 2 > LONGEST_LINE) throw tooLong();
  }
}
