import { count, shortSpan, span } from "./amounts.ts";
import type { Latencies, TrafficBucket } from "./answers.ts";
import type { Series } from "./chart.tsx";
import { Charted } from "./charted.tsx";
import { say, sayOf } from "./say.ts";
import { ScrollTable } from "./scroll-table.tsx";

const LEGS = ["accepted-delivered", "received-available"] as const;
const EVERY_LEG = ["accepted-sent", "sent-delivered", ...LEGS];

interface Latency {
  readonly buckets: readonly TrafficBucket[];
  /** One for each bucket. */
  readonly labels: readonly string[];
  readonly latency: Latencies;
}

/** How long it took, all in all and over time. */
export function TrafficLatency({ buckets, labels, latency }: Latency) {
  return (
    <section class="card" aria-label={say("latency")}>
      <h2>{say("latency")}</h2>
      <Percentiles latency={latency} />
      {LEGS.map((leg) => (
        <LegChart key={leg} leg={leg} buckets={buckets} labels={labels} latency={latency} />
      ))}
    </section>
  );
}

function headsAfter(first: string): readonly string[] {
  return [first, say("p50"), say("p95"), say("slowest"), say("messages")];
}

function figuresOf({ p50, p95, max, count: some }: NonNullable<Latencies[string]>): readonly string[] {
  return [span(p50), span(p95), span(max), count(some)];
}

function Percentiles({ latency }: Pick<Latency, "latency">) {
  const legs = EVERY_LEG.flatMap((leg) => {
    const each = latency[leg];
    return each === undefined ? [] : [{ leg, figures: figuresOf(each) }];
  });
  if (legs.length === 0) return <p>{say("no-latency")}</p>;
  return (
    <ScrollTable label={say("latency-all")} caption={say("latency-all")} heads={headsAfter(say("leg"))}>
      {legs.map(({ leg, figures }) => (
        <tr key={leg}>
          <th scope="row">{sayOf("leg", leg)}</th>
          {figures.map((figure, place) => (
            <td key={place}>{figure}</td>
          ))}
        </tr>
      ))}
    </ScrollTable>
  );
}

function LegChart({ leg, buckets, labels, latency }: Latency & { readonly leg: (typeof LEGS)[number] }) {
  const all = latency[leg];
  if (all === undefined) return null;
  const title = sayOf("leg", leg);
  const text = say("latency-text", { p50: span(all.p50), p95: span(all.p95), max: span(all.max) });
  const series: readonly Series[] = [
    { name: say("p50"), look: "series-one", values: buckets.map((each) => each.latency[leg]?.p50 ?? null) },
    { name: say("p95"), look: "series-two", values: buckets.map((each) => each.latency[leg]?.p95 ?? null) },
  ];
  const rows = buckets.flatMap((bucket, place) => {
    const of = bucket.latency[leg];
    return of === undefined ? [] : [{ key: String(place), cells: [labels[place] ?? "", ...figuresOf(of)] }];
  });
  return (
    <>
      <h3>{title}</h3>
      <Charted
        chart={{ kind: "lines", title, text, labels, series, write: shortSpan }}
        heads={headsAfter(say("when"))}
        rows={rows}
      />
    </>
  );
}
