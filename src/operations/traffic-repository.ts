import type { Kysely } from "kysely";

import type { Effect } from "../domain/predicate.ts";
import type { Schema } from "../store/schema.ts";

/** A message that came up in a stretch of time. */
export interface Sampled {
  readonly id: string;
  readonly attempt: number;
  readonly direction: "outgoing" | "incoming";
  readonly effect: Effect;
  readonly status: string;
}

/**
 * The first messages that were accepted or first seen from `from` to before `to` (milliseconds since 1970), and how many
 * there are in all: beyond `limit` by their order of appearance, which leaves out hardly a number.
 */
export async function sampleOf(
  db: Kysely<Schema>,
  from: number,
  to: number,
  limit: number,
): Promise<{ readonly sample: readonly Sampled[]; readonly total: number }> {
  const within = db.selectFrom("message").where("created_at", ">=", from).where("created_at", "<", to);
  const rows = await within
    .select(["id", "attempt", "direction", "effect", "status", "seq"])
    .orderBy("created_at")
    .orderBy("seq")
    .limit(limit + 1)
    .execute();
  const sample = rows.slice(0, limit).map(({ effect, ...row }) => ({ ...row, effect: effect as Effect }));
  if (rows.length <= limit) return { sample, total: rows.length };
  const last = await within
    .select("seq")
    .orderBy("created_at", "desc")
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  const [first] = rows;
  return { sample, total: Math.max(rows.length, (last?.seq ?? 0) - (first?.seq ?? 0) + 1) };
}

/** When messages came to stand as they did in their present attempt, by status and milliseconds since 1970: the last time each. */
export async function journalsOf(
  db: Kysely<Schema>,
  messages: readonly Sampled[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const attempts = new Map(messages.map(({ id, attempt }) => [id, attempt]));
  const journals = new Map<string, Map<string, number>>();
  if (messages.length === 0) return journals;
  const rows = await db
    .selectFrom("journal")
    .select(["message_id", "attempt", "status", "at"])
    .where("message_id", "in", [...attempts.keys()])
    .orderBy("message_id")
    .orderBy("seq")
    .execute();
  for (const { message_id: id, attempt, status, at } of rows) {
    if (attempt !== attempts.get(id)) continue;
    const steps = journals.get(id) ?? new Map<string, number>();
    // Accepted is what it was first, also when a fork puts it back into line.
    if (status !== "pending" || !steps.has(status)) steps.set(status, at);
    journals.set(id, steps);
  }
  return journals;
}
