import { useState } from "preact/hooks";

import { linkTo } from "../../route.ts";
import { Failure } from "../failure.tsx";
import { saveFile } from "../save-file.ts";
import { shortened } from "../say-message.tsx";
import { say, sayWord } from "../say.ts";
import type { BulkRun, RowResult } from "./bulk-run.ts";
import { formatCsv } from "./csv.ts";
import type { BulkRow } from "./rows.ts";

const A_PAGE = 100;
const tones = { waiting: "calm", stored: "calm", accepted: "good", refused: "bad" } as const;

/** A bulk sending under way: how far it is, and what became of each row. */
export function BulkProgress({ run, leave }: { readonly run: BulkRun; readonly leave: () => void }) {
  const { phase, results, failure } = run.progress.value;
  const count = (state: RowResult["state"]) => results.filter((each) => each.state === state).length;
  const [accepted, refused] = [count("accepted"), count("refused")];
  const stored = accepted + count("stored");
  const active = phase === "storing" || phase === "sending" || phase === "waiting";
  // Storing is one half of the work, sending the other.
  const done = stored + accepted + refused * 2;
  return (
    <>
      <div class="card">
        <p>
          <label for="bulk-bar">{say(`bulk-${phase}`)}</label>
        </p>
        <progress id="bulk-bar" max={results.length * 2} value={done} />
        <p role="status" aria-live="polite">
          {say("bulk-counts", { accepted, refused, all: results.length })}
        </p>
        {failure !== null && <Failure failure={failure} apart />}
        <div class="row">
          {active && (
            <button
              type="button"
              onClick={() => {
                run.stop();
              }}
            >
              {say("bulk-stop")}
            </button>
          )}
          {phase === "paused" && (
            <button type="button" class="primary" onClick={() => void run.goOn()}>
              {say("bulk-go-on")}
            </button>
          )}
          <button
            type="button"
            onClick={() => {
              saveFile(new Blob([csvOf(run.rows, results)], { type: "text/csv" }), "results.csv");
            }}
          >
            {say("bulk-results")}
          </button>
          {!active && (
            <button type="button" onClick={leave}>
              {say("bulk-another")}
            </button>
          )}
        </div>
      </div>
      <Rows rows={run.rows} results={results} />
    </>
  );
}

function csvOf(rows: readonly BulkRow[], results: readonly RowResult[]): string {
  const head = ["line", "file", "form", "subject", "obj", "state", "id", "code", "detail"];
  const lines = results.map(({ made, subject, obj, state, id, code, detail }, place) => {
    const { line, file } = rows[place] ?? { line: place + 1, file: "" };
    return [String(line), file, made, subject, obj, state, id, code, detail];
  });
  return formatCsv([head, ...lines]);
}

/** A page of rows at a time, so that thousands cost a browser no more than a hundred. */
function Rows({
  rows,
  results,
}: {
  readonly rows: readonly BulkRow[];
  readonly results: readonly RowResult[];
}) {
  const [only, setOnly] = useState<"all" | "refused">("all");
  const [page, setPage] = useState(0);
  const places = [...results.keys()].filter((place) => only === "all" || results[place]?.state === only);
  const pages = Math.max(1, Math.ceil(places.length / A_PAGE));
  const shown = Math.min(page, pages - 1);
  const turn = (by: number) => {
    setPage(shown + by);
  };
  return (
    <>
      <div class="row spread">
        <h2>{say("bulk-rows")}</h2>
        <label class="tick">
          <input
            type="checkbox"
            checked={only === "refused"}
            onChange={({ currentTarget: { checked } }) => {
              setOnly(checked ? "refused" : "all");
              setPage(0);
            }}
          />
          <span>{say("bulk-only-refused")}</span>
        </label>
      </div>
      <table class="messages bulk-rows">
        <caption class="visually-hidden">{say("bulk-rows")}</caption>
        <thead>
          <tr>
            <th scope="col">{say("bulk-line")}</th>
            <th scope="col">{say("bulk-file")}</th>
            <th scope="col">{say("column-state")}</th>
          </tr>
        </thead>
        <tbody>
          {places.slice(shown * A_PAGE, (shown + 1) * A_PAGE).map((place) => {
            const row = rows[place];
            const result = results[place];
            if (row === undefined || result === undefined) return null;
            return (
              <tr key={place}>
                <td>{row.line}</td>
                <td>
                  <bdi>{row.file === "" ? shortened(row.obj) : row.file}</bdi>
                  {result.made !== "" && <span class="under">{say(`made-${result.made}`)}</span>}
                  {result.subject !== "" && <span class="under">{shortened(result.subject)}</span>}
                </td>
                <td>
                  <span class={`badge ${tones[result.state]}`}>{say(`row-${result.state}`)}</span>{" "}
                  {result.id !== "" && <a href={linkTo(["messages", result.id])}>{say("its-story")}</a>}
                  {result.state === "refused" && (
                    <span class="fault">{sayWord("failure", result.code) ?? result.detail}</span>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {places.length === 0 && <p class="empty">{say("bulk-none")}</p>}
      {pages > 1 && (
        <nav class="row" aria-label={say("pages")}>
          <button
            type="button"
            disabled={shown === 0}
            onClick={() => {
              turn(-1);
            }}
          >
            {say("page-before")}
          </button>
          <span>{say("page", { page: shown + 1, pages })}</span>
          <button
            type="button"
            disabled={shown === pages - 1}
            onClick={() => {
              turn(1);
            }}
          >
            {say("page-next")}
          </button>
        </nav>
      )}
    </>
  );
}
