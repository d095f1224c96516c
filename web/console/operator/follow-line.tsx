import { clockTime } from "./amounts.ts";
import type { Followed } from "./follow.ts";
import { say } from "./say.ts";

/** As of when a place shows what it shows, and what there is to say about the node's answers. */
export function FollowLine({ followed }: { readonly followed: Followed<unknown> }) {
  const { at, failure, slow, again } = followed;
  return (
    <div class="follow-line row">
      <span class="hint">{at === null ? say("asking") : say("as-of", { time: clockTime(at) })}</span>
      {slow && (
        <span class="badge warn" role="status">
          {say("slow")}
        </span>
      )}
      <button type="button" onClick={again}>
        {say("refresh")}
      </button>
      {failure !== null && failure.status !== 0 && (
        <p class="notice bad follow-failure" role="alert">
          {say("refused", { detail: failure.message })}
        </p>
      )}
      {failure !== null && at !== null && (
        <p class="notice warn follow-failure">{say("old", { time: clockTime(at) })}</p>
      )}
    </div>
  );
}
