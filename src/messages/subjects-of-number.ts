import type { Kysely } from "kysely";

import { documentsNumbered } from "../documents/number-repository.ts";
import type { Subjects } from "../semantics/subjects.ts";
import type { Schema } from "../store/schema.ts";
import { subjectsNaming } from "./message-repository.ts";

/** Documents of one number that are looked at; more have no number worth the name. */
const MOST_DOCUMENTS = 100;

/**
 * The subjects of messages about what is called by a number: the number itself, what this node keys of it, and whatever stands
 * on ledgers for the held documents that say it, in which nobody could recognise it. Which of the messages a caller sees is
 * asked of each, as ever.
 */
export async function subjectsOfNumber(
  db: Kysely<Schema>,
  subjects: Pick<Subjects, "subjectsOfAnyNumber">,
  number: string,
): Promise<readonly string[]> {
  const digests = await documentsNumbered(db, number, MOST_DOCUMENTS);
  const found = await subjectsNaming(db, digests, MOST_DOCUMENTS);
  return [...new Set<string>([...subjects.subjectsOfAnyNumber(number), ...found])];
}
