import type { Kysely } from "kysely";

import type { Digest } from "../domain/multihash.ts";
import type { SubjectPattern } from "../domain/subject-pattern.ts";
import type { Schema } from "../store/schema.ts";
import { withinSubjects } from "../store/within-subjects.ts";

/** Whether a user brought these bytes, also where another had brought the same before. Issuer and subject name the user. */
export async function wasBroughtBy(db: Kysely<Schema>, digest: Digest, name: string): Promise<boolean> {
  const row = await db
    .selectFrom("audit")
    .select("seq")
    .where("object", "=", digest)
    .where("act", "=", "document.stored")
    .where("actor_kind", "=", "user")
    .where("actor", "=", name)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Whether a message about one of some subjects brought a document here, or sent it. One that came in from elsewhere counts
 * only where its sender has shown the bytes: to name the hash of another's document is not to be given it.
 *
 * @param origin of the document, as it is or was held here
 */
export async function isNamedWithin(
  db: Kysely<Schema>,
  { digest, origin }: { readonly digest: Digest; readonly origin: "user" | "fetched" },
  subjects: readonly SubjectPattern[],
): Promise<boolean> {
  const row = await db
    .selectFrom("message as m")
    .select("m.id")
    .where("m.digest", "=", digest)
    .where(withinSubjects("m.subject", subjects))
    .where((eb) =>
      eb.or([
        eb("m.direction", "=", "outgoing"),
        ...(origin === "user"
          ? []
          : [
              eb.exists(
                eb
                  .selectFrom("document_fetch as f")
                  .select("f.message_id")
                  .whereRef("f.message_id", "=", "m.id")
                  .where("f.state", "=", "done"),
              ),
            ]),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
