/** A key that the agency signs credentials with. */
export interface PublishedKey {
  /** An absolute DID URL. */
  readonly kid: string;
  readonly publicJwk: Readonly<Record<string, unknown>>;
}

/** What an agency says of itself on its own domain. */
export interface AgencyIdentity {
  /** `did:web:<participant>` */
  readonly did: string;
  readonly keys: readonly PublishedKey[];
  /** The accounts that act for it on its ledgers, as CAIP-10 writes them, such as `eip155:1:0x…`. */
  readonly accounts: readonly string[];
  /** Base URL of its node. */
  readonly endpoint: string;
}

/**
 * The DID document of an agency (DID Core 1.0 §5): the keys that sign what it asserts, the ledger accounts that act for it,
 * and where its node is. Accounts sign nothing that it asserts: they are no assertion methods.
 *
 * @returns JSON
 */
export function agencyDidDocument({
  did,
  keys,
  accounts,
  endpoint,
}: AgencyIdentity): Readonly<Record<string, unknown>> {
  const own = keys.filter(({ kid }) => kid.startsWith(`${did}#`));
  const signing = own.map(({ kid: id, publicJwk }) => ({
    ...{ id, type: "JsonWebKey", controller: did },
    publicKeyJwk: publicPart(publicJwk),
  }));
  const acting = [...new Set(accounts.map((account) => account.toLowerCase()))].sort().map((account) => ({
    id: `${did}#${account.replaceAll(":", "-")}`,
    type: "EcdsaSecp256k1RecoveryMethod2020",
    controller: did,
    blockchainAccountId: account,
  }));
  return {
    "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
    id: did,
    verificationMethod: [...signing, ...acting],
    assertionMethod: signing.map(({ id }) => id),
    service: [{ id: `${did}#icl`, type: "InterCustomsLedgerNode", serviceEndpoint: endpoint }],
  };
}

/** Named one by one, so that no private member ever slips through. */
function publicPart(jwk: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    ["kty", "crv", "x", "y"].filter((name) => jwk[name] !== undefined).map((name) => [name, jwk[name]]),
  );
}
