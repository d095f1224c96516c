/** Which subjects: exactly one, or with `*` at the end all that begin so. */
export type SubjectPattern = string & { readonly __subjectPattern: true };

/** The subjects that somebody is limited to; null for every subject. */
export type SubjectScope = readonly SubjectPattern[] | null;

const PATTERN = /^[\x21-\x29\x2b-\x7e]{0,200}\*?$/;

/**
 * Reads a pattern such as `chamber.com.au:*`.
 *
 * @returns null when it is none: 1 to 200 printable ASCII characters without spaces, `*` at the end alone
 */
export function parseSubjectPattern(text: string): SubjectPattern | null {
  return text !== "" && PATTERN.test(text) ? (text as SubjectPattern) : null;
}

/** Whether a subject is one of those that somebody is limited to. */
export function isWithin(subject: string, scope: SubjectScope): boolean {
  if (scope === null) return true;
  return scope.some((pattern) =>
    pattern.endsWith("*") ? subject.startsWith(pattern.slice(0, -1)) : subject === pattern,
  );
}
