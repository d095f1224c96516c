import { Problem } from "./problems.ts";

/** A message type: an IRI or dotted name out of a controlled vocabulary. Which ones exist is data of each channel. */
export type Predicate = string & { readonly __predicate: true };

/** What the ledger does with a message of a type (PROTOCOL §4). */
export type Effect = "inform" | "issue" | "acquit" | "revoke";

/** A message type as a channel registered it. `target` is the issuing type that an acquitting or revoking type acts on. */
export interface MessageType {
  readonly predicate: Predicate;
  readonly effect: Effect;
  readonly batchable: boolean;
  readonly closed: boolean;
  readonly target: Predicate | null;
}

const PREDICATE = /^[\x21-\x7e]{1,200}$/;

/** @throws Problem `malformed-message` when `text` is not 1 to 200 printable ASCII characters without spaces */
export function parsePredicate(text: string): Predicate {
  if (!PREDICATE.test(text)) {
    throw new Problem(
      "malformed-message",
      "A predicate is 1 to 200 printable ASCII characters without spaces.",
    );
  }
  return text as Predicate;
}
