import { encodeQR } from "qr";

import { pngOf } from "./png.ts";

/** White squares around a QR code, as its standard demands. */
const QUIET = 4;
/** Pixels a square: at 300 dpi two thirds of a millimetre. */
const SCALE = 8;

/** The squares of a text's QR code, rows first, with the white frame around it. True is black. */
export function codeSquares(text: string): readonly (readonly boolean[])[] {
  return encodeQR(text, "raw", { ecc: "medium", border: QUIET });
}

/**
 * A text's QR code as SVG, white behind it, as large as where it is put.
 *
 * @param title what it is, for whoever has it read aloud; plain words of our own
 */
export function codeAsSvg(text: string, title: string): string {
  const rows = codeSquares(text);
  const runs = rows.flatMap((row, y) =>
    runsIn(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`),
  );
  const box = `0 0 ${rows.length} ${rows.length}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" shape-rendering="crispEdges" role="img">`,
    `<title>${title}</title>`,
    `<path fill="#fff" d="M0 0h${rows.length}v${rows.length}H0z"/>`,
    `<path d="${runs.join("")}"/>`,
    "</svg>\n",
  ].join("");
}

/** A text's QR code as PNG, eight pixels a square. */
export function codeAsPng(text: string): Buffer {
  return pngOf(codeSquares(text), SCALE);
}

function runsIn(row: readonly boolean[]): readonly (readonly [at: number, length: number])[] {
  const runs: [number, number][] = [];
  row.forEach((black, at) => {
    const last = runs.at(-1);
    if (!black) return;
    if (last !== undefined && last[0] + last[1] === at) last[1] += 1;
    else runs.push([at, 1]);
  });
  return runs;
}
