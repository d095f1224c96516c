import { generateKeyPairSync, type KeyObject } from "node:crypto";

import { Ajv2020 } from "ajv/dist/2020.js";

import type { SignatureAlgorithm } from "../../src/credentials/assertion-key.ts";
import { checkCredential, type CheckOptions, type IsBound } from "../../src/credentials/check-credential.ts";
import { BASE_CONTEXT } from "../../src/credentials/credential.ts";
import type { CredentialType } from "../../src/credentials/credential-types.ts";
import { didKeyOf, resolverOf } from "../../src/credentials/did-key.ts";
import type { CheckStep, CredentialCheck } from "../../src/credentials/finding.ts";
import { anchorCredential, type RegisteredIdentity } from "../../src/credentials/identity-anchor.ts";
import {
  emptyList,
  setEntry,
  statusListCredential,
  statusMember,
} from "../../src/credentials/status-list.ts";
import { signVcJwt, type SigningKey } from "../../src/credentials/vc-jwt.ts";
import type { Domain } from "../../src/domain/participant.ts";
import { DidFailure, didOfDomain, parseDidDocument } from "../../src/identity/did-document.ts";
import { au } from "../identity/fixtures.ts";

/** Somebody who signs: a chamber by `did:key`, an agency by `did:web`. */
export interface Signer extends SigningKey {
  readonly did: string;
  readonly publicJwk: Readonly<Record<string, unknown>>;
  readonly privateJwk: Readonly<Record<string, unknown>>;
}

function pairOf(algorithm: SignatureAlgorithm): {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
} {
  return algorithm === "ES256"
    ? generateKeyPairSync("ec", { namedCurve: "P-256" })
    : generateKeyPairSync("ed25519");
}

/** A new key; of a chamber where `did` is left out. */
export function newSigner(algorithm: SignatureAlgorithm = "ES256", did?: string, name = "key-1"): Signer {
  const { publicKey, privateKey } = pairOf(algorithm);
  const publicJwk = publicKey.export({ format: "jwk" }) as Record<string, unknown>;
  const privateJwk = privateKey.export({ format: "jwk" }) as Record<string, unknown>;
  const own = did ?? didKeyOf(publicJwk);
  const kid = did === undefined ? `${own}#${own.slice("did:key:".length)}` : `${own}#${name}`;
  return { did: own, kid, algorithm, key: privateKey, publicJwk, privateJwk };
}

/** A DID document that names some keys, all of which may assert unless told otherwise. */
export function documentOf(did: string, signers: readonly Signer[], asserting = signers) {
  return parseDidDocument(did, {
    id: did,
    verificationMethod: signers.map(({ kid, publicJwk }) => ({
      id: kid,
      type: "JsonWebKey",
      controller: did,
      publicKeyJwk: publicJwk,
    })),
    assertionMethod: asserting.map(({ kid }) => kid),
  });
}

const schema = {
  $id: "https://schemas.test/certificate.json",
  type: "object",
  required: ["credentialSubject"],
  properties: {
    credentialSubject: {
      type: "object",
      additionalProperties: false,
      required: ["id", "salt"],
      properties: {
        id: { type: "string", maxLength: 200 },
        salt: { type: "string", minLength: 22 },
        goods: { type: "string", maxLength: 100 },
      },
    },
  },
};
const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema);

/** A kind of credential like those in document-types, as small as can be. */
export const testType: CredentialType = {
  name: "TestCertificate",
  contexts: ["https://contexts.test/certificate/v1"],
  schema: { id: schema.$id, type: "JsonSchema" },
  validate: (credential) =>
    validate(credential)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => ({
          pointer: instancePath,
          sentence: message ?? "is wrong",
        })),
};

export const findTestType = (name: string) => (name === testType.name ? testType : null);

/** The moment at which everything here is in force, milliseconds since 1970. */
export const NOON = Date.parse("2027-06-03T12:00:00Z");

export const chamberIdentity: Omit<RegisteredIdentity, "did"> = {
  name: "Sample Chamber of Commerce",
  registeredId: "51824753556",
  registerType: "Accreditation",
  idScheme: { id: "https://register.homeaffairs.gov.au/issuing-bodies", name: "Authorised issuing bodies" },
  scopes: ["https://register.homeaffairs.gov.au/scopes/chafta"],
};

