import { isRecord } from "./record.ts";

const DECIMAL = /^(\d{1,15})(?:\.(\d{1,6}))?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const FRACTION_DIGITS = 6;

/**
 * Compares two numbers written as text, two days, two times, or two measures of one unit.
 *
 * @returns below, at or above 0, as the left one is less, the same or more; null where the two cannot be compared
 */
export function compareQuantities(left: unknown, right: unknown): number | null {
  if (isRecord(left) && isRecord(right)) {
    const sameUnit = left.unitCode === right.unitCode && left.currencyCode === right.currencyCode;
    return sameUnit ? compareQuantities(left.value, right.value) : null;
  }
  if (typeof left === "number" && typeof right === "number") return left - right;
  if (typeof left !== "string" || typeof right !== "string") return null;
  return compareTexts(left, right);
}

function compareTexts(left: string, right: string): number | null {
  const [a, b] = [millionths(left), millionths(right)];
  if (a !== null && b !== null) return a < b ? -1 : Number(a > b);
  if (DAY.test(left) !== DAY.test(right)) return null;
  const [from, to] = [Date.parse(left), Date.parse(right)];
  return Number.isNaN(from) || Number.isNaN(to) ? null : from - to;
}

function millionths(text: string): bigint | null {
  const [, whole, fraction = ""] = DECIMAL.exec(text) ?? [];
  return whole === undefined ? null : BigInt(whole + fraction.padEnd(FRACTION_DIGITS, "0"));
}
