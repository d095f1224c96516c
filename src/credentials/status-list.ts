import { gunzipSync, gzipSync } from "node:zlib";

import { BASE_CONTEXT, type Credential } from "./credential.ts";
import { CredentialFault } from "./credential-fault.ts";

/** Entries of a list that this node publishes, and the fewest of any (Bitstring Status List 1.0 §2.2): a herd to hide in. */
export const ENTRIES = 131_072;

/** Where a credential's status stands. */
export interface StatusEntry {
  readonly purpose: "revocation";
  /** Place in the list, from 0 on. */
  readonly index: number;
  /** URL of the list's credential. */
  readonly list: string;
}

/** Bytes of a list at most, once unpacked. */
const MOST_BYTES = 1024 * 1024;
const LONGEST_URL = 2_048;

/** A list in which no entry is set. */
export function emptyList(): Uint8Array {
  return new Uint8Array(ENTRIES / 8);
}

/** Sets an entry; the first is the highest bit of the first byte. */
export function setEntry(list: Uint8Array, index: number): void {
  if (!Number.isSafeInteger(index) || index < 0 || index >= list.length * 8) {
    throw new RangeError("The list has no such entry.");
  }
  list[index >> 3] = (list[index >> 3] ?? 0) | (0x80 >> (index & 7));
}

/**
 * Whether an entry is set.
 *
 * @throws CredentialFault `status-malformed` for an index beyond the list
 */
export function isSet(list: Uint8Array, index: number): boolean {
  const byte = list[index >> 3];
  if (!Number.isSafeInteger(index) || index < 0 || byte === undefined) {
    throw new CredentialFault("status-malformed", "The credential's status lies beyond the end of its list.");
  }
  return (byte & (0x80 >> (index & 7))) !== 0;
}

/** Packs a list: GZIP, then multibase base64url (Bitstring Status List 1.0 §3.3). */
export function encodeList(list: Uint8Array): string {
  return `u${gzipSync(list).toString("base64url")}`;
}

/**
 * Unpacks a list; no more than a megabyte ever comes out.
 *
 * @throws CredentialFault `status-list-refused`
 */
export function decodeList(encoded: unknown): Uint8Array {
  if (typeof encoded !== "string" || !/^u[A-Za-z0-9_-]+$/.test(encoded)) {
    throw refused("is not packed as GZIP and base64url");
  }
  let list: Uint8Array;
  try {
    list = gunzipSync(Buffer.from(encoded.slice(1), "base64url"), { maxOutputLength: MOST_BYTES });
  } catch (cause) {
    throw refused("cannot be unpacked, or is too large", cause);
  }
  if (list.length < ENTRIES / 8) throw refused("has fewer entries than hide one among them");
  return list;
}

/**
 * Reads a credential's status entry of the purpose `revocation` (Bitstring Status List 1.0 §2.1).
 *
 * @returns null where the credential has no status
 * @throws CredentialFault `status-malformed` for an entry of another kind or form: what cannot be read may say "revoked"
 */
export function statusEntryOf({ statuses }: Pick<Credential, "statuses">): StatusEntry | null {
  const [only, ...others] = statuses;
  if (only === undefined) return null;
  const { type, statusPurpose, statusListIndex, statusListCredential, statusSize } = only;
  const index =
    typeof statusListIndex === "string" && /^(?:0|[1-9]\d{0,9})$/.test(statusListIndex)
      ? Number(statusListIndex)
      : null;
  const isList =
    typeof statusListCredential === "string" &&
    statusListCredential.length <= LONGEST_URL &&
    URL.canParse(statusListCredential);
  const isKnown = type === "BitstringStatusListEntry" && statusPurpose === "revocation";
  const hasOneBit = statusSize === undefined || statusSize === 1;
  if (others.length > 0 || index === null || !isList || !isKnown || !hasOneBit) {
    throw new CredentialFault(
      "status-malformed",
      "The credential's status must be one entry of a bitstring status list, of the purpose revocation.",
    );
  }
  return { purpose: "revocation", index, list: statusListCredential };
}

/** A status entry as it stands in a credential. */
export function statusMember({ index, list, purpose }: StatusEntry) {
  return {
    id: `${list}#${index}`,
    type: "BitstringStatusListEntry",
    statusPurpose: purpose,
    statusListIndex: String(index),
    statusListCredential: list,
  } as const;
}

/**
 * A status list as a credential, yet to be signed (Bitstring Status List 1.0 §2.2).
 *
 * @param made `url`: its own; `from`, `until`: milliseconds since 1970
 */
export function statusListCredential(made: {
  readonly url: string;
  readonly issuer: string;
  readonly list: Uint8Array;
  readonly from: number;
  readonly until: number;
}): Readonly<Record<string, unknown>> {
  return {
    "@context": [BASE_CONTEXT],
    id: made.url,
    type: ["VerifiableCredential", "BitstringStatusListCredential"],
    issuer: made.issuer,
    validFrom: new Date(made.from).toISOString(),
    validUntil: new Date(made.until).toISOString(),
    credentialSubject: {
      id: `${made.url}#list`,
      type: "BitstringStatusList",
      statusPurpose: "revocation",
      ttl: made.until - made.from,
      encodedList: encodeList(made.list),
    },
  };
}

/**
 * The list in a status list credential whose signature was verified (Bitstring Status List 1.0 §3.2).
 *
 * @param url where it was found, which must be its own
 * @param now milliseconds since 1970
 * @throws CredentialFault `status-list-refused`
 */
export function listIn(credential: Credential, url: string, now: number): Uint8Array {
  if (credential.id !== url) throw refused("is that of another address");
  if (!credential.types.includes("BitstringStatusListCredential"))
    throw refused("is a credential of another type");
  if (credential.contexts.length !== 1) throw refused("uses contexts that none has need of");
  const [subject, ...others] = credential.subjects;
  if (
    subject?.type !== "BitstringStatusList" ||
    subject.statusPurpose !== "revocation" ||
    others.length > 0
  ) {
    throw refused("is of another kind or purpose");
  }
  if ((credential.validFrom ?? 0) > now + SKEW_MS || (credential.validUntil ?? Infinity) < now - SKEW_MS) {
    throw refused("is out of date");
  }
  return decodeList(subject.encodedList);
}

/** What two clocks may differ. */
export const SKEW_MS = 60_000;

function refused(what: string, cause?: unknown): CredentialFault {
  return new CredentialFault("status-list-refused", `The status list ${what}.`, { cause });
}
