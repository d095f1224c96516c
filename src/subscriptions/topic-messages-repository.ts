import type { Kysely } from "kysely";

import type { SubjectScope } from "../domain/subject-pattern.ts";
import type { MessageRow } from "../messages/message-repository.ts";
import type { Schema } from "../store/schema.ts";
import { withinSubjects } from "../store/within-subjects.ts";
import { otherSide, predicateMatches } from "./notification-repository.ts";
import type { Topic } from "./topic.ts";

/**
 * The messages of a topic, the newest at this node first.
 *
 * @param subjects shows only messages about these; null shows all
 * @param before `seq` of the last message already shown; null for none
 * @param limit how many at most
 */
export async function listTopicMessages(
  db: Kysely<Schema>,
  { kind, value }: Topic,
  subjects: SubjectScope,
  before: number | null,
  limit: number,
): Promise<readonly MessageRow[]> {
  let query = db.selectFrom("message as m").selectAll("m");
  if (before !== null) query = query.where("m.seq", "<", before);
  if (subjects !== null) query = query.where(withinSubjects("m.subject", subjects));
  if (kind === "predicates") query = query.where(predicateMatches(value));
  if (kind === "subjects") query = query.where("m.subject", "=", value);
  if (kind === "messages") query = query.where("m.id", "=", value);
  if (kind === "jurisdictions") {
    query = query.where((eb) =>
      eb.exists(
        eb
          .selectFrom("participant as p")
          .select("p.domain")
          .whereRef("p.channel_id", "=", "m.channel_id")
          .where("p.domain", "=", otherSide)
          .where("p.jurisdiction", "=", value),
      ),
    );
  }
  return (await query.orderBy("m.seq", "desc").limit(limit).execute()) as MessageRow[];
}
