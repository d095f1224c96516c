import type { ApiFailure } from "../../api/node-api.ts";
import { clockTime } from "./amounts.ts";
import type { Followed } from "./follow.ts";
import { say } from "./say.ts";

/** Why the node did not answer a question; where it cannot be reached, the console says so itself. */
export function QuestionRefused({ failure }: { readonly failure: ApiFailure | null }) {
  if (failure === null || failure.status === 0) return null;
  return (
    <p class="notice bad follow-failure" role="alert">
      {say("refused", { detail: failure.message })}
    </p>
  );
}

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
      <QuestionRefused failure={failure} />
      {failure !== null && at !== null && (
        <p class="notice warn follow-failure">{say("old", { time: clockTime(at) })}</p>
      )}
    </div>
  );
}
