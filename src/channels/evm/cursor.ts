import { ChannelFailure } from "../channel.ts";

/** How far the ledger was followed. Reading it needs nothing else: whoever keeps the cursor may be any replica. */
export interface Cursor {
  /** Last height that was final. */
  readonly final: number;
  readonly followed: number;
  /**
   * Hashes of the blocks from `final` (or 0, when nothing is final yet) to `followed`, by which a fork is noticed and the common ancestor found. Empty
   * before anything was read.
   */
  readonly hashes: readonly string[];
}

const HASH = /^0x[0-9a-f]{64}$/;

/** The opaque form of a cursor. */
export function writeCursor(cursor: Cursor): string {
  return JSON.stringify({ version: 1, ...cursor });
}

/**
 * @throws ChannelFailure `cursor-unreadable`: it was not written here, or by a version that wrote it differently
 */
export function readCursor(text: string): Cursor {
  const unreadable = new ChannelFailure(
    "stop",
    "cursor-unreadable",
    "The stored position of the channel is unreadable.",
  );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ChannelFailure("stop", unreadable.code, unreadable.message, { cause });
  }
  if (typeof value !== "object" || value === null) throw unreadable;
  const { version, final, followed, hashes } = value as Record<string, unknown>;
  if (version !== 1 || !Number.isSafeInteger(final) || !Number.isSafeInteger(followed)) throw unreadable;
  const range = { final: final as number, followed: followed as number };
  if (!Array.isArray(hashes) || !hashes.every((hash) => typeof hash === "string" && HASH.test(hash)))
    throw unreadable;
  if (hashes.length !== 0 && hashes.length !== range.followed - Math.max(range.final, 0) + 1)
    throw unreadable;
  return { ...range, hashes: hashes as string[] };
}
