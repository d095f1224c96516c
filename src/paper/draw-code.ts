import { encodeQR } from "qr";

/** A QR code, measured before it is drawn. */
export interface MeasuredCode {
  /** Rows of squares, true for black. */
  readonly squares: readonly (readonly boolean[])[];
  /** Of the whole, its white frame included, in points. */
  readonly side: number;
}

/** White squares around a code, as its standard demands. */
const QUIET = 4;
const MILLIMETRE = 72 / 25.4;
/** A square is half a millimetre wide, and narrower only where the code would be larger than this. */
const SQUARE = 0.5 * MILLIMETRE;
const LARGEST = 200;

/** Measures a text's QR code, of error level M. */
export function measureCode(text: string): MeasuredCode {
  const squares = encodeQR(text, "raw", { ecc: "medium", border: QUIET });
  return { squares, side: Math.min(LARGEST, squares.length * SQUARE) };
}

/** Draws a code with its white frame, as one shape, so that no renderer leaves seams between its squares. */
export function drawCode(
  doc: PDFKit.PDFDocument,
  { squares, side }: MeasuredCode,
  x: number,
  y: number,
): void {
  const square = side / squares.length;
  doc.rect(x, y, side, side).fill("#ffffff");
  for (const [row, cells] of squares.entries()) {
    for (let from = 0; from < cells.length; from++) {
      if (cells[from] !== true) continue;
      let to = from;
      while (cells[to + 1] === true) to += 1;
      doc.rect(x + from * square, y + row * square, (to - from + 1) * square, square);
      from = to;
    }
  }
  doc.fill("#000000");
}
