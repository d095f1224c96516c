import type { Kysely } from "kysely";

import type { ChannelDescription, ChannelStatus } from "../channels/channel.ts";
import { channelRows, type ChannelRow } from "../messages/ledger-repository.ts";
import type { Schema } from "../store/schema.ts";
import { linesOf, type LineCounts } from "./line-repository.ts";
import { oldestWaiting } from "./metrics-repository.ts";

/** How a channel stands, for whoever runs the node. Moments are milliseconds since 1970. */
export interface ChannelOverview {
  readonly description: ChannelDescription;
  readonly status: ChannelStatus;
  /** Newest height of the ledger, the last that was read, and the last final one; null before the first page. */
  readonly head: number | null;
  readonly followed: number | null;
  readonly final: number | null;
  /** Heights that are yet to be read. */
  readonly lag: number;
  /** When the ledger last brought anything new, and when it last answered. */
  readonly newsAt: number;
  readonly answeredAt: number | null;
  /** Whether nothing may be done on it until somebody has looked. */
  readonly stopped: { readonly code: string; readonly since: number } | null;
  readonly lastFork: { readonly at: number; readonly depth: number } | null;
  readonly line: LineCounts;
  /** When the oldest message in line was accepted. */
  readonly oldestWaiting: number | null;
}

/** How the channels that are open stand, those first that need somebody most: stopped, then behind, then silent. */
export async function channelOverviews(
  db: Kysely<Schema>,
  descriptions: readonly ChannelDescription[],
): Promise<readonly ChannelOverview[]> {
  const rows = new Map((await channelRows(db)).map((row) => [row.id, row]));
  const lines = await linesOf(db);
  const oldest = await oldestWaiting(db, descriptions);
  return descriptions
    .flatMap((description) => {
      const row = rows.get(description.id);
      const { id } = description;
      return row === undefined ? [] : [overviewOf(description, row, lines.get(id), oldest.get(id) ?? null)];
    })
    .sort((one, other) => rank(one) - rank(other) || other.lag - one.lag || one.newsAt - other.newsAt);
}

function overviewOf(
  description: ChannelDescription,
  row: ChannelRow,
  line: LineCounts = { waiting: 0, underWay: 0, bundled: 0, failing: 0 },
  oldest: number | null,
): ChannelOverview {
  const { status, head, followed, final, updated_at: newsAt, read_at: answeredAt, stopped } = row;
  const { forked_at: at, fork_depth: depth } = row;
  const known = (height: number) => (height < 0 ? null : height);
  return {
    ...{ description, status, newsAt, answeredAt, line, oldestWaiting: oldest },
    ...{ head: known(head), followed: known(followed), final: known(final) },
    lag: Math.max(0, head - followed),
    stopped: stopped === null ? null : { code: stopped, since: newsAt },
    lastFork: at === null ? null : { at, depth: depth ?? 0 },
  };
}

function rank({ stopped }: ChannelOverview): number {
  return stopped === null ? 1 : 0;
}
