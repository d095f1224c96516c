import { subjectsOf, type Caller } from "../identity/caller.ts";
import type { MessageFilter } from "./message-repository.ts";

/**
 * Which messages a caller who may read any sees: those that its participant sent or received, and, where a user's role to
 * read is limited to subjects, that are about these. The one place that says so, for lists and for whatever is told of
 * messages. A node is known by its participant's name on one channel; elsewhere somebody else may be seated under that name.
 */
export function visibleTo(caller: Caller): MessageFilter {
  const party = caller.participant;
  if (caller.kind === "node") return { party, channelId: caller.channelId };
  const subjects = subjectsOf(caller, "messages:read");
  return subjects === null ? { party } : { party, subjects };
}
