import { inflateSync } from "node:zlib";

const SIGNATURE = 0x774f4646; // wOFF
const HEADER = 44;
const ENTRY = 20;
const LARGEST = 32 * 1024 * 1024;

/**
 * A font out of its web wrapping (WOFF 1.0): the same tables, as they are used. Whoever reads letters from the wrapping itself
 * unpacks a whole table for each of them.
 *
 * @throws Error for what is no such file
 */
export function unpackFont(woff: Buffer): Buffer {
  if (woff.length < HEADER || woff.readUInt32BE(0) !== SIGNATURE) throw new Error("This is no WOFF font.");
  const count = woff.readUInt16BE(12);
  const tables = Array.from({ length: count }, (_table, place) => {
    const at = HEADER + place * ENTRY;
    const offset = woff.readUInt32BE(at + 4);
    const packed = woff.subarray(offset, offset + woff.readUInt32BE(at + 8));
    const length = woff.readUInt32BE(at + 12);
    if (length > LARGEST) throw new Error("This font is larger than any of ours.");
    const data = packed.length < length ? inflateSync(packed, { maxOutputLength: LARGEST }) : packed;
    return { tag: woff.subarray(at, at + 4), checksum: woff.readUInt32BE(at + 16), data };
  });

  const directory = Buffer.alloc(12 + count * 16);
  const power = 2 ** Math.floor(Math.log2(count));
  directory.writeUInt32BE(woff.readUInt32BE(4), 0);
  directory.writeUInt16BE(count, 4);
  directory.writeUInt16BE(power * 16, 6);
  directory.writeUInt16BE(Math.log2(power), 8);
  directory.writeUInt16BE((count - power) * 16, 10);
  const parts: Buffer[] = [directory];
  let offset = directory.length;
  for (const [place, { tag, checksum, data }] of tables.entries()) {
    const at = 12 + place * 16;
    tag.copy(directory, at);
    directory.writeUInt32BE(checksum, at + 4);
    directory.writeUInt32BE(offset, at + 8);
    directory.writeUInt32BE(data.length, at + 12);
    const padding = Buffer.alloc((4 - (data.length % 4)) % 4);
    parts.push(data, padding);
    offset += data.length + padding.length;
  }
  return Buffer.concat(parts);
}
