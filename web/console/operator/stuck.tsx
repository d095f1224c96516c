import { useCallback, useState } from "preact/hooks";

import { ask, askJson } from "../../api/node-api.ts";
import { linkTo, route } from "../route.ts";
import { ago } from "./amounts.ts";
import type { Page, Stuck } from "./answers.ts";
import { causeOf } from "./causes.ts";
import { Command } from "./command.tsx";
import { Confirm } from "./confirm.tsx";
import { Done } from "./done.tsx";
import { FollowLine } from "./follow-line.tsx";
import { useFollowed } from "./follow.ts";
import { ReplayDialog } from "./replay-dialog.tsx";
import { say, sayOf } from "./say.ts";

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
  const [done, setDone] = useState("");
  const [refused, setRefused] = useState("");
  const { answer, again } = followed;
  const shown = (answer?.items ?? [])
    .filter((item) => kind === "" || item.kind === kind)
    .toSorted(worstFirst);
  const go = (query: Readonly<Record<string, string>>) => {
    location.hash = linkTo(["stuck"], { kind, minutes, ...query });
  };
  const retry = async (item: Stuck) => {
    setRefused("");
    try {
      await ask(`operations/stuck/${encodeURIComponent(item.id)}/retry`, { method: "POST" });
      setDone(say("retried", { what: sayOf("kind", item.kind) }));
    } catch (error) {
      setDone("");
      setRefused(error instanceof Error ? error.message : "");
    }
    again();
  };
  return (
    <>
      <h1>{say("stuck")}</h1>
      <FollowLine followed={followed} />
      <div class="filters">
        <label>
          {say("kind")}
          <select
            value={kind}
            onChange={({ currentTarget }) => {
              go({ kind: currentTarget.value });
            }}
          >
            <option value="">{say("every-kind")}</option>
            {KINDS.map((each) => (
              <option key={each} value={each}>
                {sayOf("kind", each)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {say("late")}
          <select
            value={minutes}
            onChange={({ currentTarget }) => {
              go({ minutes: currentTarget.value });
            }}
          >
            {MINUTES.map((each) => (
              <option key={each} value={each}>
                {sayOf("minutes", each)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Done text={done} />
      {refused !== "" && (
        <p class="notice bad" role="alert">
          {refused}
        </p>
      )}
      {answer !== null && shown.length === 0 && <p class="notice good">{say("nothing-stuck")}</p>}
      {answer?.next !== undefined && answer.next !== null && <p class="notice warn">{say("more-stuck")}</p>}
      <ul class="plain" aria-label={say("stuck")}>
        {shown.map((item) => (
          <Item
            key={item.id}
            item={item}
            onRetry={() => void retry(item)}
            onAct={(act) => {
              setOpen({ item, act });
            }}
          />
        ))}
      </ul>
      {open?.act === "give-up" && (
        <GiveUp
          item={open.item}
          onClose={() => {
            setOpen(null);
          }}
          onDone={() => {
            setDone(say("given-up-done"));
            again();
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
          onDone={(text) => {
            setDone(text);
            again();
          }}
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

interface Shown {
  readonly item: Stuck;
  readonly onRetry: () => void;
  readonly onAct: (act: "give-up" | "replay") => void;
}

function Item({ item, onRetry, onAct }: Shown) {
  const { kind, id, since, code, detail, actions } = item;
  const { means, next } = causeOf(code);
  const grave = kind === "channel" || kind === "bundle" || kind === "batch";
  const may = (action: Stuck["actions"][number]) => actions.includes(action);
  return (
    <li class="card">
      <h2 class="row">
        <span class={`badge ${grave ? "bad" : "warn"}`}>{sayOf("kind", kind)}</span> {means}
      </h2>
      <p>
        {say("since", { ago: ago(since) })} <code>{code}</code>
      </p>
      <p>
        <strong>{say("next-step")}</strong> {next}
      </p>
      <details>
        <summary>{say("details")}</summary>
        <p lang="en">{detail}</p>
        <p>
          <code>{id}</code>
        </p>
      </details>
      <div class="row">
        {may("retry") && (
          <button type="button" onClick={onRetry}>
            {say("retry")}
          </button>
        )}
        {may("replay") && (
          <button
            type="button"
            onClick={() => {
              onAct("replay");
            }}
          >
            {say("replay")}
          </button>
        )}
        {may("give-up") && (
          <button
            type="button"
            class="danger"
            onClick={() => {
              onAct("give-up");
            }}
          >
            {say("give-up")}
          </button>
        )}
        {actions.length === 0 && <span class="hint">{say("by-itself")}</span>}
        {may("restart") && <span class="hint">{say("restart-text")}</span>}
      </div>
      {may("retry") && <Command line={`icl retry ${id}`} />}
    </li>
  );
}

interface GivingUp {
  readonly item: Stuck;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function GiveUp({ item, onClose, onDone }: GivingUp) {
  return (
    <Confirm
      title={say("give-up-title", { what: sayOf("kind", item.kind) })}
      act={say("give-up")}
      danger
      onClose={onClose}
      onConfirm={async (form) => {
        const reason = form.get("reason");
        const json = { reason: typeof reason === "string" ? reason : "" };
        await ask(`operations/stuck/${encodeURIComponent(item.id)}/give-up`, { method: "POST", json });
        onDone();
      }}
    >
      <p>{item.kind === "fetch" ? say("give-up-fetch") : say("give-up-message")}</p>
      <p>
        <code>{item.id}</code>
      </p>
      <label>
        {say("reason")}
        <textarea name="reason" required maxLength={500} rows={3} />
      </label>
      <p class="hint">{say("reason-hint")}</p>
      <Command line={`icl give-up ${item.id} --reason "…"`} />
    </Confirm>
  );
}
