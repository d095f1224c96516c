import { ChannelFailure } from "../channel.ts";

const HEX_NUMBER = /^0x(?:0|[1-9a-f][0-9a-f]*)$/i;
const HEX_DATA = /^0x(?:[0-9a-f]{2})*$/i;

/** The failure for an answer that no Ethereum client gives. `what` names the member. */
export function malformed(what: string): ChannelFailure {
  return new ChannelFailure(
    "retry",
    "ledger-malformed",
    `The ledger's client answered without a proper ${what}.`,
  );
}

/** @throws ChannelFailure `ledger-malformed` */
export function asRecord(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(what);
  return value as Record<string, unknown>;
}

/** @throws ChannelFailure `ledger-malformed` */
export function asList(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(what);
  return value;
}

/** A quantity, such as `0x1f`. @throws ChannelFailure `ledger-malformed` */
export function asBigInt(value: unknown, what: string): bigint {
  if (typeof value !== "string" || !HEX_NUMBER.test(value)) throw malformed(what);
  return BigInt(value);
}

/** A quantity that a number holds exactly. @throws ChannelFailure `ledger-malformed` */
export function asNumber(value: unknown, what: string): number {
  const number = Number(asBigInt(value, what));
  if (!Number.isSafeInteger(number)) throw malformed(what);
  return number;
}

/**
 * Bytes in hexadecimal, made lower-case.
 *
 * @param bytes how many; any number where left out
 * @throws ChannelFailure `ledger-malformed`
 */
export function asHex(value: unknown, what: string, bytes?: number): string {
  const fits = typeof value === "string" && HEX_DATA.test(value);
  if (!fits || (bytes !== undefined && value.length !== 2 + 2 * bytes)) throw malformed(what);
  return value.toLowerCase();
}
