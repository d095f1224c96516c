import { ChannelFailure, type Channel } from "../channels/channel.ts";
import { checksOf } from "../credentials/check-repository.ts";
import type { BatchHeader } from "../domain/batch.ts";
import type { CertificateState } from "../domain/certificate.ts";
import type { MessageId } from "../domain/message.ts";
import type { Multihash } from "../domain/multihash.ts";
import { bindingOfAccount, type BindingRule } from "../identity/binding.ts";
import { bindingOn, operatorsOf } from "../identity/binding-repository.ts";
import type { SealCheck } from "../paper/check-seal.ts";
import type { Store } from "../store/store.ts";
import { findingsOf, type Judged, type Matter } from "./findings.ts";
import {
  anchorings,
  channelTypeOf,
  effectOn,
  finalIssues,
  finalMessage,
  isIssuedBefore,
  participantOn,
  settledInBatch,
  unfinalIssues,
  type Anchoring,
  type KnownIssue,
  type Wanted,
} from "./issuance-repository.ts";
import { contradictionOf, type Inclusion, type Pin, type Presented } from "./presented.ts";
import { standingOf, verdictOver } from "./verdict.ts";
import type { CertificateView, Verification } from "./verification.ts";

/** What verification is built from. */
export interface VerifyOptions {
  readonly store: Store;
  /** The channels whose ledgers can be asked and are believed at present. */
  readonly channels: () => readonly Channel[];
  /** What is made of issuers whose domain does not name their account on a channel; `off` everywhere where left out. */
  readonly bindingRule?: (channelId: string) => BindingRule;
  /** Checks an offline seal; where left out, seals only say which certificate is meant. */
  readonly checkSeal?: (text: string) => Promise<SealCheck>;
}

/** How many certificates are looked at and listed. One ledger question is asked for each. */
const MOST_CERTIFICATES = 100;
const QUESTIONS_AT_ONCE = 8;

/** What was found of what is meant. */
interface Found {
  readonly issues: readonly KnownIssue[];
  readonly more: boolean;
  /** Contradictions met while looking. */
  readonly contradiction: string | null;
  /** Why nothing was found, where more can be said than that. */
  readonly remark: string | null;
}

/**
 * Says what a presented document is worth (PROTOCOL §5): which messages issued a certificate for it is known from following
 * the ledgers; where each certificate stands is asked of its ledger's final state now, and of nobody else. Stores nothing.
 */
export async function verify(options: VerifyOptions, presented: Presented): Promise<Verification> {
  const { pin } = presented;
  const told = presented.document ?? pin?.multihash ?? null;
  const found =
    pin !== null && pin.id !== null
      ? await findPinned(options, pin, pin.id)
      : await findNaming(options, told);
  const judged = await inParts(found.issues, (issue) => judge(options, issue));
  const multihash = told ?? judged[0]?.issue.message.obj ?? null;
  const seal = pin?.seal === undefined ? null : ((await options.checkSeal?.(pin.seal)) ?? null);
  const contradiction =
    pin?.contradiction ??
    found.contradiction ??
    mismatchOf(presented, judged) ??
    (seal === null ? null : forgeryOf(seal, judged));
  const verdict = contradiction !== null ? "altered" : verdictOver(judged);
  const matter: Matter = {
    presented,
    multihash,
    judged,
    // What was left out might be worse than what was looked at; and what a seal says that nobody is known to have made, may
    // be anything.
    verdict:
      verdict === "valid" && (found.more || (seal !== null && seal.outcome !== "genuine"))
        ? "unknown"
        : verdict,
    contradiction,
    remark: found.remark,
    more: found.more,
    seal,
    checks: await checksOf(
      options.store.db,
      judged.map(({ issue }) => issue.id),
    ),
  };
  return {
    multihash,
    verdict: matter.verdict,
    findings: findingsOf(matter),
    certificates: judged.map(viewOf),
    more: found.more,
  };
}

/** The presented document against what else was presented, and against the message that is meant. */
function mismatchOf({ document, pin }: Presented, judged: readonly Judged[]): string | null {
  if (document !== null && pin !== null && pin.multihash !== null && pin.multihash !== document) {
    return `The document has another hash than the one in the ${pin.by} presented with it.`;
  }
  const told = document ?? pin?.multihash ?? null;
  if (pin?.id === undefined || pin.id === null || told === null) return null;
  return judged.some(({ issue }) => issue.message.obj !== told)
    ? `The ${document === null ? pin.by : "document"} has another hash than the message on the ledger names.`
    : null;
}