/** The payload of a certificate, with what a test wants otherwise laid over it; undefined takes a member out. */
export function certificatePayload(
  issuer: string,
  otherwise: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const usual: Readonly<Record<string, unknown>> = {
    "@context": [BASE_CONTEXT, ...testType.contexts],
    type: ["VerifiableCredential", testType.name],
    issuer: { id: issuer, name: "Sample Chamber of Commerce" },
    validFrom: "2027-01-01T00:00:00Z",
    validUntil: "2028-01-01T00:00:00Z",
    credentialSchema: testType.schema,
    credentialStatus: statusMember({ purpose: "revocation", index: 94_567, list: `${LISTS}/1` }),
    credentialSubject: { id: "urn:uuid:2f1c", salt: "0123456789abcdefghijkl", goods: "wine" },
  };
  return Object.fromEntries(
    Object.entries({ ...usual, ...otherwise }).filter(([, value]) => value !== undefined),
  );
}

export const LISTS = "https://icl.homeaffairs.gov.au/credentials/status";

/**
 * A chain of trust that holds: a chamber, the agency that anchors it, its lists. A test bends one link, and asks what the
 * check says.
 */
export class Chain {
  readonly chamber = newSigner("ES256");
  readonly agency = newSigner("EdDSA", didOfDomain(au));
  participant: Domain = au;
  /** Documents of did:web, as published. */
  readonly documents = new Map([[didOfDomain(au), documentOf(didOfDomain(au), [this.agency])]]);
  /** Entries that are set in the agency's list. */
  readonly revoked = new Set<number>();
  /** Asked of while checking, in order. */
  readonly asked: string[] = [];
  now = NOON;
  listSigner: Signer = this.agency;
  /** What the list is instead of what it would be. */
  list: ((url: string) => Promise<string> | string) | null = null;
  anchors: readonly string[] | null = null;
  isBound: IsBound | null = null;

  /** A certificate by the chamber, or by somebody else. */
  certificate(otherwise: Readonly<Record<string, unknown>> = {}, by: Signer = this.chamber): Promise<string> {
    return signVcJwt(certificatePayload(by.did, otherwise), by);
  }

  /** An anchor for the chamber by the agency, or otherwise. */
  anchor(
    otherwise: {
      readonly by?: Signer;
      readonly about?: string;
      readonly from?: number;
      readonly until?: number | null;
      readonly index?: number;
      readonly with?: Readonly<Record<string, unknown>>;
    } = {},
  ): Promise<string> {
    const by = otherwise.by ?? this.agency;
    const payload = anchorCredential(
      { ...chamberIdentity, did: otherwise.about ?? this.chamber.did },
      {
        id: "urn:uuid:anchor",
        agency: { id: by.did, name: "Home Affairs" },
        from: otherwise.from ?? NOON - 1_000,
        until: otherwise.until === undefined ? NOON + 86_400_000 : otherwise.until,
        status: statusMember({ purpose: "revocation", index: otherwise.index ?? 7, list: `${LISTS}/1` }),
      },
    );
    return signVcJwt({ ...payload, ...otherwise.with }, by);
  }

  async check(text: string, channelId: string | null = null): Promise<CredentialCheck> {
    const options: CheckOptions = {
      findType: findTestType,
      resolve: resolverOf((did) => {
        this.asked.push(did);
        const document = this.documents.get(did);
        if (document === undefined) throw new DidFailure("unreachable", `${did} does not answer.`);
        return Promise.resolve(document);
      }),
      findAnchors: async (participant, did) => {
        this.asked.push(`${participant} ${did}`);
        return this.anchors ?? [await this.anchor()];
      },
      fetchStatusList: async (_participant, url) => {
        this.asked.push(url);
        return this.list === null ? this.listAt(url) : this.list(url);
      },
      ...(this.isBound === null ? {} : { isBound: this.isBound }),
      now: () => this.now,
    };
    return checkCredential(options, { text, participant: this.participant, channelId });
  }

  /** The agency's list as it is published. */
  listAt(url: string, otherwise: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const list = emptyList();
    for (const index of this.revoked) setEntry(list, index);
    const from = this.now - 1_000;
    const issuer = this.listSigner.did;
    const payload = {
      ...statusListCredential({ url, issuer, list, from, until: from + 60_000 }),
      ...otherwise,
    };
    return signVcJwt(payload, this.listSigner);
  }
}

/** What a check says of one step: outcome and code. */
export function saidOf(check: CredentialCheck, name: CheckStep): string {
  const finding = check.findings.find((each) => each.name === name);
  return `${finding?.outcome} ${finding?.code}`;
}
