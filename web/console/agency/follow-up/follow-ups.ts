import type { ChannelMessageType, ChannelRecord, MessageRecord } from "../node-records.ts";

/** Something that may be said next about a message. */
export type FollowUp = Pick<ChannelMessageType, "predicate" | "effect">;

/** Why a certificate can be neither used nor revoked any more, where that is worth saying. */
export type Barred = "used" | "revoked" | "expired" | "duplicate" | "retired";

/** What may be said next, and what cannot be and why. */
export interface FollowUps {
  readonly offered: readonly FollowUp[];
  readonly barred: Barred | null;
}

const none: FollowUps = { offered: [], barred: null };

function before(predicate: string): string {
  return predicate.slice(0, predicate.lastIndexOf(".") + 1);
}

/**
 * What a user may say next about a message, by what its channel takes and where its certificate stands. It spares the user
 * what cannot succeed; the node and the ledger decide.
 *
 * @param may whether the user has a role
 */
export function followUpsOf(
  message: MessageRecord,
  channel: Pick<ChannelRecord, "status" | "messageTypes"> | null,
  may: (role: string) => boolean,
): FollowUps {
  if (channel === null) return none;
  const { certificate, direction, predicate } = message;
  const open = channel.messageTypes.filter(({ closed }) => !closed);
  const acts = open.filter((type) => {
    if (type.target !== predicate) return false;
    return direction === "incoming"
      ? type.effect === "acquit" && may("certificates:acquit")
      : type.effect === "revoke" && may("certificates:revoke");
  });
  const informs = open.filter(
    (type) => type.effect === "inform" && before(type.predicate) === before(predicate) && isThere(message),
  );
  const barred = acts.length === 0 ? null : barring(message, channel.status);
  const mayAct = certificate?.issued === true && barred === null;
  return {
    offered: [
      ...(mayAct ? acts : []),
      ...(channel.status === "active" && may("messages:write") ? informs : []),
    ].map(({ predicate: next, effect }) => ({ predicate: next, effect })),
    barred: certificate?.issued === true ? barred : null,
  };
}

/** Whether both sides know the message: nothing is said about what came to nothing. */
function isThere({ direction, status }: MessageRecord): boolean {
  return direction === "incoming" || status === "delivered";
}

function barring({ certificate, direction }: MessageRecord, status: ChannelRecord["status"]): Barred | null {
  if (certificate === undefined) return null;
  if (certificate.revoked) return "revoked";
  if (status === "retired") return "retired";
  if (direction === "outgoing") return null; // also what was used may be revoked
  if (certificate.duplicate) return "duplicate";
  if (certificate.acquitted) return "used";
  return certificate.expired ? "expired" : null;
}
