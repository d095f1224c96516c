import { actorOf } from "../audit/act.ts";
import { recordActs } from "../audit/audit-repository.ts";
import { nameOf } from "../documents/documents.ts";
import { Problem } from "../domain/problems.ts";
import type { UserCaller } from "../identity/caller.ts";
import type { Store } from "../store/store.ts";
import { forgottenUntil } from "./notification-repository.ts";
import { findReplayable, setBack } from "./replay-repository.ts";

/**
 * Has a subscriber told once more of everything after an event, in order and at least once.
 *
 * @param request `caller`: the subscription's owner, or an administrator; `after`: the event's id, 0 for everything that is
 *   kept; `now`: milliseconds since 1970
 * @throws Problem `not-found`, `subscription-over`, `events-forgotten`, or `malformed-request` for an event that the
 *   subscriber has not been told of yet
 */
export async function replayEvents(
  store: Store,
  request: { readonly caller: UserCaller; readonly id: string; readonly after: number; readonly now: number },
): Promise<void> {
  const { caller, id, after, now } = request;
  await store.transact(async (db) => {
    const found = await findReplayable(db, id);
    if (found === null || (found.owner !== nameOf(caller) && !caller.roles.has("admin"))) {
      throw new Problem("not-found", "There is no subscription with this id that you may replay.");
    }
    if (found.state !== "active") {
      throw new Problem("subscription-over", "The subscription is not active: subscribe again first.");
    }
    if (after > found.position) {
      throw new Problem(
        "malformed-request",
        `The subscriber has been told of events up to ${found.position}: give after as one of these, or 0.`,
      );
    }
    const forgotten = await forgottenUntil(db);
    if (after < forgotten) {
      throw new Problem(
        "events-forgotten",
        `Events up to ${forgotten} are no longer kept: replay from there, and read GET /messages for those before.`,
      );
    }
    await setBack(db, id, after, now);
    const detail = { after, before: found.position };
    await recordActs(db, [
      { act: "subscription.replayed", actor: actorOf(caller), object: id, at: now, detail },
    ]);
  });
}
