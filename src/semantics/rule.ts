import { compareQuantities } from "./compare-quantities.ts";
import { valueAt } from "./json-pointer.ts";

/** How the left value of a rule stands to the right one. */
export const relations = ["at-least", "after", "other-than"] as const;
export type Relation = (typeof relations)[number];

/** Something that a document type demands and that its schema cannot say: two values of a document compared. */
export interface ComparingRule {
  readonly name: string;
  /** What holds of a good document. */
  readonly sentence: string;
  /** Pointer to a list: the rule is then asked of each item, whose own pointers it has. */
  readonly each?: string;
  /** The rule is asked only where this value of the document is this one. */
  readonly when?: { readonly path: string; readonly equals: string | number | boolean };
  readonly left: string;
  readonly is: Relation;
  readonly right: string;
}

/** Another such demand: no two items of a list have the same value. */
export interface DistinctRule {
  readonly name: string;
  readonly sentence: string;
  readonly each: string;
  readonly distinct: string;
}

export type Rule = ComparingRule | DistinctRule;

/**
 * Asks a rule of a document. A value that is absent breaks no rule: whether it must be there is the schema's to say.
 *
 * @returns pointers to what breaks it; empty where nothing does
 */
export function brokenBy(rule: Rule, document: unknown): readonly string[] {
  if ("distinct" in rule) return repeated(rule, document);
  if (rule.when !== undefined && valueAt(document, rule.when.path) !== rule.when.equals) return [];
  return itemsOf(document, rule.each)
    .filter(({ item }) => !holds(valueAt(item, rule.left), rule.is, valueAt(item, rule.right)))
    .map(({ pointer }) => pointer + rule.left);
}

function itemsOf(
  document: unknown,
  each: string | undefined,
): readonly { readonly pointer: string; readonly item: unknown }[] {
  if (each === undefined) return [{ pointer: "", item: document }];
  const list = valueAt(document, each);
  if (!Array.isArray(list)) return [];
  return list.map((item: unknown, place) => ({ pointer: `${each}/${place}`, item }));
}

function holds(left: unknown, is: Relation, right: unknown): boolean {
  if (left === undefined || right === undefined) return true;
  if (is === "other-than") return left !== right;
  const order = compareQuantities(left, right);
  if (order === null) return true;
  return is === "after" ? order > 0 : order >= 0;
}

function repeated({ each, distinct }: DistinctRule, document: unknown): readonly string[] {
  const seen = new Set<unknown>();
  const broken: string[] = [];
  for (const { pointer, item } of itemsOf(document, each)) {
    const value = valueAt(item, distinct);
    if (value !== undefined && seen.has(value)) broken.push(pointer + distinct);
    seen.add(value);
  }
  return broken;
}
