import type { Kysely } from "kysely";

import type { ChannelDescription, ChannelStatus } from "../channels/channel.ts";
import { isJurisdiction, parseDomain, type Domain, type Jurisdiction } from "../domain/participant.ts";
import type { Effect, Predicate } from "../domain/predicate.ts";
import { Problem } from "../domain/problems.ts";
import { isOpaque, type Subject } from "../domain/subject.ts";
import type { Schema } from "../store/schema.ts";
import { byPreference } from "./preference.ts";
import {
  channelStandings,
  participantsNamed,
  participantsOf,
  typesOf,
  type ParticipantOnChannel,
  type TypeOnChannel,
} from "./registry-repository.ts";

/** What a route is looked for. `receiver` is a participant's domain or a jurisdiction. */
export interface RouteRequest {
  readonly predicate: Predicate;
  readonly sender: Domain;
  readonly receiver: string;
  readonly subject: Subject;
}

/** The channel a message goes by, what its type does there, and to whom exactly it goes. */
export interface Route {
  readonly channelId: string;
  readonly effect: Effect;
  readonly receiver: Domain;
}

/** A certificate's number, as far as the one who acts on it has named it. */
export interface CertificateQuery {
  readonly issuer: Domain;
  readonly predicate: Predicate;
  readonly subject: Subject;
}

/** What routing looks at besides the registry. */
export interface RoutingContext {
  /** The channels this node has open. */
  readonly channels: readonly ChannelDescription[];
  /** Which of two channels that would both do is taken: a production channel before a test channel, or the other way. */
  readonly prefer: "production" | "test";
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether a channel is about to be opened, or is being read for the first time; never where left out. */
  readonly awaits?: (channelId: string) => boolean;
  /** Where a certificate was issued, and to whom; null when this node knows no such certificate. */
  readonly findIssuance: (
    certificate: CertificateQuery,
  ) => Promise<{ readonly channelId: string; readonly receiver: Domain } | null>;
}

interface Candidate {
  readonly description: ChannelDescription;
  readonly type: TypeOnChannel;
  readonly status: ChannelStatus;
  readonly successor: string | null;
  /** Whether the channel that this one is to succeed has not handed over yet. */
  readonly early: boolean;
}

const SUCCESSION_SECONDS = 2;

/**
 * Chooses the channel for a message out of the registries of all open channels (PROTOCOL §4, §5 "Registry"). What
 * informs or issues goes by an active channel within its validity that both sides are on: the preferred kind first, then
 * the latest end of validity, then the lowest id. A channel does not come before the one it is to succeed, and issues
 * nothing until that has handed over. What acquits or revokes goes where the certificate was issued, also
 * when that channel is deprecated or past its validity. A receiver given as a jurisdiction becomes the one participant
 * there that takes this type.
 *
 * @throws Problem `predicate-unknown`, `predicate-closed`, `participant-unknown`, `participant-suspended`,
 *   `receiver-ambiguous` (with `participants`), `subject-not-opaque`, `certificate-unknown`, `no-channel`, or
 *   `malformed-message` for a receiver that is neither domain nor jurisdiction, or is the sender; `unavailable` while the
 *   successor of the channel that connects the two is being opened
 */
export async function route(
  db: Kysely<Schema>,
  context: RoutingContext,
  request: RouteRequest,
): Promise<Route> {
  if (request.receiver === request.sender) {
    throw new Problem(
      "malformed-message",
      "The receiver is the sender: a message goes to another participant.",
    );
  }
  const candidates = await candidatesFor(db, context, request.predicate);
  const senders = await participantsNamed(db, request.sender);
  demandKnown(request.sender, senders);
  const acting = candidates.filter(({ type }) => type.effect === "acquit" || type.effect === "revoke");
  return acting.length > 0
    ? routeAct(db, context, request, acting, senders)
    : routeNew(db, context, request, candidates, senders);
}

