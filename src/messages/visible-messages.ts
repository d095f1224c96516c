import type { Caller } from "../identity/caller.ts";
import type { MessageFilter } from "./message-repository.ts";

/**
 * Which messages a caller who may read any sees: those that its participant sent or received. The one place that says so, for
 * lists and for whatever is told of messages. A node is known by its participant's name on one channel; elsewhere somebody
 * else may be seated under that name.
 */
export function visibleTo(caller: Caller): MessageFilter {
  const channel = caller.kind === "node" ? { channelId: caller.channelId } : {};
  return { party: caller.participant, ...channel };
}
