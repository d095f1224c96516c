import { createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from "node:crypto";

import type { BatchHeader } from "../../domain/batch.ts";
import type { CertificateState } from "../../domain/certificate.ts";
import type { Message } from "../../domain/message.ts";
import type { Domain } from "../../domain/participant.ts";
import {
  ChannelFailure,
  type AccountSignature,
  type Channel,
  type ChannelDescription,
  type EvidencePlace,
  type Judgement,
  type LedgerEvidence,
  type LedgerPage,
  type Progress,
  type Submission,
} from "../channel.ts";
import type { ChannelRights } from "../rights.ts";
import type { SigningAccount } from "../signing-account.ts";
import { MAX_BATCH } from "./memory-batches.ts";
import type { MemoryLedger } from "./memory-ledger.ts";
import { rightsAfter } from "./memory-rights.ts";

/** An account of the ledger in memory: an Ed25519 key, named by its public half in hexadecimal. */
export interface MemoryAccount {
  readonly account: string;
  readonly key: KeyObject;
}

/** A new account with a key of its own. */
export function createMemoryAccount(): MemoryAccount {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return { account: publicKey.export({ format: "der", type: "spki" }).toString("hex"), key: privateKey };
}

const PAGE_BLOCKS = 100;

/** An account that stands for another key than one of this ledger, as the pin of a TLS key does: it signs nothing here. */
function isPin(account: string): boolean {
  return account.startsWith("0x");
}

interface Cursor {
  readonly followed: number;
  readonly final: number;
  /** Hashes of the blocks from `final` to `followed`. */
  readonly hashes: readonly string[];
}

/**
 * A channel on a `MemoryLedger`, **for tests only**. What it has taken charge of is kept by the ledger, so that a channel
 * closed and opened again on the same ledger stands for a node that was restarted.
 */
export class MemoryChannel implements Channel {
  readonly description: ChannelDescription;
  readonly #ledger: MemoryLedger;
  readonly #operator: MemoryAccount;
  readonly #nodeKey: MemoryAccount;

  /**
   * @param accounts `operator` sends messages, `nodeKey` speaks for the node; the ledger has to have appointed them
   */
  constructor(
    ledger: MemoryLedger,
    accounts: { readonly operator: MemoryAccount; readonly nodeKey: MemoryAccount },
  ) {
    this.#ledger = ledger;
    this.#operator = accounts.operator;
    this.#nodeKey = accounts.nodeKey;
    this.description = {
      ...ledger.terms,
      id: ledger.id,
      technology: "memory",
      network: "memory",
      predecessor: ledger.predecessor,
      finality: ledger.finality,
      limits: { subjectLength: 200, batchSize: MAX_BATCH },
    };
  }

  read(cursor: string | null): Promise<LedgerPage> {
    return this.#ask(() => {
      const last = cursor === null ? { followed: 0, final: 0, hashes: [] } : (JSON.parse(cursor) as Cursor);
      const ancestor = this.#ancestor(last);
      const followed = Math.min(this.#ledger.head, ancestor + PAGE_BLOCKS);
      const final = Math.max(last.final, Math.min(this.#ledger.final, followed));
      const heights = Array.from({ length: followed - ancestor }, (_, index) => ancestor + index + 1);
      const next: Cursor = {
        followed,
        final,
        hashes: Array.from({ length: followed - final + 1 }, (_, index) => this.#hash(final + index)),
      };
      return {
        retractAbove: ancestor < last.followed ? ancestor : null,
        events: heights.flatMap((height) => this.#ledger.block(height)?.events ?? []),
        followed,
        final,
        head: this.#ledger.head,
        cursor: JSON.stringify(next),
      };
    });
  }

  judge(submission: Submission): Promise<Judgement> {
    return this.#ask(() => {
      const call = { ...submission, operator: this.#operator.account };
      const newest = this.#ledger.judge(call, "head");
      if (newest === null) return { accepted: true };
      const settled = this.#ledger.judge(call, "final");
      return settled?.code === newest.code
        ? { accepted: false, refusal: settled, final: true, height: this.#ledger.final }
        : { accepted: false, refusal: newest, final: false, height: this.#ledger.head };
    });
  }

  submit(submission: Submission): Promise<void> {
    return this.#ask(() => {
      this.#ledger.carry(submission.key, { ...submission, operator: this.#operator.account });
    });
  }

  progress(key: string): Promise<Progress> {
    return this.#ask(() => {
      const found = this.#ledger.find(this.#operator.account, key);
      if (found === undefined) return { state: "absent" };
      const { txn, height, refusal } = found;
      if (height === undefined) return { state: "carried", txn };
      if (height > this.#ledger.final) return { state: "included", txn, height };
      return refusal === undefined
        ? { state: "accepted", txn, height }
        : { state: "refused", txn, height, refusal };
    });
  }

  certificateState(issuance: Message): Promise<CertificateState> {
    return this.#ask(() => this.#ledger.stateOf(issuance));
  }

  batchedCertificateState(header: BatchHeader, index: number): Promise<CertificateState> {
    return this.#ask(() => this.#ledger.batchedStateOf(header, index));
  }

  /** The block's hash and the event: as good as the word of this process. */
  evidence({ position, txn }: EvidencePlace): Promise<LedgerEvidence> {
    return this.#ask(() => {
      const block = position.height > this.#ledger.final ? undefined : this.#ledger.block(position.height);
      const event = block?.events[position.index];
      if (block === undefined || event?.txn !== txn) {
        throw new ChannelFailure("retry", "evidence-unavailable", "The ledger has no such final event.");
      }
      return {
        technology: "memory",
        proof: { block: { ...position, hash: block.hash }, event: { ...event } },
      };
    });
  }

  signAsNode(payload: Uint8Array): Promise<AccountSignature> {
    const signature = new Uint8Array(sign(null, payload, this.#nodeKey.key));
    return Promise.resolve({ account: this.#nodeKey.account, signature });
  }

  isNodeSignature(participant: Domain, payload: Uint8Array, signed: AccountSignature): Promise<boolean> {
    return this.#ask(() => {
      // Only what the ledger itself has appointed is ever read as a key.
      if (!this.#ledger.isNodeKey(participant, signed.account) || isPin(signed.account)) return false;
      const key = createPublicKey({ key: Buffer.from(signed.account, "hex"), format: "der", type: "spki" });
      return verify(null, payload, key, signed.signature);
    });
  }

  isNodeKey(participant: Domain, account: string): Promise<boolean> {
    return this.#ask(() => this.#ledger.isNodeKey(participant, account));
  }

  rights(): Promise<ChannelRights> {
    return this.#ask(() => {
      const { final: height } = this.#ledger;
      const heights = Array.from({ length: height }, (_, index) => index + 1);
      const events = heights.flatMap((each) => this.#ledger.block(each)?.events ?? []);
      return { height, consortium: [], participants: rightsAfter(events) };
    });
  }

  /** Nothing is paid here, and a transaction has no nonce: what waits is told by the ledger's pool alone. */
  signingAccounts(): Promise<readonly SigningAccount[]> {
    const nothing = {
      ...{ unit: null, nextNonce: null, ledger: null, failure: null },
      ...{ inFlight: [], inFlightTotal: 0, spent: null },
    };
    return Promise.resolve([
      { account: this.#operator.account, use: "operator", ...nothing },
      { account: this.#nodeKey.account, use: "node", ...nothing },
    ]);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The last height up to which the ledger is still the one followed so far. */
  #ancestor(last: Cursor): number {
    for (let height = last.followed; height >= last.final; height -= 1) {
      if (this.#hash(height) === (last.hashes[height - last.final] ?? "")) return height;
    }
    throw new ChannelFailure(
      "stop",
      "fork-below-final",
      `The ledger has replaced block ${last.final}, which was final.`,
    );
  }

  #hash(height: number): string {
    return this.#ledger.block(height)?.hash ?? "";
  }

  async #ask<T>(question: () => T): Promise<T> {
    // A ledger never answers within the caller's own turn.
    await Promise.resolve();
    this.#ledger.requireReachable();
    return question();
  }
}