async function candidatesFor(
  db: Kysely<Schema>,
  context: RoutingContext,
  predicate: Predicate,
): Promise<readonly Candidate[]> {
  const [types, standings] = [await typesOf(db, predicate), await channelStandings(db)];
  const known = context.channels.flatMap((description) => {
    const type = types.find((each) => each.channelId === description.id);
    if (type === undefined) return [];
    const { status, successor } = standings.get(description.id) ?? { status: "active", successor: null };
    const early = standings.get(description.predecessor ?? "")?.status === "active";
    return [{ description, type, status, successor, early }];
  });
  if (known.length === 0) {
    throw new Problem("predicate-unknown", `No channel of this node takes ${predicate}: check its spelling.`);
  }
  const open = known.filter(({ type }) => !type.closed);
  if (open.length === 0) {
    throw new Problem("predicate-closed", `${predicate} is closed: use the message type that replaced it.`);
  }
  return open;
}

async function routeNew(
  db: Kysely<Schema>,
  context: RoutingContext,
  request: RouteRequest,
  candidates: readonly Candidate[],
  senders: readonly ParticipantOnChannel[],
): Promise<Route> {
  const receivers = await receiversOf(db, request);
  const seconds = Math.floor(context.now / 1000);
  const open = candidates.filter(({ description, status, type, early }) => {
    const { validFrom, validUntil } = description;
    const valid = validFrom <= seconds && (validUntil === null || seconds <= validUntil);
    return status === "active" && valid && !(early && type.effect === "issue");
  });
  const connects = ({ description: { id } }: Candidate) => isOn(senders, id) && isOn(receivers, id);
  const meeting = open.filter(connects);
  if (meeting.length === 0) {
    demandNoSuccessor(context, candidates.filter(connects));
    throw disconnected(request, open, senders, receivers);
  }
  const connected = meeting.filter(
    ({ description: { predecessor } }) => !meeting.some(({ description: { id } }) => id === predecessor),
  );
  const fitting = connected.filter(
    ({ description: { opaqueSubjects, limits } }) =>
      (!opaqueSubjects || isOpaque(request.subject)) && request.subject.length <= limits.subjectLength,
  );
  const ids = new Set((fitting.length > 0 ? fitting : connected).map(({ description }) => description.id));
  const receiver = theOne(request.receiver, activeOn(receivers, ids, request.sender));
  const best = fitting
    .filter(({ description: { id } }) =>
      isOn(
        receivers.filter((each) => each.domain === receiver),
        id,
      ),
    )
    .sort(byPreference(context.prefer))[0];
  if (best === undefined) {
    throw new Problem(
      "subject-not-opaque",
      "The channel that connects these participants takes opaque subjects only: use urn:uuid:… or urn:hmac-sha256:….",
    );
  }
  return { channelId: best.description.id, effect: best.type.effect, receiver };
}

async function routeAct(
  db: Kysely<Schema>,
  context: RoutingContext,
  request: RouteRequest,
  candidates: readonly Candidate[],
  senders: readonly ParticipantOnChannel[],
): Promise<Route> {
  const { sender, subject } = request;
  const receivers = await receiversOf(db, request);
  const named = new Set(receivers.map(({ domain }) => domain).filter((domain) => domain !== sender));
  const found: { readonly candidate: Candidate; readonly party: Domain }[] = [];
  for (const candidate of candidates) {
    const { effect, target, channelId } = candidate.type;
    if (target === null) continue;
    for (const issuer of effect === "acquit" ? named : [sender]) {
      const issuance = await context.findIssuance({ issuer, predicate: target, subject });
      if (issuance?.channelId === channelId) {
        found.push({ candidate, party: effect === "acquit" ? issuer : issuance.receiver });
      }
    }
  }
  if (found.length === 0) {
    throw new Problem(
      "certificate-unknown",
      "This node knows no such certificate: check subject and receiver, or wait until its issue is final.",
    );
  }
  // A revocation that names somebody else than the certificate's receiver is for the ledger to refuse.
  const parties = found.map(({ party }) => party).filter((party) => named.has(party));
  const receiver = theOne(request.receiver, parties.length > 0 ? parties : [...named]);
  const { candidate } = found.find(({ party }) => party === receiver) ?? found[0] ?? {};
  if (candidate === undefined || candidate.status === "retired") {
    throw new Problem(
      "no-channel",
      "The channel on which this certificate was issued is retired: nothing is taken there.",
    );
  }
  const { id } = candidate.description;
  if (!isOn(senders, id)) throw suspended(sender);
  return { channelId: id, effect: candidate.type.effect, receiver };
}

