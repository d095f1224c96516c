import { randomBytes, randomUUID } from "node:crypto";
import { Readable } from "node:stream";

import { actorOf } from "../audit/act.ts";
import { recordActs } from "../audit/audit-repository.ts";
import { storeDocument, type DocumentsOptions } from "../documents/documents.ts";
import { multihashOf, type Multihash } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import type { UserCaller } from "../identity/caller.ts";
import { BASE_CONTEXT, parseCredential } from "./credential.ts";
import { CredentialFault } from "./credential-fault.ts";
import type { CredentialType, FindCredentialType } from "./credential-types.ts";
import type { IssuerKey, IssuerKeys } from "./issuer-keys.ts";
import { statusMember } from "./status-list.ts";
import type { StatusPublisher } from "./status-publisher.ts";
import { bindEntry, giveEntry } from "./status-repository.ts";
import { CREDENTIAL_MEDIA_TYPE, LARGEST_CREDENTIAL, signVcJwt } from "./vc-jwt.ts";

/** What issuing credentials needs. */
export interface IssueOptions extends DocumentsOptions {
  readonly findType: FindCredentialType;
  readonly keys: IssuerKeys;
  readonly publisher: StatusPublisher;
}

/** What a caller without an issuing system wants issued. Moments are milliseconds since 1970. */
export interface IssueRequest {
  /** The credential type, such as `PreferentialCertificateOfOrigin`. */
  readonly type: string;
  readonly credentialSubject: Readonly<Record<string, unknown>>;
  /** Now where left out. */
  readonly validFrom?: number;
  /** No end where left out. */
  readonly validUntil?: number;
  /** The DID to issue by; may be left out where the node has keys of one issuer only. */
  readonly issuer?: string;
}

/** A credential that was issued, and is held as a document. */
export interface IssuedCredential {
  readonly multihash: Multihash;
  /** The compact JWS. */
  readonly credential: string;
}

const SALT_BYTES = 16;

/**
 * Issues a credential for a caller that has no issuing system: with the context and schema of its type, a salt, an entry in
 * this node's status list, and the issuer's signature. It is kept as a document of the caller's, ready to be sent.
 *
 * @throws Problem `credential-type-unknown`, `credential-issuer-unknown`, `credential-refused` for content that its type
 *   does not allow, or those of `storeDocument`
 */
export async function issueCredential(
  options: IssueOptions,
  caller: UserCaller,
  request: IssueRequest,
): Promise<IssuedCredential> {
  const { store, publisher, now } = options;
  const type = options.findType(request.type);
  if (type === null) {
    throw new Problem(
      "credential-type-unknown",
      "This node knows no credential of this type: see its document types.",
    );
  }
  const key = keyOf(options.keys, request.issuer ?? null);
  // Lists are signed by the agency: without its key nobody could see whether the credential was revoked.
  publisher.agencyKey();
  const at = now();
  const payload = payloadOf(type, key, request, at);
  const example = statusMember({ purpose: "revocation", index: 0, list: publisher.urlOf(1) });
  demandValid(type, { ...payload, credentialStatus: example });
  const to = `${caller.issuer} ${caller.subject}`;
  const entry = await store.transact((db) => giveEntry(db, { to, at }));
  const status = statusMember({
    purpose: "revocation",
    index: entry.position,
    list: publisher.urlOf(entry.list),
  });
  const credential = await signVcJwt({ ...payload, credentialStatus: status }, key);
  const bytes = Buffer.from(credential);
  const { digest } = await storeDocument(options, caller, {
    content: Readable.from([bytes]),
    mediaType: CREDENTIAL_MEDIA_TYPE,
    announcedBytes: bytes.length,
  });
  await store.transact(async (db) => {
    await bindEntry(db, entry, digest);
    const detail = { type: type.name, issuer: key.did };
    await recordActs(db, [{ act: "credential.issued", actor: actorOf(caller), object: digest, at, detail }]);
  });
  return { multihash: multihashOf(digest), credential };
}

/**
 * Gives an entry of this node's status lists to a caller that issues by itself, to be put into its credential.
 *
 * @throws Problem `credential-issuer-unknown` where this node cannot sign lists
 */
export async function giveStatusEntry(
  { store, publisher, now }: Pick<IssueOptions, "store" | "publisher" | "now">,
  caller: UserCaller,
): Promise<ReturnType<typeof statusMember>> {
  publisher.agencyKey();
  const at = now();
  const entry = await store.transact(async (db) => {
    const given = await giveEntry(db, { to: `${caller.issuer} ${caller.subject}`, at });
    const detail = { list: given.list };
    await recordActs(db, [{ act: "status-entry.given", actor: actorOf(caller), object: null, at, detail }]);
    return given;
  });
  return statusMember({ purpose: "revocation", index: entry.position, list: publisher.urlOf(entry.list) });
}

function keyOf(keys: IssuerKeys, issuer: string | null): IssuerKey {
  const issuers = new Set(keys.all.map(({ did }) => did));
  const [only] = issuers;
  const key = keys.of(issuer ?? (issuers.size === 1 ? (only ?? "") : ""));
  if (key === null) {
    const known = [...issuers].join(", ");
    throw new Problem(
      "credential-issuer-unknown",
      `Name the issuer, one of those whose key this node has: ${known === "" ? "none is configured" : known}.`,
    );
  }
  return key;
}

function payloadOf(type: CredentialType, key: IssuerKey, request: IssueRequest, at: number) {
  const { salt } = request.credentialSubject;
  return {
    "@context": [BASE_CONTEXT, ...type.contexts],
    id: `urn:uuid:${randomUUID()}`,
    type: ["VerifiableCredential", type.name],
    issuer: { id: key.did, ...(key.name === null ? {} : { name: key.name }) },
    validFrom: new Date(request.validFrom ?? at).toISOString(),
    ...(request.validUntil === undefined ? {} : { validUntil: new Date(request.validUntil).toISOString() }),
    credentialSchema: type.schema,
    credentialSubject: {
      ...request.credentialSubject,
      // Without it whoever knows the form could guess the goods by their hash.
      salt: typeof salt === "string" ? salt : randomBytes(SALT_BYTES).toString("base64url"),
    },
  };
}

function demandValid(type: CredentialType, payload: Readonly<Record<string, unknown>>): void {
  try {
    // As it will be read: what JSON does not keep is gone, and what is too large is seen.
    const text = JSON.stringify(payload);
    if (text.length > LARGEST_CREDENTIAL / 2) {
      throw new CredentialFault(
        "credential-too-large",
        "The credential is too large: leave out what is not needed.",
      );
    }
    const { json } = parseCredential(JSON.parse(text));
    const faults = type.validate(json).slice(0, 20);
    if (faults.length === 0) return;
    throw new Problem("credential-refused", "The content is not what its type demands: see faults.", {
      members: { faults },
    });
  } catch (error) {
    if (!(error instanceof CredentialFault)) throw error;
    throw new Problem("credential-refused", error.message, { cause: error });
  }
}
