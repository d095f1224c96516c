const FORM =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Whether a text is a date-time of RFC 3339 with its offset, of a day that exists; leap seconds are none. */
export function isRfc3339(text: string): boolean {
  const [, year, month, day] = FORM.exec(text) ?? [];
  if (year === undefined) return false;
  const [whichMonth, whichDay] = [Number(month), Number(day)];
  const daysInMonth = new Date(Date.UTC(Number(year), whichMonth, 0)).getUTCDate();
  return whichMonth >= 1 && whichMonth <= 12 && whichDay >= 1 && whichDay <= daysInMonth;
}
