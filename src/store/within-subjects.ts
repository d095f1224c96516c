import { sql, type RawBuilder } from "kysely";

import type { SubjectPattern } from "../domain/subject-pattern.ts";

/** Greater than every character that a subject may have; subjects compare by their bytes on both databases. */
const PAST_THE_LAST = "\x7f";

/**
 * The condition that a subject is one of those that somebody is limited to, so that it is the database that leaves the
 * others out, and pages stay whole.
 *
 * @param column that holds the subject, with its table, such as `m.subject`
 * @param patterns none lets nothing through
 */
export function withinSubjects(column: string, patterns: readonly SubjectPattern[]): RawBuilder<boolean> {
  if (patterns.length === 0) return sql<boolean>`1 = 0`;
  const subject = sql.ref(column);
  const alternatives = patterns.map((pattern) => {
    if (!pattern.endsWith("*")) return sql`${subject} = ${pattern}`;
    const prefix = pattern.slice(0, -1);
    return sql`(${subject} >= ${prefix} and ${subject} < ${prefix + PAST_THE_LAST})`;
  });
  return sql<boolean>`(${sql.join(alternatives, sql` or `)})`;
}
