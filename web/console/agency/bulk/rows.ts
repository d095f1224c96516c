import { parseCsv } from "./csv.ts";

/** A message to be sent, and the file that it speaks of. */
export interface BulkRow {
  /** Where it stood: the line of a table, or the place among the files, from 1. */
  readonly line: number;
  /** Name of the file; empty where the table has the document's hash. */
  readonly file: string;
  /** The document's hash; empty until its file is stored. */
  readonly obj: string;
  /** Empty for one that says nothing to outsiders. */
  readonly subject: string;
  readonly predicate: string;
  readonly receiver: string;
  /** RFC 3339; empty for no end. */
  readonly validUntil: string;
}

/** What is sent where a row says nothing else. */
export type BulkDefaults = Pick<BulkRow, "predicate" | "receiver" | "validUntil">;

/** The rows that may be sent at a time; a file of more is cut. */
export const MOST_BULK_ROWS = 20_000;

const members = ["file", "obj", "subject", "predicate", "receiver", "validUntil"] as const;
/** Files that are a table of messages, not a document. */
const TABLE = /\.(?:csv|tsv|ndjson|jsonl)$/i;

export function isTable(name: string): boolean {
  return TABLE.test(name);
}

/** A table that cannot be read, and why. */
export class TableFault extends Error {
  /** Which of the pages' sentences says why. */
  readonly why: "columns" | "line" | "too-many" | "empty";
  readonly line: number;

  constructor(why: TableFault["why"], line = 0) {
    super(why);
    this.why = why;
    this.line = line;
  }
}

/**
 * Reads a table of messages: lines of JSON as `POST /messages/batch` takes them, or comma-separated values under a head with
 * the same names. A line may have `file`, the name of a file chosen with the table, in place of `obj`.
 *
 * @throws TableFault
 */
export function rowsOfTable(name: string, text: string, defaults: BulkDefaults): readonly BulkRow[] {
  const lines = /\.(?:ndjson|jsonl)$/i.test(name) ? jsonLines(text) : csvLines(text);
  if (lines.length === 0) throw new TableFault("empty");
  if (lines.length > MOST_BULK_ROWS) throw new TableFault("too-many");
  return lines.map(({ line, said }) => rowOf(line, said, defaults));
}

/** A row for each file, all with the same receiver and type. */
export function rowsOfFiles(names: readonly string[], defaults: BulkDefaults): readonly BulkRow[] {
  if (names.length > MOST_BULK_ROWS) throw new TableFault("too-many");
  return names.map((file, place) => rowOf(place + 1, { file }, defaults));
}

type Said = Readonly<Partial<Record<(typeof members)[number], string>>>;
interface Line {
  readonly line: number;
  readonly said: Said;
}

function rowOf(line: number, said: Said, defaults: BulkDefaults): BulkRow {
  const { file = "", obj = "", subject = "" } = said;
  const or = (value: string | undefined, otherwise: string) =>
    value === undefined || value === "" ? otherwise : value;
  return {
    ...{ line, file, obj, subject },
    predicate: or(said.predicate, defaults.predicate),
    receiver: or(said.receiver, defaults.receiver),
    validUntil: momentOf(or(said.validUntil, defaults.validUntil)),
  };
}

/** A day means its end, everywhere the same. */
function momentOf(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59Z` : text;
}

function jsonLines(text: string): readonly Line[] {
  return text.split("\n").flatMap((written, place) => {
    if (written.trim() === "") return [];
    let value: unknown;
    try {
      value = JSON.parse(written);
    } catch {
      throw new TableFault("line", place + 1);
    }
    if (typeof value !== "object" || value === null) throw new TableFault("line", place + 1);
    const entries = Object.entries(value).filter(([, member]) => typeof member === "string");
    return [{ line: place + 1, said: Object.fromEntries(entries) }];
  });
}

function csvLines(text: string): readonly Line[] {
  const [head, ...rows] = parseCsv(text);
  if (head === undefined) return [];
  const names = head.map((name) => name.trim().toLowerCase());
  const places = members.map((member) => [member, names.indexOf(member.toLowerCase())] as const);
  const there = (member: string) => places.some(([name, place]) => name === member && place >= 0);
  if (!there("file") && !there("obj")) throw new TableFault("columns");
  return rows.map((cells, place) => ({
    line: place + 2,
    said: Object.fromEntries(
      places.flatMap(([member, at]) => (at < 0 ? [] : [[member, (cells[at] ?? "").trim()]])),
    ),
  }));
}
