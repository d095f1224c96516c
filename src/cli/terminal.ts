/** Writes a line of the command's result to standard output. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes a line about what happens to standard error. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** What others wrote, made safe for a terminal: control characters could move its cursor or hide what stands before. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "?");
}
