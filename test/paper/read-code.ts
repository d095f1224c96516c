import { crc32, inflateSync } from "node:zlib";

import decodeQR from "qr/decode.js";

type Rows = boolean[][];

const PATIENCE_MS = 20_000;

/** Reads the QR code in a PNG of one bit a pixel. */
export function scanned(png: Buffer): string {
  return readRows(pixelsOf(png));
}

/** Reads the QR code in an SVG that is drawn in runs of squares. */
export function drawn(svg: string): string {
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]);
  const scale = 6;
  const rows: Rows = Array.from({ length: size * scale }, () => new Array<boolean>(size * scale).fill(false));
  for (const [, x = "", y = "", length = ""] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row += 1) {
      rows[row]?.fill(true, Number(x) * scale, (Number(x) + Number(length)) * scale);
    }
  }
  return readRows(rows);
}

function readRows(rows: Rows): string {
  const [height, width] = [rows.length, rows[0]?.length ?? 0];
  const data = new Uint8Array(width * height * 4).fill(255);
  rows.forEach((row, y) => {
    row.forEach((black, x) => {
      if (black) data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    });
  });
  return decodeQR({ width, height, data }, { timeLimit: PATIENCE_MS });
}

/** @returns true is black */
function pixelsOf(png: Buffer): Rows {
  if (png.subarray(0, 8).toString("latin1") !== "\x89PNG\r\n\x1a\n") throw new Error("It is no PNG.");
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const named = png.subarray(at + 4, at + 8 + length);
    if (crc32(named) !== png.readUInt32BE(at + 8 + length)) throw new Error("A chunk is damaged.");
    chunks.set(named.toString("latin1", 0, 4), named.subarray(4));
    at += length + 12;
  }
  const header = chunks.get("IHDR") ?? Buffer.alloc(13);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const lines = inflateSync(chunks.get("IDAT") ?? Buffer.alloc(0));
  const stride = 1 + Math.ceil(width / 8);
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_each, x) => {
      const byte = lines[y * stride + 1 + (x >> 3)] ?? 0;
      return (byte & (0x80 >> (x & 7))) === 0;
    }),
  );
}
