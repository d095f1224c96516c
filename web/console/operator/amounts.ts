import { language } from "../../language/language.ts";

const STEPS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** A whole number as the reader writes it. */
export function count(value: number): string {
  return new Intl.NumberFormat(language.value).format(value);
}

/** How long ago a moment was. @param iso RFC 3339 */
export function ago(iso: string, now = Date.now()): string {
  const past = Math.max(0, now - Date.parse(iso));
  const [unit, size] = STEPS.find(([, each]) => past >= each) ?? STEPS[3];
  return new Intl.RelativeTimeFormat(language.value, { numeric: "always" }).format(
    -Math.floor(past / size),
    unit,
  );
}

/** The same as `span`, as short as it can be written. */
export function shortSpan(milliseconds: number): string {
  return span(milliseconds, "narrow");
}

/** A length of time, in the largest unit that it fills. */
export function span(milliseconds: number, unitDisplay: "long" | "narrow" = "long"): string {
  const [unit, size] = STEPS.find(([, each]) => milliseconds >= each) ?? (["millisecond", 1] as const);
  return new Intl.NumberFormat(language.value, {
    ...{ style: "unit", unit, unitDisplay },
    maximumFractionDigits: milliseconds >= 1_000 && milliseconds < 10_000 ? 1 : 0,
  }).format(milliseconds / size);
}

/** A time of day, to the second, with its time zone: what an operator compares with a log. @param at milliseconds since 1970 */
export function clockTime(at: number): string {
  return new Intl.DateTimeFormat(language.value, {
    ...{ hour: "2-digit", minute: "2-digit", second: "2-digit" },
    ...{ hourCycle: "h23", timeZoneName: "short" },
  }).format(at);
}

/** A moment as it stands below a chart, as short as can be. @param withDay where the chart is of more than a day */
export function chartTime(at: number, withDay: boolean): string {
  return new Intl.DateTimeFormat(language.value, {
    ...{ hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    ...(withDay ? { month: "short", day: "numeric" } : {}),
  }).format(at);
}

const UNITS: Readonly<Record<string, { readonly digits: number; readonly name: string }>> = {
  wei: { digits: 18, name: "ETH" },
};

/** An amount of a ledger's money, to six places. @param unit as the node says, such as `wei` */
export function money(amount: string, unit: string | null): string {
  const { digits, name } = UNITS[unit ?? ""] ?? { digits: 0, name: unit ?? "" };
  const value = Number(BigInt(amount)) / 10 ** digits;
  const smallest = value > 0 && value < 0.000_001;
  const shown = new Intl.NumberFormat(language.value, { maximumFractionDigits: 6 }).format(
    smallest ? 0.000_001 : value,
  );
  return `${smallest ? "< " : ""}${shown} ${name}`;
}

/** What is paid for a unit of gas. @param price in wei */
export function gasPrice(price: string): string {
  const value = Number(BigInt(price)) / 1e9;
  return `${new Intl.NumberFormat(language.value, { maximumSignificantDigits: 4 }).format(value)} Gwei`;
}

/** The two ends of something long; the whole of it stands in a title beside. */
export function short(text: string): string {
  return text.length <= 20 ? text : `${text.slice(0, 10)}…${text.slice(-6)}`;
}
