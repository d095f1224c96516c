import {
  EvidenceFault,
  type EvidenceAttestation,
  type EvidenceChecker,
  type EvidenceClaim,
  type EvidenceFinding,
  type LedgerAnswer,
} from "../channels/evidence.ts";
import { openEvidence } from "../channels/open-evidence.ts";
import type { CertificateState } from "../domain/certificate.ts";
import { isIncluded } from "../domain/merkle-tree.ts";
import { messageId } from "../domain/message.ts";
import { attestedBytes, exporterOf, readBundle, type ReadBundle } from "./evidence-bundle.ts";

/** What somebody who checks evidence knows of a channel from a source of their own. */
export interface ChannelPins {
  /** The channel's id, such as `eip155:31337:0x5fbd…`. */
  readonly id: string;
  readonly genesisHash?: string;
  readonly codeHash?: string;
}

/** What a bundle is checked against. */
export interface BundleTrust {
  /** What is known of the channel from elsewhere; null to take the bundle's own word, which is then told. */
  readonly pins: ChannelPins | null;
  /** Either a client of the ledger, or the hash of a block that is known to be the ledger's. */
  readonly ledger: { readonly rpcUrl: string } | { readonly header: string };
}

/** What became of checking a bundle. */
export interface BundleReport {
  /** Whether everything that was checked holds. */
  readonly holds: boolean;
  readonly findings: readonly EvidenceFinding[];
  /** The message's id; null where the bundle could not even be read. */
  readonly id: string | null;
  /** Where the certificate stands now, by the ledger's final state; null where it was not asked, or none was issued. */
  readonly certificate: CertificateState | null;
}

/**
 * Checks a bundle of evidence on a machine that runs no node: recomputes what can be recomputed, and holds the rest against
 * the ledger or a pinned header.
 *
 * @param value parsed JSON
 * @returns the report; a bundle that does not hold is no error, its last finding says why
 * @throws ChannelFailure when the ledger is out of reach
 */
export async function checkBundle(value: unknown, trust: BundleTrust): Promise<BundleReport> {
  const findings: EvidenceFinding[] = [];
  let id: string | null = null;
  try {
    const read = readBundle(value);
    const checker = openEvidence(read.bundle.ledger);
    id = read.bundle.id;
    const claim = checkContent(read, findings);
    findings.push(...checkChannel(read, checker, trust.pins));
    const attestation = attestationOf(read);
    findings.push(checker.checkSignature(attestation));
    if ("header" in trust.ledger) {
      findings.push(...checker.checkRecord(claim, trust.ledger.header), ...unasked(read));
      return { holds: true, findings, id, certificate: null };
    }
    const answer = await checker.checkLedger(trust.ledger.rpcUrl, claim, attestation);
    findings.push(...answer.findings, ...checker.checkRecord(claim, checker.scene.blockHash));
    findings.push(...stateNow(read, answer));
    return { holds: true, findings, id, certificate: answer.certificate };
  } catch (error) {
    if (!(error instanceof EvidenceFault)) throw error;
    findings.push({ check: error.code, outcome: "fail", detail: error.message });
    return { holds: false, findings, id, certificate: null };
  }
}

/** That id and inclusion follow from the message. */
function checkContent(
  { bundle, message, inclusion }: ReadBundle,
  findings: EvidenceFinding[],
): EvidenceClaim {
  if (messageId(message) !== bundle.id) {
    throw new EvidenceFault("message-id", "The message's content does not have the bundle's id.");
  }
  findings.push(pass("message-id", `The message's content has the id ${bundle.id}.`));
  if (inclusion === null) return { kind: "message", message };
  const { header, index, proof, kind, issuance } = inclusion;
  const member = issuance ?? message;
  const same =
    member.sender === header.sender &&
    member.receiver === header.receiver &&
    member.predicate === header.predicate &&
    member.validUntil === header.validUntil;
  if (!same || index >= header.count || !isIncluded(header.root, index, messageId(member), proof)) {
    throw new EvidenceFault("inclusion", "The inclusion proof does not show the message in the batch.");
  }
  findings.push(pass("inclusion", `It is number ${index} of the ${header.count} of its batch.`));
  if (kind === "batch") return { kind, message, header, index };
  // It speaks of the certificate's subject, between the certificate's parties; which of them speaks, the type decides.
  const parties = [message.sender, message.receiver].sort().join(" ");
  if (message.subject !== member.subject || parties !== [member.sender, member.receiver].sort().join(" ")) {
    throw new EvidenceFault(
      "inclusion",
      "The message does not speak of the certificate whose place is shown.",
    );
  }
  return { kind, message, header, index };
}

