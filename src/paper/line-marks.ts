import type { SheetLine, SheetText } from "./sheet.ts";

/** Characters for private use: `visibleText` writes each that a document has as its code point, so that no document makes a mark. */
const ENGLISH = "\uE000";
const SMALL = "\uE001";
const END = "\uE002";
const MARKS = /[\uE000-\uE002]/gu;
const MARKED = /([\uE000\uE001])([^\uE000-\uE002]*)\uE002/u;

/** Marks words as English, within a line of another language. */
export function inEnglish(words: string): string {
  return `${ENGLISH}${words}${END}`;
}

/** Marks a text as what stands under another: it explains, and is not read first. */
export function inSmall(text: string): string {
  return `${SMALL}${text.replaceAll(MARKS, "")}${END}`; // marks do not stand within each other
}

/** A line by its marks. */
export function lineOf(marked: string): SheetLine {
  const texts = marked.split(MARKED);
  return texts.flatMap((text, place): readonly SheetText[] => {
    if (place % 3 === 1 || text === "") return []; // the mark itself, which its text follows
    const mark = place % 3 === 2 ? texts[place - 1] : null;
    return [{ text, isEnglish: mark === ENGLISH, isSmall: mark === SMALL }];
  });
}
