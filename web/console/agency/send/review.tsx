import { useEffect } from "preact/hooks";

import { session } from "../../session.ts";
import type { DocumentTypeRecord } from "../document-types.ts";
import { Failure } from "../failure.tsx";
import type { ChannelRecord } from "../node-records.ts";
import { numberIn } from "../read-document.ts";
import { say } from "../say.ts";
import { DocumentView } from "../sheet-view.tsx";
import { Addressing, FormChoice } from "./addressing.tsx";
import { wholeDocument } from "./dispatch.ts";
import { change, file, type Draft } from "./draft.ts";
import { receiversOf, sendablePredicates } from "./receivers.ts";
import { send, sendFailure, sending } from "./sending.ts";

const SUBJECT = /^[\x21-\x7e]{1,200}$/;

/** To whom, until when, under what name: the last look before it goes. */
export function Review({
  draft,
  type,
  channels,
}: {
  readonly draft: Draft;
  readonly type: DocumentTypeRecord | null;
  readonly channels: readonly ChannelRecord[];
}) {
  const busy = sending.value;
  const failure = sendFailure.value;
  useEffect(
    () => () => {
      // What became of one that is on its way is told to whoever comes back.
      if (!sending.value) sendFailure.value = null;
    },
    [],
  );
  const own = session.value?.participant ?? "";
  const predicates = sendablePredicates(channels).filter(
    ({ predicate }) => type === null || type.documentOf.includes(predicate),
  );
  const chosen = predicates.find(({ predicate }) => predicate === draft.predicate);
  const receivers = receiversOf(channels, draft.predicate, own);
  const whole = type === null ? null : wholeDocument(draft, type, own);
  const number = numberIn(whole);
  const subjectWrong = draft.subject !== "" && !SUBJECT.test(draft.subject);
  const locked = busy || draft.done.uncertain;
  const ready =
    chosen !== undefined &&
    receivers.some(({ domain }) => domain === draft.receiver) &&
    !subjectWrong &&
    (type !== null || file.value !== null || draft.done.multihash !== null);

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) send(draft, type, file.value, own);
      }}
    >
      <h2>{say("step-review")}</h2>
      {draft.kind === "file" && (
        <p>
          {file.value === null && draft.done.multihash === null
            ? say("file-gone")
            : (file.value?.name ?? draft.done.multihash)}
        </p>
      )}
      {whole !== null && (
        <details class="card" open>
          <summary>{number ?? say("document")}</summary>
          <DocumentView document={{ mediaType: "application/json", json: whole, type }} channels={channels} />
        </details>
      )}
      <div class="card members">
        <Addressing {...{ name: "send", predicates, channels, locked, change }} value={draft} required />
        <div class="field">
          <label for="send-subject">{say("subject")}</label>
          <input
            id="send-subject"
            disabled={locked}
            spellcheck={false}
            autocomplete="off"
            aria-describedby="send-subject-hint"
            aria-invalid={subjectWrong ? "true" : undefined}
            value={draft.subject}
            onInput={({ currentTarget: { value } }) => {
              change({ subject: value.trim() });
            }}
          />
          <span class={subjectWrong ? "fault" : "hint"} id="send-subject-hint">
            {say(subjectWrong ? "subject-wrong" : "subject-hint")}
          </span>
        </div>
        {type !== null && (
          <FormChoice
            name="send"
            value={draft.as}
            locked={locked}
            change={(as) => {
              change({ as });
            }}
          />
        )}
      </div>
      {draft.done.uncertain && !busy && (
        <p class="notice warn" role="alert">
          {say("uncertain")}
        </p>
      )}
      {failure !== null && <Failure failure={failure} />}
      <p class="notice calm">{say("irreversible-inform")}</p>
      <button type="submit" class="primary" disabled={!ready || busy}>
        {say(busy ? "sending" : "send")}
      </button>
    </form>
  );
}