/** That the bundle speaks of the channel and place that its proof is about, and of the channel that is expected. */
function checkChannel(
  { bundle }: ReadBundle,
  { scene }: EvidenceChecker,
  pins: ChannelPins | null,
): readonly EvidenceFinding[] {
  const { channel, place, ledger } = bundle;
  if (
    channel.id !== scene.channelId ||
    channel.network !== scene.network ||
    channel.technology !== ledger.technology
  ) {
    throw new EvidenceFault("channel", "The bundle names another channel than its proof is about.");
  }
  const time = new Date(scene.time * 1000).toISOString();
  if (place.txn !== scene.txn || place.height !== scene.height || place.time !== time) {
    throw new EvidenceFault("place", "The bundle names another place of the ledger than its proof is about.");
  }
  const at = pass("place", `The ledger recorded it in block ${scene.height}, at ${time}.`);
  if (pins === null) {
    const detail = `The channel is ${scene.channelId}, its code ${scene.codeHash}, as the bundle says: see that they are the ones you know.`;
    return [at, { check: "channel", outcome: "unknown", detail }];
  }
  const mismatch =
    (pins.id.toLowerCase() !== scene.channelId && `the channel is ${scene.channelId}`) ||
    (pins.genesisHash !== undefined &&
      pins.genesisHash.toLowerCase() !== scene.genesisHash &&
      `the ledger begins with ${scene.genesisHash}`) ||
    (pins.codeHash !== undefined &&
      pins.codeHash.toLowerCase() !== scene.codeHash &&
      `the contract's code is ${scene.codeHash}`);
  if (mismatch !== false)
    throw new EvidenceFault("channel", `It is not the channel that is expected: ${mismatch}.`);
  return [at, pass("channel", `The channel is the one expected: ${scene.channelId}.`)];
}

function attestationOf(read: ReadBundle): EvidenceAttestation {
  const { bundle, signature } = read;
  return {
    participant: exporterOf(read),
    payload: attestedBytes(bundle),
    signed: { account: bundle.attestation.account, signature },
  };
}

/** What a pinned header cannot show. */
function unasked({ bundle }: ReadBundle): readonly EvidenceFinding[] {
  const detail =
    bundle.certificate === null
      ? `That the exporting account speaks for ${bundle.exportedBy} shows when the ledger is asked.`
      : `Where the certificate stood at ${bundle.exportedAt} is stated by ${bundle.exportedBy}, not proved; where it stands now, only the ledger tells.`;
  return [{ check: "state-now", outcome: "unknown", detail }];
}

/** An acquittal or revocation is never undone, so that a bundle cannot have seen one that the ledger does not have. */
function stateNow({ bundle }: ReadBundle, { effect, certificate }: LedgerAnswer): readonly EvidenceFinding[] {
  if (effect !== bundle.effect) {
    throw new EvidenceFault(
      "effect",
      `On this channel the message's type is one to ${effect ?? "do nothing"}.`,
    );
  }
  if (certificate === null) return [];
  const stated = bundle.certificate;
  if (
    (stated?.acquitted === true && !certificate.acquitted) ||
    (stated?.revoked === true && !certificate.revoked)
  ) {
    throw new EvidenceFault("state", "The bundle states a use or revocation that the ledger does not know.");
  }
  return [pass("state-now", `The certificate now is ${wordFor(certificate)}.`)];
}

/** Where a certificate stands, in a word. */
export function wordFor({ revoked, acquitted, expired }: CertificateState): string {
  if (revoked) return acquitted ? "revoked (after it was used)" : "revoked";
  if (acquitted) return "used";
  return expired ? "expired" : "live";
}

function pass(check: string, detail: string): EvidenceFinding {
  return { check, outcome: "pass", detail };
}
