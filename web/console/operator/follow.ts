import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { ApiFailure } from "../../api/node-api.ts";
import { openSession } from "../session.ts";
import { useSessionBack } from "../session-back.ts";
import { unreachable } from "../unreachable.ts";

/** What is known of a question that is asked again and again. */
export interface Followed<Answer> {
  /** The last answer, which stays while the node is away; null before there was one. */
  readonly answer: Answer | null;
  /** When it came, by this machine's clock; milliseconds since 1970. */
  readonly at: number | null;
  /** Why the last try brought none; null where it did. */
  readonly failure: ApiFailure | null;
  /** Whether the node takes longer than it should over the question of the moment. */
  readonly slow: boolean;
  /** Asks at once. */
  readonly again: () => void;
}

const SLOW_MS = 2_500;
const RETRY_MS = 3_000;
/** Each question without a session counts against this address at the node. */
const SIGNED_OUT_MS = 15_000;

/**
 * Asks the node, and again after a while; not while the page is hidden, and at once when it is shown again. What the node does
 * not answer leaves what is known in place.
 *
 * @param ask must be the same function as long as the question is
 * @param every milliseconds from an answer to the next question
 */
export function useFollowed<Answer>(
  ask: (signal: AbortSignal) => Promise<Answer>,
  every: number,
): Followed<Answer> {
  const [known, setKnown] = useState<Omit<Followed<Answer>, "again" | "slow">>({
    ...{ answer: null, at: null, failure: null },
  });
  const [slow, setSlow] = useState(false);
  const poke = useRef<() => void>(() => undefined);
  useEffect(() => {
    const over = new AbortController();
    const isOver = () => over.signal.aborted;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asking = false;
    setKnown({ answer: null, at: null, failure: null });
    const step = async () => {
      if (asking || isOver() || document.hidden) return;
      asking = true;
      clearTimeout(timer);
      const late = setTimeout(() => {
        setSlow(true);
      }, SLOW_MS);
      let wait = every;
      try {
        const answer = await ask(over.signal);
        if (isOver()) return;
        unreachable.value = false;
        setKnown({ answer, at: Date.now(), failure: null });
      } catch (error) {
        if (isOver()) return;
        if (!(error instanceof ApiFailure)) throw error;
        if (error.status === 0) unreachable.value = true;
        // The session is over: the console says so, and lets sign in.
        if (error.status === 401) openSession().catch(() => undefined);
        setKnown((before) => ({ ...before, failure: error }));
        wait = error.status === 401 ? SIGNED_OUT_MS : RETRY_MS;
      } finally {
        clearTimeout(late);
        setSlow(false);
        asking = false;
        if (!isOver()) timer = setTimeout(() => void step(), wait);
      }
    };
    const wake = () => void step();
    poke.current = wake;
    document.addEventListener("visibilitychange", wake);
    wake();
    return () => {
      over.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", wake);
    };
  }, [ask, every]);
  const again = useCallback(() => {
    poke.current();
  }, []);
  useSessionBack(known.failure, again);
  return { ...known, slow, again };
}
