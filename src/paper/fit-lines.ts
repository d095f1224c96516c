/** A fact on a seal: what it is called, and what it is. */
export type SealedLine = readonly [label: string, text: string];

const CUT = "…";
/** A text is not cut below so many characters: rather the last line goes. */
const SHORTEST = 12;
const LONGEST = 200;
const MOST_LINES = 20;

/**
 * Makes lines fit: the longest texts are cut, all at the same length, and where that is not enough the last lines are left
 * out.
 *
 * @param fits whether some lines have room
 * @returns as much as fits; none where nothing does
 */
export function fitLines(
  lines: readonly SealedLine[],
  fits: (lines: readonly SealedLine[]) => boolean,
): readonly SealedLine[] {
  const clean = lines
    .map(([label, text]): SealedLine => [plain(label), plain(text)])
    .filter(([, text]) => text !== "")
    .slice(0, MOST_LINES);
  for (let count = clean.length; count > 0; count -= 1) {
    const some = clean.slice(0, count);
    const cutTo = (length: number) => some.map(([label, text]): SealedLine => [label, cut(text, length)]);
    if (!fits(cutTo(SHORTEST))) continue;
    let [least, most] = [SHORTEST, LONGEST];
    while (least < most) {
      const middle = Math.ceil((least + most) / 2);
      if (fits(cutTo(middle))) least = middle;
      else most = middle - 1;
    }
    return cutTo(least);
  }
  return [];
}

/** One line, without what moves a cursor or hides. */
function plain(text: string): string {
  return text
    .normalize("NFC")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim();
}

/** Cut between what a reader takes for characters, so that none is broken. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  let kept = "";
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)) {
    if (kept.length + segment.length > length - CUT.length) break;
    kept += segment;
  }
  return kept + CUT;
}
