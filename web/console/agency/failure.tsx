import { useEffect, useState } from "preact/hooks";

import type { ApiFailure } from "../../api/node-api.ts";
import { SignInAgain } from "../sign-in-again.tsx";
import { say, sayWord } from "./say.ts";

const SLOW_MS = 5_000;

/** Why the node did not do something, in words, and what may be done about it. */
export function sentenceOf(failure: ApiFailure): string {
  return sayWord("failure", failure.code) ?? failure.message;
}

/**
 * Says that the node did not do something, and what may be done.
 *
 * @param again asks once more; no button where left out
 * @param apart the page holds what would be lost where one leaves it to sign in anew
 * @param leave called before it is left for that
 */
export function Failure({
  failure,
  again,
  apart,
  leave,
}: {
  readonly failure: ApiFailure;
  readonly again?: () => void;
  readonly apart?: boolean;
  readonly leave?: () => void;
}) {
  return (
    <div class={`notice ${failure.code === "unreachable" ? "warn" : "bad"}`} role="alert">
      <p>{sentenceOf(failure)}</p>
      <SignInAgain failure={failure} apart={apart === true} leave={leave} />
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
