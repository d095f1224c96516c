/** What may be wrong with a credential, in words that never change their meaning. */
export type CredentialFaultCode =
  | "not-a-credential"
  | "credential-too-large"
  | "credential-malformed"
  | "header-malformed"
  | "header-refused"
  | "algorithm-refused"
  | "media-type-refused"
  | "key-id-malformed"
  | "issuer-mismatch"
  | "context-unknown"
  | "type-unknown"
  | "type-of-other-message"
  | "schema-unknown"
  | "schema-violated"
  | "issuer-unresolvable"
  | "issuer-unreachable"
  | "key-unknown"
  | "key-not-asserting"
  | "key-refused"
  | "signature-invalid"
  | "anchor-missing"
  | "anchor-refused"
  | "anchor-expired"
  | "anchor-revoked"
  | "anchor-unreachable"
  | "anchor-of-other-agency"
  | "account-unbound"
  | "account-binding-unknown"
  | "not-yet-valid"
  | "expired"
  | "status-malformed"
  | "status-list-refused"
  | "status-list-unreachable"
  | "revoked";

/** Why a credential, or something it rests on, is not accepted. The message is a sentence without anything out of it. */
export class CredentialFault extends Error {
  override readonly name = "CredentialFault";
  readonly code: CredentialFaultCode;
  /** `invalid` will not change by itself; `unreachable` may be otherwise at the next try. */
  readonly kind: "invalid" | "unreachable";

  constructor(
    code: CredentialFaultCode,
    sentence: string,
    options: { readonly kind?: CredentialFault["kind"]; readonly cause?: unknown } = {},
  ) {
    super(sentence, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.kind = options.kind ?? "invalid";
  }
}
