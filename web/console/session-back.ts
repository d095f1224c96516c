import { useEffect, useRef } from "preact/hooks";

import type { ApiFailure } from "../api/node-api.ts";
import { ended } from "./session.ts";

/** A node that refuses a session and knows it is not asked without a pause. */
const PAUSE_MS = 3_000;

/**
 * Asks once more, as soon as there is a session again, what was refused because the former one had ended: what is shown would
 * else be old, and say that nobody is signed in, until the next time to look.
 *
 * @param failure why there is no newer answer
 */
export function useSessionBack(failure: ApiFailure | null, again: () => void): void {
  const askedAt = useRef(-Infinity);
  const isBack = failure?.status === 401 && !ended.value;
  useEffect(() => {
    if (!isBack) return undefined;
    const wait = Math.max(0, askedAt.current + PAUSE_MS - performance.now());
    const timer = setTimeout(() => {
      askedAt.current = performance.now();
      again();
    }, wait);
    return () => {
      clearTimeout(timer);
    };
  }, [isBack]);
}
