import type { Values } from "./command.ts";
import { printable, say } from "./terminal.ts";

/** Writes one answer: as it came with `--json`, else the line that people read. */
export function show(values: Values, answer: unknown, line: string): void {
  say(values.json === true ? JSON.stringify(answer) : printable(line));
}
