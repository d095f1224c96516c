import type { SecretSource } from "./secret.ts";

/** An encrypted keystore (Web3 Secret Storage, version 3). */
export interface KeystoreSource {
  /** Path of the file. */
  readonly keystore: string;
  readonly password: SecretSource;
}

/** A service that holds the key and signs on request: Web3Signer, or another with the same methods. */
export interface RemoteSignerSource {
  readonly remote: {
    /** Without a credential. */
    readonly url: string;
    /** The account that is to sign. */
    readonly address: string;
    /** Presented as a bearer token. */
    readonly token?: SecretSource;
    /** Path of certificates, in PEM, that the service's own must lead to; those of the platform where left out. */
    readonly ca?: string;
    /** Path of this node's certificate, in PEM. */
    readonly certificate?: string;
    /** The certificate's private key, in PEM. */
    readonly privateKey?: SecretSource;
  };
}

/** Where a ledger key is. The key itself in a variable or a file is for development only. */
export type KeySource = SecretSource | KeystoreSource | RemoteSignerSource;
