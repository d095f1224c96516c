import { may, session } from "../../session.ts";
import { partnerName } from "../channels.ts";
import type { ChannelMessageType, ChannelRecord } from "../node-records.ts";
import { messageName } from "../say-message.tsx";
import { say } from "../say.ts";
import type { DocumentForm } from "./make-document.ts";
import { receiversOf } from "./receivers.ts";

/** What is said to whom, and until when it holds. */
export interface Addressed {
  readonly predicate: string;
  readonly receiver: string;
  /** A day; empty for no end. */
  readonly validUntil: string;
}

/**
 * Asks for the message type, a receiver who takes it, and, where it issues, for the end of validity.
 *
 * @param name begins the fields' ids
 * @param predicates the types to choose from
 * @param locked while nothing may be changed
 */
export function Addressing({
  name,
  predicates,
  channels,
  value,
  change,
  required = false,
  locked = false,
}: {
  readonly name: string;
  readonly predicates: readonly ChannelMessageType[];
  readonly channels: readonly ChannelRecord[];
  readonly value: Addressed;
  readonly change: (changes: Partial<Addressed>) => void;
  readonly required?: boolean;
  readonly locked?: boolean;
}) {
  const receivers = receiversOf(channels, value.predicate, session.value?.participant ?? "");
  const chosen = predicates.find(({ predicate }) => predicate === value.predicate);
  return (
    <>
      <div class="field">
        <label for={`${name}-predicate`}>{say("what")}</label>
        <select
          id={`${name}-predicate`}
          required={required}
          disabled={locked}
          value={value.predicate}
          onChange={({ currentTarget }) => {
            change({ predicate: currentTarget.value, receiver: "" });
          }}
        >
          <option value="">–</option>
          {predicates.map(({ predicate }) => (
            <option key={predicate} value={predicate}>
              {messageName(predicate)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for={`${name}-receiver`}>{say("to")}</label>
        <select
          id={`${name}-receiver`}
          required={required}
          disabled={locked}
          value={value.receiver}
          onChange={({ currentTarget }) => {
            change({ receiver: currentTarget.value });
          }}
        >
          <option value="">–</option>
          {receivers.map(({ domain }) => (
            <option key={domain} value={domain}>
              {partnerName(domain, channels)}
            </option>
          ))}
        </select>
      </div>
      {chosen?.effect === "issue" && (
        <div class="field">
          <label for={`${name}-until`}>{say("valid-until")}</label>
          <input
            id={`${name}-until`}
            type="date"
            disabled={locked}
            aria-describedby={`${name}-until-hint`}
            value={value.validUntil}
            onInput={({ currentTarget }) => {
              change({ validUntil: currentTarget.value });
            }}
          />
          <span class="hint" id={`${name}-until-hint`}>
            {say("valid-until-hint")}
          </span>
        </div>
      )}
    </>
  );
}

/** Asks in which form documents go. @param hint what it means here; none where left out */
export function FormChoice({
  name,
  value,
  change,
  hint,
  locked = false,
}: {
  readonly name: string;
  readonly value: DocumentForm;
  readonly change: (form: DocumentForm) => void;
  readonly hint?: string;
  readonly locked?: boolean;
}) {
  return (
    <div class="field">
      <label for={`${name}-as`}>{say("send-as")}</label>
      <select
        id={`${name}-as`}
        disabled={locked}
        value={value}
        {...(hint === undefined ? {} : { "aria-describedby": `${name}-as-hint` })}
        onChange={({ currentTarget }) => {
          change(currentTarget.value === "credential" ? "credential" : "json");
        }}
      >
        {may("credentials:issue") && <option value="credential">{say("as-credential")}</option>}
        <option value="json">{say("as-json")}</option>
      </select>
      {hint !== undefined && (
        <span class="hint" id={`${name}-as-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}
