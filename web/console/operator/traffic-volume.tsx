import { count } from "./amounts.ts";
import type { TrafficBucket } from "./answers.ts";
import type { Series } from "./chart.tsx";
import { Charted } from "./charted.tsx";
import { say, sayOf } from "./say.ts";

interface Volume {
  readonly buckets: readonly TrafficBucket[];
  /** One for each bucket. */
  readonly labels: readonly string[];
}

/** How much came and went. */
export function TrafficVolume({ buckets, labels }: Volume) {
  const total = (direction: string) => buckets.reduce((sum, bucket) => sum + volumeOf(bucket, direction), 0);
  const failed = buckets.reduce((sum, bucket) => sum + failedOf(bucket), 0);
  const words = say("volume-text", {
    sent: count(total("outgoing")),
    received: count(total("incoming")),
  });
  const series: readonly Series[] = [
    { name: say("outgoing"), look: "series-one", values: buckets.map((each) => volumeOf(each, "outgoing")) },
    { name: say("incoming"), look: "series-two", values: buckets.map((each) => volumeOf(each, "incoming")) },
  ];
  return (
    <section class="card" aria-label={say("volume")}>
      <h2>{say("volume")}</h2>
      <p>
        {words} {failed > 0 && <strong>{say("failed-text", { count: count(failed) })}</strong>}
      </p>
      <Charted
        chart={{ kind: "bars", title: say("volume"), text: words, labels, series, write: count }}
        hint={buckets.some(({ estimated }) => estimated) ? say("estimated") : undefined}
        heads={[say("when"), say("direction"), say("effect"), say("state"), say("messages")]}
        rows={rowsOf({ buckets, labels })}
        nothing={say("no-traffic")}
      />
    </section>
  );
}

function rowsOf({ buckets, labels }: Volume) {
  return buckets.flatMap(({ volume }, place) =>
    volume.map(({ direction, effect, status, count: some }) => ({
      key: `${place} ${direction} ${effect} ${status}`,
      cells: [
        labels[place] ?? "",
        say(direction),
        sayOf("effect", effect),
        sayOf("message", status),
        count(some),
      ],
    })),
  );
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
