const MOST_BYTES = 64 * 1024;
/** What scrypt may take: 256 MiB, which is what other tools make keystores with at most, and work for a few seconds. */
const MOST_SCRYPT_BYTES = 256 * 1024 * 1024;
const MOST_SCRYPT_WORK = 2 ** 24;
/** As much work as the lightest keystores of common tools cost (N 4096, r 8). */
const LEAST_SCRYPT_WORK = 2 ** 15;
const PBKDF2_ROUNDS = { least: 100_000, most: 2_000_000 };
const HEX = /^(?:[0-9a-f]{2})+$/i;
const ADDRESS = /^(?:0x)?([0-9a-f]{40})$/i;

type Members = Readonly<Record<string, unknown>>;

/**
 * What is wrong with a keystore (Web3 Secret Storage, version 3) before it is opened, so that a hostile file can neither
 * take all memory or time, nor be so weak that it protects nothing.
 *
 * @param text JSON
 * @returns the end of a sentence that begins with the keystore's name, without anything out of the file; null for nothing
 */
export function judgeKeystore(text: string): string | null {
  if (text.length > MOST_BYTES) return `is larger than ${MOST_BYTES} bytes`;
  const keystore = parsed(text);
  if (keystore === null) return "is not a JSON object";
  if (Number(member(keystore, "version")) !== 3) return "is not of version 3";
  if (keystoreAddress(text) === null) return "names no address";
  const crypto = objectOf(member(keystore, "crypto"));
  if (crypto === null) return "has no section crypto";
  if (member(crypto, "cipher") !== "aes-128-ctr") return "is not encrypted with aes-128-ctr";
  const { ciphertext, mac } = { ciphertext: member(crypto, "ciphertext"), mac: member(crypto, "mac") };
  if (!isHex(ciphertext, 32) || !isHex(mac, 32)) return "does not hold 32 encrypted bytes and their checksum";
  const parameters = objectOf(member(crypto, "kdfparams"));
  if (parameters === null) return "does not say how its key is derived";
  if (!isHex(member(parameters, "salt"), null)) return "has no salt in hexadecimal";
  if (member(parameters, "dklen") !== 32) return "does not derive 32 bytes";
  switch (member(crypto, "kdf")) {
    case "scrypt":
      return judgeScrypt(parameters);
    case "pbkdf2":
      return judgePbkdf2(parameters);
    default:
      return "derives its key by neither scrypt nor pbkdf2";
  }
}

/** The account that a keystore says it is of, in lower case with `0x`; null where it says none. */
export function keystoreAddress(text: string): string | null {
  const keystore = text.length > MOST_BYTES ? null : parsed(text);
  const address = keystore === null ? null : member(keystore, "address");
  const digits = typeof address === "string" ? ADDRESS.exec(address)?.[1] : undefined;
  return digits === undefined ? null : `0x${digits.toLowerCase()}`;
}

function judgeScrypt(parameters: Members): string | null {
  const [n, r, p] = [member(parameters, "n"), member(parameters, "r"), member(parameters, "p")];
  if (!isPositive(n) || !isPositive(r) || !isPositive(p))
    return "has scrypt parameters that are no whole numbers";
  if (!Number.isInteger(Math.log2(n)) || n < 2) return "has a scrypt n that is no power of two";
  if (128 * n * r > MOST_SCRYPT_BYTES || n * r * p > MOST_SCRYPT_WORK || r * p > MOST_SCRYPT_WORK / 1024) {
    return "would take too much memory or time to open; encrypt it with n 262144, r 8, p 1 at most";
  }
  return n * r < LEAST_SCRYPT_WORK ? "is too weakly encrypted; encrypt it with n 4096, r 8 at least" : null;
}

function judgePbkdf2(parameters: Members): string | null {
  const rounds = member(parameters, "c");
  if (member(parameters, "prf") !== "hmac-sha256")
    return "derives its key by another function than hmac-sha256";
  if (!isPositive(rounds) || rounds > PBKDF2_ROUNDS.most) return "would take too much time to open";
  return rounds < PBKDF2_ROUNDS.least ? "is too weakly encrypted; take 100,000 rounds at least" : null;
}

function parsed(text: string): Members | null {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return null; // the parser's message would quote the file
  }
}

function objectOf(value: unknown): Members | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : null;
}

/** Tools differ in how they write the names. The same name in two ways is nobody's. */
function member(members: Members, name: string): unknown {
  const found = Object.keys(members).filter((each) => each.toLowerCase() === name);
  return found.length === 1 ? members[found[0] ?? ""] : undefined;
}

function isHex(value: unknown, bytes: number | null): value is string {
  return typeof value === "string" && HEX.test(value) && (bytes === null || value.length === 2 * bytes);
}

function isPositive(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}
