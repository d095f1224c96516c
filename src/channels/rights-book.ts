import type { Domain } from "../domain/participant.ts";
import type { Predicate } from "../domain/predicate.ts";
import type { ParticipantRights } from "./rights.ts";

interface Entry {
  admin: string | null;
  /** By account. */
  readonly operators: Map<string, Set<Predicate>>;
  readonly nodeKeys: Set<string>;
}

/** Rights as they come about: a fold over what a ledger announced, in its order. */
export class RightsBook {
  readonly #entries = new Map<Domain, Entry>();

  /** A participant is known from now on; an admin that is named takes the place of the one before. */
  seat(participant: Domain, admin: string | null): void {
    const entry = this.#entries.get(participant);
    if (entry === undefined) {
      this.#entries.set(participant, { admin, operators: new Map(), nodeKeys: new Set() });
    } else if (admin !== null) entry.admin = admin;
  }

  /** A participant is known no more. */
  withdraw(participant: Domain): void {
    this.#entries.delete(participant);
  }

  appointOperator(participant: Domain, predicate: Predicate, account: string): void {
    const operators = this.#entries.get(participant)?.operators;
    operators?.set(account, (operators.get(account) ?? new Set()).add(predicate));
  }

  dismissOperator(participant: Domain, predicate: Predicate, account: string): void {
    const operators = this.#entries.get(participant)?.operators;
    const predicates = operators?.get(account);
    predicates?.delete(predicate);
    if (predicates?.size === 0) operators?.delete(account);
  }

  appointNodeKey(participant: Domain, account: string): void {
    this.#entries.get(participant)?.nodeKeys.add(account);
  }

  dismissNodeKey(participant: Domain, account: string): void {
    this.#entries.get(participant)?.nodeKeys.delete(account);
  }

  /** All of it, by names. */
  all(): readonly ParticipantRights[] {
    return [...this.#entries]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([participant, { admin, operators, nodeKeys }]) => ({
        ...{ participant, admin },
        operators: [...operators]
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([account, predicates]) => ({ account, predicates: [...predicates].sort() })),
        nodeKeys: [...nodeKeys].sort(),
      }));
  }
}
