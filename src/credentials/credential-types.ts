import type { Credential } from "./credential.ts";

/** A kind of credential that this node knows by meaning: its words and its form are at hand, never fetched. */
export interface CredentialType {
  /** As in a credential's `type`, such as `PreferentialCertificateOfOrigin`. */
  readonly name: string;
  /** URLs of the contexts that it uses besides the data model's own, in order. */
  readonly contexts: readonly string[];
  /** As in `credentialSchema`. */
  readonly schema: { readonly id: string; readonly type: "JsonSchema" };
  /**
   * Checks a credential against the type's schema.
   *
   * @returns what is wrong, a bounded list; empty where nothing is
   */
  readonly validate: (credential: Credential["json"]) => readonly CredentialTypeFault[];
}

/** Where a credential violates its schema, and how; nothing out of its content. */
export interface CredentialTypeFault {
  /** A JSON pointer. */
  readonly pointer: string;
  readonly sentence: string;
}

/** Finds a kind of credential by its name; null for one that this node does not know. */
export type FindCredentialType = (name: string) => CredentialType | null;
