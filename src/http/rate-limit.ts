import type { Request, RequestHandler } from "express";
import ipaddr from "ipaddr.js";

import { Problem } from "../domain/problems.ts";
import type { Caller } from "../identity/caller.ts";
import { callerOf } from "./caller.ts";

interface Bucket {
  tokens: number;
  at: number;
}

const MOST_KEYS = 20_000;

/**
 * Counts what each key does: a bucket that holds a minute's allowance and refills evenly. Memory is bounded: the key
 * unused for longest is forgotten first. Each replica counts for itself.
 */
export class RateLimiter {
  readonly #perMinute: number;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param now milliseconds since 1970 */
  constructor(perMinute: number, now: () => number = Date.now) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /** Whether `key` has something left; spends nothing. */
  check(key: string): void {
    this.#refuseWhenEmpty(this.#filled(key));
  }

  /**
   * Spends one request of `key`.
   *
   * @throws Problem `too-many-requests` with the seconds until the next one is allowed
   */
  take(key: string): void {
    const bucket = this.#filled(key);
    this.#refuseWhenEmpty(bucket);
    bucket.tokens -= 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > MOST_KEYS) {
      const [oldest] = this.#buckets.keys();
      if (oldest !== undefined) this.#buckets.delete(oldest);
    }
  }

  #filled(key: string): Bucket {
    const now = this.#now();
    const bucket = this.#buckets.get(key) ?? { tokens: this.#perMinute, at: now };
    // A clock that is set back takes nothing away from anybody.
    const minutes = Math.max(0, now - bucket.at) / 60_000;
    bucket.tokens = Math.min(this.#perMinute, bucket.tokens + minutes * this.#perMinute);
    bucket.at = now;
    return bucket;
  }

  #refuseWhenEmpty(bucket: Bucket): void {
    if (bucket.tokens >= 1) return;
    const seconds = Math.max(1, Math.ceil(((1 - bucket.tokens) / this.#perMinute) * 60));
    throw new Problem("too-many-requests", `Too many requests: wait ${seconds} s, then go on more slowly.`, {
      retryAfterSeconds: seconds,
    });
  }
}

/** The key under which a caller's requests are counted. */
function keyOf(caller: Caller): string {
  return caller.kind === "user"
    ? JSON.stringify([caller.issuer, caller.subject])
    : JSON.stringify([caller.participant, caller.account]);
}

/**
 * The key for a request whose maker is not known (yet): its address, of IPv6 the first 64 bits, since one line gets all
 * of the rest to choose from.
 */
export function addressOf(request: Request): string {
  const text = request.ip ?? "";
  if (!ipaddr.isValid(text)) return "unknown";
  const address = ipaddr.process(text);
  return address.kind() === "ipv4" ? address.toString() : address.toByteArray().slice(0, 8).join(".");
}

/** Limits each identified caller; stands after authentication. */
export function limitCallers(limiter: RateLimiter): RequestHandler {
  return (_request, response, next) => {
    limiter.take(keyOf(callerOf(response)));
    next();
  };
}

/** Limits each address on the routes that are open to everybody. */
export function limitAddresses(limiter: RateLimiter): RequestHandler {
  return (request, _response, next) => {
    limiter.take(addressOf(request));
    next();
  };
}
