import { useCallback } from "preact/hooks";

import { askJson } from "../../api/node-api.ts";
import { linkTo, route } from "../route.ts";
import { chartTime } from "./amounts.ts";
import type { Traffic } from "./answers.ts";
import { FollowLine } from "./follow-line.tsx";
import { useFollowed } from "./follow.ts";
import { say, sayOf } from "./say.ts";
import { TrafficLatency } from "./traffic-latency.tsx";
import { TrafficVolume } from "./traffic-volume.tsx";

const MINUTE_MS = 60_000;

/** How far back is looked, in steps of how many seconds, and how often: what is longer changes more slowly. */
const RANGES = {
  hour: { span: 60 * MINUTE_MS, step: 60, every: 10_000 },
  day: { span: 1_440 * MINUTE_MS, step: 1_800, every: 30_000 },
  week: { span: 7 * 1_440 * MINUTE_MS, step: 10_800, every: 60_000 },
} as const;

type Range = keyof typeof RANGES;

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
  const labels = buckets.map(({ from }) => chartTime(Date.parse(from), withDay));
  return (
    <>
      <TrafficVolume buckets={buckets} labels={labels} />
      <TrafficLatency buckets={buckets} labels={labels} latency={latency} />
    </>
  );
}
