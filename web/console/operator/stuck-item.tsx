import { ago } from "./amounts.ts";
import type { Stuck } from "./answers.ts";
import { causeOf } from "./causes.ts";
import { Command } from "./command.tsx";
import { say, sayOf } from "./say.ts";

interface Shown {
  readonly item: Stuck;
  readonly onRetry: () => void;
  readonly onAct: (act: "give-up" | "replay") => void;
}

/** One thing that does not go on, and what may be done about it. */
export function StuckItem({ item, onRetry, onAct }: Shown) {
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
