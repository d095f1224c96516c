import { useState } from "preact/hooks";

import { askBlob, type ApiFailure } from "../../../api/node-api.ts";
import { failureOf, noteFailure } from "../asked.ts";
import { Failure } from "../failure.tsx";
import type { MessageStatus } from "../../../../src/domain/journal.ts";
import type { ChannelRecord, MessageRecord } from "../node-records.ts";
import { saveFile } from "../save-file.ts";
import { say } from "../say.ts";

const EVIDENCE_MS = 60_000;
const final: ReadonlySet<MessageStatus> = new Set([
  ...(["delivered", "received", "fetching", "available", "fetch-failed"] as const),
]);

/** Where on which ledger the message stands, and its evidence to take away. */
export function LedgerEntry({
  record,
  channels,
}: {
  readonly record: MessageRecord;
  readonly channels: readonly ChannelRecord[] | null;
}) {
  const channel = channels?.find(({ id }) => id === record.channelId);
  const isFinal = final.has(record.status);
  return (
    <section class="card wide" aria-labelledby="story-ledger">
      <h2 id="story-ledger">{say("ledger")}</h2>
      {channel?.type === "test" && <p class="notice warn">{say("test-channel")}</p>}
      <dl class="facts">
        <dt>{say("channel")}</dt>
        <dd>
          {channel?.name ?? ""} <code>{record.channelId}</code>
        </dd>
        <dt>{say("finality")}</dt>
        <dd>{say(isFinal ? "final" : "not-final")}</dd>
        <dt>{say("transaction")}</dt>
        <dd>{record.channelTxnId === null ? say("no-transaction") : <code>{record.channelTxnId}</code>}</dd>
        {record.batch !== undefined && (
          <>
            <dt>{say("batch")}</dt>
            <dd>
              {say("batch-place", { place: record.batch.index + 1, count: record.batch.count })}{" "}
              <code>{record.batch.root}</code>
            </dd>
          </>
        )}
        <dt>{say("message-id")}</dt>
        <dd>
          <code>{record.id}</code>
        </dd>
        <dt>{say("document-hash")}</dt>
        <dd>
          <code>{record.obj}</code>
        </dd>
      </dl>
      {isFinal && <Evidence id={record.id} />}
    </section>
  );
}

function Evidence({ id }: { readonly id: string }) {
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const download = async () => {
    setAsking(true);
    setFailure(null);
    try {
      const evidence = await askBlob(`messages/${id}/evidence`, { timeout: EVIDENCE_MS });
      saveFile(evidence, `evidence-${id.slice(2, 14)}.json`);
    } catch (error) {
      const why = failureOf(error);
      noteFailure(why);
      setFailure(why);
    }
    setAsking(false);
  };
  return (
    <>
      <p class="hint">{say("evidence-text")}</p>
      <button type="button" disabled={asking} onClick={() => void download()}>
        {say(asking ? "loading" : "evidence")}
      </button>
      {failure !== null && <Failure failure={failure} />}
    </>
  );
}
