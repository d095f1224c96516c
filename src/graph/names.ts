import type { Domain } from "../domain/participant.ts";

/** What the node itself names, below `urn:icl:`; nothing that somebody else wrote can be such a name unescaped. */
export type NodeKind = "subject" | "message" | "certificate" | "document" | "channel" | "batch";

const IRI = /^(?:https?:\/\/|urn:)[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/;
const OURS = /^urn:icl:/i;

/**
 * The IRI of a node of the graph.
 *
 * @param name whatever tells it from others of its kind; printable ASCII
 */
export function iriOf(kind: NodeKind | "predicate", name: string): string {
  return `urn:icl:${kind}:${encodeURIComponent(name).replaceAll("%3A", ":")}`;
}

/** The IRI of a message type: its own where it is one, and none of ours. */
export function predicateIri(predicate: string): string {
  return IRI.test(predicate) && !OURS.test(predicate) ? predicate : iriOf("predicate", predicate);
}

/** The DID of a participant. Whether a document stands behind it is not said. */
export function didOf(domain: Domain | string): string {
  return `did:web:${domain}`;
}
