import type { Domain } from "../domain/participant.ts";
import { didOfDomain, type ResolveDid } from "../identity/did-document.ts";
import { statusChecker, type CheckStatus, type FetchStatusList } from "./check-status.ts";
import { BASE_CONTEXT, parseCredential, type Credential } from "./credential.ts";
import { CredentialFault } from "./credential-fault.ts";
import type { CredentialType, FindCredentialType } from "./credential-types.ts";
import {
  checkOf,
  checkSteps,
  type CheckStep,
  type CredentialCheck,
  type CredentialFinding,
  type PassCode,
} from "./finding.ts";
import { checkAnchor, type FindAnchors, type IdentityAnchor } from "./identity-anchor.ts";
import { resolving } from "./resolving.ts";
import { demandInForce } from "./validity.ts";
import { readVcJwt, verifyVcJwt, type VcJwt } from "./vc-jwt.ts";

/** Whether an agency's own domain names the accounts that act for it on a channel; null where nobody is to look at that. */
export type IsBound = (
  participant: Domain,
  channelId: string,
) => Promise<"bound" | "unbound" | "unknown" | null>;

/** What a check works with. Everything that may reach out is handed in; the check itself fetches nothing. */
export interface CheckOptions {
  /** Kinds of credentials that are known by meaning. */
  readonly findType: FindCredentialType;
  readonly resolve: ResolveDid;
  readonly findAnchors: FindAnchors;
  readonly fetchStatusList: FetchStatusList;
  /** Looked at where it is there and the credential came on a channel. */
  readonly isBound?: IsBound;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What is checked, and for whom. */
export interface Checked {
  /** The document as text. */
  readonly text: string;
  /** The participant that sent it, and must vouch for its issuer. */
  readonly participant: Domain;
  /** Where it was sent; null for one that was not sent. */
  readonly channelId: string | null;
  /** Names of the types of which it must be one; any that is known where left out. */
  readonly types?: readonly string[];
}

const MOST_ANCHORS = 20;
const MOST_FAULTS = 10;

/**
 * Checks a certificate that is a credential at every link of the chain: its form and meaning, its issuer's signature, the
 * agency that vouches for the issuer, the participant that agency is, its validity and its status.
 *
 * What reaches out comes after the signature: nobody makes this node fetch by what nobody signed. The host of an issuer's
 * `did:web` is asked only once the agency vouches for that issuer, so that nobody chooses which host this node asks.
 *
 * @returns a finding for each step, in order; what is wrong with the credential is one, never thrown
 */
export async function checkCredential(options: CheckOptions, checked: Checked): Promise<CredentialCheck> {
  const findings = new Map<CheckStep, CredentialFinding>();
  const attempt = async <T>(name: CheckStep, work: () => Promise<Passed<T>>): Promise<T | null> => {
    try {
      const { value, ...passed } = await work();
      findings.set(name, { name, outcome: "pass", ...passed });
      return value;
    } catch (error) {
      if (!(error instanceof CredentialFault)) throw error;
      findings.set(name, failed(name, error));
      return null;
    }
  };

  const read = await attempt("structure", () => Promise.resolve(structureOf(options, checked)));
  if (read !== null) {
    const { jwt, credential, type } = read;
    await attempt("schema", () => Promise.resolve(schemaOf(credential, type)));
    const checkStatus = statusChecker(options);
    const sign = () => attempt("signature", () => signatureOf(options, jwt));
    const vouch = () =>
      attempt("issuer", () => issuerOf(options, checkStatus, credential, checked.participant));
    await attempt("validity", () => Promise.resolve(validityOf(credential, options.now())));
    const isStranger = jwt.did.startsWith("did:web:") && jwt.did !== didOfDomain(checked.participant);
    const vouched = isStranger ? await vouch() : null;
    const signed = isStranger && vouched === null ? null : await sign();
    if (signed !== null) {
      const anchor = isStranger ? vouched : await vouch();
      if (anchor !== null) await attempt("participant", () => participantOf(options, checked));
      await attempt("status", () => statusOf(checkStatus, credential, checked.participant));
    }
  }
  return checkOf(checkSteps.map((name) => findings.get(name) ?? notChecked(name)));
}

/** What a step was passed by, and what the next ones need of it. */
interface Passed<T> extends Pick<CredentialFinding, "detail" | "evidence"> {
  readonly code: PassCode;
  readonly value: T;
}

interface Read {
  readonly jwt: VcJwt;
  readonly credential: Credential;
  readonly type: CredentialType;
}

function structureOf({ findType }: CheckOptions, { text, types }: Checked): Passed<Read> {
  const jwt = readVcJwt(text);
  const credential = parseCredential(jwt.payload);
  const [name, ...others] = credential.types.filter((each) => each !== "VerifiableCredential");
  const type = name === undefined || others.length > 0 ? null : findType(name);
  if (type === null) {
    throw new CredentialFault(
      "type-unknown",
      "The credential is of no type that this node knows, or of several.",
    );
  }
  if (types !== undefined && !types.includes(type.name)) {
    throw new CredentialFault(
      "type-of-other-message",
      "A message of this type carries another kind of credential.",
    );
  }
  const known = [BASE_CONTEXT, ...type.contexts];
  if (
    known.length !== credential.contexts.length ||
    known.some((each, n) => each !== credential.contexts[n])
  ) {
    throw new CredentialFault(
      "context-unknown",
      "The credential's contexts are not those of its type; this node fetches none.",
    );
  }
  return {
    code: "well-formed",
    detail: "It is a verifiable credential of a type that this node knows.",
    evidence: { type: type.name, issuer: credential.issuer.id, kid: jwt.kid },
    value: { jwt, credential, type },
  };
}

function schemaOf(credential: Credential, type: CredentialType): Passed<true> {
  const [schema, ...others] = credential.schemas;
  if (
    schema === undefined ||
    others.length > 0 ||
    schema.id !== type.schema.id ||
    schema.type !== type.schema.type
  ) {
    throw new CredentialFault(
      "schema-unknown",
      "The credential must name the one schema of its type; this node fetches none.",
    );
  }
  const faults = type.validate(credential.json).slice(0, MOST_FAULTS);
  if (faults.length > 0) {
    const list = faults
      .map(({ pointer, sentence }) => `${pointer === "" ? "/" : pointer} ${sentence}`)
      .join("; ");
    throw new CredentialFault("schema-violated", `The credential violates its schema: ${list}.`);
  }
  return {
    code: "schema-met",
    detail: "It has the form that its type demands.",
    evidence: { schema: schema.id },
    value: true,
  };
}

async function signatureOf({ resolve }: CheckOptions, jwt: VcJwt): Promise<Passed<true>> {
  await verifyVcJwt(jwt, await resolving(resolve, jwt.did));
  return {
    code: "signed-by-issuer",
    detail: "Its issuer signed this very content.",
    evidence: { kid: jwt.kid, algorithm: jwt.algorithm },
    value: true,
  };
}

async function issuerOf(
  { resolve, findAnchors, now }: CheckOptions,
  checkStatus: CheckStatus,
  credential: Credential,
  participant: Domain,
): Promise<Passed<IdentityAnchor | "agency">> {
  const did = credential.issuer.id;
  if (did === didOfDomain(participant)) {
    return {
      code: "agency-itself",
      detail: "The agency that sent it issued it.",
      evidence: { agency: did },
      value: "agency",
    };
  }
  const faults: CredentialFault[] = [];
  const anchors = await findAnchors(participant, did);
  for (const text of anchors.slice(0, MOST_ANCHORS)) {
    try {
      const anchor = await checkAnchor(text, { participant, did, now: now() }, { resolve, checkStatus });
      return {
        code: "anchored",
        detail: `The agency vouches for the issuer as ${anchor.name}.`,
        evidence: {
          agency: anchor.agency,
          name: anchor.name,
          registeredId: anchor.registeredId,
          register: anchor.idScheme.id,
          validUntil: anchor.validUntil === null ? null : new Date(anchor.validUntil).toISOString(),
        },
        value: anchor,
      };
    } catch (error) {
      if (!(error instanceof CredentialFault)) throw error;
      faults.push(error);
    }
  }
  throw tellingOf(faults);
}

/** Of several anchors that do not hold, what says most: one that may hold at the next try, then one that held once. */
function tellingOf(faults: readonly CredentialFault[]): CredentialFault {
  const order = [
    "anchor-unreachable",
    "anchor-revoked",
    "anchor-expired",
    "anchor-refused",
    "anchor-of-other-agency",
  ];
  const [first] = [...faults].sort((one, other) => order.indexOf(one.code) - order.indexOf(other.code));
  return (
    first ??
    new CredentialFault(
      "anchor-missing",
      "The agency that sent the certificate does not vouch for its issuer.",
    )
  );
}

async function participantOf(
  { isBound }: CheckOptions,
  { participant, channelId }: Checked,
): Promise<Passed<true>> {
  const agency = didOfDomain(participant);
  const binding = isBound === undefined || channelId === null ? null : await isBound(participant, channelId);
  if (binding === "unbound") {
    throw new CredentialFault(
      "account-unbound",
      "The agency's own domain does not name the account that acts for it on this channel.",
    );
  }
  if (binding === "unknown") {
    throw new CredentialFault(
      "account-binding-unknown",
      "Whether the agency's own domain names its account on this channel is not known yet.",
      { kind: "unreachable" },
    );
  }
  return {
    code: "vouched-for",
    detail: "The agency is the participant that sent it.",
    evidence: { agency, participant, channelId, binding },
    value: true,
  };
}

function validityOf(credential: Credential, now: number): Passed<true> {
  demandInForce(credential, now);
  const moment = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  return {
    code: "in-force",
    detail: "It is in force.",
    evidence: { validFrom: moment(credential.validFrom), validUntil: moment(credential.validUntil) },
    value: true,
  };
}

async function statusOf(
  checkStatus: CheckStatus,
  credential: Credential,
  participant: Domain,
): Promise<Passed<true>> {
  const entry = await checkStatus(credential, participant);
  if (entry === null) {
    return {
      code: "status-without",
      detail: "It has no status list: the ledger alone says whether it was revoked.",
      evidence: {},
      value: true,
    };
  }
  return {
    code: "not-revoked",
    detail: "Its status list does not revoke it.",
    evidence: { list: entry.list, index: entry.index },
    value: true,
  };
}

function failed(name: CheckStep, { code, kind, message }: CredentialFault): CredentialFinding {
  return { name, outcome: kind === "unreachable" ? "unknown" : "fail", code, detail: message, evidence: {} };
}

function notChecked(name: CheckStep): CredentialFinding {
  return {
    ...{ name, outcome: "unknown", code: "not-checked" },
    detail: "It was not looked at, because a step before it did not pass.",
    evidence: {},
  };
}
