/** What the ledger knows of a certificate; one may be both acquitted and revoked. */
export interface CertificateState {
  readonly issued: boolean;
  readonly acquitted: boolean;
  readonly revoked: boolean;
  readonly expired: boolean;
}
