import { didOfDomain, isDid, type ResolveDid } from "../identity/did-document.ts";
import type { Domain } from "../domain/participant.ts";
import { BASE_CONTEXT, parseCredential, type Credential } from "./credential.ts";
import { CredentialFault } from "./credential-fault.ts";
import { resolving } from "./resolving.ts";
import type { CheckStatus } from "./check-status.ts";
import { demandInForce } from "./validity.ts";
import { readVcJwt, verifyVcJwt } from "./vc-jwt.ts";

/** The context of the Digital Identity Anchor of the UN Transparency Protocol, in the release that this node writes. */
export const ANCHOR_CONTEXT = "https://test.uncefact.org/vocabulary/untp/dia/0.6.0/";

/** Releases of it that are read: they say the same of what is looked at here. */
const READ_CONTEXTS: ReadonlySet<string> = new Set([
  ANCHOR_CONTEXT,
  "https://test.uncefact.org/vocabulary/untp/dia/0.6.1/",
]);

/** Whom an agency knows by a DID, in the words of the Digital Identity Anchor. */
export interface RegisteredIdentity {
  /** The DID that this identity signs by. */
  readonly did: string;
  /** As it stands in the register. */
  readonly name: string;
  readonly registeredId: string;
  /** Such as `Business` or `Accreditation`. */
  readonly registerType: string;
  /** The register: a URL, and what it is called. */
  readonly idScheme: { readonly id: string; readonly name: string };
  /** URLs of what it is registered for, one at least. */
  readonly scopes: readonly string[];
}

/** An anchor that holds: who it is about, and the agency that vouches. */
export interface IdentityAnchor extends RegisteredIdentity {
  readonly agency: string;
  /** Milliseconds since 1970; null where it does not end. */
  readonly validUntil: number | null;
}

/** The anchors that a participant publishes for a DID, as they came. May throw a CredentialFault of the kind `unreachable`. */
export type FindAnchors = (participant: Domain, did: string) => Promise<readonly string[]>;

const LONGEST_NAME = 400;

/** An anchor as a credential, yet to be signed. Moments are milliseconds since 1970. */
export function anchorCredential(
  identity: RegisteredIdentity,
  made: {
    readonly id: string;
    readonly agency: { readonly id: string; readonly name: string };
    readonly from: number;
    readonly until: number | null;
    readonly status: Readonly<Record<string, unknown>>;
  },
): Readonly<Record<string, unknown>> {
  return {
    "@context": [BASE_CONTEXT, ANCHOR_CONTEXT],
    id: made.id,
    type: ["DigitalIdentityAnchor", "VerifiableCredential"],
    issuer: made.agency,
    validFrom: new Date(made.from).toISOString(),
    ...(made.until === null ? {} : { validUntil: new Date(made.until).toISOString() }),
    credentialStatus: made.status,
    credentialSubject: {
      type: ["RegisteredIdentity"],
      id: identity.did,
      name: identity.name,
      registeredId: identity.registeredId,
      registerType: identity.registerType,
      idScheme: { type: ["IdentifierScheme"], ...identity.idScheme },
      registrationScopeList: identity.scopes,
    },
  };
}

/**
 * Checks an anchor from its agency on: that it is the participant's own agency that signed it, that it is about this DID,
 * in force and not revoked. An anchor by anybody else is refused before anything is fetched for it.
 *
 * @param text the compact JWS
 * @param wanted `did`: whom it must be about; `now`: milliseconds since 1970
 * @throws CredentialFault `anchor-of-other-agency`, `anchor-refused`, `anchor-expired`, `anchor-revoked`, or of the kind
 *   `unreachable` what could not be looked at now
 */
