import { may } from "../../session.ts";
import type { DocumentTypeSummary } from "../document-types.ts";
import type { ChannelRecord } from "../node-records.ts";
import { say, sayWord } from "../say.ts";
import { change, file, type Draft } from "./draft.ts";
import { sendablePredicates } from "./receivers.ts";

/** What is to be sent: a document of a kind, or a file. */
export function Choose({
  draft,
  types,
  channels,
}: {
  readonly draft: Draft;
  readonly types: readonly DocumentTypeSummary[];
  readonly channels: readonly ChannelRecord[];
}) {
  const taken = new Set(sendablePredicates(channels).map(({ predicate }) => predicate));
  const offered = types.filter(({ documentOf }) => documentOf.some((predicate) => taken.has(predicate)));
  const begun = draft.type !== "" || Object.keys(draft.document as object).length > 0;
  return (
    <>
      {begun && (
        <p class="notice calm">
          {say("draft-kept")}{" "}
          <button
            type="button"
            class="link"
            onClick={() => {
              change({ step: draft.kind === "file" ? "review" : "fill" });
            }}
          >
            {say("draft-go-on")}
          </button>
        </p>
      )}
      <h2>{say("choose-type")}</h2>
      {offered.length === 0 && <p>{say("no-types")}</p>}
      <ul class="choices">
        {offered.map(({ name, title, documentOf }) => (
          <li key={name}>
            <button
              type="button"
              onClick={() => {
                const predicate = documentOf.find((each) => taken.has(each)) ?? "";
                const same = draft.type === name;
                change({
                  ...{ kind: "form", type: name, predicate, step: "fill" },
                  ...(same ? {} : { document: {}, receiver: "" }),
                  as: may("credentials:issue") ? "credential" : "json",
                });
              }}
            >
              {sayWord("document", name) ?? title}
            </button>
          </li>
        ))}
      </ul>
      <h2>{say("choose-file")}</h2>
      <label class="drop">
        {say("choose-file-hint")}
        <input
          type="file"
          onChange={({ currentTarget: { files } }) => {
            const chosen = files?.[0];
            if (chosen === undefined) return;
            file.value = chosen;
            change({ kind: "file", type: "", step: "review", predicate: "", receiver: "" });
          }}
        />
      </label>
    </>
  );
}
