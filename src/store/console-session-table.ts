/** Sessions of people who are signed in at the console. */
export interface ConsoleSessionTable {
  /** SHA-256 of the cookie's value, in hexadecimal. */
  id: string;
  /** Whose it is: `<issuer> <subject>`. */
  owner: string;
  /** The issuer's tokens, encrypted under a key that follows from the cookie's value: a compact JWE. */
  sealed: string;
  /** Grows with every renewal of the tokens. */
  version: number;
  /** Until then one replica is renewing the tokens; 0 for none. */
  renewing_until: number;
  created_at: number;
  /** When somebody was last at the page, to the minute. */
  used_at: number;
  ends_at: number;
}
