import type { MessageRecord } from "../node-records.ts";

/** What a user says with a message about a certificate, before it is a document. */
export interface Said {
  readonly reason: string;
  /** The user's own file, such as the number of a declaration; empty for none. */
  readonly reference: string;
}

/** What makes the document another one each time it is begun, and the same one each time it is sent again. */
export interface Once {
  /** 128 random bits, base64url. */
  readonly salt: string;
  /** RFC 3339. */
  readonly statedAt: string;
}

/** A salt that nobody guesses, and the moment. */
export function newOnce(): Once {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const salt = btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
  return { salt, statedAt: new Date().toISOString() };
}

/**
 * The document of a message that acts on a certificate, or says something of one: what was said of what, and why. Who said it
 * is known to the node that sends it, and stays there: the other side has no business with an officer's name.
 *
 * @param number the certificate's, where it is known
 */
export function statementOf(
  about: Pick<MessageRecord, "id" | "subject" | "obj">,
  predicate: string,
  number: string | null,
  said: Said,
  once: Once,
): string {
  return JSON.stringify({
    salt: once.salt,
    statement: predicate.slice(predicate.lastIndexOf(".") + 1),
    message: about.id,
    subject: about.subject,
    document: about.obj,
    ...(number === null ? {} : { number }),
    reason: said.reason,
    ...(said.reference === "" ? {} : { reference: said.reference }),
    statedAt: once.statedAt,
  });
}
