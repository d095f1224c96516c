import type { Kysely } from "kysely";

import type { ChannelDescription } from "../channels/channel.ts";
import { messageId, type Message, type MessageId } from "../domain/message.ts";
import { isJurisdiction, type Domain } from "../domain/participant.ts";
import { Problem } from "../domain/problems.ts";
import type { Assurance } from "../identity/assurance.ts";
import type { UserCaller } from "../identity/caller.ts";
import { participantsOf } from "../routing/registry-repository.ts";
import type { Schema } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import type { Backlog } from "./backlog.ts";
import type { BulkRequest } from "./bulk-request.ts";
import { checkExpiry, draftOf, type Draft } from "./draft.ts";
import { findMessage, messagesNamed, type MessageRow } from "./message-repository.ts";
import { RouteMemo } from "./route-memo.ts";
import { demandAnyRole, demandRole } from "./sending-rights.ts";
import { isGoingOn, storeAccepted, type Acceptable } from "./store-accepted.ts";

/**
 * Looks into the document of a message that is about to be accepted; may reach out, and is never called in a transaction.
 *
 * @returns what is to be stored with the message, in its transaction; null for nothing
 * @throws Problem where the message must not be sent with this document, or not now
 */
export type CheckDocument = (
  message: Pick<Acceptable, "id" | "message" | "channelId">,
) => Promise<Acceptable["alsoStore"]>;

/** What accepting messages needs to know. */
export interface AcceptOptions {
  readonly store: Store;
  /** The participant this node runs for. */
  readonly participant: Domain;
  /** The channels this node has open at present. */
  readonly channels: () => readonly ChannelDescription[];
  /** Whether every channel has been followed to its end once, so that what is not on record does not exist. */
  readonly caughtUp: () => boolean;
  /** Whether a channel is about to be opened, or is being read for the first time; never where left out. */
  readonly awaits?: (channelId: string) => boolean;
  /** Which kind of channel to take where both would do. */
  readonly prefer: "production" | "test";
  /** Looks into documents; nothing does where left out. */
  readonly checkDocument?: CheckDocument;
  /** Refuses what is for a ledger that has fallen too far behind; nothing does where left out. */
  readonly backlog?: Backlog;
  /**
   * Refuses a message whose subject is not of the kind that its type wants here; nothing does where left out.
   *
   * @throws Problem
   */
  readonly checkSubject?: (message: Message) => void;
  /** Judges how callers were authenticated; in any way will do where left out. */
  readonly assurance?: Assurance;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told once something is in line for a channel; with its id where it is one message. */
  readonly onAccepted: (channelId: string, messageId?: MessageId) => void;
}

/** What became of a posted message. */
export interface Acceptance {
  readonly id: MessageId;
  /** True for a new message or a new attempt; false for one that is known, of which nothing more is sent. */
  readonly fresh: boolean;
}

/** What became of one of several posted messages: the problem is what posting it alone would have been answered. */
export type Outcome = Acceptance | Problem;

/**
 * Accepts a message to be sent (PROTOCOL §3, §5): checks its form, the caller's rights and that this node holds the
 * document and may share it; leaves the ledger's rules to the ledger. A message that is known is not sent again; one
 * that failed or was withdrawn gets a new attempt.
 *
 * @param body the parsed JSON body
 * @returns once the message, its journal, its place in line and the intent for its document are stored together
 * @throws Problem `malformed-message`, `malformed-multihash`, `foreign-sender`, `not-allowed`, `assurance-too-low`, those of
 *   `route`, `expiry-not-allowed`, `expiry-passed`, what `checkSubject` throws, `document-not-held` or
 *   `document-not-shareable`; `unavailable` in place of what a node that has yet to read its channels cannot know;
 *   `ledger-behind` for a channel in whose line too many wait; those of `CheckDocument`
 */
export async function acceptMessage(
  options: AcceptOptions,
  caller: UserCaller,
  body: unknown,
): Promise<Acceptance> {
  const [outcome] = await acceptMessages(options, caller, [body]);
  if (outcome === undefined) throw new Error("A posted message came to nothing.");
  if (outcome instanceof Problem) throw outcome;
  return outcome;
}

