import { Router } from "express";

import { isMessageId } from "../domain/message.ts";
import { Problem } from "../domain/problems.ts";
import type { Caller } from "../identity/caller.ts";
import { maySee } from "../messages/sending-rights.ts";
import { findMessage, type MessageRow } from "../messages/message-repository.ts";
import { exportEvidence, type EvidenceOptions } from "../verification/export-evidence.ts";
import { callerOf } from "./caller.ts";

/** `GET /messages/{id}/evidence` (PROTOCOL §5; openapi/evidence.yaml). */
export function evidenceRouter(options: EvidenceOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get("/messages/:id/evidence", async (request, response) => {
    const caller = callerOf(response);
    if (caller.kind === "user" && !caller.roles.has("messages:read")) {
      throw new Problem(
        "not-allowed",
        "Reading evidence needs the role messages:read: ask your administrator to grant it.",
      );
    }
    const { id } = request.params;
    const row = isMessageId(id) ? await findMessage(options.store.db, id) : null;
    if (row === null || !concerns(row, caller)) {
      throw new Problem("not-found", "There is no message with this id that you may see: check the id.");
    }
    const bundle = await exportEvidence(options, row);
    response.attachment(`evidence-${row.id}.json`).json(bundle);
  });
  return router;
}

/** As for the message's record: its parties, a user about the user's subjects, a node on the channel by which it is known. */
function concerns(row: MessageRow, caller: Caller): boolean {
  const isParty = row.sender === caller.participant || row.receiver === caller.participant;
  if (!isParty) return false;
  return caller.kind === "user"
    ? maySee(caller, row.subject, ["messages:read"])
    : caller.channelId === row.channel_id;
}