export async function checkAnchor(
  text: string,
  wanted: { readonly participant: Domain; readonly did: string; readonly now: number },
  options: { readonly resolve: ResolveDid; readonly checkStatus: CheckStatus },
): Promise<IdentityAnchor> {
  const agency = didOfDomain(wanted.participant);
  try {
    const jwt = readVcJwt(text);
    if (jwt.did !== agency) {
      throw new CredentialFault(
        "anchor-of-other-agency",
        "The issuer is vouched for by another agency than the one that sent the certificate.",
      );
    }
    await verifyVcJwt(jwt, await resolving(options.resolve, agency));
    const credential = parseCredential(jwt.payload);
    const identity = identityIn(credential);
    if (identity.did !== wanted.did) {
      throw new CredentialFault("anchor-refused", "The anchor is about somebody else than the issuer.");
    }
    demandInForce(credential, wanted.now);
    await options.checkStatus(credential, wanted.participant);
    return { ...identity, agency, validUntil: credential.validUntil };
  } catch (error) {
    throw asAnchorFault(error);
  }
}

/** Who an anchor is about, by a credential whose signature was verified. */
function identityIn(credential: Credential): RegisteredIdentity {
  const [, context = "", ...more] = credential.contexts;
  const [subject, ...others] = credential.subjects;
  const kinds = typesOf(subject?.type);
  if (!READ_CONTEXTS.has(context) || more.length > 0 || !credential.types.includes("DigitalIdentityAnchor")) {
    throw new CredentialFault("anchor-refused", "What vouches for the issuer is no Digital Identity Anchor.");
  }
  if (subject === undefined || others.length > 0 || !kinds.includes("RegisteredIdentity")) {
    throw new CredentialFault("anchor-refused", "The anchor is not about one registered identity.");
  }
  const { id, name, registeredId, registerType, idScheme, registrationScopeList } = subject;
  const scheme =
    typeof idScheme === "object" && idScheme !== null ? (idScheme as Record<string, unknown>) : {};
  const scopes = Array.isArray(registrationScopeList) ? (registrationScopeList as unknown[]) : [];
  const identity = {
    did: id,
    ...{ name, registeredId, registerType },
    idScheme: { id: scheme.id, name: scheme.name },
    scopes,
  };
  if (!isIdentity(identity)) {
    throw new CredentialFault(
      "anchor-refused",
      "The anchor does not say whom the register knows by this DID.",
    );
  }
  return identity;
}

/** Whether something says all that an anchor must say. */
export function isIdentity(value: {
  readonly [name in keyof RegisteredIdentity]?: unknown;
}): value is RegisteredIdentity {
  const { did, name, registeredId, registerType, idScheme, scopes } = value;
  const isText = (text: unknown) => typeof text === "string" && text !== "" && text.length <= LONGEST_NAME;
  const isUrl = (text: unknown) => isText(text) && URL.canParse(String(text));
  const scheme = (idScheme ?? {}) as { readonly id?: unknown; readonly name?: unknown };
  return (
    typeof did === "string" &&
    isDid(did) &&
    [name, registeredId, registerType, scheme.name].every(isText) &&
    isUrl(scheme.id) &&
    Array.isArray(scopes) &&
    scopes.length <= 100 &&
    scopes.every(isUrl)
  );
}

function typesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

/** What is wrong with an anchor, said of the anchor and not of the certificate that rests on it. */
function asAnchorFault(error: unknown): unknown {
  if (!(error instanceof CredentialFault)) return error;
  if (error.kind === "unreachable") {
    const sentence = `Whether the issuer is vouched for cannot be said now. ${error.message}`;
    return new CredentialFault("anchor-unreachable", sentence, { kind: "unreachable", cause: error });
  }
  switch (error.code) {
    case "anchor-of-other-agency":
    case "anchor-refused":
      return error;
    case "revoked":
      return new CredentialFault("anchor-revoked", "The agency does not vouch for the issuer any more.", {
        cause: error,
      });
    case "expired":
    case "not-yet-valid":
      return new CredentialFault("anchor-expired", "The agency does not vouch for the issuer at this time.", {
        cause: error,
      });
    default:
      return new CredentialFault(
        "anchor-refused",
        `What vouches for the issuer is not accepted. ${error.message}`,
        {
          cause: error,
        },
      );
  }
}
