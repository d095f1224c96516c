import { valueAt } from "../semantics/json-pointer.ts";
import { isRecord } from "../semantics/record.ts";
import type { SealedLine } from "./fit-lines.ts";

/** What of a document goes onto its offline seal, most important first. */
export type FactsOf = (document: unknown) => readonly SealedLine[];

/** Where a fact stands; the first that is there counts. */
interface Fact {
  readonly label: string;
  readonly pointers: readonly string[];
}

const SUBJECT = "/credentialSubject";
const facts: readonly Fact[] = [
  { label: "Number", pointers: [`${SUBJECT}/number`] },
  { label: "Exporter", pointers: [`${SUBJECT}/exporter/name`, `${SUBJECT}/consignor/name`] },
  {
    label: "Consignee",
    pointers: [`${SUBJECT}/consignee/name`, `${SUBJECT}/importer/name`],
  },
];
const LINES = [`${SUBJECT}/consignment/lineItems`, `${SUBJECT}/lineItems`];
const MOST_LINES = 1_000;

/**
 * The facts of documents of the kinds that this project brings: number, exporter, consignee, and the goods by their HS codes,
 * each once.
 */
export const commonFacts: FactsOf = (document) => {
  const found: SealedLine[] = [];
  for (const { label, pointers } of facts) {
    const text = pointers
      .map((pointer) => valueAt(document, pointer))
      .find((value) => typeof value === "string");
    if (typeof text === "string") found.push([label, text]);
  }
  const lines = LINES.map((pointer) => valueAt(document, pointer)).find((value) => Array.isArray(value));
  const codes = (Array.isArray(lines) ? (lines as readonly unknown[]) : [])
    .slice(0, MOST_LINES)
    .flatMap((line) => (isRecord(line) && typeof line.hsCode === "string" ? [line.hsCode] : []));
  if (codes.length > 0) found.push(["HS codes", [...new Set(codes)].join(", ")]);
  return found;
};
