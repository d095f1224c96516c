import type { Kysely } from "kysely";

import { actorOf } from "../audit/act.ts";
import { recordActs } from "../audit/audit-repository.ts";
import type { ChannelDescription } from "../channels/channel.ts";
import { checkShareable, recordIntent } from "../documents/document-repository.ts";
import { messageId, parseMessage, type Message, type MessageId } from "../domain/message.ts";
import { digestOf } from "../domain/multihash.ts";
import { isJurisdiction, type Domain } from "../domain/participant.ts";
import type { Effect } from "../domain/predicate.ts";
import { Problem, type ProblemCode } from "../domain/problems.ts";
import type { Role, UserCaller } from "../identity/caller.ts";
import { participantsOf, typeOn } from "../routing/registry-repository.ts";
import { route, type Route, type RouteRequest, type RoutingContext } from "../routing/route.ts";
import type { Schema } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import { findIssuance } from "./certificate-repository.ts";
import { anchorGroup } from "./group-key.ts";
import { appendJournal, openJournal } from "./journal-repository.ts";
import { findMessage, insertMessage, renewMessage, takeTurn, type MessageRow } from "./message-repository.ts";
import { enqueue } from "./outbox-repository.ts";

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

const roleFor: Readonly<Record<Effect, Role>> = {
  inform: "messages:write",
  issue: "messages:write",
  acquit: "certificates:acquit",
  revoke: "certificates:revoke",
};

const CATCH_UP_SECONDS = 2;

const members = ["sender", "receiver", "subject", "predicate", "obj", "validUntil"] as const;

type PostedMessage = Partial<Record<(typeof members)[number], string>>;

/**
 * Accepts a message to be sent (PROTOCOL §3, §5): checks its form, the caller's rights and that this node holds the
 * document and may share it; leaves the ledger's rules to the ledger. A message that is known is not sent again; one
 * that failed or was withdrawn gets a new attempt.
 *
 * @param body the parsed JSON body
 * @returns once the message, its journal, its place in line and the intent for its document are stored together
 * @throws Problem `malformed-message`, `malformed-multihash`, `foreign-sender`, `not-allowed`, those of `route`,
 *   `expiry-not-allowed`, `expiry-passed`, `document-not-held` or `document-not-shareable`; `unavailable` in place of what
 *   a node that has yet to read its channels cannot know
 */
export async function acceptMessage(
  options: AcceptOptions,
  caller: UserCaller,
  body: unknown,
): Promise<Acceptance> {
  const posted = readPosted(body);
  const sender = posted.sender ?? options.participant;
  if (sender !== options.participant || caller.participant !== options.participant) {
    throw new Problem(
      "foreign-sender",
      `This node speaks for ${options.participant} alone: leave sender out, or name that participant.`,
    );
  }
  const receiver = posted.receiver ?? "";
  // The form is checked whole before anything is looked up; a jurisdiction stands for a participant yet to be found.
  const drafted = parseMessage({
    sender,
    receiver: isJurisdiction(receiver) ? sender : receiver,
    subject: posted.subject ?? "",
    predicate: posted.predicate ?? "",
    obj: posted.obj ?? "",
    ...(posted.validUntil === undefined ? {} : { validUntil: posted.validUntil }),
  });
  const { db } = options.store;
  if (!isJurisdiction(receiver)) {
    const known = await findMessage(db, messageId(drafted));
    if (known !== null && isGoingOn(known)) return answerKnown(caller, known);
  }
  demandAnyRole(caller);
  const { predicate, subject } = drafted;
  let chosen: Route;
  try {
    chosen = await routed(options, { predicate, sender: drafted.sender, receiver, subject });
  } catch (error) {
    const known = error instanceof Problem ? await findSaid(db, drafted, receiver) : null;
    if (known === null) throw error;
    return answerKnown(caller, known);
  }
  demandRole(caller, chosen.effect);
  const message: Message = { ...drafted, receiver: chosen.receiver };
  checkExpiry(message, chosen.effect, options.now());
  return store(options, caller, message, chosen);
}

function readPosted(body: unknown): PostedMessage {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new Problem("malformed-message", "Send the message as one JSON object.");
  }
  const posted: PostedMessage = {};
  for (const [name, value] of Object.entries(body)) {
    const member = members.find((each) => each === name);
    if (member === undefined) {
      throw new Problem("malformed-message", `A message has no member ${name.slice(0, 100)}: leave it out.`);
    }
    if (typeof value !== "string") {
      throw new Problem("malformed-message", `${member} must be a string.`);
    }
    posted[member] = value;
  }
  for (const member of ["receiver", "subject", "predicate", "obj"] as const) {
    if (posted[member] === undefined) {
      throw new Problem(
        "malformed-message",
        `${member} is missing: a message says receiver, subject, predicate and obj.`,
      );
    }
  }
  return posted;
}

/** What a channel not yet read to its end may still bring. */
const unknown: readonly ProblemCode[] = [
  "predicate-unknown",
  "participant-unknown",
  "certificate-unknown",
  "no-channel",
];

