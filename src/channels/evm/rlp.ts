import { decodeRlp, type RlpStructuredData } from "ethers";

/** Bytes are not the recursive-length prefix form of anything, or of something else than expected. */
export class RlpFault extends Error {
  constructor(what: string) {
    super(`The ${what} is not in RLP form.`);
    this.name = "RlpFault";
  }
}

/**
 * Reads a list in recursive-length prefix form (Ethereum Yellow Paper, appendix B).
 *
 * @param written in hexadecimal
 * @param what names it in the error
 * @throws RlpFault
 */
export function readRlpList(written: string, what: string): readonly RlpStructuredData[] {
  let item: RlpStructuredData;
  try {
    item = decodeRlp(written);
  } catch {
    throw new RlpFault(what); // the library's error would quote the bytes
  }
  if (typeof item === "string") throw new RlpFault(what);
  return item;
}

/** @throws RlpFault when an item is a list, or is missing */
export function bytesIn(item: RlpStructuredData | undefined, what: string): string {
  if (typeof item !== "string") throw new RlpFault(what);
  return item;
}

/** @throws RlpFault when an item is no list */
export function listIn(item: RlpStructuredData | undefined, what: string): readonly RlpStructuredData[] {
  if (item === undefined || typeof item === "string") throw new RlpFault(what);
  return item;
}

/**
 * A number as RLP has it.
 *
 * @throws RlpFault when it is no number that this program can hold exactly
 */
export function numberIn(item: RlpStructuredData | undefined, what: string): number {
  const bytes = bytesIn(item, what);
  const number = bytes === "0x" ? 0 : Number(BigInt(bytes));
  if (!Number.isSafeInteger(number)) throw new RlpFault(what);
  return number;
}
