import type { Domain } from "../../domain/participant.ts";
import type { Predicate } from "../../domain/predicate.ts";
import type { LedgerEvent } from "../channel.ts";
import { RightsBook } from "../rights-book.ts";
import type { ParticipantRights } from "../rights.ts";

/** Who may do what after these events of a ledger in memory, which knows no admins. */
export function rightsAfter(events: readonly LedgerEvent[]): readonly ParticipantRights[] {
  const book = new RightsBook();
  for (const event of events) {
    if (event.kind === "participant") {
      if (event.status === "withdrawn") book.withdraw(event.participant);
      else book.seat(event.participant, null);
    }
    if (event.kind !== "other") continue;
    const { participant = "", predicate = "", account = "" } = event.fields;
    const [domain, type] = [participant as Domain, predicate as Predicate];
    if (event.name === "OperatorAppointed") book.appointOperator(domain, type, account);
    if (event.name === "OperatorDismissed") book.dismissOperator(domain, type, account);
    if (event.name === "NodeKeyAppointed") book.appointNodeKey(domain, account);
    if (event.name === "NodeKeyDismissed") book.dismissNodeKey(domain, account);
  }
  return book.all();
}
