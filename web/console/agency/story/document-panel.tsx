import { useState } from "preact/hooks";

import { askBlob, type ApiFailure } from "../../../api/node-api.ts";
import { moment } from "../../../language/language.ts";
import { failureOf, noteFailure, type Asked } from "../asked.ts";
import { Failure, Waiting } from "../failure.tsx";
import type { ChannelRecord, MessageRecord } from "../node-records.ts";
import { numberIn, type ReadDocument } from "../read-document.ts";
import { saveFile } from "../save-file.ts";
import { say } from "../say.ts";
import { DocumentView } from "../sheet-view.tsx";

const DOWNLOAD_MS = 300_000;

/** The document that the message speaks of. */
export function DocumentPanel({
  record,
  document,
  channels,
}: {
  readonly record: MessageRecord;
  readonly document: Asked<ReadDocument | null>;
  readonly channels: readonly ChannelRecord[] | null;
}) {
  const { found, failure, loading, again } = document;
  const erased = record.documentErased;
  return (
    <section class="card wide" aria-labelledby="story-document">
      <h2 id="story-document">{say("document")}</h2>
      {erased !== undefined && (
        <p class="notice warn">{say("document-erased", { at: moment(erased.at), reason: erased.reason })}</p>
      )}
      {failure !== null && <Failure failure={failure} again={again} />}
      {found === null && loading && erased === undefined && <Waiting />}
      {found === null && !loading && failure === null && erased === undefined && (
        <p>{say("document-not-here")}</p>
      )}
      {found !== null && (
        <>
          <DocumentView document={found} channels={channels} />
          <Download multihash={record.obj} document={found} />
        </>
      )}
    </section>
  );
}

const endings: Readonly<Record<string, string>> = {
  "application/json": ".json",
  "application/pdf": ".pdf",
  "application/vc+jwt": ".jwt",
  "application/xml": ".xml",
  "text/plain": ".txt",
  "image/png": ".png",
  "image/jpeg": ".jpg",
};

function Download({ multihash, document }: { readonly multihash: string; readonly document: ReadDocument }) {
  const [asking, setAsking] = useState(false);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const download = async () => {
    setAsking(true);
    setFailure(null);
    try {
      const content = await askBlob(`documents/${multihash}`, { accept: "*/*", timeout: DOWNLOAD_MS });
      // A name out of the document may be anything: what is no plain character of names is left out.
      const name = (numberIn(document.json) ?? multihash).replace(/[^\w.-]+/g, "-").slice(0, 80);
      saveFile(content, `${name}${endings[document.mediaType] ?? ""}`);
    } catch (error) {
      const why = failureOf(error);
      noteFailure(why);
      setFailure(why);
    }
    setAsking(false);
  };
  return (
    <p class="row">
      <button type="button" disabled={asking} onClick={() => void download()}>
        {say(asking ? "loading" : "download")}
      </button>
      <span class="hint">{document.mediaType}</span>
      {failure !== null && <Failure failure={failure} />}
    </p>
  );
}
