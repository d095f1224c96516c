import { moment } from "../../../language/language.ts";
import type { JournalEntry, MessageRecord, Reason } from "../node-records.ts";
import { StatusBadge } from "../say-message.tsx";
import { say, sayWord } from "../say.ts";

/** Why the ledger or the node refused something, in words. */
export function sentenceOfReason({ code, detail }: Reason): string {
  return sayWord("refusal", code) ?? detail;
}

/** What became of a message, step by step, each attempt by itself. */
export function Timeline({ record: { journal } }: { readonly record: MessageRecord }) {
  const attempts = Map.groupBy(journal, ({ attempt }) => attempt);
  return (
    <section class="card" aria-labelledby="story-journal">
      <h2 id="story-journal">{say("journal")}</h2>
      {[...attempts].map(([attempt, entries]) => (
        <div key={attempt}>
          {attempts.size > 1 && <h3>{say("attempt", { number: attempt })}</h3>}
          <ol class="timeline">
            {entries.map((entry, place) => (
              <Step key={place} entry={entry} />
            ))}
          </ol>
        </div>
      ))}
    </section>
  );
}

function Step({ entry: { status, at, reason, by } }: { readonly entry: JournalEntry }) {
  return (
    <li>
      <div class="row">
        <StatusBadge status={status} />
        <time dateTime={at}>{moment(at)}</time>
      </div>
      <p class="hint">{sayWord("status-text", status)}</p>
      {reason !== undefined && (
        <p class="reason">
          {sentenceOfReason(reason)} <code>{reason.code}</code>
        </p>
      )}
      {by !== undefined && <p class="hint">{say("by-user", { user: by.subject })}</p>}
    </li>
  );
}