/** Why a seal is not its issuer's word about this certificate; null where nothing speaks against it. */
function forgeryOf({ outcome, facts }: SealCheck, judged: readonly Judged[]): string | null {
  if (outcome === "not-genuine") return "The seal was not made by the issuer that it names, or was changed.";
  const stranger = judged.find(({ issue }) => issue.message.sender !== facts?.issuer);
  return stranger === undefined
    ? null
    : "The seal is by another participant than issued the certificate on the ledger.";
}

async function findNaming({ store }: VerifyOptions, multihash: Multihash | null): Promise<Found> {
  if (multihash === null) return { issues: [], more: false, contradiction: null, remark: null };
  const issues = await known(store, { multihash });
  return {
    issues: issues.slice(0, MOST_CERTIFICATES),
    more: issues.length > MOST_CERTIFICATES,
    contradiction: null,
    remark: null,
  };
}

async function known({ db }: Store, wanted: Wanted): Promise<readonly KnownIssue[]> {
  // Seen first, then what is final: an issue that becomes final in between is found twice, and counted once.
  const seen = await unfinalIssues(db, wanted);
  const final = await finalIssues(db, wanted, MOST_CERTIFICATES + 1);
  const places = new Set(final.map(({ channelId, id }) => `${id} ${channelId}`));
  return [...final, ...seen.filter(({ channelId, id }) => !places.has(`${id} ${channelId}`))];
}

async function findPinned(options: VerifyOptions, pin: Pin, id: MessageId): Promise<Found> {
  const { db } = options.store;
  const onChannel = ({ channelId }: { readonly channelId: string }) =>
    pin.channelId === null || pin.channelId === channelId;
  const found = { more: false, contradiction: null, remark: null };

  const issues = (await known(options.store, { id })).filter(onChannel).slice(0, MOST_CERTIFICATES);
  if (issues.length > 0) return { ...found, issues };

  if (pin.inclusion !== null && pin.message !== null) {
    const places = (await placesOf(options, pin.inclusion)).filter(onChannel);
    const header = places[0]?.header;
    if (header === undefined) {
      return { ...found, issues: [], remark: "No ledger that this node follows holds the batch." };
    }
    const contradiction = contradictionOf(pin.message, { ...pin.inclusion, header });
    return { ...found, contradiction, issues: await inBatch(options, pin, pin.inclusion, id, places) };
  }

  if (pin.message !== null) {
    const { message } = pin;
    const asked = options.channels().filter(({ description }) => onChannel({ channelId: description.id }));
    const answers = await inParts(asked, async (channel) => ({
      channelId: channel.description.id,
      state: await ask(() => channel.certificateState(message)),
    }));
    const issuing = answers.filter(({ state }) => state?.issued === true);
    if (issuing.length > 0) {
      // The ledger knows it, and this node has not come so far yet.
      const issues = await inParts(issuing, async ({ channelId }) => ({
        ...fresh,
        ...{ channelId, id, message, batch: null },
        duplicate: await isIssuedBefore(db, { channelId, id, message, time: null }),
      }));
      return { ...found, issues };
    }
  }

  const other = await finalMessage(db, id);
  if (other === null) return { ...found, issues: [] };
  const effect = await effectOn(db, other.channelId, other.message.predicate);
  if (effect === "issue") {
    return { ...found, issues: [], remark: `The message is not on the channel that the ${pin.by} names.` };
  }
  return {
    ...found,
    issues: [],
    remark: `The message is on the ledger, but it issues no certificate: its type is one to ${effect ?? "inform"}.`,
  };
}

const fresh = {
  final: true,
  duplicate: false,
  issuedAt: null,
  acquittedBy: null,
  acquittedAt: null,
  revokedAt: null,
} as const;

/** Where a batch is anchored: as followed, and, where its header is presented, on every ledger that can be asked. */
async function placesOf(options: VerifyOptions, inclusion: Inclusion): Promise<readonly Anchoring[]> {
  const followed = await anchorings(options.store.db, inclusion.batchId);
  const { header } = inclusion;
  if (followed.length > 0 || header === null) return followed;
  const answers = await inParts(options.channels(), async (channel) => {
    const state = await ask(() => channel.batchedCertificateState(header, inclusion.index));
    return state?.issued === true
      ? [{ channelId: channel.description.id, header, final: true, time: 0 }]
      : [];
  });
  return answers.flat();
}

