import type { Kysely } from "kysely";

import type { Digest } from "../domain/multihash.ts";
import type { Domain } from "../domain/participant.ts";
import { Problem } from "../domain/problems.ts";
import type { SubjectPattern } from "../domain/subject-pattern.ts";
import type { Schema } from "../store/schema.ts";
import { wasFetchedFrom } from "./document-repository.ts";
import { isNamedWithin, wasBroughtBy } from "./readable-repository.ts";

// SQLite takes 32,766 parameters in a statement.
const DIGESTS_A_STATEMENT = 5_000;

/**
 * Makes sure that a document may be named in a message to `receiver` (PROTOCOL §7, trap 7): this node holds it, and it
 * was brought by this node's own user, or it came from that very receiver on the same channel, to whom it discloses
 * nothing. On another channel the same name may be another's seat.
 *
 * @throws Problem `document-not-held` or `document-not-shareable`
 */
export async function checkShareable(
  db: Kysely<Schema>,
  {
    digest,
    receiver,
    channelId,
  }: { readonly digest: Digest; readonly receiver: Domain; readonly channelId: string },
): Promise<void> {
  const [problem] = await unshareable(db, [{ digest, receiver, channelId }]);
  if (problem instanceof Problem) throw problem;
}

/** A document that is to be named in a message. */
export interface Sharing {
  readonly digest: Digest;
  readonly receiver: Domain;
  readonly channelId: string;
  /** Who names it, where they are limited to subjects: they must be able to read it. Issuer and subject are the name. */
  readonly by?: { readonly name: string; readonly subjects: readonly SubjectPattern[] };
}

/**
 * Which of some documents may not be named in messages, as `checkShareable` says of one.
 *
 * @returns for each, in their order, the problem, or null where it may be named
 */
export async function unshareable(
  db: Kysely<Schema>,
  list: readonly Sharing[],
): Promise<readonly (Problem | null)[]> {
  const origins = new Map<string, "user" | "fetched">();
  const digests = [...new Set(list.map(({ digest }) => digest))];
  for (let start = 0; start < digests.length; start += DIGESTS_A_STATEMENT) {
    const rows = await db
      .selectFrom("document")
      .select(["digest", "origin"])
      .where("digest", "in", digests.slice(start, start + DIGESTS_A_STATEMENT))
      .execute();
    for (const { digest, origin } of rows) origins.set(digest, origin);
  }
  const fetched = new Map<string, boolean>();
  const problems: (Problem | null)[] = [];
  for (const { digest, receiver, channelId, by } of list) {
    const origin = origins.get(digest);
    // What is hidden from them is answered as what is not here.
    if (origin === undefined || (by !== undefined && !(await mayName(db, { digest, origin }, by)))) {
      problems.push(
        new Problem(
          "document-not-held",
          "This node does not hold the document: store it with POST /documents, then send the message.",
        ),
      );
      continue;
    }
    const key = `${digest} ${receiver} ${channelId}`;
    if (origin !== "user" && !fetched.has(key)) {
      fetched.set(key, await wasFetchedFrom(db, { digest, source: receiver, channelId }));
    }
    problems.push(
      origin === "user" || fetched.get(key) === true
        ? null
        : new Problem(
            "document-not-shareable",
            "The document came from another participant and is not this node's to pass on: name a document of your own.",
          ),
    );
  }
  return problems;
}

async function mayName(
  db: Kysely<Schema>,
  document: { readonly digest: Digest; readonly origin: "user" | "fetched" },
  { name, subjects }: NonNullable<Sharing["by"]>,
): Promise<boolean> {
  const { digest, origin } = document;
  if (origin === "user" && (await wasBroughtBy(db, digest, name))) return true;
  return isNamedWithin(db, document, subjects);
}
