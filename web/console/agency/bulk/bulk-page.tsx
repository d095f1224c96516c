import { signal } from "@preact/signals";
import { useState } from "preact/hooks";

import { may, session } from "../../session.ts";
import { partnerName, useChannels } from "../channels.ts";
import { Failure, Waiting } from "../failure.tsx";
import { messageName } from "../say-message.tsx";
import { say } from "../say.ts";
import { receiversOf, sendablePredicates } from "../send/receivers.ts";
import { BulkProgress } from "./bulk-progress.tsx";
import { BulkRun } from "./bulk-run.ts";
import { isTable, rowsOfFiles, rowsOfTable, TableFault, type BulkDefaults } from "./rows.ts";

/** It goes on while its user looks at something else in the console. */
const run = signal<BulkRun | null>(null);
const LARGEST_TABLE = 50 * 1024 * 1024;

/** Sends many messages at once. */
export function BulkPage() {
  const channels = useChannels();
  const [defaults, setDefaults] = useState<BulkDefaults>({ predicate: "", receiver: "", validUntil: "" });
  const [files, setFiles] = useState<readonly File[]>([]);
  const [fault, setFault] = useState<TableFault | null>(null);
  const own = session.value?.participant ?? "";
  if (channels.found === null) {
    return (
      <div class="agency">
        <h1>{say("bulk-title")}</h1>
        {channels.failure === null ? (
          <Waiting />
        ) : (
          <Failure failure={channels.failure} again={channels.again} />
        )}
      </div>
    );
  }
  const table = files.find(({ name }) => isTable(name));
  const predicates = sendablePredicates(channels.found);
  const receivers = receiversOf(channels.found, defaults.predicate, own);
  const ready =
    files.length > 0 && (table !== undefined || (defaults.predicate !== "" && defaults.receiver !== ""));

  const begin = async () => {
    setFault(null);
    const documents = files.filter((each) => each !== table);
    try {
      if ((table?.size ?? 0) > LARGEST_TABLE) throw new TableFault("too-many");
      const rows =
        table === undefined
          ? rowsOfFiles(
              documents.map(({ name }) => name),
              defaults,
            )
          : rowsOfTable(table.name, await table.text(), defaults);
      const next = new BulkRun(rows, new Map(documents.map((each) => [each.name, each])));
      run.value = next;
      await next.goOn();
    } catch (error) {
      if (!(error instanceof TableFault)) throw error;
      setFault(error);
    }
  };

  if (run.value !== null) {
    return (
      <div class="agency">
        <h1>{say("bulk-title")}</h1>
        <BulkProgress
          run={run.value}
          leave={() => {
            run.value = null;
            setFiles([]);
          }}
        />
      </div>
    );
  }
  return (
    <div class="agency">
      <h1>{say("bulk-title")}</h1>
      <p>{say("bulk-text")}</p>
      {!may("documents:write") && <p class="notice warn">{say("bulk-no-documents")}</p>}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void begin();
        }}
      >
        <div class="card members">
          <div class="field long">
            <label for="bulk-files">{say("bulk-files")}</label>
            <input
              id="bulk-files"
              type="file"
              multiple
              aria-describedby="bulk-files-hint"
              onChange={({ currentTarget }) => {
                setFiles([...(currentTarget.files ?? [])]);
              }}
            />
            <span class="hint" id="bulk-files-hint">
              {say("bulk-files-hint")}
            </span>
          </div>
          <div class="field">
            <label for="bulk-predicate">{say("what")}</label>
            <select
              id="bulk-predicate"
              value={defaults.predicate}
              onChange={({ currentTarget: { value } }) => {
                setDefaults({ ...defaults, predicate: value, receiver: "" });
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
            <label for="bulk-receiver">{say("to")}</label>
            <select
              id="bulk-receiver"
              value={defaults.receiver}
              onChange={({ currentTarget: { value } }) => {
                setDefaults({ ...defaults, receiver: value });
              }}
            >
              <option value="">–</option>
              {receivers.map(({ domain }) => (
                <option key={domain} value={domain}>
                  {partnerName(domain, channels.found)}
                </option>
              ))}
            </select>
          </div>
          {predicates.find(({ predicate }) => predicate === defaults.predicate)?.effect === "issue" && (
            <div class="field">
              <label for="bulk-until">{say("valid-until")}</label>
              <input
                id="bulk-until"
                type="date"
                aria-describedby="bulk-until-hint"
                value={defaults.validUntil}
                onInput={({ currentTarget: { value } }) => {
                  setDefaults({ ...defaults, validUntil: value });
                }}
              />
              <span class="hint" id="bulk-until-hint">
                {say("valid-until-hint")}
              </span>
            </div>
          )}
        </div>
        {fault !== null && (
          <p class="notice bad" role="alert">
            {say(`table-${fault.why}`, { line: fault.line })}
          </p>
        )}
        <p class="notice calm">{say("irreversible-inform")}</p>
        <div class="row">
          <button type="submit" class="primary" disabled={!ready}>
            {say("bulk-send")}
          </button>
          <span class="hint" role="status">
            {files.length === 0
              ? ""
              : say(table === undefined ? "bulk-chosen" : "bulk-chosen-table", {
                  count: files.length - (table === undefined ? 0 : 1),
                  table: table?.name ?? "",
                })}
          </span>
        </div>
      </form>
    </div>
  );
}
