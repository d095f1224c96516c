import { useCallback } from "preact/hooks";

import { askJson } from "../../api/node-api.ts";
import { linkTo, route } from "../route.ts";
import { clockTime, count, shortSpan, span } from "./amounts.ts";
import type { Latencies, Traffic, TrafficBucket } from "./answers.ts";
import { Chart, type Series } from "./chart.tsx";
import { FollowLine } from "./follow-line.tsx";
import { useFollowed } from "./follow.ts";
import { say, sayOf } from "./say.ts";

const MINUTE_MS = 60_000;

/** How far back is looked, in steps of how many seconds, and how often: what is longer changes more slowly. */
const RANGES = {
  hour: { span: 60 * MINUTE_MS, step: 60, every: 10_000 },
  day: { span: 1_440 * MINUTE_MS, step: 1_800, every: 30_000 },
  week: { span: 7 * 1_440 * MINUTE_MS, step: 10_800, every: 60_000 },
} as const;

type Range = keyof typeof RANGES;

const LEGS = ["accepted-delivered", "received-available"] as const;
const EVERY_LEG = ["accepted-sent", "sent-delivered", ...LEGS];

function rangeIn(text: string | null): Range {
  return text === "day" || text === "week" ? text : "hour";
}

/** How much came and went, and how long it took. */
export function TrafficPage() {
  const range = rangeIn(route.value.query.get("range"));
  const { span: back, step, every } = RANGES[range];
  const askTraffic = useCallback(
    (signal: AbortSignal) => {
      const to = Date.now();
      const from = new Date(to - back + step * 1_000).toISOString();
      const query = new URLSearchParams({ from, to: new Date(to).toISOString(), step: String(step) });
      return askJson<Traffic>(`operations/traffic?${query.toString()}`, { signal });
    },
    [back, step],
  );
  const followed = useFollowed(askTraffic, every);
  const { answer } = followed;
  return (
    <>
      <h1>{say("traffic")}</h1>
      <FollowLine followed={followed} />
      <nav class="row ranges" aria-label={say("range")}>
        {(Object.keys(RANGES) as Range[]).map((each) => (
          <a
            key={each}
            class={`button${each === range ? " primary" : ""}`}
            aria-current={each === range ? "true" : undefined}
            href={linkTo(["traffic"], { range: each })}
          >
            {sayOf("range", each)}
          </a>
        ))}
      </nav>
      {answer !== null && <Told traffic={answer} withDay={range !== "hour"} />}
    </>
  );
}

function Told({ traffic, withDay }: { readonly traffic: Traffic; readonly withDay: boolean }) {
  const { buckets, latency } = traffic;
  const labels = buckets.map(({ from }) => labelOf(from, withDay));
  const total = (direction: string) => buckets.reduce((sum, bucket) => sum + volumeOf(bucket, direction), 0);
  const failed = buckets.reduce((sum, bucket) => sum + failedOf(bucket), 0);
  const sent = total("outgoing");
  const received = total("incoming");
  const words = say("volume-text", { sent: count(sent), received: count(received) });
  const volume: readonly Series[] = [
    { name: say("outgoing"), look: "series-one", values: buckets.map((each) => volumeOf(each, "outgoing")) },
    { name: say("incoming"), look: "series-two", values: buckets.map((each) => volumeOf(each, "incoming")) },
  ];
  return (
    <>
      <section class="card" aria-label={say("volume")}>
        <h2>{say("volume")}</h2>
        <p>
          {words} {failed > 0 && <strong>{say("failed-text", { count: count(failed) })}</strong>}
        </p>
        <Chart kind="bars" title={say("volume")} text={words} labels={labels} series={volume} write={count} />
        {buckets.some(({ estimated }) => estimated) && <p class="hint">{say("estimated")}</p>}
        <VolumeTable buckets={buckets} labels={labels} />
      </section>
      <section class="card" aria-label={say("latency")}>
        <h2>{say("latency")}</h2>
        <Percentiles latency={latency} />
        {LEGS.map((leg) => (
          <LegChart key={leg} leg={leg} buckets={buckets} labels={labels} latency={latency} />
        ))}
      </section>
    </>
  );
}

/** Nobody needs the day of what was this hour. */
function labelOf(iso: string, withDay: boolean): string {
  return clockTime(Date.parse(iso), withDay).replace(/(\d:\d\d):\d\d/, "$1");
}

