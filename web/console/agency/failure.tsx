import { useEffect, useState } from "preact/hooks";

import type { ApiFailure } from "../../api/node-api.ts";
import { say, sayWord } from "./say.ts";

const SLOW_MS = 5_000;

/** Why the node did not do something, in words, and what may be done about it. */
export function sentenceOf(failure: ApiFailure): string {
  return sayWord("failure", failure.code) ?? failure.message;
}

/** Says that the node did not do something. @param again asks once more; no button where left out */
export function Failure({ failure, again }: { readonly failure: ApiFailure; readonly again?: () => void }) {
  return (
    <div class={`notice ${failure.code === "unreachable" ? "warn" : "bad"}`} role="alert">
      <p>{sentenceOf(failure)}</p>
      {again !== undefined && (
        <button type="button" onClick={again}>
          {say("again")}
        </button>
      )}
    </div>
  );
}

/** Says that the node is being asked, and after a while that it is slow. */
export function Waiting() {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSlow(true);
    }, SLOW_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return (
    <p role="status" class="hint">
      {say(slow ? "slow" : "loading")}
    </p>
  );
}
