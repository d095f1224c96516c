/**
 * Cuts a stream of UTF-8 into lines, without their line ends.
 *
 * @param longest characters of a line
 * @throws what `tooLong` makes when a line is longer
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  longest: number,
  tooLong: () => Error,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) yield part.replace(/\r$/, "");
    if (rest.length > longest) throw tooLong();
  }
  rest += decoder.decode();
  if (rest !== "") yield rest.replace(/\r$/, "");
}
