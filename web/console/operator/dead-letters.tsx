import { useCallback, useState } from "preact/hooks";

import { ask, askJson } from "../../api/node-api.ts";
import { ago, count, short } from "./amounts.ts";
import type { DeadLetter, Page } from "./answers.ts";
import { QuestionRefused } from "./follow-line.tsx";
import { useFollowed } from "./follow.ts";
import { Refused } from "./outcome.tsx";
import { say, sayOf } from "./say.ts";
import { ScrollTable } from "./scroll-table.tsx";

const EVERY_MS = 10_000;
const MOST_SHOWN = 100;

interface Shown {
  /** The subscription's id. */
  readonly subscription: string;
  readonly total: number;
  readonly onTold: (text: string) => void;
}

/** What could not be delivered to a subscriber; asked for once it is opened. */
export function DeadLetters({ subscription, total, onTold }: Shown) {
  const [open, setOpen] = useState(false);
  return (
    <details
      onToggle={({ currentTarget }) => {
        setOpen(currentTarget.open);
      }}
    >
      <summary>{say("dead-letters-are", { count: count(total) })}</summary>
      {open && <Letters subscription={subscription} onTold={onTold} />}
    </details>
  );
}

function Letters({ subscription, onTold }: Omit<Shown, "total">) {
  const askLetters = useCallback(
    (signal: AbortSignal) =>
      askJson<Page<DeadLetter>>(
        `operations/subscriptions/${encodeURIComponent(subscription)}/dead-letters?limit=${MOST_SHOWN}`,
        { signal },
      ),
    [subscription],
  );
  const { answer, failure, again } = useFollowed(askLetters, EVERY_MS);
  const [refused, setRefused] = useState("");
  const retry = async ({ n }: DeadLetter) => {
    setRefused("");
    try {
      await ask(`operations/stuck/${encodeURIComponent(`dead-letter:${subscription}:${n}`)}/retry`, {
        method: "POST",
      });
      onTold(say("retried", { what: say("kind.dead-letter") }));
    } catch (error) {
      setRefused(error instanceof Error ? error.message : "");
    }
    again();
  };
  if (answer === null)
    return failure === null ? <p>{say("asking")}</p> : <QuestionRefused failure={failure} />;
  return (
    <>
      <Refused text={refused} />
      <ScrollTable
        label={say("dead-letters")}
        heads={[say("event"), say("message"), say("given-up-at"), say("reason"), say("act")]}
      >
        {answer.items.map((letter) => (
          <tr key={letter.n}>
            <td>
              {sayOf("event", letter.type)} <span class="hint">{count(letter.n)}</span>
            </td>
            <td>
              <code title={letter.message}>{short(letter.message)}</code>
            </td>
            <td>{ago(letter.failedAt)}</td>
            <td lang="en">{letter.reason}</td>
            <td>
              {letter.retrying ? (
                say("retrying")
              ) : (
                <button type="button" onClick={() => void retry(letter)}>
                  {say("retry")} <span class="visually-hidden">{count(letter.n)}</span>
                </button>
              )}
            </td>
          </tr>
        ))}
      </ScrollTable>
    </>
  );
}
