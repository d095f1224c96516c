const LONGEST = 5_000;
/**
 * What a reader would not see, or what changes how its neighbours are read: control characters, format characters (among them
 * those that turn the direction of writing, soft hyphens, zero widths and tags), surrogates without their other half, private
 * and unassigned characters, and separators of lines and paragraphs.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\uFE00-\uFE0F]/gu;
/** Scripts that need joiners to be written right. */
const JOINED = /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Sinhala}\p{M}]$/u;
const JOINERS = ["\u200C", "\u200D"];
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const [ISOLATE, END_ISOLATE] = ["\u2068", "\u2069"];

/**
 * A text of somebody else's as it can stand on paper and pages: one line in which every character is seen, or is written as its
 * code point (`[U+202E]`), a line's end as `¶`. A text that has letters written from right to left is set apart (U+2068, U+2069)
 * so that it does not turn what stands around it; one of more than 5,000 characters ends with how many more there are.
 */
export function visibleText(text: string): string {
  const kept = text.length > LONGEST ? `${text.slice(0, LONGEST)}… (+${text.length - LONGEST})` : text;
  const line = kept
    .replace(/\r\n|[\r\n\u2028\u2029]/gu, " ¶ ")
    .replace(/[\t\p{Zs}]+/gu, " ")
    .replace(UNSEEN, (character, at: number, whole: string) =>
      JOINERS.includes(character) && JOINED.test(whole.slice(Math.max(0, at - 2), at))
        ? character
        : codePoint(character),
    )
    .trim();
  return RIGHT_TO_LEFT.test(line) ? `${ISOLATE}${line}${END_ISOLATE}` : line;
}

/** The same without the marks that set a part of it apart: for what has no use for them. */
export function withoutIsolates(line: string): string {
  return line.replaceAll(ISOLATE, "").replaceAll(END_ISOLATE, "");
}

function codePoint(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `[U+${code}]`;
}
