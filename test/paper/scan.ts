import { PDFiumLibrary } from "@hyzyla/pdfium";
import decodeQR from "qr/decode.js";

/** A picture in shades of grey, row by row, 0 for black. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly grey: Uint8Array;
}

/** How a paper lies on the scanner. */
export interface Lying {
  /** Degrees, clockwise. */
  readonly turned?: number;
  /** How far its lower edge is shifted sideways, as part of its height. */
  readonly slanted?: number;
  /** The most by which a point is lighter or darker than it should be, of 255. */
  readonly noise?: number;
}

const DPI = 150;
const WHITE = 255;
/** A window that a code of 50 mm fits into, with what surrounds it when it is turned. */
const WINDOW = Math.round((62 / 25.4) * DPI);
const STEP = Math.round((11 / 25.4) * DPI);
const DARK = 110;
/** A code is half black, and the smaller one fills a third of the window; letters are thinner. */
const LEAST_DARK = 0.11;
/** What PDFium makes of a hyphen that ends a line. */
const LINE_END_HYPHEN = /[\u0002\uFFFE]/g;

/** The texts of a PDF, page by page: as PDFium reads it, which browsers show PDFs with. */
export async function textsOf(pdf: Uint8Array): Promise<readonly string[]> {
  const library = await PDFiumLibrary.init();
  try {
    const document = await library.loadDocument(pdf);
    return [...document.pages()].map((page) => page.getText().replaceAll(LINE_END_HYPHEN, "-"));
  } finally {
    library.destroy();
  }
}

/** The first page of a PDF, as PDFium renders it at 150 dpi. */
export async function pictureOf(pdf: Uint8Array): Promise<Picture> {
  const library = await PDFiumLibrary.init();
  try {
    const document = await library.loadDocument(pdf);
    const { width, height, data } = await document.getPage(0).render({ scale: DPI / 72, render: "bitmap" });
    const grey = Uint8Array.from({ length: width * height }, (_point, at) => data[at * 4] ?? WHITE);
    return { width, height, grey };
  } finally {
    library.destroy();
  }
}

/** The same picture as it comes from a scanner on which the paper lies so. */
export function scanned(picture: Picture, { turned = 0, slanted = 0, noise = 0 }: Lying): Picture {
  const angle = (turned * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const side = Math.ceil(Math.hypot(picture.width, picture.height));
  const grey = new Uint8Array(side * side);
  let random = 1;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [dx, dy] = [x - side / 2, y - side / 2];
      const down = cos * dy - sin * dx;
      const across = cos * dx + sin * dy + slanted * down;
      random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fffffff;
      const speck = noise === 0 ? 0 : ((random >> 8) % (2 * noise + 1)) - noise;
      const shade = shadeAt(picture, across + picture.width / 2, down + picture.height / 2) + speck;
      grey[y * side + x] = Math.min(WHITE, Math.max(0, shade));
    }
  }
  return { width: side, height: side, grey };
}

/** Between the four points around. */
function shadeAt({ width, height, grey }: Picture, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, low] = [x - left, y - top];
  const point = (atX: number, atY: number) =>
    atX < 0 || atY < 0 || atX >= width || atY >= height ? WHITE : (grey[atY * width + atX] ?? WHITE);
  const upper = point(left, top) * (1 - right) + point(left + 1, top) * right;
  const lower = point(left, top + 1) * (1 - right) + point(left + 1, top + 1) * right;
  return upper * (1 - low) + lower * low;
}

/** The texts of the QR codes in a picture, as many as are looked for, wherever they are. */
export function codesIn(picture: Picture, count: number): ReadonlySet<string> {
  const found = new Set<string>();
  for (let y = 0; y + WINDOW / 2 < picture.height && found.size < count; y += STEP) {
    for (let x = 0; x + WINDOW / 2 < picture.width && found.size < count; x += STEP) {
      const window = cut(picture, x, y);
      if (window === null) continue;
      try {
        found.add(decodeQR(window));
      } catch {
        continue; // no code, or not all of it
      }
    }
  }
  return found;
}

/** A window of a picture; null for one with too little black to hold a code. */
function cut({ width, height, grey }: Picture, x: number, y: number) {
  const data = new Uint8Array(WINDOW * WINDOW * 4).fill(WHITE);
  let dark = 0;
  for (let row = 0; row < WINDOW && y + row < height; row++) {
    for (let column = 0; column < WINDOW && x + column < width; column++) {
      const shade = grey[(y + row) * width + x + column] ?? WHITE;
      if (shade < DARK) dark += 1;
      data.fill(shade, (row * WINDOW + column) * 4, (row * WINDOW + column) * 4 + 3);
    }
  }
  return dark < WINDOW * WINDOW * LEAST_DARK ? null : { width: WINDOW, height: WINDOW, data };
}
