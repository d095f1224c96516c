import type { Refusal } from "../channel.ts";
import { refusal, type RefusalCode } from "../refusals.ts";

/** Thrown by the rules: the ledger refuses, and its state is as before. */
export class LedgerRefusal extends Error {
  readonly refusal: Refusal;

  constructor(code: RefusalCode, nature?: Refusal["nature"]) {
    super(code);
    this.name = "LedgerRefusal";
    this.refusal = refusal(code, nature === undefined ? {} : { nature });
  }
}

/** @throws LedgerRefusal with this code unless the condition holds */
export function require(condition: boolean, code: RefusalCode): void {
  if (!condition) throw new LedgerRefusal(code);
}
