import { useCallback, useState } from "preact/hooks";

import { askJson } from "../../api/node-api.ts";
import { Choice } from "../choice.tsx";
import { linkTo, route } from "../route.ts";
import type { Page, Stuck } from "./answers.ts";
import { FollowLine } from "./follow-line.tsx";
import { useFollowed } from "./follow.ts";
import { GiveUpDialog } from "./give-up-dialog.tsx";
import { OutcomeLine, useOutcome } from "./outcome.tsx";
import { ReplayDialog } from "./replay-dialog.tsx";
import { say, sayOf } from "./say.ts";
import { StuckItem } from "./stuck-item.tsx";

const EVERY_MS = 5_000;
const MOST_SHOWN = 200;
/** Worst first: what holds up most stands before what holds up one. */
const KINDS = [
  "channel",
  "bundle",
  "message",
  "transaction",
  "batch",
  "fetch",
  "subscription",
  "dead-letter",
];
const MINUTES = ["0", "10", "60", "1440"];

/** What does not go on, why, since when, and what may be done about it. */
export function StuckPage() {
  const kind = route.value.query.get("kind") ?? "";
  const minutes = route.value.query.get("minutes") ?? "10";
  const askStuck = useCallback(
    (signal: AbortSignal) =>
      askJson<Page<Stuck>>(
        `operations/stuck?${new URLSearchParams({ minutes, limit: String(MOST_SHOWN) }).toString()}`,
        { signal },
      ),
    [minutes],
  );
  const followed = useFollowed(askStuck, EVERY_MS);
  const [open, setOpen] = useState<{ readonly item: Stuck; readonly act: "give-up" | "replay" } | null>(null);
  const { answer, again } = followed;
  const { outcome, told, retry } = useOutcome(again);
  const shown = (answer?.items ?? [])
    .filter((item) => kind === "" || item.kind === kind)
    .toSorted(worstFirst);
  const go = (query: Readonly<Record<string, string>>) => {
    location.hash = linkTo(["stuck"], { kind, minutes, ...query });
  };
  return (
    <>
      <h1>{say("stuck")}</h1>
      <FollowLine followed={followed} />
      <div class="filters">
        <Choice
          label={say("kind")}
          value={kind}
          values={KINDS}
          word={(each) => sayOf("kind", each)}
          everything={say("every-kind")}
          onChoose={(chosen) => {
            go({ kind: chosen });
          }}
        />
        <Choice
          label={say("late")}
          value={minutes}
          values={MINUTES}
          word={(each) => sayOf("minutes", each)}
          onChoose={(chosen) => {
            go({ minutes: chosen });
          }}
        />
      </div>
      <OutcomeLine outcome={outcome} />
      {answer !== null && shown.length === 0 && <p class="notice good">{say("nothing-stuck")}</p>}
      {answer?.next !== undefined && answer.next !== null && <p class="notice warn">{say("more-stuck")}</p>}
      <ul class="plain" aria-label={say("stuck")}>
        {shown.map((item) => (
          <StuckItem
            key={item.id}
            item={item}
            onRetry={() => void retry(item.id, sayOf("kind", item.kind))}
            onAct={(act) => {
              setOpen({ item, act });
            }}
          />
        ))}
      </ul>
      {open?.act === "give-up" && (
        <GiveUpDialog
          item={open.item}
          onClose={() => {
            setOpen(null);
          }}
          onDone={() => {
            told(say("given-up-done"));
          }}
        />
      )}
      {open?.act === "replay" && (
        <ReplayDialog
          id={subscriptionOf(open.item)}
          position={null}
          onClose={() => {
            setOpen(null);
          }}
          onDone={told}
        />
      )}
    </>
  );
}

function worstFirst(one: Stuck, other: Stuck): number {
  return (
    KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) || Date.parse(one.since) - Date.parse(other.since)
  );
}

/** The subscription that a failing one or a dead letter is about: `subscription:<id>`, `dead-letter:<id>:<n>`. */
function subscriptionOf({ id }: Stuck): string {
  return id.split(":")[1] ?? "";
}
