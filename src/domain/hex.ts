/** 32 bytes as `0x` and 64 lower-case hexadecimal digits. */
export type Hex32 = `0x${string}`;

const HEX_32 = /^0x[0-9a-f]{64}$/;

/** Whether a text is 32 bytes in the form this system writes them. */
export function isHex32(text: unknown): text is Hex32 {
  return typeof text === "string" && HEX_32.test(text);
}

/** `0x` and two lower-case hexadecimal digits a byte. */
export function toHex(bytes: Uint8Array): Hex32 {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
}

/** The bytes behind hexadecimal digits, with or without `0x`; the form is the caller's to check. */
export function fromHex(text: string): Uint8Array {
  return Buffer.from(text.replace(/^0x/, ""), "hex");
}

/** A number as 32 bytes, big-endian, as EIP-712 and the ABI encode it. */
export function toWord(value: number | bigint): Uint8Array {
  return fromHex(BigInt(value).toString(16).padStart(64, "0"));
}