/**
 * Accepts several messages at a time, each as `acceptMessage` would, in a single transaction: what is wrong with one spoils
 * no other.
 *
 * @param bodies the parsed JSON of each
 * @param bulk the request that they came in with others, so that they go in batches; null where they came alone
 * @returns what became of each, in their order, once all that were accepted are stored
 * @throws Problem `unavailable` when the database is too busy; nothing was accepted then
 */
export async function acceptMessages(
  options: AcceptOptions,
  caller: UserCaller,
  bodies: readonly unknown[],
  bulk: BulkRequest | null = null,
): Promise<readonly Outcome[]> {
  const { store, participant } = options;
  const drafts = await Promise.all(bodies.map((body) => attempt(() => draftOf(participant, caller, body))));
  const named = drafts.flatMap((draft) => (draft instanceof Problem ? [] : (idOf(draft) ?? [])));
  const known = await messagesNamed(store.db, named);
  const memo = new RouteMemo(options);
  const outcomes = new Map<number, Outcome>();
  const accepted: (Acceptable & { readonly place: number })[] = [];
  for (const [place, draft] of drafts.entries()) {
    const outcome =
      draft instanceof Problem
        ? draft
        : await attempt(() => examine(options, memo, caller, draft, known.get(idOf(draft) ?? "") ?? null));
    if (outcome instanceof Problem || "fresh" in outcome) outcomes.set(place, outcome);
    else {
      const full = (await options.backlog?.take(outcome.channelId)) ?? null;
      if (full === null) accepted.push({ ...outcome, place });
      else outcomes.set(place, full);
    }
  }
  if (accepted.length > 0) {
    const stored = await storeAccepted(options, caller, accepted, bulk);
    for (const { place, id } of accepted) {
      const outcome = stored.get(id);
      if (outcome === undefined) continue;
      outcomes.set(place, outcome);
      // The same message again in one go is a known one.
      if (!(outcome instanceof Problem)) stored.set(id, { id, fresh: false });
    }
  }
  return bodies.map((_, place) => outcomes.get(place) ?? new Problem("internal", "The message was lost."));
}

/** Everything that is asked of a message before it is stored; the answer for one that is known already. */
async function examine(
  options: AcceptOptions,
  memo: RouteMemo,
  caller: UserCaller,
  draft: Draft,
  known: MessageRow | null,
): Promise<Acceptable | Acceptance> {
  const { receiver, message: drafted } = draft;
  const { predicate, subject, sender } = drafted;
  demandAnyRole(caller, subject);
  if (known !== null && isGoingOn(known)) return answerKnown(caller, known);
  let acceptable: Acceptable;
  try {
    const { route, issuance } = await memo.route({ predicate, sender, receiver, subject });
    demandRole(caller, route.effect, subject);
    options.assurance?.demand(caller, predicate);
    const message = { ...drafted, receiver: route.receiver };
    checkExpiry(message, route.effect, options.now());
    options.checkSubject?.(message);
    const { channelId, effect } = route;
    acceptable = { id: messageId(message), message, channelId, effect, issuance, alsoStore: null };
  } catch (error) {
    const said = error instanceof Problem ? await findSaid(options.store.db, draft) : null;
    if (said === null) throw error;
    return answerKnown(caller, said);
  }
  if (options.checkDocument === undefined) return acceptable;
  const said = await findSaid(options.store.db, draft);
  if (said !== null) return answerKnown(caller, said);
  return { ...acceptable, alsoStore: await options.checkDocument(acceptable) };
}

/** The id of a draft that names its receiver. */
function idOf({ receiver, message }: Draft): MessageId | null {
  return isJurisdiction(receiver) ? null : messageId(message);
}

/** What was said before to a participant of a jurisdiction, while there was a way to it. */
async function findSaid(db: Kysely<Schema>, { receiver, message }: Draft): Promise<MessageRow | null> {
  if (!isJurisdiction(receiver)) return null;
  for (const { domain } of await participantsOf(db, receiver)) {
    const known = await findMessage(db, messageId({ ...message, receiver: domain }));
    if (known !== null && isGoingOn(known)) return known;
  }
  return null;
}

function answerKnown(caller: UserCaller, row: MessageRow): Acceptance {
  demandRole(caller, row.effect, row.subject);
  return { id: row.id as MessageId, fresh: false };
}

async function attempt<T>(work: () => T | Promise<T>): Promise<T | Problem> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
