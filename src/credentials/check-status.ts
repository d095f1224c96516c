import type { Domain } from "../domain/participant.ts";
import { didOfDomain, type ResolveDid } from "../identity/did-document.ts";
import { parseCredential, type Credential } from "./credential.ts";
import { CredentialFault } from "./credential-fault.ts";
import { resolving } from "./resolving.ts";
import { isSet, listIn, statusEntryOf, type StatusEntry } from "./status-list.ts";
import { readVcJwt, verifyVcJwt } from "./vc-jwt.ts";

/**
 * Brings a status list that a certificate of a participant names, as it came. It goes to where that participant's lists are
 * agreed to be, and nowhere else; throws a CredentialFault `status-list-refused` for another address, and
 * `status-list-unreachable` of the kind `unreachable` where it cannot be had now.
 */
export type FetchStatusList = (participant: Domain, url: string) => Promise<string>;

/**
 * Looks a credential's status up.
 *
 * @returns where it stands; null for a credential that has none
 * @throws CredentialFault `revoked`, `status-malformed`, `status-list-refused`, or of the kind `unreachable`
 */
export type CheckStatus = (credential: Credential, participant: Domain) => Promise<StatusEntry | null>;

/**
 * A check against Bitstring Status Lists (W3C Bitstring Status List 1.0 §3.2). A list must be signed by the credential's
 * issuer, or by the participant's agency, which mirrors the ledger's revocations.
 *
 * @param options `now`: milliseconds since 1970
 */
export function statusChecker(options: {
  readonly resolve: ResolveDid;
  readonly fetchStatusList: FetchStatusList;
  readonly now: () => number;
}): CheckStatus {
  return async (credential, participant) => {
    const entry = statusEntryOf(credential);
    if (entry === null) return null;
    const jwt = readList(await options.fetchStatusList(participant, entry.list));
    if (![credential.issuer.id, didOfDomain(participant)].includes(jwt.did)) {
      throw new CredentialFault(
        "status-list-refused",
        "The status list is signed by somebody who may not revoke this.",
      );
    }
    const document = await resolving(options.resolve, jwt.did);
    let list: Uint8Array;
    try {
      await verifyVcJwt(jwt, document);
      list = listIn(parseCredential(jwt.payload), entry.list, options.now());
    } catch (error) {
      throw asListFault(error);
    }
    if (isSet(list, entry.index)) {
      throw new CredentialFault("revoked", "The credential was revoked, by its status list.");
    }
    return entry;
  };
}

function readList(text: string) {
  try {
    return readVcJwt(text);
  } catch (error) {
    throw asListFault(error);
  }
}

/** What is wrong with a list, said of the list and not of the credential that it is asked about. */
function asListFault(error: unknown): unknown {
  if (!(error instanceof CredentialFault) || error.code === "status-list-refused") return error;
  return new CredentialFault("status-list-refused", `The status list is not accepted. ${error.message}`, {
    cause: error,
  });
}
