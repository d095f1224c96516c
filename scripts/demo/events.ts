/**
 * Reads a stream of server-sent events.
 *
 * @param body of an answer whose media type is `text/event-stream`
 * @returns what stands for each event as it comes: its type
 */
export async function* eventTypes(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const type = /^event: (.*)$/m.exec(block)?.[1];
      if (type !== undefined) yield type;
    }
  }
}
