import { userNamed, type Act } from "../audit/act.ts";
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
