import { layOut } from "../../../src/paper/lay-out.ts";
import { language } from "../../language/language.ts";
import { SheetText } from "../../language/sheet-text.tsx";
import { flatten } from "./flatten.ts";
import type { ChannelRecord } from "./node-records.ts";
import type { ReadDocument } from "./read-document.ts";
import { say, sayWord } from "./say.ts";

/** What a document says: box by box as on paper where it has a form, else member by member. */
export function DocumentView({
  document,
  channels,
}: {
  readonly document: ReadDocument;
  /** Whose participants are called by name. */
  readonly channels: readonly ChannelRecord[] | null;
}) {
  const { json, type } = document;
  if (json === null) return <p>{say("document-not-shown")}</p>;
  if (type?.form === null || type?.form === undefined) return <Members json={json} />;
  const seats = (channels ?? []).flatMap(({ participants }) => participants);
  const named = seats.filter(({ status }) => status !== "invited");
  const sheet = layOut(type.form, json, language.value, type.codeLists, named);
  return (
    <div class="sheet">
      <h3>{sheet.title}</h3>
      <dl class="boxes">
        {sheet.boxes.map(({ number, label, lines }) => (
          <div key={number}>
            <dt>
              <span class="box-number">{number}</span> {label}
            </dt>
            <dd>
              {lines.length === 0
                ? "–"
                : lines.map((line, place) => (
                    <span key={place}>
                      <SheetText line={line} />
                    </span>
                  ))}
            </dd>
          </div>
        ))}
      </dl>
      {sheet.tables.map(({ number, label, columns, rows }) => (
        <div key={number} class="scroll" tabIndex={0} role="region" aria-label={label}>
          <table>
            <caption>
              <span class="box-number">{number}</span> {label}
            </caption>
            <thead>
              <tr>
                {columns.map((column, place) => (
                  <th key={place} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((cells, row) => (
                <tr key={row}>
                  {cells.map((lines, cell) => (
                    <td key={cell}>
                      {lines.map((line, place) => (
                        <div key={place}>
                          <SheetText line={line} />
                        </div>
                      ))}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ))}
    </div>
  );
}

function Members({ json }: { readonly json: unknown }) {
  const { rows, more } = flatten(json);
  return (
    <>
      <dl class="facts">
        {rows.map(({ name, value }) => (
          <div class="pair" key={name}>
            <dt>{sayWord("member", name) ?? name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {more && <p class="hint">{say("document-longer")}</p>}
    </>
  );
}
