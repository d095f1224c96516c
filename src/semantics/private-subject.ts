import { createHmac, randomUUID } from "node:crypto";

import { Problem } from "../domain/problems.ts";
import { parseSubject, type Subject } from "../domain/subject.ts";

/** What stands before the parts of a keyed subject, so that the secret signs nothing else by the same bytes. */
const DOMAIN = "icl-subject-1";
const HMAC = /^urn:hmac-sha256:[A-Za-z0-9_-]{43}$/;
const UUID = /^urn:uuid:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const NUMBER = /^[\x21-\x7e](?:[\x20-\x7e]{0,68}[\x21-\x7e])?$/;

/** Whether a text may be a document's number: 1 to 70 printable ASCII characters, the first and last none blank. */
export function isDocumentNumber(text: string): boolean {
  return NUMBER.test(text);
}

/**
 * The subject that only the holder of a secret can make of a document's number: HMAC-SHA-256 over the type and the number,
 * base64url. Who has the secret finds the same again; who has not cannot try numbers out.
 *
 * @param secret of 32 characters at least
 * @param type name of the document type, so that one number in two types gives two subjects
 * @param number 1 to 70 printable ASCII characters, as it stands in the document
 * @throws Problem `malformed-request` for a number of another form
 */
export function keyedSubject(secret: string, type: string, number: string): Subject {
  if (!isDocumentNumber(number)) {
    throw new Problem(
      "malformed-request",
      "A number is 1 to 70 printable ASCII characters, and begins and ends with none blank.",
    );
  }
  const made = createHmac("sha256", secret).update([DOMAIN, type, number].join("\0")).digest("base64url");
  return parseSubject(`urn:hmac-sha256:${made}`);
}

/** A subject that has nothing to do with the document's number: whoever sends it keeps which is whose. */
export function randomSubject(): Subject {
  return parseSubject(`urn:uuid:${randomUUID()}`);
}

/** Whether a subject has the form of a keyed one. Whether it was made with a secret can only be told by who has that. */
export function isKeyedSubject(subject: Subject): boolean {
  return HMAC.test(subject);
}

export function isRandomSubject(subject: Subject): boolean {
  return UUID.test(subject);
}