async function receiversOf(
  db: Kysely<Schema>,
  { receiver }: RouteRequest,
): Promise<readonly ParticipantOnChannel[]> {
  const named = isJurisdiction(receiver)
    ? await participantsOf(db, receiver)
    : await participantsNamed(db, parseDomain(receiver));
  demandKnown(receiver, named);
  return named.filter(({ status }) => status !== "invited");
}

function demandKnown(name: string, participants: readonly ParticipantOnChannel[]): void {
  if (participants.some(({ status }) => status !== "invited")) return;
  throw new Problem("participant-unknown", `${name} is on no channel of this node: check its spelling.`);
}

function isOn(participants: readonly ParticipantOnChannel[], channelId: string): boolean {
  return participants.some((each) => each.channelId === channelId && each.status === "active");
}

function activeOn(
  participants: readonly ParticipantOnChannel[],
  channelIds: ReadonlySet<string>,
  except: Domain,
): readonly Domain[] {
  return participants
    .filter(
      ({ channelId, status, domain }) =>
        channelIds.has(channelId) && status === "active" && domain !== except,
    )
    .map(({ domain }) => domain);
}

function theOne(receiver: Domain | Jurisdiction | string, domains: readonly Domain[]): Domain {
  const participants = [...new Set(domains)].sort();
  const [only] = participants;
  if (only === undefined) {
    throw new Problem("participant-unknown", `No participant of ${receiver} takes this message type.`);
  }
  if (participants.length > 1) {
    throw new Problem(
      "receiver-ambiguous",
      `Name one of the participants of ${receiver} that take this message type: ${participants.join(", ")}.`,
      { members: { participants } },
    );
  }
  return only;
}

/** A channel that connects the two has just handed over, and its successor is not known to its end yet. */
function demandNoSuccessor({ awaits }: RoutingContext, connecting: readonly Candidate[]): void {
  for (const { status, successor } of connecting) {
    if (status === "active" || successor === null || awaits?.(successor) !== true) continue;
    throw new Problem(
      "unavailable",
      "The channel has handed over to a successor, which this node is just opening: try again shortly.",
      { retryAfterSeconds: SUCCESSION_SECONDS },
    );
  }
}

/** Why no open channel connects the two: one of them is suspended where they could have met, or they never could. */
function disconnected(
  request: RouteRequest,
  open: readonly Candidate[],
  senders: readonly ParticipantOnChannel[],
  receivers: readonly ParticipantOnChannel[],
): Problem {
  const knownOn = (participants: readonly ParticipantOnChannel[], id: string) =>
    participants.some((each) => each.channelId === id && each.status !== "invited");
  for (const { description } of open) {
    const { id } = description;
    if (!knownOn(senders, id) || !knownOn(receivers, id)) continue;
    return suspended(isOn(senders, id) ? request.receiver : request.sender);
  }
  return new Problem(
    "no-channel",
    `No active channel that takes ${request.predicate} connects ${request.sender} and ${request.receiver}.`,
  );
}

function suspended(name: string): Problem {
  return new Problem(
    "participant-suspended",
    `${name} is suspended on the channel concerned: the consortium can say why and for how long.`,
  );
}
