import { createHash, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";

import { compactDecrypt, CompactEncrypt } from "jose";

const COOKIE_FORM = /^[A-Za-z0-9_-]{43}$/;
const ATTEMPT_FORM = /^(\d{10})\.[A-Za-z0-9_-]{43}(?:\.([0-9a-f]{64}))?$/;
const ATTEMPT_SECONDS = 600;
const KEY_BYTES = 32;

function derived(cookie: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", cookie, "", `icl console ${purpose}`, KEY_BYTES));
}

function hashOf(cookie: string): string {
  return createHash("sha256").update(cookie).digest("hex");
}

/** Whether two texts are the same, in a time that tells nothing of where they differ. */
function same(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

/**
 * The secret of a session: the value of its cookie, which only the browser keeps. What the database has of it is a hash, and
 * tokens under a key that the value gives; so the database alone gives nobody a session or a token (decision record 0031).
 */
export class SessionSecret {
  /** What the browser keeps. */
  readonly cookie: string;
  /** By which the database knows the session. */
  readonly id: string;

  private constructor(cookie: string) {
    this.cookie = cookie;
    this.id = hashOf(cookie);
  }

  static fresh(): SessionSecret {
    return new SessionSecret(randomBytes(KEY_BYTES).toString("base64url"));
  }

  /** @returns null for what is no such value */
  static of(cookie: string): SessionSecret | null {
    return COOKIE_FORM.test(cookie) ? new SessionSecret(cookie) : null;
  }

  /** What the page sends back with every call that changes something. */
  get antiForgery(): string {
    return derived(this.cookie, "anti-forgery").toString("base64url");
  }

  isAntiForgery(text: string): boolean {
    return same(text, this.antiForgery);
  }

  /** Encrypts what the session keeps. */
  async seal(content: unknown): Promise<string> {
    return new CompactEncrypt(new TextEncoder().encode(JSON.stringify(content)))
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .encrypt(derived(this.cookie, "tokens"));
  }

  /** @throws the library's error for what was not sealed by this secret */
  async open(sealed: string): Promise<unknown> {
    const { plaintext } = await compactDecrypt(sealed, derived(this.cookie, "tokens"), {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    return JSON.parse(new TextDecoder().decode(plaintext)) as unknown;
  }
}

/**
 * One attempt to sign in, bound to the browser that began it: state, nonce and PKCE verifier all follow from the value of a
 * short-lived cookie, so that a callback is good in that browser alone and nothing is kept for attempts that come to nothing.
 */
export class SignInAttempt {
  static readonly seconds = ATTEMPT_SECONDS;
  readonly cookie: string;
  /** Seconds since 1970. */
  readonly endsAt: number;
  /**
   * Id of the session that the browser had when it began; null for none. Led back by another site, it does not show that
   * session's cookie.
   */
  readonly former: string | null;

  private constructor(cookie: string, endsAt: number, former: string | null) {
    this.cookie = cookie;
    this.endsAt = endsAt;
    this.former = former;
  }

  /** @param now milliseconds since 1970 */
  static fresh(now: number, former: string | null = null): SignInAttempt {
    const endsAt = Math.floor(now / 1000) + ATTEMPT_SECONDS;
    const parts = [String(endsAt), randomBytes(KEY_BYTES).toString("base64url")];
    return new SignInAttempt([...parts, ...(former === null ? [] : [former])].join("."), endsAt, former);
  }

  /** @returns null for what is no such value, or of an attempt that is too old */
  static of(cookie: string, now: number): SignInAttempt | null {
    const [, until = "0", former = null] = ATTEMPT_FORM.exec(cookie) ?? [];
    const endsAt = Number(until);
    const left = endsAt * 1000 - now;
    return left > 0 && left <= ATTEMPT_SECONDS * 1000 ? new SignInAttempt(cookie, endsAt, former) : null;
  }

  /** By which it is remembered that the attempt was used. */
  get id(): string {
    return hashOf(this.cookie);
  }

  get state(): string {
    return derived(this.cookie, "state").toString("base64url");
  }

  isState(text: string): boolean {
    return same(text, this.state);
  }

  get nonce(): string {
    return derived(this.cookie, "nonce").toString("base64url");
  }

  get verifier(): string {
    return derived(this.cookie, "verifier").toString("base64url");
  }

  get challenge(): string {
    return createHash("sha256").update(this.verifier).digest("base64url");
  }
}
