import type { SecretSource } from "../secret.ts";

/** A key that this node signs credentials with. */
export interface CredentialIssuerConfig {
  /** Whose key it is: a `did:web`, or the `did:key` of this very key. */
  readonly did: string;
  /** A private JWK, P-256 or Ed25519. */
  readonly key: SecretSource;
  /** What the issuer is called in what it signs; null for nothing. */
  readonly name: string | null;
}

/** What is demanded of the document of a message type. */
export interface CredentialRule {
  /**
   * `required`: it is a credential, and passes its check. `checked`: where it is a credential, it does not fail. `off`: it is
   * not looked at.
   */
  readonly document: "required" | "checked" | "off";
  /** The credential types of which it must be one; any that the node knows where left out. */
  readonly types?: readonly string[];
}

/** How a node deals with credentials. */
export interface CredentialsConfig {
  /** Of several keys of one issuer the first signs; the others are published, so that what they signed stays valid. */
  readonly issuers: readonly CredentialIssuerConfig[];
  /** By predicate. */
  readonly messageTypes: ReadonlyMap<string, CredentialRule>;
  /** Beginnings of URLs from which status lists may be fetched, besides the sender's own node and domain. */
  readonly statusLists: readonly string[];
  /** Accounts, as CAIP-10 writes them, that act for the participant and whose keys this node does not hold. */
  readonly accounts: readonly string[];
}

/** A node that signs nothing and checks nothing. */
export const noCredentials: CredentialsConfig = {
  issuers: [],
  messageTypes: new Map(),
  statusLists: [],
  accounts: [],
};
