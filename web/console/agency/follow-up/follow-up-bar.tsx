import { useEffect, useState } from "preact/hooks";

import { may } from "../../session.ts";
import type { ChannelRecord, MessageRecord } from "../node-records.ts";
import type { ReadDocument } from "../read-document.ts";
import { typeWord } from "../say-message.tsx";
import { say } from "../say.ts";
import { FollowUpDialog } from "./follow-up-dialog.tsx";
import { followUpsOf, type FollowUp } from "./follow-ups.ts";
import { takeOpened } from "./opened.ts";

/** What may be done with a message: its certificate used or revoked, or something said of it. */
export function FollowUpBar({
  record,
  channel,
  document,
}: {
  readonly record: MessageRecord;
  readonly channel: ChannelRecord | null;
  readonly document: ReadDocument | null;
}) {
  const [opened, setOpened] = useState<FollowUp | null>(null);
  const { offered, barred } = followUpsOf(record, channel, may);
  const acts = offered.filter(({ effect }) => effect !== "inform");
  const informs = offered.filter(({ effect }) => effect === "inform");
  // Whoever comes back from signing in anew goes on where they were, if that can still be done.
  const [before, setBefore] = useState(() => takeOpened(record.id));
  const resumed = offered.find(({ predicate }) => predicate === before);
  useEffect(() => {
    if (resumed === undefined) return;
    setBefore(null);
    setOpened(resumed);
  }, [resumed?.predicate]);
  return (
    <>
      {barred !== null && <p class="notice calm">{say(`barred-${barred}`)}</p>}
      {offered.length > 0 && (
        <div class="row acts no-print">
          {acts.map((each) => (
            <button
              key={each.predicate}
              type="button"
              class={each.effect === "revoke" ? "danger" : "primary"}
              onClick={() => {
                setOpened(each);
              }}
            >
              {say(each.effect === "revoke" ? "revoke" : "acquit")}
            </button>
          ))}
          {informs.length > 0 && (
            <select
              aria-label={say("say-more")}
              value=""
              onChange={({ currentTarget }) => {
                const chosen = informs.find(({ predicate }) => predicate === currentTarget.value);
                currentTarget.value = "";
                setOpened(chosen ?? null);
              }}
            >
              <option value="">{say("say-more")}</option>
              {informs.map(({ predicate }) => (
                <option key={predicate} value={predicate}>
                  {typeWord(predicate)}
                </option>
              ))}
            </select>
          )}
        </div>
      )}
      {opened !== null && (
        <FollowUpDialog
          record={record}
          followUp={opened}
          document={document}
          close={() => {
            setOpened(null);
          }}
        />
      )}
    </>
  );
}
