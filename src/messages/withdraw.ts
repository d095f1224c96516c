import { actorOf } from "../audit/act.ts";
import { recordActs } from "../audit/audit-repository.ts";
import { Problem } from "../domain/problems.ts";
import { actingUser, type UserCaller } from "../identity/caller.ts";
import type { Store } from "../store/store.ts";
import { appendJournal } from "./journal-repository.ts";
import { removeUnsigned } from "./outbox-repository.ts";

/**
 * Takes a message back before anything of it was signed (PROTOCOL §3).
 *
 * @param now milliseconds since 1970
 * @throws Problem `not-withdrawable` when it is already on its way, has ended, or was not posted here
 */
export async function withdrawMessage(
  store: Store,
  messageId: string,
  now: number,
  caller: UserCaller,
): Promise<void> {
  await store.transact(async (db) => {
    const moved = await appendJournal(db, {
      messageId,
      status: "withdrawn",
      at: now,
      by: actingUser(caller),
    });
    if (!moved || !(await removeUnsigned(db, messageId))) {
      throw new Problem(
        "not-withdrawable",
        "The message is already on its way or has ended: a certificate issued in error is revoked instead.",
      );
    }
    await recordActs(db, [{ act: "message.withdrawn", actor: actorOf(caller), object: messageId, at: now }]);
  });
}
