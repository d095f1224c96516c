import { useCallback, useState } from "preact/hooks";

import { askJson } from "../../api/node-api.ts";
import { Choice } from "../choice.tsx";
import { linkTo, route } from "../route.ts";
import { ago, count } from "./amounts.ts";
import type { Page, SubscriptionOverview } from "./answers.ts";
import { Command } from "./command.tsx";
import { DeadLetters } from "./dead-letters.tsx";
import { FollowLine } from "./follow-line.tsx";
import { useFollowed } from "./follow.ts";
import { OutcomeLine, useOutcome } from "./outcome.tsx";
import { ReplayDialog } from "./replay-dialog.tsx";
import { say, sayOf } from "./say.ts";

const EVERY_MS = 5_000;
const MOST_SHOWN = 200;
/** As many as the node counts. */
const MOST_BEHIND = 1_000;
const STATES = ["active", "pending", "ended"];

/** Everybody's subscriptions: whether they work, how far behind they are, and what could not be delivered. */
export function SubscriptionsPage() {
  const state = route.value.query.get("state") ?? "";
  const askAll = useCallback(
    (signal: AbortSignal) => {
      const query = { limit: String(MOST_SHOWN), ...(state === "" ? {} : { state }) };
      const search = new URLSearchParams(query).toString();
      return askJson<Page<SubscriptionOverview>>(`operations/subscriptions?${search}`, { signal });
    },
    [state],
  );
  const followed = useFollowed(askAll, EVERY_MS);
  const [replaying, setReplaying] = useState<SubscriptionOverview | null>(null);
  const { answer, again } = followed;
  const { outcome, told, retry } = useOutcome(again);
  return (
    <>
      <h1>{say("subscriptions")}</h1>
      <FollowLine followed={followed} />
      <div class="filters">
        <Choice
          label={say("state")}
          value={state}
          values={STATES}
          word={(each) => sayOf("subscription", each)}
          everything={say("every-state")}
          onChoose={(chosen) => {
            location.hash = linkTo(["subscriptions"], { state: chosen });
          }}
        />
      </div>
      <OutcomeLine outcome={outcome} />
      {answer?.items.length === 0 && <p>{say("no-subscriptions")}</p>}
      {answer?.next !== undefined && answer.next !== null && (
        <p class="notice warn">{say("more-subscriptions")}</p>
      )}
      {answer?.items.toSorted(worstFirst).map((each) => (
        <Subscription
          key={each.id}
          subscription={each}
          onRetry={() => void retry(`subscription:${each.id}`, say("kind.subscription"))}
          onReplay={() => {
            setReplaying(each);
          }}
          onTold={told}
        />
      ))}
      {replaying !== null && (
        <ReplayDialog
          id={replaying.id}
          position={replaying.position}
          onClose={() => {
            setReplaying(null);
          }}
          onDone={told}
        />
      )}
    </>
  );
}

function worstFirst(one: SubscriptionOverview, other: SubscriptionOverview): number {
  const rank = ({ failingSince, deadLetters, state }: SubscriptionOverview) =>
    failingSince !== null ? 0 : deadLetters > 0 ? 1 : state === "ended" ? 3 : 2;
  return rank(one) - rank(other) || other.behind - one.behind;
}

interface Shown {
  readonly subscription: SubscriptionOverview;
  readonly onRetry: () => void;
  readonly onReplay: () => void;
  readonly onTold: (text: string) => void;
}

function Subscription({ subscription, onRetry, onReplay, onTold }: Shown) {
  const { id, owner, topic, host, state, endedReason, behind, failingSince, tries, deadLetters } =
    subscription;
  const failing = failingSince !== null;
  return (
    <section class="card" aria-label={`${host} ${topic}`}>
      <h2 class="row">
        {host}
        <span class={`badge ${failing ? "bad" : state === "active" ? "good" : "calm"}`}>
          {failing ? say("failing") : sayOf("subscription", state)}
        </span>
        {deadLetters > 0 && (
          <span class="badge warn">{say("dead-letters-are", { count: count(deadLetters) })}</span>
        )}
      </h2>
      {failing && (
        <div class="notice bad">
          <p>
            <strong>{say("failing-since", { ago: ago(failingSince), tries: count(tries) })}</strong>
          </p>
          {subscription.lastFailure !== null && <p lang="en">{subscription.lastFailure}</p>}
          <p>{say("do.callback-failing")}</p>
        </div>
      )}
      <dl class="facts">
        <dt>{say("topic")}</dt>
        <dd>
          <code>{topic}</code>
        </dd>
        <dt>{say("owner")}</dt>
        <dd>{owner}</dd>
        <dt>{say("backlog")}</dt>
        <dd>
          {behind === 0
            ? say("backlog-none")
            : say(behind >= MOST_BEHIND ? "backlog-least" : "backlog-is", { count: count(behind) })}
        </dd>
        <dt>{say("delivered")}</dt>
        <dd>{subscription.lastDeliveredAt === null ? say("never") : ago(subscription.lastDeliveredAt)}</dd>
        {endedReason !== null && (
          <>
            <dt>{say("ended")}</dt>
            <dd>{sayOf("ended", endedReason)}</dd>
          </>
        )}
      </dl>
      {state === "active" && (
        <>
          <div class="row acts">
            {failing && (
              <button type="button" onClick={onRetry}>
                {say("retry")}
              </button>
            )}
            <button type="button" onClick={onReplay}>
              {say("replay")}
            </button>
          </div>
          {failing && <Command line={`icl retry subscription:${id}`} />}
        </>
      )}
      {deadLetters > 0 && <DeadLetters subscription={id} total={deadLetters} onTold={onTold} />}
    </section>
  );
}