async function inBatch(
  { store }: VerifyOptions,
  pin: Pin,
  { batchId, index }: Inclusion,
  id: MessageId,
  places: readonly Anchoring[],
): Promise<readonly KnownIssue[]> {
  const issues: KnownIssue[] = [];
  for (const { channelId, final, time } of places) {
    const { message } = pin;
    if (message === null) continue;
    const settled = await settledInBatch(store.db, { channelId, batchId, index, subject: message.subject });
    issues.push({
      ...fresh,
      ...settled,
      ...{ channelId, id, message, final },
      batch: { id: batchId, index },
      duplicate: await isIssuedBefore(store.db, { channelId, id, message, time: time === 0 ? null : time }),
      issuedAt: time === 0 ? null : time,
    });
  }
  return issues;
}

async function judge(options: VerifyOptions, issue: KnownIssue): Promise<Judged> {
  const { db } = options.store;
  const channel = options.channels().find(({ description }) => description.id === issue.channelId);
  const final = channel === undefined ? null : await askState(options, channel, issue);
  const issuer = await participantOn(db, issue.channelId, issue.message.sender);
  const receiver = await participantOn(db, issue.channelId, issue.message.receiver);
  const binding = await bindingOfIssue(options, issue);
  return {
    ...{ issue, issuer, binding },
    receiverJurisdiction: receiver?.jurisdiction ?? null,
    state: standingOf(final, { duplicate: issue.duplicate, pending: !issue.final }),
    channelType: channel?.description.type ?? (await channelTypeOf(db, issue.channelId)) ?? "test",
    issuerActive: issuer?.status === "active" && (binding?.required !== true || binding.outcome === "bound"),
    reachable: final !== null,
  };
}

/** Whether the issuer's domain names the account that issued; null where that is not looked at. */
async function bindingOfIssue(
  { store, bindingRule }: VerifyOptions,
  { channelId, id, message, batch }: KnownIssue,
): Promise<Judged["binding"]> {
  const rule = bindingRule?.(channelId) ?? "off";
  if (rule === "off") return null;
  const carrier = batch?.id ?? id;
  const operators = await operatorsOf(store.db, channelId, [carrier]);
  const known = await bindingOn(store.db, { channelId, participant: message.sender });
  const { outcome, reason } = bindingOfAccount(known, operators.get(carrier) ?? null);
  return { required: rule === "required", outcome, reason };
}

async function askState(
  { store }: VerifyOptions,
  channel: Channel,
  { batch, message }: KnownIssue,
): Promise<CertificateState | null> {
  if (batch === null) return ask(() => channel.certificateState(message));
  const places = await anchorings(store.db, batch.id);
  const header: BatchHeader | undefined = places.find(
    ({ channelId }) => channelId === channel.description.id,
  )?.header;
  return header === undefined ? null : ask(() => channel.batchedCertificateState(header, batch.index));
}

/** The ledger's answer; null when it is out of reach. */
async function ask(question: () => Promise<CertificateState>): Promise<CertificateState | null> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof ChannelFailure) return null;
    throw error;
  }
}

/** Does some work for each item, a few at a time, so that one request does not flood a ledger's client. */
async function inParts<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += QUESTIONS_AT_ONCE) {
    results.push(...(await Promise.all(items.slice(start, start + QUESTIONS_AT_ONCE).map(work))));
  }
  return results;
}

function viewOf({ issue, issuer, receiverJurisdiction, state, channelType }: Judged): CertificateView {
  const { message } = issue;
  return {
    id: issue.id,
    issuer: message.sender,
    jurisdiction: issuer?.jurisdiction ?? null,
    receiver: message.receiver,
    receiverJurisdiction,
    predicate: message.predicate,
    state,
    channel: issue.channelId,
    channelType,
    issuedAt: moment(issue.issuedAt),
    validUntil: moment(message.validUntil),
    acquittedBy: issue.acquittedBy,
    acquittedAt: moment(issue.acquittedAt),
    revokedAt: moment(issue.revokedAt),
  };
}

function moment(seconds: number | null): string | null {
  return seconds === null ? null : new Date(seconds * 1000).toISOString();
}
