/** A key in an encrypted keystore (Web3 Secret Storage, version 3). */
export interface KeystoreKey {
  /** What the file holds: JSON. */
  readonly keystore: string;
  /** Never logged, never in an error. */
  readonly password: string;
}

/** A key that a remote signer holds: Web3Signer, or whatever else answers `eth_signTransaction` and `eth_sign`. */
export interface RemoteKey {
  readonly remote: {
    /** Carries no credential. */
    readonly url: string;
    /** The account that is to sign: `0x` and 40 hexadecimal digits. */
    readonly address: string;
    /** Presented as a bearer token; never logged, never in an error. */
    readonly token?: string;
    /** Certificates in PEM that the signer's own must lead to; those of the platform where left out. */
    readonly ca?: string;
    /** This node's certificate, in PEM, and its private key, which is never logged. */
    readonly certificate?: string;
    readonly privateKey?: string;
    /** How long an answer may take; 5,000 where left out. */
    readonly answerMilliseconds?: number;
  };
}

/** Where an account's key is, and what it takes to use it: the key itself in hexadecimal, a keystore, or a remote signer. */
export type EvmKey = string | KeystoreKey | RemoteKey;
