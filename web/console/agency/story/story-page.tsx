import { useRef, useState } from "preact/hooks";

import { askJson } from "../../../api/node-api.ts";
import { linkTo } from "../../route.ts";
import { useName } from "../../title.ts";
import { useAsked } from "../asked.ts";
import { useChannels } from "../channels.ts";
import { Failure, Waiting } from "../failure.tsx";
import { FollowUpBar } from "../follow-up/follow-up-bar.tsx";
import { LiveSign } from "../live-sign.tsx";
import { useLive } from "../live.ts";
import type { MessageRecord } from "../node-records.ts";
import { readDocument } from "../read-document.ts";
import { CertificateBadge, StatusBadge, messageName } from "../say-message.tsx";
import { say } from "../say.ts";
import { CredentialChecks } from "./credential-checks.tsx";
import { DocumentPanel } from "./document-panel.tsx";
import { Facts } from "./facts.tsx";
import { LedgerEntry } from "./ledger-entry.tsx";
import { PaperPanel } from "./paper-panel.tsx";
import { Related } from "./related.tsx";
import { Timeline } from "./timeline.tsx";

const GATHER_MS = 200;

/** A message's whole story: what it says, what became of it, and what belongs to it. */
export function StoryPage({ id }: { readonly id: string }) {
  const [turn, setTurn] = useState(0);
  const gathering = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const message = useAsked(`message ${id}`, (signal) =>
    askJson<MessageRecord>(`messages/${encodeURIComponent(id)}`, { signal }),
  );
  const channels = useChannels();
  const { found: record } = message;

  useLive((told) => {
    const concerns = told === null || told.message.id === id || told.message.subject === record?.subject;
    if (!concerns || gathering.current !== undefined) return;
    gathering.current = setTimeout(() => {
      gathering.current = undefined;
      message.again();
      if (told !== null) setTurn((before) => before + 1);
    }, GATHER_MS);
  });

  const readable = record !== null && record.documentErased === undefined;
  // Each reading is on the node's audit log: the document is read once, not at every change of the record. An incoming one is
  // read when it has come.
  const here = record?.direction === "outgoing" || record?.status === "available";
  const document = useAsked(`document ${here ? record.obj : ""}`, async (signal) =>
    readable && here ? readDocument(record.obj, record.predicate, signal) : null,
  );

  useName(record === null ? "" : messageName(record.predicate));

  return (
    <div class="agency">
      <p>
        <a href={linkTo(["messages"])}>← {say("messages")}</a>
      </p>
      {message.failure !== null && <Failure failure={message.failure} again={message.again} />}
      {record === null && message.failure === null && <Waiting />}
      {record === null && <h1 class={message.failure === null ? "visually-hidden" : ""}>{say("message")}</h1>}
      {record !== null && (
        <>
          <div class="row spread">
            <h1>{messageName(record.predicate)}</h1>
            <LiveSign />
          </div>
          <p class="badges" aria-live="polite">
            {record.certificate !== undefined && <CertificateBadge certificate={record.certificate} />}
            <StatusBadge status={record.status} />
          </p>
          {channels.found === null && channels.failure !== null && (
            <Failure failure={channels.failure} again={channels.again} />
          )}
          <FollowUpBar
            record={record}
            channel={channels.found?.find((each) => each.id === record.channelId) ?? null}
            document={document.found}
          />
          <div class="story">
            <Facts record={record} channels={channels.found} document={document.found} />
            <Timeline record={record} />
            <DocumentPanel record={record} document={document} channels={channels.found} />
            {record.credential !== undefined && <CredentialChecks check={record.credential} />}
            <PaperPanel record={record} />
            <LedgerEntry record={record} channels={channels.found} />
            <Related record={record} turn={turn} channels={channels.found} />
          </div>
        </>
      )}
    </div>
  );
}
