import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { create, type Font } from "fontkit";

import { unpackFont } from "./unpack-font.ts";

/** How heavy letters are. */
export type Weight = "regular" | "bold";

/** A font file that has some of the letters. */
export interface PaperFont {
  /** Unique among them. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** Letters in a row that one font has. */
export interface FontRun {
  readonly font: PaperFont;
  readonly text: string;
}

const require = createRequire(import.meta.url);
/** In the order in which they are asked: what the first has not, the next may. */
const FAMILIES = ["noto-sans", "noto-sans-sc"] as const;
/** Where Chinese letters, their punctuation and their wide forms are. */
const IDEOGRAPHS = [0x2e80, 0xffef] as const;
const WEIGHTS = { regular: 400, bold: 700 } as const;

/** One file of a family, and the code points that it is said to have. */
interface FontFile {
  readonly family: (typeof FAMILIES)[number];
  readonly subset: string;
  readonly ranges: readonly (readonly [number, number])[];
}

/** An opened file. */
interface OpenedFont extends PaperFont {
  readonly font: Font;
}

/**
 * The letters that papers are printed in: Latin (Vietnamese too), Greek, Cyrillic, Devanagari and Chinese. The families come in
 * many small files by code points, which are opened when a letter of theirs is first printed, and kept.
 */
export class PaperFonts {
  readonly #files: readonly FontFile[] = FAMILIES.flatMap(filesOf);
  readonly #opened = new Map<string, OpenedFont>();
  readonly #found = new Map<string, OpenedFont | null>();

  /**
   * Divides a text by the fonts that have its letters. A character that none has is written as its code point, `[U+05E9]`, so
   * that nothing is dropped.
   */
  runsOf(text: string, weight: Weight): readonly FontRun[] {
    const runs: { font: OpenedFont; text: string }[] = [];
    for (const character of this.#printable(text.normalize("NFC"), weight)) {
      const last = runs.at(-1);
      const codePoint = character.codePointAt(0) ?? 0;
      // Marks, digits and spaces stay with the letters before them, as long as that font has them.
      if (last?.font.font.hasGlyphForCodePoint(codePoint) === true && !isLetter(character)) {
        last.text += character;
        continue;
      }
      const font = this.#fontOf(codePoint, weight);
      if (font === null) continue; // #printable has written it otherwise
      if (last?.font === font) last.text += character;
      else runs.push({ font, text: character });
    }
    return runs;
  }

  *#printable(text: string, weight: Weight): Iterable<string> {
    for (const character of text) {
      const codePoint = character.codePointAt(0) ?? 0;
      if (this.#fontOf(codePoint, weight) !== null) yield character;
      else yield* `[U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}]`;
    }
  }

  #fontOf(codePoint: number, weight: Weight): OpenedFont | null {
    const key = `${weight} ${codePoint}`;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    let found: OpenedFont | null = null;
    for (const file of this.#files) {
      if (!file.ranges.some(([from, to]) => codePoint >= from && codePoint <= to)) continue;
      const opened = this.#open(file, weight);
      if (!opened.font.hasGlyphForCodePoint(codePoint)) continue;
      found = opened;
      break;
    }
    this.#found.set(key, found);
    return found;
  }

  #open({ family, subset }: FontFile, weight: Weight): OpenedFont {
    const name = `${family}-${subset.replace(/^\[(\d+)\]$/, "$1")}-${WEIGHTS[weight]}-normal`;
    const known = this.#opened.get(name);
    if (known !== undefined) return known;
    const bytes = unpackFont(readFileSync(path.join(folderOf(family), "files", `${name}.woff`)));
    const font = create(bytes);
    if (!("hasGlyphForCodePoint" in font)) throw new Error(`${name} is a collection of fonts.`);
    const opened = { name, bytes, font };
    this.#opened.set(name, opened);
    return opened;
  }
}

function folderOf(family: string): string {
  return path.dirname(require.resolve(`@fontsource/${family}/unicode.json`));
}

function filesOf(family: (typeof FAMILIES)[number]): readonly FontFile[] {
  const said = JSON.parse(readFileSync(path.join(folderOf(family), "unicode.json"), "utf8")) as Record<
    string,
    string
  >;
  const files = Object.entries(said).map(([subset, ranges]) => ({
    family,
    subset,
    ranges: rangesIn(ranges),
  }));
  // Most of what is printed is Latin: it is looked for first. One file has most of Chinese, so that a paper needs one font for it
  // and not one for every few letters; the small ones have the rest.
  const first = files.filter(({ subset }) => subset === "latin");
  const others = files.filter(({ subset }) => subset !== "latin");
  const large =
    family === "noto-sans-sc" ? [{ family, subset: "chinese-simplified", ranges: [IDEOGRAPHS] }] : [];
  return [...first, ...large, ...others];
}

function rangesIn(text: string): readonly (readonly [number, number])[] {
  return text.split(",").map((range) => {
    const [from = "", to = from] = range.trim().replace(/^U\+/i, "").split("-");
    return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
  });
}

function isLetter(character: string): boolean {
  return /\p{L}/u.test(character);
}
