import { encodeQR } from "qr";

/** Black and white squares of a code, with the quiet zone around it. */
function squares(text: string): readonly (readonly boolean[])[] {
  return encodeQR(text, "raw", { border: 4 });
}

/** A picture of a QR code, as somebody would send it. */
export function pictureOf(text: string): Buffer {
  return Buffer.from(encodeQR(text, "gif", { scale: 4, border: 4 }));
}

/** A film of a paper with a QR code, as a camera sees it (YUV4MPEG2): for Chromium's make-believe camera. */
export function filmOf(text: string, width = 640, height = 480): Buffer {
  const code = squares(text);
  const scale = Math.floor((height * 0.9) / code.length);
  const [left, top] = [width, height].map((side) => Math.floor((side - code.length * scale) / 2));
  const luma = Buffer.alloc(width * height, 200);
  for (const [y, row] of code.entries()) {
    for (const [x, dark] of row.entries()) {
      for (let line = 0; line < scale; line++) {
        const at = ((top ?? 0) + y * scale + line) * width + (left ?? 0) + x * scale;
        luma.fill(dark ? 30 : 230, at, at + scale);
      }
    }
  }
  const colourless = Buffer.alloc((width * height) / 2, 128);
  const frame = Buffer.concat([Buffer.from("FRAME\n"), luma, colourless]);
  return Buffer.concat([
    Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`),
    frame,
    frame,
    frame,
  ]);
}
