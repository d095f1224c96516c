import { isDomain } from "../domain/participant.ts";

/** A key or ledger account of a DID document (DID Core 1.0 §5.2). */
export interface VerificationMethod {
  /** An absolute DID URL, such as `did:web:customs.example#key-1`. */
  readonly id: string;
  readonly type: string;
  readonly controller: string;
  /** A public JWK (RFC 7517), never with private members; left out where the method is of another kind. */
  readonly publicKeyJwk?: Readonly<Record<string, unknown>>;
  /** A ledger account as CAIP-10 writes it, such as `eip155:1:0x…`, in lower case; left out where the method is none. */
  readonly blockchainAccountId?: string;
}

/** What a DID stands for, as far as this node uses it (DID Core 1.0 §4). */
export interface DidDocument {
  readonly id: string;
  readonly verificationMethods: readonly VerificationMethod[];
  /** Ids of the methods that may sign what the DID asserts, such as credentials. */
  readonly assertionMethods: ReadonlySet<string>;
}

/**
 * Finds the document of a DID.
 *
 * @throws DidFailure
 */
export type ResolveDid = (did: string) => Promise<DidDocument>;

/** Why a DID's document is not to be had: `invalid` will not change by itself, `unreachable` may. */
export class DidFailure extends Error {
  readonly kind: "invalid" | "unreachable";

  /** @param message names the DID and what is wrong, and nothing that a stranger's server wrote */
  constructor(kind: DidFailure["kind"], message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "DidFailure";
    this.kind = kind;
  }
}

const MOST_METHODS = 100;
const MOST_CHARACTERS = 512;
const DID = /^did:[a-z0-9]{1,32}:[A-Za-z0-9._:%-]{1,400}$/;
const ACCOUNT = /^eip155:[1-9]\d{0,31}:0x[0-9a-fA-F]{40}$/;
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/** Whether a text has the form of a DID without path, query or fragment. */
export function isDid(text: string): boolean {
  return DID.test(text);
}

/** The DID that a participant's own domain speaks by. */
export function didOfDomain(domain: string): string {
  if (!isDomain(domain)) throw new DidFailure("invalid", "Only a participant's domain has such a DID.");
  return `did:web:${domain}`;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" && value.length <= MOST_CHARACTERS ? value : null;
}

function listOf(value: unknown): readonly unknown[] | null {
  if (value === undefined) return [];
  return Array.isArray(value) && value.length <= MOST_METHODS ? (value as readonly unknown[]) : null;
}

/**
 * Reads a DID document that somebody else wrote.
 *
 * @param did whose document it must be
 * @param value parsed JSON
 * @throws DidFailure `invalid`
 */
export function parseDidDocument(did: string, value: unknown): DidDocument {
  const wrong = (what: string) => new DidFailure("invalid", `The document of ${did} ${what}.`);
  if (!isRecord(value)) throw wrong("is no JSON object");
  if (value.id !== did) throw wrong("is that of another DID");
  const absolute = (id: string) => (id.startsWith("#") ? did + id : id);
  const isOwn = (id: string) => id.startsWith(`${did}#`) && id.length > did.length + 1;

  const methodOf = (entry: unknown): VerificationMethod => {
    if (!isRecord(entry)) throw wrong("has a verification method that is no object");
    const id = textOf(entry.id);
    const type = textOf(entry.type);
    const controller = textOf(entry.controller);
    if (id === null || type === null || controller === null || !isOwn(absolute(id))) {
      throw wrong("has a verification method without an id of its own, a type or a controller");
    }
    const { publicKeyJwk, blockchainAccountId } = entry;
    if (publicKeyJwk !== undefined && !isRecord(publicKeyJwk)) throw wrong("has a key that is no JWK");
    if (publicKeyJwk !== undefined && PRIVATE_MEMBERS.some((name) => Object.hasOwn(publicKeyJwk, name))) {
      throw wrong("publishes a private key");
    }
    const account = blockchainAccountId === undefined ? null : textOf(blockchainAccountId);
    return {
      ...{ id: absolute(id), type, controller },
      ...(publicKeyJwk === undefined ? {} : { publicKeyJwk }),
      // An account of a ledger that this node knows nothing of is none to it, and no reason to doubt the others.
      ...(account !== null && ACCOUNT.test(account) ? { blockchainAccountId: account.toLowerCase() } : {}),
    };
  };

  const declared = listOf(value.verificationMethod);
  const asserting = listOf(value.assertionMethod);
  if (declared === null || asserting === null) throw wrong(`lists more than ${MOST_METHODS} methods`);
  const methods = new Map<string, VerificationMethod>();
  const add = (method: VerificationMethod) => {
    if (methods.has(method.id)) throw wrong("names two methods by one id");
    methods.set(method.id, method);
  };
  for (const entry of declared) add(methodOf(entry));
  const assertionMethods = new Set<string>();
  for (const entry of asserting) {
    if (typeof entry === "string") {
      assertionMethods.add(absolute(entry));
      continue;
    }
    const embedded = methodOf(entry);
    add(embedded);
    assertionMethods.add(embedded.id);
  }
  return { id: did, verificationMethods: [...methods.values()], assertionMethods };
}
