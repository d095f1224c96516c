import { Problem } from "../domain/problems.ts";
import type { PaperPen, TextLine, TextStyle } from "./paper-pen.ts";

/** A line of a cell, before it is broken into those that fit. */
export interface PaperLine {
  readonly text: string;
  readonly isSmall: boolean;
}

/** A part of a row: a heading, and what stands under it. */
export interface PaperCell {
  /** In points. */
  readonly width: number;
  /** Repeated where the cell goes on on another page; null for none. */
  readonly heading: string | null;
  readonly lines: readonly PaperLine[];
}

/** The structure that programs read a PDF by (ISO 32000-1 §14.8). */
export type PaperElement = PDFKit.PDFStructureElement;

/** A cell as it is drawn. */
interface WrappedCell {
  readonly x: number;
  readonly width: number;
  readonly heading: readonly TextLine[];
  readonly lines: readonly { readonly line: TextLine; readonly style: TextStyle }[];
  readonly element: PaperElement;
}

export const PAGE = { width: 595.28, height: 841.89, margin: 32, foot: 24 } as const;
/** Between the margins. */
export const PAPER_WIDTH = PAGE.width - 2 * PAGE.margin;
/** Pages of the longest paper that is printed. */
export const MOST_PAGES = 50;

const PADDING = 4;
const LINE = 10.2;
/** How far letters stand above the lower edge of their line. */
const DESCENT = 2.6;
const FEWEST_LINES = 3;
const BOTTOM = PAGE.height - PAGE.margin - PAGE.foot;
const INK = "#111111";

const headingStyle: TextStyle = { size: 7, weight: "bold", colour: "#3a3a3a" };
const textStyle: TextStyle = { size: 8.2, weight: "regular", colour: INK };
const smallStyle: TextStyle = { size: 6.8, weight: "regular", colour: "#3a3a3a" };

/** Fills pages from top to bottom with rows of ruled cells, and begins a new page where one does not fit. */
export class PaperPages {
  readonly doc: PDFKit.PDFDocument;
  readonly #pen: PaperPen;
  readonly #continued: string;
  #pages = 1;
  y: number = PAGE.margin;

  /** @param continued the word for what goes on from the page before */
  constructor(doc: PDFKit.PDFDocument, pen: PaperPen, continued: string) {
    this.doc = doc;
    this.#pen = pen;
    this.#continued = continued;
  }

  /** @throws Problem `paper-too-long` beyond the longest paper */
  newPage(): void {
    this.#pages += 1;
    if (this.#pages > MOST_PAGES) {
      throw new Problem(
        "paper-too-long",
        `The certificate takes more than ${MOST_PAGES} pages: issue it in parts, or give its file in the place of paper.`,
      );
    }
    this.doc.addPage();
    this.y = PAGE.margin;
  }

  /** Begins a new page where there is no room for so many points. */
  demand(height: number): void {
    if (this.y + height > BOTTOM && this.y > PAGE.margin) this.newPage();
  }

  /** Draws something as the content of an element of the document's structure. */
  mark(element: PaperElement, tag: string, draw: () => void): void {
    const content = this.doc.markStructureContent(tag);
    draw();
    this.doc.endMarkedContent();
    element.add(content);
  }

  /** Draws what programs need not read: rules, page numbers. */
  decorate(draw: () => void): void {
    this.doc.markContent("Artifact", { type: "Layout" });
    draw();
    this.doc.endMarkedContent();
  }

  /** A text over the whole width. */
  paragraph(parent: PaperElement, tag: string, text: string, style: TextStyle, after: number): void {
    const element = this.doc.struct(tag);
    const leading = style.size * 1.3;
    for (const line of this.#pen.wrap(text, PAPER_WIDTH, style)) {
      this.demand(leading);
      this.mark(element, tag, () => {
        this.#pen.write(line, PAGE.margin, this.y + style.size, style);
      });
      this.y += leading;
    }
    parent.add(element);
    element.end();
    this.y += after;
  }

  /**
   * A row of cells. One that does not fit goes on on the next page, whole where that has room for it.
   *
   * @param element that a cell's content belongs to, by its place; ended by the caller
   * @param onPage drawn at the top of each further page
   */
  row(
    cells: readonly PaperCell[],
    tag: string,
    element: (place: number) => PaperElement,
    onPage: (() => void) | null = null,
  ): void {
    let x: number = PAGE.margin;
    const wrapped = cells.map(({ width, heading, lines }, place): WrappedCell => {
      const inner = width - 2 * PADDING;
      const cell = {
        ...{ x, width, element: element(place) },
        heading: heading === null ? [] : this.#pen.wrap(heading, inner, headingStyle),
        lines: lines.flatMap(({ text, isSmall }) => {
          const style = isSmall ? smallStyle : textStyle;
          return this.#pen.wrap(text, inner, style).map((line) => ({ line, style }));
        }),
      };
      x += width;
      return cell;
    });
    const headings = Math.max(...wrapped.map(({ heading }) => heading.length));
    const most = Math.max(...wrapped.map(({ lines }) => lines.length));
    const wholePage = Math.floor((BOTTOM - PAGE.margin - 2 * PADDING) / LINE) - headings;
    let from = 0;
    do {
      const room = Math.floor((BOTTOM - this.y - 2 * PADDING) / LINE) - headings;
      const left = most - from;
      const isFresh = this.y <= PAGE.margin + 60; // no more than a table's head stands there
      if (left > room && !isFresh && (room < FEWEST_LINES || left <= wholePage / 2)) {
        this.newPage();
        onPage?.();
        continue;
      }
      const count = Math.min(left, Math.max(room, 1));
      this.#drawPart(wrapped, { from, count, headings, tag });
      from += count;
      if (from < most) {
        this.newPage();
        onPage?.();
      }
    } while (from < most);
  }

  #drawPart(
    cells: readonly WrappedCell[],
    { from, count, headings, tag }: { from: number; count: number; headings: number; tag: string },
  ): void {
    const top = this.y;
    const height = (headings + count) * LINE + 2 * PADDING;
    this.decorate(() => {
      this.doc.lineWidth(0.6).strokeColor(INK);
      for (const { x, width } of cells) this.doc.rect(x, top, width, height).stroke();
    });
    for (const cell of cells) {
      const lines = cell.lines.slice(from, from + count);
      this.mark(cell.element, tag, () => {
        let y = top + PADDING + LINE - DESCENT;
        const write = (line: TextLine, style: TextStyle) => {
          this.#pen.write(line, cell.x + PADDING, y, style);
          y += LINE;
        };
        for (const line of cell.heading) write(line, headingStyle);
        if (from > 0 && cell.heading.length > 0) this.#writeContinued(cell, y - LINE);
        y = top + PADDING + (headings + 1) * LINE - DESCENT;
        for (const { line, style } of lines) write(line, style);
      });
    }
    this.y = top + height;
  }

  /** At the right end of a heading. */
  #writeContinued(cell: WrappedCell, y: number): void {
    const text = `(${this.#continued})`;
    const [line] = this.#pen.wrap(text, cell.width, headingStyle);
    const at = cell.x + cell.width - PADDING - this.#pen.widthOf(text, headingStyle);
    if (line !== undefined) this.#pen.write(line, at, y, headingStyle);
  }
}
