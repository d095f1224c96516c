import type { ChannelDescription, ChannelStatus } from "../channels/channel.ts";

/** What decides between channels that would both do. */
export interface Contender {
  readonly description: Pick<ChannelDescription, "id" | "type" | "validUntil">;
  readonly status: ChannelStatus;
}

const statuses: readonly ChannelStatus[] = ["active", "deprecated", "retired"];

/**
 * The overlap rule (PROTOCOL §5, "Registry"): active before deprecated before retired, the preferred kind before the
 * other, then the latest end of validity (no end is the latest), then the lowest id.
 *
 * @param prefer the kind that this node is configured for
 * @returns an order for `sort`: the channel to take comes first
 */
export function byPreference(
  prefer: ChannelDescription["type"],
): (one: Contender, other: Contender) => number {
  const end = ({ description }: Contender) => description.validUntil ?? Number.POSITIVE_INFINITY;
  const liked = ({ description }: Contender) => (description.type === prefer ? 0 : 1);
  const rank = ({ status }: Contender) => statuses.indexOf(status);
  return (one, other) => {
    if (rank(one) !== rank(other)) return rank(one) - rank(other);
    if (liked(one) !== liked(other)) return liked(one) - liked(other);
    if (end(one) !== end(other)) return end(one) > end(other) ? -1 : 1;
    if (one.description.id === other.description.id) return 0;
    return one.description.id < other.description.id ? -1 : 1;
  };
}
