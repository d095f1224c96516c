import type { Kysely, Transaction } from "kysely";

import type { ChannelDescription } from "../channels/channel.ts";
import { checkShareable } from "../documents/shareable.ts";
import type { Reason } from "../domain/journal.ts";
import { digestOf } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import { isOpaque, type Subject } from "../domain/subject.ts";
import { channelStandings, typeOn, type ChannelStanding } from "../routing/registry-repository.ts";
import { route } from "../routing/route.ts";
import type { Schema } from "../store/schema.ts";
import { anchorGroup } from "./group-key.ts";
import { appendJournals } from "./journal-repository.ts";
import { redirectMessages, type MessageRow } from "./message-repository.ts";
import { messageOf } from "./message-row.ts";
import { redirect } from "./outbox-repository.ts";

/** What is known of the channels that may take over from another. */
export interface Succession {
  /** The channels that are open and have been read to their end once. */
  readonly channels: () => readonly ChannelDescription[];
  /** Whether a channel is about to be opened, or is being read for the first time. */
  readonly awaits: (channelId: string) => boolean;
}

/** For a channel whose successors nobody knows. */
export const noSuccession: Succession = { channels: () => [], awaits: () => false };

/** Where messages go on. */
export type Heir =
  | { readonly kind: "channel"; readonly description: ChannelDescription; readonly batchable: boolean }
  /** Not known to its end, or not ready for these messages; it may soon be. */
  | { readonly kind: "awaited" }
  | { readonly kind: "none" };

/** How a contract says that its channel is deprecated or retired. */
const HANDED_OVER = "ChannelNotActive";

/**
 * Where a message goes on that its channel refuses for good (PROTOCOL §4: a channel's change is its successor): by the
 * first active channel of the line that begins with its own, if the ledger refuses it for nothing but its channel's having
 * handed over, and that channel takes such a message between these two.
 *
 * @param message of a batch any one: they all have the same parties and type
 * @param options `patient`: whether a successor that lacks a party may yet get it
 */
export async function heirOf(
  db: Kysely<Schema>,
  succession: Succession,
  message: MessageRow,
  reason: Reason,
  options: { readonly now: number; readonly patient: boolean },
): Promise<Heir> {
  const { effect, channel_id: channelId } = message;
  if (reason.code !== HANDED_OVER || (effect !== "inform" && effect !== "issue")) return { kind: "none" };
  const end = endOf(await channelStandings(db), channelId);
  if (end === null) return { kind: "none" };
  const description = succession.channels().find(({ id }) => id === end);
  if (description === undefined) return { kind: succession.awaits(end) ? "awaited" : "none" };
  const { sender, receiver, subject, predicate } = messageOf(message);
  try {
    const context = {
      channels: [description],
      prefer: description.type,
      now: options.now,
      findIssuance: () => Promise.resolve(null),
    };
    const found = await route(db, context, { sender, receiver, subject, predicate });
    if (found.effect !== effect) return { kind: "none" };
  } catch (error) {
    // A subject that is too telling is a matter of each message.
    if (!(error instanceof Problem)) throw error;
    if (error.code !== "subject-not-opaque") return { kind: options.patient ? "awaited" : "none" };
  }
  const type = await typeOn(db, description.id, predicate);
  return { kind: "channel", description, batchable: type?.batchable === true };
}

/** Whether `later` stands in the line of succession that begins with another channel. */
export async function succeeds(db: Kysely<Schema>, later: string, channelId: string): Promise<boolean> {
  return [...lineOf(await channelStandings(db), channelId)].includes(later);
}

/** The end of the line of succession that begins with a channel; null when that is the channel itself. */
function endOf(standings: ReadonlyMap<string, ChannelStanding>, channelId: string): string | null {
  const line = [...lineOf(standings, channelId)];
  return line.at(-1) ?? null;
}

function* lineOf(standings: ReadonlyMap<string, ChannelStanding>, channelId: string): Generator<string> {
  const passed = new Set([channelId]);
  for (let id = channelId; ;) {
    const standing = standings.get(id);
    // A line with a loop leads nowhere; only false channels make one.
    if (standing === undefined || standing.status === "active") return;
    if (standing.successor === null || passed.has(standing.successor)) return;
    id = standing.successor;
    passed.add(id);
    yield id;
  }
}

/**
 * Has messages go on by another channel, each as a new attempt whose first line says why. Nothing carries any of them.
 *
 * @param db a transaction that has taken its turn; the messages' rows in the outbox are held by the caller
 * @param messages of one type and receiver
 * @returns those that did; the others may not be said there, or have gone on already
 */
export async function goOn(
  db: Transaction<Schema>,
  messages: readonly MessageRow[],
  heir: {
    readonly description: Pick<ChannelDescription, "id" | "name" | "opaqueSubjects">;
    readonly batchable: boolean;
  },
  at: number,
): Promise<ReadonlySet<string>> {
  const { id: channelId, name, opaqueSubjects } = heir.description;
  const fitting: string[] = [];
  for (const message of messages) {
    if (opaqueSubjects && !isOpaque(message.subject as Subject)) continue;
    if (await mayBeShared(db, message, channelId)) fitting.push(message.id);
  }
  const [first] = messages;
  if (first === undefined || fitting.length === 0) return new Set();
  const reason = {
    code: "channel-succeeded",
    detail: `The channel handed over before it took the message, which goes on by its successor ${channelId} (${name}).`,
  };
  const moved = await appendJournals(db, {
    ...{ messageIds: fitting, status: "pending", at, reason },
    newAttempt: true,
    from: ["pending", "bundled"],
  });
  const ids = [...moved];
  await redirectMessages(db, ids, channelId);
  const groupKey = heir.batchable ? anchorGroup(messageOf(first)) : null;
  await redirect(db, ids, { channelId, groupKey, dueAt: at });
  return moved;
}

/** A document received may go back to where it came from, but by the same channel only. */
async function mayBeShared(db: Kysely<Schema>, message: MessageRow, channelId: string): Promise<boolean> {
  const { obj, receiver } = messageOf(message);
  try {
    await checkShareable(db, { digest: digestOf(obj), receiver, channelId });
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}
