import { userNamed, type Act } from "../audit/act.ts";
import type { Schema } from "../store/schema.ts";
import type { HeldDocument } from "./document-repository.ts";

/** How storing a document goes on record: by the user who brought it, or by this node's fetcher. `at` is milliseconds since 1970. */
export function storing(document: HeldDocument & { readonly at: number }): Act {
  const { digest, origin, storedBy, size, mediaType, at } = document;
  return origin === "user"
    ? { act: "document.stored", actor: userNamed(storedBy), object: digest, at, detail: { size, mediaType } }
    : {
        act: "document.fetched",
        actor: { kind: "system", name: "fetcher" },
        object: digest,
        at,
        detail: { size, mediaType, from: storedBy },
      };
}

/** How opening a document to a participant goes on record: by the ledger's final word, or by an administrator's hand. */
export function opening(row: Schema["document_acl"]): Act {
  const byLedger = row.granted_by === "ledger";
  return {
    act: "document.opened",
    actor: byLedger ? { kind: "system", name: "ledger" } : userNamed(row.granted_by),
    object: row.digest,
    at: row.granted_at,
    detail: { participant: row.participant, messageId: row.message_id },
  };
}
