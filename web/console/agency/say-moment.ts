import { language } from "../../language/language.ts";

/** The time of day, to the second. @param at milliseconds since 1970 */
export function clock(at: number): string {
  return new Intl.DateTimeFormat(language.value, { timeStyle: "medium" }).format(new Date(at));
}

/** The time zone of this device, in which times are shown: its name the whole year round. */
export function timeZone(): string {
  const parts = new Intl.DateTimeFormat(language.value, { timeZoneName: "longGeneric" }).formatToParts();
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
}

/** A moment in a table: the day by numbers that nobody mistakes, and the time. @param iso RFC 3339 */
export function shortMoment(iso: string): string {
  const at = new Date(iso);
  const two = (part: number) => String(part).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
