import type { Kysely } from "kysely";

import type { Schema } from "../store/schema.ts";

/** Where in a channel's ledger a change stands. */
export interface ChangePlace {
  readonly height: number;
  readonly index: number;
}

/** One final change of a channel, of one of its participants or of one of its message types. */
export interface RegistryChange extends ChangePlace {
  readonly kind: Schema["registry_change"]["kind"];
  readonly txn: string;
  /** The ledger's clock, seconds since 1970. */
  readonly time: number;
  /** What it is since then. */
  readonly record: Readonly<Record<string, unknown>>;
}

/**
 * A stretch of a channel's change log, in ledger order.
 *
 * @param after the place of the last change already shown; null for none
 * @param limit how many at most
 */
export async function changesOf(
  db: Kysely<Schema>,
  channelId: string,
  after: ChangePlace | null,
  limit: number,
): Promise<readonly RegistryChange[]> {
  const rows = await db
    .selectFrom("registry_change")
    .select(["height", "index", "kind", "txn", "time_seconds", "record"])
    .where("channel_id", "=", channelId)
    .$if(after !== null, (query) =>
      query.where((eb) =>
        eb.or([
          eb("height", ">", after?.height ?? 0),
          eb.and([eb("height", "=", after?.height ?? 0), eb("index", ">", after?.index ?? 0)]),
        ]),
      ),
    )
    .orderBy("height")
    .orderBy("index")
    .limit(limit)
    .execute();
  return rows.map(({ time_seconds: time, record, ...rest }) => ({
    ...rest,
    time,
    record: JSON.parse(record) as Readonly<Record<string, unknown>>,
  }));
}
