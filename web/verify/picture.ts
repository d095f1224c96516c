import { decodeQRBatch } from "qr/decode.js";

/** Pixels along the longer side of a picture that is looked through: a photograph of a page needs no more. */
const LONGEST_SIDES = [2_400, 1_200];

/** The texts of the QR codes in a picture; empty where there are none, or it is no picture that this browser reads. */
export async function codesInPicture(file: Blob): Promise<readonly string[]> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return []; // no picture
  }
  try {
    for (const side of LONGEST_SIDES) {
      const texts = await codesAt(bitmap, Math.min(1, side / Math.max(bitmap.width, bitmap.height)));
      if (texts.length > 0) return texts;
    }
    return [];
  } finally {
    bitmap.close();
  }
}

async function codesAt(bitmap: ImageBitmap, scale: number): Promise<readonly string[]> {
  const [width, height] = [Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)];
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null || width === 0 || height === 0) return [];
  // What is transparent is white, as on paper.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  try {
    const [found = []] = await decodeQRBatch([{ data, width, height }], {
      maxSize: { width, height },
      ...{ effort: 4, timeLimit: 2_000 },
    });
    return found.filter((text) => typeof text === "string");
  } catch {
    return []; // no code in it
  }
}
