import { currentRequestId } from "./request-context.ts";

/** How grave a line is. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** What a line says besides its message. Never document content, tokens or keys. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Structured log: one JSON object a line; what is written while a request is handled carries its `requestId`. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger whose every line also carries `fields`. */
  child(fields: LogFields): Logger;
}

const ORDER: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };
const SECRET_NAME = /authorization|token|secret|password|cookie|private|^key$|Key$/;
const CREDENTIAL = /\b(Bearer|ICL|Basic)\s+[\w.~+/=-]{8,}/g;
const URL_PASSWORD = /(\b\w{1,20}:\/\/[^\s:/@]*):[^\s@/]+@/g;
const LONGEST_TEXT = 4_000;
const DEEPEST = 5;

function clean(text: string): string {
  // Cut first, generously: what looks for credentials must not be given more than it can search in no time.
  return text
    .slice(0, 2 * LONGEST_TEXT)
    .replace(CREDENTIAL, "$1 [redacted]")
    .replace(URL_PASSWORD, "$1:[redacted]@")
    .slice(0, LONGEST_TEXT);
}

function printable(value: unknown, depth: number): unknown {
  if (typeof value === "string") return clean(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (depth >= DEEPEST) return "[deeper]";
  if (value instanceof Error) {
    const code: unknown = "code" in value ? value.code : undefined;
    return printable(
      { name: value.name, code, message: value.message, stack: value.stack, cause: value.cause },
      depth + 1,
    );
  }
  if (Array.isArray(value)) return value.map((item: unknown) => printable(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]: [string, unknown]) => [
      name,
      SECRET_NAME.test(name) ? "[redacted]" : printable(item, depth + 1),
    ]),
  );
}

function toStandardError(line: string): void {
  process.stderr.write(line);
}

/**
 * Makes a logger.
 *
 * @param options `level`: the least grave level written; `write`: takes one line with its newline (standard error by
 *   default, so that a command's own output stays clean); `now`: milliseconds since 1970
 * @returns a logger that redacts credentials by field name and by form
 */
export function createLogger(
  options: {
    readonly level?: LogLevel;
    readonly write?: (line: string) => void;
    readonly now?: () => number;
    readonly fields?: LogFields;
  } = {},
): Logger {
  const { level = "info", write = toStandardError, now = Date.now, fields = {} } = options;
  const at = (lineLevel: LogLevel) => (message: string, more?: LogFields) => {
    if (ORDER[lineLevel] < ORDER[level]) return;
    const requestId = currentRequestId();
    const request = requestId === null ? {} : { requestId };
    const body = printable({ ...request, ...fields, ...more }, 0) as LogFields;
    const line = { time: new Date(now()).toISOString(), level: lineLevel, message: clean(message), ...body };
    write(`${JSON.stringify(line)}\n`);
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (more) => createLogger({ level, write, now, fields: { ...fields, ...more } }),
  };
}

/** A logger that writes nothing. */
export const silentLogger: Logger = createLogger({ write: () => undefined });
