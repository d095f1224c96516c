import type { ChannelMessageType, ChannelRecord, Participant } from "../node-records.ts";

/** The message types by which something new may be said: those that act on a certificate begin at its story. */
export function sendablePredicates(
  channels: readonly Pick<ChannelRecord, "status" | "messageTypes">[],
): readonly ChannelMessageType[] {
  const open = channels.filter(({ status }) => status === "active");
  const all = open.flatMap(({ messageTypes }) =>
    messageTypes.filter(({ closed, effect }) => !closed && (effect === "issue" || effect === "inform")),
  );
  return [...new Map(all.map((type) => [type.predicate, type])).values()];
}

/** Who may be sent a message of a type: whoever takes part where it is taken. @param own is not sent anything */
export function receiversOf(
  channels: readonly Pick<ChannelRecord, "status" | "messageTypes" | "participants">[],
  predicate: string,
  own: string,
): readonly Participant[] {
  const taking = channels.filter(
    ({ status, messageTypes }) =>
      status === "active" && messageTypes.some((type) => type.predicate === predicate && !type.closed),
  );
  const all = taking.flatMap(({ participants }) =>
    participants.filter(({ status, domain }) => status === "active" && domain !== own),
  );
  const byDomain = new Map(all.map((participant) => [participant.domain, participant]));
  return [...byDomain.values()].sort((a, b) => a.jurisdiction.localeCompare(b.jurisdiction));
}
