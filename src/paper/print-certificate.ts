import { setImmediate } from "node:timers/promises";

import PDFDocument from "pdfkit";

import { drawCode, measureCode, type MeasuredCode } from "./draw-code.ts";
import type { DocumentSeal } from "./document-seal.ts";
import type { FormLanguage } from "./form.ts";
import { PaperFonts } from "./paper-fonts.ts";
import { PAGE, PAPER_WIDTH, PaperPages, type PaperElement, type PaperLine } from "./paper-pages.ts";
import { PaperPen, type TextLine, type TextStyle } from "./paper-pen.ts";
import { paperWords, type PaperWords } from "./paper-words.ts";
import { inOrder, plainLine, type Sheet, type SheetBox, type SheetLine, type SheetTable } from "./sheet.ts";
import { withoutIsolates } from "./visible-text.ts";

/** What a paper is checked by; without a signed seal it has the first code alone. */
export interface PrintedSeal extends Omit<DocumentSeal, "offline"> {
  readonly offline: string | null;
}

const ROWS_AT_ONCE = 10;
const GAP = 8;
/** Between the frame and the codes in it. */
const INSET = 3;
const titleStyle: TextStyle = { size: 15, weight: "bold", colour: "#111111" };
const aboutStyle: TextStyle = { size: 8, weight: "regular", colour: "#3a3a3a" };
const strongStyle: TextStyle = { size: 9, weight: "bold", colour: "#111111" };
const smallStyle: TextStyle = { size: 7.5, weight: "regular", colour: "#3a3a3a" };
const footStyle: TextStyle = { size: 7, weight: "regular", colour: "#3a3a3a" };

/** Opened once: letters are the same for every paper. */
const fonts = new PaperFonts();

/**
 * Prints a document as PDF on A4: its form box by box, and the two codes by which the paper is checked, each with a sentence in
 * the language of the sheet. The same sheet and seal give the same bytes. The PDF is tagged for screen readers.
 *
 * @param seal what the codes say; the time of its status is the PDF's own
 * @throws Problem `paper-too-long` for one of more than 50 pages
 */
export async function printCertificate(
  sheet: Sheet,
  seal: PrintedSeal,
  language: FormLanguage,
): Promise<Buffer> {
  const words = paperWords[language];
  const made = new Date(seal.statusAsOf);
  const doc = new PDFDocument({
    size: [PAGE.width, PAGE.height],
    margins: { top: 0, bottom: 0, left: 0, right: 0 },
    pdfVersion: "1.7",
    bufferPages: true,
    tagged: true,
    lang: language,
    displayTitle: true,
    info: { Title: sheet.title, Subject: seal.multihash, CreationDate: made, ModDate: made },
  });
  const written = collect(doc);
  const pen = new PaperPen(doc, fonts);
  const pages = new PaperPages(doc, pen, words.continued);
  const root = doc.struct("Document");
  doc.addStructure(root);

  pages.paragraph(root, "H1", sheet.title, titleStyle, 2);
  if (seal.status === "training") pages.paragraph(root, "P", words.training, titleStyle, 2);
  pages.paragraph(root, "P", words.about, aboutStyle, 4);
  codes(pages, pen, root, words, seal);
  const parts = inOrder(sheet);
  for (let place = 0; place < parts.length; place++) {
    const { box, table } = parts[place] ?? { box: null, table: null };
    if (table !== null) await tableRows(pages, root, table);
    if (box === null) continue;
    const beside = parts[place + 1]?.box ?? null;
    if (box.wide || beside === null || beside.wide) {
      boxRow(pages, root, [box]);
    } else {
      boxRow(pages, root, [box, beside]);
      place += 1;
    }
  }
  root.end();
  feet(pages, pen, words, seal);
  doc.end();
  return written;
}

function collect(doc: PDFKit.PDFDocument): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    doc.on("data", (chunk: Buffer) => chunks.push(chunk));
    doc.on("end", () => {
      resolve(Buffer.concat(chunks));
    });
    doc.on("error", reject);
  });
}

/** The codes side by side, each with what it is for, in a frame; under them the hash and the message in letters. */
function codes(
  pages: PaperPages,
  pen: PaperPen,
  root: PaperElement,
  words: PaperWords,
  seal: PrintedSeal,
): void {
  const { doc } = pages;
  const { host } = new URL(seal.link);
  const as = [words.sealed(words.status[seal.status], timeOf(seal.statusAsOf)), words.offline] as const;
  const link = {
    code: measureCode(seal.link),
    alt: words.linkCode,
    says: [words.scan(host), words.onlyThere(host)],
  };
  const sealed =
    seal.offline === null ? null : { code: measureCode(seal.offline), alt: words.sealCode, says: as };
  const shown = sealed === null ? [link] : [link, sealed];
  const textWidth =
    (PAPER_WIDTH - shown.reduce((sum, { code }) => sum + code.side, 0)) / shown.length - 2 * GAP - INSET;
  const texts = shown.map(({ says }) => sentences(pen, says, textWidth));
  // A host may have 253 letters: then its words, not the codes, say how high the frame is.
  const highest = texts.map(({ height: words }) => words + 2 * GAP);
  const height = Math.max(...shown.map(({ code }) => code.side), ...highest) + 2 * INSET;
  const top = pages.y;
  pages.decorate(() => {
    doc.lineWidth(0.6).strokeColor("#111111").rect(PAGE.margin, top, PAPER_WIDTH, height).stroke();
  });
  let x: number = PAGE.margin + INSET;
  for (const [place, { code, alt }] of shown.entries()) {
    const y = top + (height - code.side) / 2;
    figure(pages, root, code, alt, [x, y]);
    // Whoever reads it on a screen has no camera to point at it.
    if (code === link.code) doc.link(x, y, code.side, code.side, seal.link);
    const element = doc.struct("P");
    pages.mark(element, "P", () => {
      for (const { line, style, down } of texts[place]?.lines ?? []) {
        pen.write(line, x + code.side + GAP / 2, top + 2 * GAP + down, style);
      }
    });
    root.add(element);
    element.end();
    x += code.side + textWidth + 2 * GAP;
  }
  pages.y = top + height + 3;
  pages.paragraph(root, "P", `${words.hash}: ${seal.multihash}`, smallStyle, 0);
  pages.paragraph(root, "P", `${words.message}: ${seal.messageId}`, smallStyle, GAP);
}

