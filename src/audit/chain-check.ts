import { createHash } from "node:crypto";

import type { AuditRow } from "./audit-repository.ts";

/** The end of the chain: how many acts it holds, and the hash of the last. Written down elsewhere, it pins all before it. */
export interface AuditHead {
  readonly position: number;
  readonly hash: string;
}

/** An act that is not as it was chained. */
export interface ChainFault {
  readonly position: number;
  readonly detail: string;
}

/** The head of a chain that holds nothing. */
export const emptyHead: AuditHead = { position: 0, hash: "0".repeat(64) };

/**
 * The hash of an act at its place in the chain.
 *
 * @param previous the hash of the act before it
 */
export function hashOf(row: AuditRow, position: number, previous: string): string {
  const { seq, at, act, actor_kind, actor, account, object, request_id, detail } = row;
  const content = [
    position,
    previous,
    ...[seq, at, act, actor_kind, actor],
    ...[account, object, request_id, detail],
  ];
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

/** Checks acts one after the other, in the order of their positions, wherever they come from. */
export class ChainCheck {
  readonly #expected: AuditHead | null;
  #head = emptyHead;

  /** @param expected a head written down earlier, elsewhere */
  constructor(expected: AuditHead | null) {
    this.#expected = expected;
  }

  /** The end of what was found whole. */
  get head(): AuditHead {
    return this.#head;
  }

  /** @returns what is wrong with the next act; null where it is as it was chained */
  take(row: AuditRow): ChainFault | null {
    const position = this.#head.position + 1;
    if (row.position !== position) return { position, detail: "The act at this position is gone." };
    const hash = hashOf(row, position, this.#head.hash);
    if (row.hash !== hash) {
      return { position, detail: "This act, or one before it, is not as it was chained." };
    }
    this.#head = { position, hash };
    if (this.#expected?.position === position && this.#expected.hash !== hash) {
      return {
        position,
        detail: "Up to this position the log is another than the one that was written down.",
      };
    }
    return null;
  }

  /** @returns what is wrong with where the log ends; null where nothing is */
  end(): ChainFault | null {
    if (this.#expected === null || this.#expected.position <= this.#head.position) return null;
    return {
      position: this.#head.position + 1,
      detail: "The log ends before the position that was written down.",
    };
  }
}