function volumeOf({ volume }: TrafficBucket, direction: string): number {
  return volume.reduce((sum, each) => sum + (each.direction === direction ? each.count : 0), 0);
}

function failedOf({ volume }: TrafficBucket): number {
  return volume.reduce(
    (sum, { status, count: some }) => sum + (status === "failed" || status === "fetch-failed" ? some : 0),
    0,
  );
}

function VolumeTable({
  buckets,
  labels,
}: {
  readonly buckets: readonly TrafficBucket[];
  readonly labels: readonly string[];
}) {
  const rows = buckets.flatMap(({ volume }, place) =>
    volume.map((each) => ({
      ...each,
      label: labels[place] ?? "",
      key: `${place} ${each.direction} ${each.effect} ${each.status}`,
    })),
  );
  return (
    <details>
      <summary>{say("as-table")}</summary>
      {rows.length === 0 ? (
        <p>{say("no-traffic")}</p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label={say("volume")}>
          <table>
            <thead>
              <tr>
                <th scope="col">{say("when")}</th>
                <th scope="col">{say("direction")}</th>
                <th scope="col">{say("effect")}</th>
                <th scope="col">{say("state")}</th>
                <th scope="col">{say("messages")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ key, label, direction, effect, status, count: some }) => (
                <tr key={key}>
                  <td>{label}</td>
                  <td>{say(direction)}</td>
                  <td>{sayOf("effect", effect)}</td>
                  <td>{sayOf("message", status)}</td>
                  <td>{count(some)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}

function Percentiles({ latency }: { readonly latency: Latencies }) {
  const legs = EVERY_LEG.flatMap((leg) => {
    const each = latency[leg];
    return each === undefined ? [] : [{ leg, ...each }];
  });
  if (legs.length === 0) return <p>{say("no-latency")}</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={say("latency-all")}>
      <table>
        <caption class="hint">{say("latency-all")}</caption>
        <thead>
          <tr>
            <th scope="col">{say("leg")}</th>
            <th scope="col">{say("p50")}</th>
            <th scope="col">{say("p95")}</th>
            <th scope="col">{say("slowest")}</th>
            <th scope="col">{say("messages")}</th>
          </tr>
        </thead>
        <tbody>
          {legs.map(({ leg, p50, p95, max, count: some }) => (
            <tr key={leg}>
              <th scope="row">{sayOf("leg", leg)}</th>
              <td>{span(p50)}</td>
              <td>{span(p95)}</td>
              <td>{span(max)}</td>
              <td>{count(some)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface OfLeg {
  readonly leg: (typeof LEGS)[number];
  readonly buckets: readonly TrafficBucket[];
  readonly labels: readonly string[];
  readonly latency: Latencies;
}

function LegChart({ leg, buckets, labels, latency }: OfLeg) {
  const all = latency[leg];
  if (all === undefined) return null;
  const text = say("latency-text", { p50: span(all.p50), p95: span(all.p95), max: span(all.max) });
  const series: readonly Series[] = [
    { name: say("p50"), look: "series-one", values: buckets.map((each) => each.latency[leg]?.p50 ?? null) },
    { name: say("p95"), look: "series-two", values: buckets.map((each) => each.latency[leg]?.p95 ?? null) },
  ];
  const known = buckets.flatMap((bucket, place) => {
    const of = bucket.latency[leg];
    return of === undefined ? [] : [{ ...of, place, label: labels[place] ?? "" }];
  });
  return (
    <>
      <h3>{sayOf("leg", leg)}</h3>
      <Chart
        kind="lines"
        title={sayOf("leg", leg)}
        text={text}
        labels={labels}
        series={series}
        write={shortSpan}
      />
      <details>
        <summary>{say("as-table")}</summary>
        <div class="scroll" tabIndex={0} role="region" aria-label={sayOf("leg", leg)}>
          <table>
            <thead>
              <tr>
                <th scope="col">{say("when")}</th>
                <th scope="col">{say("p50")}</th>
                <th scope="col">{say("p95")}</th>
                <th scope="col">{say("slowest")}</th>
                <th scope="col">{say("messages")}</th>
              </tr>
            </thead>
            <tbody>
              {known.map(({ place, label, p50, p95, max, count: some }) => (
                <tr key={place}>
                  <td>{label}</td>
                  <td>{span(p50)}</td>
                  <td>{span(p95)}</td>
                  <td>{span(max)}</td>
                  <td>{count(some)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}
