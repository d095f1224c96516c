/**
 * The one catalogue of errors. A code never changes its meaning; HTTP status, log and metric follow from it.
 * `title` names the class of error; the sentence that says what to do is the `detail` of each `Problem`.
 */
export const problems = {
  "malformed-json": { status: 400, title: "The body is not valid JSON" },
  "malformed-request": { status: 400, title: "The request does not have the documented form" },
  "malformed-multihash": { status: 400, title: "The document hash is not a sha2-256 multihash" },
  "malformed-message": { status: 400, title: "The message does not have the documented form" },
  "malformed-subscription": { status: 400, title: "The subscription request is not one of W3C WebSub" },
  "topic-unknown": { status: 400, title: "This is no topic of this node" },
  "callback-refused": { status: 400, title: "This node does not call such an address" },
  "sign-in-failed": { status: 400, title: "The sign-in did not come to its end" },
  "truncated-upload": { status: 400, title: "The upload ended before it was complete" },
  "document-empty": { status: 400, title: "The document is empty" },
  "token-missing": { status: 401, title: "No token was presented" },
  "token-invalid": { status: 401, title: "The token is not accepted here" },
  "token-expired": { status: 401, title: "The token has expired" },
  "token-replayed": { status: 401, title: "The token was used before" },
  "certificate-refused": { status: 401, title: "The certificate is not accepted here" },
  "not-signed-in": { status: 401, title: "Nobody is signed in" },
  "session-ended": { status: 401, title: "The session has ended" },
  "not-allowed": { status: 403, title: "The caller has no right to do this" },
  "assurance-too-low": { status: 403, title: "The caller was not authenticated surely enough for this" },
  "account-unbound": { status: 403, title: "The participant's domain does not name this account" },
  "cross-site-refused": { status: 403, title: "The request does not come from this node's own page" },
  "foreign-sender": { status: 403, title: "The caller may not speak for this sender" },
  "not-found": { status: 404, title: "There is nothing here that the caller may see" },
  "sign-in-not-configured": { status: 404, title: "People cannot sign in at this node" },
  "method-not-allowed": { status: 405, title: "This address does not take this method" },
  "request-timeout": { status: 408, title: "The request did not arrive in time" },
  "subscription-over": { status: 409, title: "The subscription is not active" },
  "subject-secret-missing": { status: 409, title: "This node has no secret for subjects" },
  "message-not-final": { status: 409, title: "The message is not final on its ledger" },
  "not-withdrawable": { status: 409, title: "The message can no longer be withdrawn" },
  "not-retryable": { status: 409, title: "There is nothing to try again" },
  "not-given-up": { status: 409, title: "This can no longer be given up" },
  "seal-key-missing": { status: 409, title: "This node's agency has no key that makes seals" },
  "document-held": { status: 409, title: "The document is under hold" },
  "document-needed": { status: 409, title: "The document is still needed" },
  "document-erased": { status: 410, title: "The document was erased" },
  "events-forgotten": { status: 410, title: "The events that were asked for are no longer kept" },
  "document-too-large": { status: 413, title: "The document is too large" },
  "body-too-large": { status: 413, title: "The request body is too large" },
  "too-many-lines": { status: 413, title: "The request has too many lines" },
  "media-type-unsupported": { status: 415, title: "This media type is not taken here" },
  "range-not-satisfiable": { status: 416, title: "The range lies outside the document" },
  "predicate-unknown": { status: 422, title: "No channel takes this message type" },
  "predicate-closed": { status: 422, title: "This message type is closed" },
  "participant-unknown": { status: 422, title: "This participant is on no channel of this node" },
  "participant-suspended": { status: 422, title: "This participant is suspended" },
  "receiver-ambiguous": {
    status: 422,
    title: "Several participants of this jurisdiction take this message type",
  },
  "no-channel": { status: 422, title: "No channel connects sender and receiver for this message type" },
  "subject-not-opaque": { status: 422, title: "This channel takes opaque subjects only" },
  "subject-not-private": { status: 422, title: "Documents of this type have private subjects at this node" },
  "document-type-unknown": { status: 422, title: "This node knows no such document type" },
  "expiry-not-allowed": { status: 422, title: "Messages of this type carry no expiry" },
  "expiry-passed": { status: 422, title: "The expiry lies in the past" },
  "document-not-held": { status: 422, title: "The document is not held by this node" },
  "document-not-shareable": { status: 422, title: "The document is not this node's to share" },
  "paper-too-long": { status: 422, title: "The certificate takes too many pages" },
  "document-not-printable": { status: 422, title: "This node has no form for the document" },
  "document-not-issued": {
    status: 422,
    title: "No message of this participant issued a certificate for the document",
  },
  "document-type-mismatch": { status: 422, title: "The message issues another type of document" },
  "message-ambiguous": { status: 422, title: "Several messages issued a certificate for the document" },
  "document-not-sealable": { status: 422, title: "The document is too large for a sealed copy" },
  "credential-refused": { status: 422, title: "The credential does not pass its check" },
  "credential-type-unknown": { status: 422, title: "This node knows no such type of credential" },
  "credential-issuer-unknown": { status: 422, title: "This node has no key of this issuer" },
  "too-many-anchors": { status: 422, title: "This identity has as many anchors as are kept" },
  "certificate-unknown": { status: 422, title: "This node knows no such certificate" },
  "receiver-not-named": {
    status: 422,
    title: "No final message of this node names this receiver for the document",
  },
  "too-many-subscriptions": { status: 422, title: "The caller has as many subscriptions as are kept" },
  "too-many-requests": { status: 429, title: "Too many requests" },
  "headers-too-large": { status: 431, title: "The request's headers are too large" },
  internal: { status: 500, title: "The node made a mistake" },
  "document-damaged": { status: 500, title: "The stored document no longer has its hash" },
  "ledger-behind": { status: 503, title: "Too many messages wait for the ledger" },
  unavailable: { status: 503, title: "The node cannot do this now" },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

/** A stable error code of this node's APIs. */
export type ProblemCode = keyof typeof problems;

/**
 * An error that a caller can act on (RFC 9457). Its message is the `detail` member: one sentence that says what is
 * wrong and what to do, free of secrets and of document content.
 */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly members: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | undefined;

  /**
   * @param code from the catalogue
   * @param detail one sentence for the caller
   * @param options `members` are added to the problem document; `retryAfterSeconds` becomes Retry-After
   */
  constructor(
    code: ProblemCode,
    detail: string,
    options: {
      readonly members?: Readonly<Record<string, unknown>>;
      readonly retryAfterSeconds?: number;
      readonly cause?: unknown;
    } = {},
  ) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Problem";
    this.code = code;
    this.members = options.members ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return problems[this.code].status;
  }

  get title(): string {
    return problems[this.code].title;
  }
}
