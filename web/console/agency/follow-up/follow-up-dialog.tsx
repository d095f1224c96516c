import { useEffect, useRef, useState } from "preact/hooks";

import { moment } from "../../../language/language.ts";
import { linkTo } from "../../route.ts";
import { Failure } from "../failure.tsx";
import { partnerOf, type MessageRecord } from "../node-records.ts";
import { numberIn, type ReadDocument } from "../read-document.ts";
import { messageName, typeWord } from "../say-message.tsx";
import { say } from "../say.ts";
import { sentenceOfReason } from "../story/timeline.tsx";
import type { FollowUp } from "./follow-ups.ts";
import { keepOpened } from "./opened.ts";
import { useFollowUp } from "./send-follow-up.ts";

const REASON_LENGTH = 1_000;
const REFERENCE_LENGTH = 70;

/**
 * Says something of a certificate that cannot be taken back. Using one is an officer's daily work: it asks for a tick. Revoking
 * one is rare and takes something from a trader: it asks for the certificate's number, so that it is not another's.
 */
export function FollowUpDialog({
  record,
  followUp,
  document,
  close,
}: {
  readonly record: MessageRecord;
  readonly followUp: FollowUp;
  readonly document: ReadDocument | null;
  readonly close: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [confirmed, setConfirmed] = useState("");
  const number = numberIn(document?.json);
  const { said, type, state, send, settled } = useFollowUp(record, followUp, number);
  const { effect, predicate } = followUp;
  const toType = number ?? record.subject.slice(-6);
  const ready =
    said.reason.trim() !== "" &&
    (effect === "inform" || (effect === "acquit" ? confirmed === "yes" : confirmed.trim() === toType));
  const busy = state.kind === "sending";
  const title =
    effect === "inform"
      ? say("say-title", { what: typeWord(predicate) })
      : say(effect === "revoke" ? "revoke-title" : "acquit-title");

  useEffect(() => {
    dialog.current?.showModal();
  }, []);

  const leave = () => {
    if (busy) return;
    settled();
    dialog.current?.close();
    close();
  };
  return (
    <dialog
      ref={dialog}
      class="follow-up"
      aria-labelledby="follow-up-title"
      onCancel={(event) => {
        event.preventDefault();
        leave();
      }}
      // A browser may close it without asking; what was sent goes on, and is kept until it is known to be taken.
      onClose={close}
    >
      <h2 id="follow-up-title">{title}</h2>
      <dl class="facts">
        {number !== null && (
          <>
            <dt>{say("number")}</dt>
            <dd>
              <strong>
                <bdi>{number}</bdi>
              </strong>
            </dd>
          </>
        )}
        <dt>{say("what")}</dt>
        <dd>{messageName(record.predicate)}</dd>
        <dt>{say(record.direction === "incoming" ? "from" : "to")}</dt>
        <dd>{partnerOf(record)}</dd>
        <dt>{say("subject")}</dt>
        <dd>
          <code>{record.subject}</code>
        </dd>
        {record.validUntil !== undefined && (
          <>
            <dt>{say("valid-until")}</dt>
            <dd>{moment(record.validUntil)}</dd>
          </>
        )}
      </dl>
      {state.kind === "accepted" ? (
        <Outcome record={state.record} effect={effect} id={state.id} leave={leave} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (ready) send();
          }}
        >
          <label>
            {say("reason")}
            <span class="hint"> {say("reason-hint")}</span>
            <textarea
              required
              rows={3}
              maxLength={REASON_LENGTH}
              value={said.reason}
              readOnly={state.uncertain || busy}
              onInput={({ currentTarget: { value } }) => {
                type({ ...said, reason: value });
              }}
            />
          </label>
          <label>
            {say("reference")}
            <span class="hint"> {say(effect === "acquit" ? "reference-hint" : "optional")}</span>
            <input
              maxLength={REFERENCE_LENGTH}
              value={said.reference}
              readOnly={state.uncertain || busy}
              onInput={({ currentTarget: { value } }) => {
                type({ ...said, reference: value });
              }}
            />
          </label>
          <p class={`notice ${effect === "inform" ? "calm" : "warn"}`}>{say(`irreversible-${effect}`)}</p>
          {effect === "acquit" && (
            <label class="tick">
              <input
                type="checkbox"
                checked={confirmed === "yes"}
                disabled={busy}
                onChange={({ currentTarget: { checked } }) => {
                  setConfirmed(checked ? "yes" : "");
                }}
              />
              <span>{say("confirm-acquit")}</span>
            </label>
          )}
          {effect === "revoke" && (
            <label>
              {say(number === null ? "confirm-revoke-subject" : "confirm-revoke", { number: toType })}
              <input
                value={confirmed}
                autocomplete="off"
                spellcheck={false}
                disabled={busy}
                onInput={({ currentTarget: { value } }) => {
                  setConfirmed(value);
                }}
              />
            </label>
          )}
          {state.uncertain && (
            <p class="notice warn" role="alert">
              {say("uncertain")}
            </p>
          )}
          {state.failure !== null && !state.uncertain && (
            <Failure
              failure={state.failure}
              leave={() => {
                keepOpened(record.id, predicate);
              }}
            />
          )}
          <div class="row">
            <button
              type="submit"
              class={effect === "revoke" ? "danger" : "primary"}
              disabled={!ready || busy}
            >
              {busy
                ? say("sending")
                : effect === "inform"
                  ? say("send")
                  : say(effect === "revoke" ? "revoke-now" : "acquit-now")}
            </button>
            <button type="button" disabled={busy} onClick={leave}>
              {say("cancel")}
            </button>
          </div>
        </form>
      )}
    </dialog>
  );
}

/** What became of it, as it happens. */
function Outcome({
  record,
  effect,
  id,
  leave,
}: {
  readonly record: MessageRecord | null;
  readonly effect: FollowUp["effect"];
  readonly id: string;
  readonly leave: () => void;
}) {
  const status = record?.status ?? "pending";
  const reason = record?.journal.findLast((entry) => entry.reason !== undefined)?.reason;
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    close.current?.focus();
  }, []);
  return (
    <>
      {status === "delivered" && (
        <p class="notice good" role="status">
          {say(`done-${effect}`)}
        </p>
      )}
      {status === "failed" && (
        <p class="notice bad" role="alert">
          {say("refused")} {reason === undefined ? "" : sentenceOfReason(reason)}
        </p>
      )}
      {status !== "delivered" && status !== "failed" && (
        <p class="notice calm" role="status">
          {say("waiting-for-ledger")}
        </p>
      )}
      <p class="row">
        <button type="button" ref={close} onClick={leave}>
          {say("close")}
        </button>
        <a href={linkTo(["messages", id])}>{say("its-story")}</a>
      </p>
    </>
  );
}
