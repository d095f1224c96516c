import { Problem } from "./problems.ts";

/** What a message speaks of: 1 to 200 characters of printable ASCII without spaces. */
export type Subject = string & { readonly __subject: true };

export const SUBJECT_LENGTH = 200;

const SUBJECT = /^[\x21-\x7e]{1,200}$/;
const OPAQUE = /^(?:urn:uuid:|urn:hmac-sha256:)./;

/** Whether a text has the form of a subject. */
export function isSubject(text: string): text is Subject {
  return SUBJECT.test(text);
}

/** @throws Problem `malformed-message` */
export function parseSubject(text: string): Subject {
  if (!isSubject(text)) {
    throw new Problem(
      "malformed-message",
      "A subject is 1 to 200 printable ASCII characters without spaces.",
    );
  }
  return text;
}

/** Whether a subject says nothing to outsiders: `urn:uuid:…` or `urn:hmac-sha256:…` (PROTOCOL §6). */
export function isOpaque(subject: Subject): boolean {
  return OPAQUE.test(subject);
}
