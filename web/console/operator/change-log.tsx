import { moment } from "../../language/language.ts";
import { count } from "./amounts.ts";
import type { RegistryChange } from "./answers.ts";
import { say, sayOf } from "./say.ts";
import { ScrollTable } from "./scroll-table.tsx";

const MOST_SHOWN = 100;

/** What changed on a channel, by its ledger: the newest first. */
export function ChangeLog({ changes }: { readonly changes: readonly RegistryChange[] }) {
  const newest = changes.toReversed().slice(0, MOST_SHOWN);
  return (
    <section>
      <h2>{say("changes")}</h2>
      <ScrollTable label={say("changes")} heads={[say("when"), say("what"), say("height")]}>
        {newest.map((change) => (
          <tr key={`${change.height} ${change.kind} ${JSON.stringify(change.record)}`}>
            <td>{moment(change.at)}</td>
            <td>{wordsOf(change)}</td>
            <td>{count(change.height)}</td>
          </tr>
        ))}
      </ScrollTable>
      {newest.length < changes.length && <p class="hint">{say("changes-more")}</p>}
    </section>
  );
}

function wordsOf({ kind, record }: RegistryChange): string {
  const text = (name: string) => {
    const value = record[name];
    return typeof value === "string" ? value : "";
  };
  if (kind === "status") return say("change.status", { status: sayOf("status", text("status")) });
  if (kind === "participant") {
    const status = sayOf("participant", text("status"));
    return say("change.participant", { domain: text("domain"), status, endpoint: text("endpoint") });
  }
  return say(record.closed === true ? "change.closed" : "change.message-type", { type: text("predicate") });
}
