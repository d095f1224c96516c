import { useEffect, useRef, useState } from "preact/hooks";

import { ApiFailure } from "../../api/node-api.ts";
import { openSession } from "../session.ts";
import { useSessionBack } from "../session-back.ts";
import { unreachable } from "../unreachable.ts";

/** Something that the node is asked for. */
export interface Asked<Found> {
  /** What it last answered to this question; kept while it is asked again. */
  readonly found: Found | null;
  /** Why there is no newer answer. */
  readonly failure: ApiFailure | null;
  readonly loading: boolean;
  /** Asks once more; what is there stays in sight meanwhile. */
  readonly again: () => void;
}

const RETRY_MS = 3_000;
const BUSY_RETRY_MS = 5_000;

/** Whatever went wrong, as a failure of the node's; a fault of the page's own is thrown on. */
export function failureOf(error: unknown): ApiFailure {
  if (error instanceof ApiFailure) return error;
  throw error;
}

/**
 * Lets the whole console know what a failure means for it: that the node is out of reach, or that nobody is signed in any
 * more. What was typed is kept by whoever shows the form.
 */
export function noteFailure(failure: ApiFailure): void {
  if (failure.code === "unreachable") unreachable.value = true;
  if (failure.status !== 401) return;
  openSession().catch(() => {
    unreachable.value = true;
  });
}

/** How long to wait before asking again; null where asking again would bring the same answer. */
function waitAfter({ code, status, retryAfterSeconds }: ApiFailure): number | null {
  if (code === "unreachable") return RETRY_MS;
  if (status !== 429 && status < 500) return null;
  return Math.max(BUSY_RETRY_MS, (retryAfterSeconds ?? 0) * 1_000);
}

/**
 * Asks the node, and goes on asking while it cannot be reached, is busy, or has a fault of its own.
 *
 * @param question names what is asked; another question drops the answer to the former one
 */
export function useAsked<Found>(
  question: string,
  load: (signal: AbortSignal) => Promise<Found>,
): Asked<Found> {
  const [state, setState] = useState<{
    readonly question: string;
    readonly found: Found | null;
    readonly failure: ApiFailure | null;
    readonly loading: boolean;
  }>({ question, found: null, failure: null, loading: true });
  const [turn, setTurn] = useState(0);
  const loader = useRef(load);
  loader.current = load;
  const running = useRef(false);
  const wantedAgain = useRef(false);
  const anew = () => {
    // An answer that is under way is waited for: a slow node would never get to give one.
    if (running.current) wantedAgain.current = true;
    else setTurn((before) => before + 1);
  };

  useEffect(() => {
    const over = new AbortController();
    let retry: ReturnType<typeof setTimeout> | undefined;
    running.current = true;
    wantedAgain.current = false;
    const done = () => {
      running.current = false;
      if (wantedAgain.current) anew();
    };
    setState((before) => ({
      question,
      found: before.question === question ? before.found : null,
      failure: before.question === question ? before.failure : null,
      loading: true,
    }));
    loader.current(over.signal).then(
      (found) => {
        if (over.signal.aborted) return;
        unreachable.value = false;
        setState({ question, found, failure: null, loading: false });
        done();
      },
      (error: unknown) => {
        if (over.signal.aborted) return;
        const failure = failureOf(error);
        noteFailure(failure);
        setState((before) => ({ ...before, failure, loading: false }));
        done();
        const wait = waitAfter(failure);
        if (wait !== null) retry = setTimeout(anew, wait);
      },
    );
    return () => {
      over.abort();
      clearTimeout(retry);
    };
  }, [question, turn]);

  useSessionBack(state.failure, anew);
  const { found, failure, loading } = state.question === question ? state : { ...state, found: null };
  return { found, failure, loading, again: anew };
}