interface PlacedLine {
  readonly line: TextLine;
  readonly style: TextStyle;
  /** From the first line, in points. */
  readonly down: number;
}

/** Sentences one under the other, the first of them strong. */
function sentences(
  pen: PaperPen,
  says: readonly string[],
  width: number,
): { readonly lines: readonly PlacedLine[]; readonly height: number } {
  const lines: PlacedLine[] = [];
  let down = 0;
  for (const [place, sentence] of says.entries()) {
    const style = place === 0 ? strongStyle : smallStyle;
    for (const line of pen.wrap(sentence, width, style)) {
      lines.push({ line, style, down });
      down += style.size * 1.35;
    }
    down += GAP / 2;
  }
  return { lines, height: down };
}

function figure(
  pages: PaperPages,
  root: PaperElement,
  code: MeasuredCode,
  alt: string,
  [x, y]: readonly [number, number],
): void {
  const bounds = { bbox: [x, y, x + code.side, y + code.side] }; // the library's types do not know it
  const element = pages.doc.struct("Figure", { alt, ...bounds });
  pages.mark(element, "Figure", () => {
    drawCode(pages.doc, code, x, y);
  });
  root.add(element);
  element.end();
}

function boxRow(pages: PaperPages, root: PaperElement, boxes: readonly SheetBox[]): void {
  const elements = boxes.map(() => pages.doc.struct("P"));
  const cells = boxes.map(({ number, label, lines }) => ({
    width: PAPER_WIDTH / boxes.length,
    heading: `${number}. ${label}`,
    lines: lines.map(paperLine),
  }));
  pages.row(cells, "P", (place) => ofPlace(elements, place));
  for (const element of elements) {
    root.add(element);
    element.end();
  }
}

async function tableRows(pages: PaperPages, root: PaperElement, table: SheetTable): Promise<void> {
  const { doc } = pages;
  const whole = table.shares.reduce((sum, share) => sum + share, 0);
  const widths = table.shares.map((share) => (PAPER_WIDTH * share) / whole);
  const element = doc.struct("Table");
  root.add(element);
  const head = () => {
    const row = doc.struct("TR");
    const names = table.columns.map(() => doc.struct("TH"));
    const cells = table.columns.map((column, place) => ({
      width: widths[place] ?? 0,
      heading: column,
      lines: [],
    }));
    pages.row(cells, "TH", (place) => ofPlace(names, place));
    for (const name of names) row.add(name);
    element.add(row);
    row.end();
  };
  pages.demand(60);
  const caption = doc.struct("Caption");
  pages.row(
    [{ width: PAPER_WIDTH, heading: `${table.number}. ${table.label}`, lines: [] }],
    "Caption",
    () => caption,
  );
  element.add(caption);
  head();
  for (const [at, cells] of table.rows.entries()) {
    if (at % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await setImmediate(); // others have their turn
    const row = doc.struct("TR");
    const elements = cells.map(() => doc.struct("TD"));
    pages.row(
      cells.map((lines, place) => ({
        width: widths[place] ?? 0,
        heading: null,
        lines: lines.map(paperLine),
      })),
      "TD",
      (place) => ofPlace(elements, place),
      head,
    );
    for (const each of elements) row.add(each);
    element.add(row);
    row.end();
  }
  element.end();
}

function paperLine(line: SheetLine): PaperLine {
  return { text: withoutIsolates(plainLine(line)), isSmall: line.every(({ isSmall }) => isSmall) };
}

/** On every page which document it is of, and how many pages there are: no page can be exchanged unseen. */
function feet(pages: PaperPages, pen: PaperPen, words: PaperWords, seal: PrintedSeal): void {
  const { doc } = pages;
  const { count } = doc.bufferedPageRange();
  for (let place = 0; place < count; place++) {
    doc.switchToPage(place);
    pages.decorate(() => {
      const y = PAGE.height - PAGE.margin - 6;
      const [left] = pen.wrap(seal.multihash, PAPER_WIDTH, footStyle);
      const text = words.page(place + 1, count);
      const [right] = pen.wrap(text, PAPER_WIDTH, footStyle);
      if (left !== undefined) pen.write(left, PAGE.margin, y, footStyle);
      const at = PAGE.width - PAGE.margin - pen.widthOf(text, footStyle);
      if (right !== undefined) pen.write(right, at, y, footStyle);
    });
  }
}

function timeOf(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function ofPlace(elements: readonly PaperElement[], place: number): PaperElement {
  const element = elements[place];
  if (element === undefined) throw new Error("A row has more cells than elements.");
  return element;
}
