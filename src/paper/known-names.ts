import { isDomain } from "../domain/participant.ts";
import { didOfDomain } from "../identity/did-document.ts";

/** A participant as the ledger's own list has it. */
export interface NamedParticipant {
  readonly domain: string;
  readonly jurisdiction: string;
}

/** Who is behind a DID, by the word of the ledger: not by his own, nor by a document's. */
export type KnownNames = ReadonlyMap<string, NamedParticipant>;

/** Participants by the DIDs of their domains. */
export function knownNames(participants: readonly NamedParticipant[]): KnownNames {
  const named = participants.filter(({ domain }) => isDomain(domain));
  return new Map(named.map((each) => [didOfDomain(each.domain), each]));
}
