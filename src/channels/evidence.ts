import type { BatchHeader } from "../domain/batch.ts";
import type { CertificateState } from "../domain/certificate.ts";
import type { Message } from "../domain/message.ts";
import type { Domain } from "../domain/participant.ts";
import type { Effect } from "../domain/predicate.ts";
import type { AccountSignature } from "./channel.ts";

/** What evidence is to show: that a ledger took a message, by itself or as one of a batch. */
export type EvidenceClaim =
  | { readonly kind: "message"; readonly message: Message }
  /** The batch `header` was anchored; that the message is in it is shown by its inclusion proof, not by the ledger. */
  | {
      readonly kind: "batch";
      readonly message: Message;
      readonly header: BatchHeader;
      readonly index: number;
    }
  /** `message` acquitted or revoked the certificate at `index` of the batch `header`. */
  | {
      readonly kind: "settlement";
      readonly message: Message;
      readonly header: BatchHeader;
      readonly index: number;
    };

/** One thing that was looked at. */
export interface EvidenceFinding {
  /** Stable, such as `receipt-proof`. */
  readonly check: string;
  /** `unknown`: this evidence, or this way of checking it, does not show it. */
  readonly outcome: "pass" | "fail" | "unknown";
  /** A sentence for a person. */
  readonly detail: string;
}

/** Why evidence is refused. */
export class EvidenceFault extends Error {
  /** Stable, such as `receipt-proof`: the check that failed. */
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.name = "EvidenceFault";
    this.code = code;
  }
}

/** What the evidence itself says where and on which channel the event is. Nothing of it is checked yet. */
export interface EvidenceScene {
  /** The channel's id, such as `eip155:31337:0x5fbd…`. */
  readonly channelId: string;
  readonly network: string;
  readonly genesisHash: string;
  readonly codeHash: string;
  readonly txn: string;
  readonly height: number;
  readonly time: number;
  readonly blockHash: string;
}

/** Who vouches for a bundle as a whole, and over what. */
export interface EvidenceAttestation {
  readonly participant: Domain;
  readonly payload: Uint8Array;
  readonly signed: AccountSignature;
}

/** What the ledger itself says. */
export interface LedgerAnswer {
  /** What the type of the claimed message does; null when the channel has no such type. */
  readonly effect: Effect | null;
  /** What the final state knows now of the certificate that the claimed message issued; null where it issues none. */
  readonly certificate: CertificateState | null;
  readonly findings: readonly EvidenceFinding[];
}

/** Checks one piece of a plug-in's evidence, on a machine that runs no node. */
export interface EvidenceChecker {
  readonly scene: EvidenceScene;

  /**
   * Checks that the block of hash `trusted` records the claim. Asks nobody.
   *
   * @param trusted the hash of a block that is known to be the ledger's
   * @returns what was found; none of it fails
   * @throws EvidenceFault
   */
  checkRecord(claim: EvidenceClaim, trusted: string): readonly EvidenceFinding[];

  /**
   * Checks that a signature is of the account it names; whose account that is, only the ledger knows. Asks nobody.
   *
   * @throws EvidenceFault `attestation`
   */
  checkSignature(attestation: EvidenceAttestation): EvidenceFinding;

  /**
   * Asks the ledger whether the evidence is about it, and what has become of the certificate since.
   *
   * @param rpcUrl where a client of the ledger answers
   * @throws EvidenceFault; ChannelFailure when the ledger is out of reach
   */
  checkLedger(rpcUrl: string, claim: EvidenceClaim, attestation: EvidenceAttestation): Promise<LedgerAnswer>;
}
