import type { FontRun, PaperFonts, Weight } from "./paper-fonts.ts";

/** How letters look. */
export interface TextStyle {
  /** In points. */
  readonly size: number;
  readonly weight: Weight;
  readonly colour: string;
}

/** A line of a text that fits. */
export type TextLine = readonly FontRun[];

const WIDE = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}";
/** What a line may end after: spaces and slashes, a hyphen before a letter, and any Chinese letter with its punctuation. */
const UNITS = new RegExp(
  ` +|[（《「『【“‘]*[${WIDE}][、。，；：！？）》」』】”’]*|(?:[^ \\-/${WIDE}（《「『【]|-(?!\\p{L}))+(?:-(?=\\p{L})|/)?|.`,
  "gsu",
);
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Writes texts into a PDF, in the fonts that have their letters. */
export class PaperPen {
  readonly #doc: PDFKit.PDFDocument;
  readonly #fonts: PaperFonts;
  readonly #registered = new Set<string>();
  readonly #widths = new Map<string, number>();

  constructor(doc: PDFKit.PDFDocument, fonts: PaperFonts) {
    this.#doc = doc;
    this.#fonts = fonts;
  }

  /** Breaks a text into lines of a width in points. What is too long for a line of its own is broken between any two letters. */
  wrap(text: string, width: number, style: TextStyle): readonly TextLine[] {
    const lines: string[] = [];
    let line = "";
    let used = 0;
    const put = (unit: string, wide: number) => {
      if (used + wide > width && line !== "") {
        lines.push(line.trimEnd());
        line = "";
        used = 0;
      }
      if (line === "" && unit.trim() === "") return;
      line += unit;
      used += wide;
    };
    for (const [unit] of text.matchAll(UNITS)) {
      const wide = this.widthOf(unit, style);
      if (wide <= width) put(unit, wide);
      else for (const { segment } of graphemes.segment(unit)) put(segment, this.widthOf(segment, style));
    }
    lines.push(line.trimEnd());
    return lines.filter((each) => each !== "").map((each) => this.#fonts.runsOf(each, style.weight));
  }

  /** How wide a text is in one line, in points. */
  widthOf(text: string, style: TextStyle): number {
    const key = `${style.size} ${style.weight} ${text}`;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    const width = this.#widthOfLine(this.#fonts.runsOf(text, style.weight), style);
    this.#widths.set(key, width);
    return width;
  }

  /** Writes a line whose letters stand on `y`. */
  write(line: TextLine, x: number, y: number, style: TextStyle): void {
    let at = x;
    this.#doc.fillColor(style.colour);
    for (const run of line) {
      this.#take(run, style);
      this.#doc.text(run.text, at, y, { lineBreak: false, baseline: "alphabetic" });
      at += this.#doc.widthOfString(run.text);
    }
  }

  #widthOfLine(line: TextLine, style: TextStyle): number {
    return line.reduce((sum, run) => {
      this.#take(run, style);
      return sum + this.#doc.widthOfString(run.text);
    }, 0);
  }

  #take({ font }: FontRun, { size }: TextStyle): void {
    if (!this.#registered.has(font.name)) {
      this.#doc.registerFont(font.name, font.bytes);
      this.#registered.add(font.name);
    }
    this.#doc.font(font.name).fontSize(size);
  }
}