async function routed(options: AcceptOptions, request: RouteRequest): Promise<Route> {
  // Asked before the database is: what arrives in between may be missing from the answer.
  const complete = options.caughtUp();
  try {
    return await route(options.store.db, routingContext(options), request);
  } catch (error) {
    if (!(error instanceof Problem) || !unknown.includes(error.code) || complete) throw error;
    throw new Problem(
      "unavailable",
      "This node is still reading its channels, and does not know yet whether they take this message: try again shortly.",
      { retryAfterSeconds: CATCH_UP_SECONDS, cause: error },
    );
  }
}

function routingContext(options: AcceptOptions): RoutingContext {
  const { db } = options.store;
  return {
    channels: options.channels(),
    prefer: options.prefer,
    ...(options.awaits === undefined ? {} : { awaits: options.awaits }),
    now: options.now(),
    findIssuance: async (certificate) => {
      const issuance = await findIssuance(db, certificate);
      return issuance === null
        ? null
        : { channelId: issuance.channelId, receiver: issuance.message.receiver };
    },
  };
}

/** What was said before to a participant of a jurisdiction, while there was a way to it. */
async function findSaid(db: Kysely<Schema>, drafted: Message, receiver: string): Promise<MessageRow | null> {
  if (!isJurisdiction(receiver)) return null;
  for (const { domain } of await participantsOf(db, receiver)) {
    const known = await findMessage(db, messageId({ ...drafted, receiver: domain }));
    if (known !== null && isGoingOn(known)) return known;
  }
  return null;
}

function isGoingOn(row: MessageRow): boolean {
  return row.status !== "failed" && row.status !== "withdrawn";
}

function answerKnown(caller: UserCaller, row: MessageRow): Acceptance {
  demandRole(caller, row.effect);
  return { id: row.id as MessageId, fresh: false };
}

/**
 * Demands that the caller may send, and so also withdraw, messages of an effect.
 *
 * @throws Problem `not-allowed`
 */
export function demandRole(caller: UserCaller, effect: Effect): void {
  const role = roleFor[effect];
  if (!caller.roles.has(role)) {
    throw new Problem(
      "not-allowed",
      `A message of this type needs the role ${role}: ask your administrator to grant it.`,
    );
  }
}

/** Before the type is looked up, so that a caller who may send nothing learns nothing from the answer. */
function demandAnyRole(caller: UserCaller): void {
  if (Object.values(roleFor).some((role) => caller.roles.has(role))) return;
  throw new Problem(
    "not-allowed",
    "Sending needs the role messages:write: ask your administrator to grant it.",
  );
}

function checkExpiry({ validUntil }: Message, effect: Effect, now: number): void {
  if (validUntil === null) return;
  if (effect !== "issue") {
    throw new Problem(
      "expiry-not-allowed",
      "Only a message that issues a certificate expires: leave validUntil out.",
    );
  }
  if (Math.floor(now / 1000) > validUntil) {
    throw new Problem(
      "expiry-passed",
      "validUntil lies in the past: a certificate must be valid when it is issued.",
    );
  }
}

async function store(
  options: AcceptOptions,
  caller: UserCaller,
  message: Message,
  { channelId, effect }: Route,
): Promise<Acceptance> {
  const id = messageId(message);
  const digest = digestOf(message.obj);
  const at = options.now();
  const acceptedBy = `${caller.issuer} ${caller.subject}`;
  const fresh = await options.store.transact(async (db) => {
    const known = await findMessage(db, id);
    if (known !== null && isGoingOn(known)) return false;
    await checkShareable(db, { digest, receiver: message.receiver, channelId });
    if (known === null) {
      const place = { txn: null, height: null };
      const first = {
        id,
        message,
        direction: "outgoing",
        channelId,
        effect,
        status: "pending",
        ...place,
      } as const;
      if (!(await insertMessage(db, { ...first, createdAt: at, acceptedBy }))) return false;
      await openJournal(db, { messageId: id, status: "pending", at });
    } else {
      // A page under way may be bringing this very message: it finds all of the new attempt, or comes before it.
      await takeTurn(db);
      if (!(await appendJournal(db, { messageId: id, status: "pending", at, newAttempt: true })))
        return false;
      await renewMessage(db, id, { channelId, effect, acceptedBy });
    }
    const attempt = (known?.attempt ?? 0) + 1;
    const type = await typeOn(db, channelId, message.predicate);
    const groupKey = type?.batchable === true ? anchorGroup(message) : null;
    await enqueue(db, [{ messageId: id, channelId, attempt, groupKey, bulk: false, dueAt: at }]);
    await recordIntent(db, { messageId: id, digest, participant: message.receiver });
    const detail = { channelId, attempt };
    await recordActs(db, [{ act: "message.accepted", actor: actorOf(caller), object: id, at, detail }]);
    return true;
  });
  if (fresh) options.onAccepted(channelId, id);
  return { id, fresh };
}
