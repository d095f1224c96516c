import { createHash } from "node:crypto";

import canonicalize from "canonicalize";

import type { LedgerEvidence } from "../channels/channel.ts";
import { EvidenceFault } from "../channels/evidence.ts";
import type { BatchHeader } from "../domain/batch.ts";
import { fromHex, isHex32, type Hex32 } from "../domain/hex.ts";
import {
  isMessageId,
  parseMessage,
  type Message,
  type MessageId,
  type WireMessage,
} from "../domain/message.ts";
import { parseDomain, type Domain } from "../domain/participant.ts";
import { Problem } from "../domain/problems.ts";
import { readBatchHeader, type WireBatchHeader } from "./batch-header.ts";

/** Names the form of a bundle; another form gets another name. */
export const EVIDENCE_FORMAT = "icl-evidence-1";

/** Where a certificate stood when its evidence was exported, as the exporting node states it. */
export interface StatedCertificate {
  readonly issued: boolean;
  readonly acquitted: boolean;
  readonly revoked: boolean;
  readonly expired: boolean;
  readonly duplicate: boolean;
  readonly acquittedBy: string | null;
  readonly acquittedAt: string | null;
  readonly revokedBy: string | null;
  readonly revokedAt: string | null;
  /** Where the evidence of the acquittal and of the revocation is found. */
  readonly links: Readonly<Record<string, string>>;
}

/** How a message that has no event of its own is on the ledger. */
export type WireInclusion =
  /** It is the one at `index` of the batch. */
  | {
      readonly kind: "batch";
      readonly header: WireBatchHeader;
      readonly index: number;
      readonly proof: readonly Hex32[];
    }
  /** It settled the certificate at `index` of the batch, which `issuance` issued. */
  | {
      readonly kind: "settlement";
      readonly issuance: WireMessage;
      readonly header: WireBatchHeader;
      readonly index: number;
      readonly proof: readonly Hex32[];
    };

/** What a node vouches for: all of a bundle but the signature. */
export interface EvidenceContent {
  readonly format: typeof EVIDENCE_FORMAT;
  readonly id: MessageId;
  readonly message: WireMessage;
  /** What the message's type does. */
  readonly effect: string;
  readonly channel: {
    readonly id: string;
    readonly name: string;
    readonly technology: string;
    readonly network: string;
    readonly type: "test" | "production";
  };
  /** Where the ledger recorded it. */
  readonly place: {
    readonly txn: string;
    readonly height: number;
    readonly index: number;
    readonly time: string;
  };
  readonly inclusion: WireInclusion | null;
  readonly ledger: LedgerEvidence;
  readonly certificate: StatedCertificate | null;
  readonly exportedAt: string;
  readonly exportedBy: Domain;
  /** The exporting node. */
  readonly node: string;
}

/**
 * A self-contained proof that a ledger recorded a message. What is proved by the ledger's own hashes is proved; what is
 * merely stated (the certificate at export, the channel's name) bears the signature of the exporting node.
 */
export interface EvidenceBundle extends EvidenceContent {
  readonly attestation: { readonly account: string; readonly signature: string };
}

/** A bundle, read. */
export interface ReadBundle {
  readonly bundle: EvidenceBundle;
  readonly message: Message;
  readonly inclusion: {
    readonly kind: "batch" | "settlement";
    readonly header: BatchHeader;
    readonly index: number;
    readonly proof: readonly Hex32[];
    /** Of a settlement, the message that issued the certificate. */
    readonly issuance: Message | null;
  } | null;
  readonly signature: Uint8Array;
}

/**
 * What the exporting node signs: the hash of the content's canonical form (RFC 8785). It begins with a word of its own, so
 * that the signature means nothing else.
 */
export function attestedBytes(content: EvidenceContent): Uint8Array {
  const canonical = canonicalize({ ...content, attestation: undefined });
  if (canonical === undefined) throw new TypeError("A bundle of evidence is a JSON object.");
  const hash = createHash("sha256").update(canonical).digest("hex");
  return new TextEncoder().encode(`ICL-EVIDENCE sha256:${hash}`);
}

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads a bundle.
 *
 * @param value parsed JSON
 * @throws EvidenceFault `form`
 */
export function readBundle(value: unknown): ReadBundle {
  const bundle = membersOf(value, "bundle");
  if (bundle.format !== EVIDENCE_FORMAT) {
    throw new EvidenceFault("form", `This is no bundle of evidence in the form ${EVIDENCE_FORMAT}.`);
  }
  const [channel, place, ledger] = ["channel", "place", "ledger"].map((name) =>
    membersOf(bundle[name], name),
  );
  const attestation = membersOf(bundle.attestation, "attestation");
  texts(bundle, ["id", "effect", "exportedAt", "exportedBy", "node"]);
  texts(channel ?? {}, ["id", "name", "technology", "network", "type"]);
  texts(place ?? {}, ["txn", "time"]);
  texts(ledger ?? {}, ["technology"]);
  texts(attestation, ["account", "signature"]);
  membersOf(ledger?.proof, "ledger.proof");
  const { height, index } = place ?? {};
  if (!isCount(height) || !isCount(index)) throw malformed("place");
  if (bundle.certificate !== null) membersOf(bundle.certificate, "certificate");
  if (!isMessageId(String(bundle.id))) throw malformed("id");
  const signature = String(attestation.signature);
  if (!/^0x(?:[0-9a-f]{2}){1,1000}$/.test(signature)) throw malformed("attestation.signature");
  return {
    bundle: value as EvidenceBundle,
    message: messageIn(bundle.message, "message"),
    inclusion: bundle.inclusion === null ? null : inclusionIn(membersOf(bundle.inclusion, "inclusion")),
    signature: fromHex(signature),
  };
}

function inclusionIn(inclusion: Members): ReadBundle["inclusion"] {
  const { kind, index, proof } = inclusion;
  if ((kind !== "batch" && kind !== "settlement") || !isCount(index)) throw malformed("inclusion");
  if (!Array.isArray(proof) || proof.length > 32 || !proof.every(isHex32)) throw malformed("inclusion.proof");
  return {
    ...{ kind, index, proof },
    header: parsed("inclusion.header", () =>
      readBatchHeader(membersOf(inclusion.header, "inclusion.header")),
    ),
    issuance: kind === "settlement" ? messageIn(inclusion.issuance, "inclusion.issuance") : null,
  };
}

function messageIn(value: unknown, what: string): Message {
  const members = membersOf(value, what);
  const names = ["sender", "receiver", "subject", "predicate", "obj"];
  texts(members, members.validUntil === undefined ? names : [...names, "validUntil"]);
  return parsed(what, () => parseMessage(members as unknown as WireMessage));
}

function parsed<T>(what: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof Problem) throw malformed(what);
    throw error;
  }
}

/** Who exported a bundle. @throws EvidenceFault `form` */
export function exporterOf({ bundle }: ReadBundle): Domain {
  return parsed("exportedBy", () => parseDomain(bundle.exportedBy));
}

function membersOf(value: unknown, what: string): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(what);
  return value as Members;
}

function texts(members: Members, names: readonly string[]): void {
  for (const name of names) if (typeof members[name] !== "string") throw malformed(name);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function malformed(what: string): EvidenceFault {
  return new EvidenceFault("form", `The bundle is not complete, or not as it should be: ${what}.`);
}
