import type { Kysely } from "kysely";

import type { Schema } from "../store/schema.ts";

/** What is in line for a ledger. */
export interface LineCounts {
  /** Messages and bundles for which nothing is signed. */
  readonly waiting: number;
  /** Those that are being carried. */
  readonly underWay: number;
  /** Messages that a bundle carries. */
  readonly bundled: number;
  /** Of all of them, those that went wrong when they were last tried. */
  readonly failing: number;
}

/** Counts, by channel, what is in line at the time. */
export async function linesOf(db: Kysely<Schema>): Promise<ReadonlyMap<string, LineCounts>> {
  const rows = await db
    .selectFrom("outbox")
    .select((eb) => [
      ...(["channel_id", "state"] as const),
      eb.fn.countAll<number | string>().as("rows"),
      eb.fn.count<number | string>("last_error_code").as("failing"),
    ])
    .groupBy(["channel_id", "state"])
    .execute();
  const lines = new Map<string, LineCounts>();
  for (const { channel_id: channel, state, rows: count, failing } of rows) {
    const line = lines.get(channel) ?? { waiting: 0, underWay: 0, bundled: 0, failing: 0 };
    const place = state === "waiting" ? "waiting" : state === "bundled" ? "bundled" : "underWay";
    lines.set(channel, {
      ...line,
      [place]: line[place] + Number(count),
      failing: line.failing + Number(failing),
    });
  }
  return lines;
}
