import { Chart, type Drawn } from "./chart.tsx";
import { say } from "./say.ts";
import { ScrollTable } from "./scroll-table.tsx";

/** Figures as a chart, and the same as a table, for those who do not see it or want to know exactly. */
export function Charted({
  chart,
  hint,
  heads,
  rows,
  nothing,
}: {
  readonly chart: Drawn;
  /** What is to be known of the figures. */
  readonly hint?: string | undefined;
  readonly heads: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly string[] }[];
  /** What stands in place of a table without rows; where left out, it stands empty. */
  readonly nothing?: string;
}) {
  return (
    <>
      <Chart {...chart} />
      {hint !== undefined && <p class="hint">{hint}</p>}
      <details>
        <summary>{say("as-table")}</summary>
        {rows.length === 0 && nothing !== undefined ? (
          <p>{nothing}</p>
        ) : (
          <ScrollTable label={chart.title} heads={heads}>
            {rows.map(({ key, cells }) => (
              <tr key={key}>
                {cells.map((cell, place) => (
                  <td key={place}>{cell}</td>
                ))}
              </tr>
            ))}
          </ScrollTable>
        )}
      </details>
    </>
  );
}
