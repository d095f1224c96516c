import { moment } from "../../../language/language.ts";
import { linkTo } from "../../route.ts";
import { partnerName } from "../channels.ts";
import type { ChannelRecord, MessageRecord } from "../node-records.ts";
import { numberIn, type ReadDocument } from "../read-document.ts";
import { say } from "../say.ts";

/** What a message says, and where the certificate that it issued stands. */
export function Facts({
  record,
  channels,
  document,
}: {
  readonly record: MessageRecord;
  readonly channels: readonly ChannelRecord[] | null;
  readonly document: ReadDocument | null;
}) {
  const { certificate } = record;
  const number = numberIn(document?.json);
  return (
    <section class="card" aria-labelledby="story-facts">
      <h2 id="story-facts">{say("content")}</h2>
      <dl class="facts">
        {number !== null && (
          <>
            <dt>{say("number")}</dt>
            <dd>
              <bdi>{number}</bdi>
            </dd>
          </>
        )}
        <dt>{say("from")}</dt>
        <dd>{partnerName(record.sender, channels)}</dd>
        <dt>{say("to")}</dt>
        <dd>{partnerName(record.receiver, channels)}</dd>
        <dt>{say("subject")}</dt>
        <dd>
          <code>{record.subject}</code>{" "}
          <a href={linkTo(["messages"], { subject: record.subject })}>{say("subject-all")}</a>
        </dd>
        {record.validUntil !== undefined && (
          <>
            <dt>{say("valid-until")}</dt>
            <dd>{moment(record.validUntil)}</dd>
          </>
        )}
        {certificate?.issuedAt !== undefined && (
          <>
            <dt>{say("issued-at")}</dt>
            <dd>{moment(certificate.issuedAt)}</dd>
          </>
        )}
        {certificate?.acquittedAt !== undefined && (
          <>
            <dt>{say("used-at")}</dt>
            <dd>
              {moment(certificate.acquittedAt)} <Act id={certificate.acquittedBy} />
            </dd>
          </>
        )}
        {certificate?.revokedAt !== undefined && (
          <>
            <dt>{say("revoked-at")}</dt>
            <dd>
              {moment(certificate.revokedAt)} <Act id={certificate.revokedBy} />
            </dd>
          </>
        )}
      </dl>
      {certificate?.duplicate === true && <p class="notice bad">{say("duplicate-text")}</p>}
      {certificate?.invalidated === true && <p class="notice bad">{say("invalidated-text")}</p>}
      {record.binding !== undefined && <Binding binding={record.binding} />}
    </section>
  );
}

function Act({ id }: { readonly id: string | undefined }) {
  return id === undefined ? null : <a href={linkTo(["messages", id])}>{say("by-message")}</a>;
}

function Binding({ binding }: { readonly binding: NonNullable<MessageRecord["binding"]> }) {
  const tone = { bound: "good", unbound: "bad", unknown: "warn" }[binding.outcome];
  return <p class={`notice ${tone}`}>{say(`binding-${binding.outcome}`)}</p>;
}
