import type { MessageStatus } from "../../../../src/domain/journal.ts";
import type { Effect } from "../node-records.ts";

/** What is known about a subject, as the node tells it (openapi/subjects.yaml), as far as it is drawn. */
export interface SubjectGraph {
  readonly messages: readonly {
    readonly messageId: string;
    readonly sender: string;
    readonly receiver: string;
    readonly predicateName: string;
    readonly effect: Effect;
    readonly status: MessageStatus;
    readonly journal: readonly { readonly at: string }[];
    readonly actsOn?: string;
  }[];
  readonly documents: readonly {
    readonly links?: readonly {
      readonly link: string;
      readonly number: string;
      readonly subjects: readonly string[];
    }[];
  }[];
  readonly next: string | null;
}

/** A message in the picture. */
export interface DrawnMessage {
  readonly id: string;
  readonly sender: string;
  readonly receiver: string;
  readonly predicate: string;
  readonly effect: Effect;
  readonly status: MessageStatus;
  /** RFC 3339; empty where it is not known. */
  readonly at: string;
  /** The id of the message whose certificate it used or revoked; null where it did neither. */
  readonly actsOn: string | null;
}

/** What is drawn: a lane for each participant, and the messages between them, the oldest first. */
export interface Drawn {
  readonly lanes: readonly string[];
  readonly messages: readonly DrawnMessage[];
  readonly links: readonly {
    readonly link: string;
    readonly number: string;
    readonly subjects: readonly string[];
  }[];
}

const afterLast = (iri: string) => iri.slice(iri.lastIndexOf(":") + 1);
const domainOf = (did: string) => did.replace(/^did:web:/, "");

/** What to draw of a subject. */
export function graphOf({ messages, documents }: SubjectGraph): Drawn {
  const drawn = messages.map((each): DrawnMessage => ({
    id: each.messageId,
    sender: domainOf(each.sender),
    receiver: domainOf(each.receiver),
    predicate: each.predicateName,
    effect: each.effect,
    status: each.status,
    at: each.journal[0]?.at ?? "",
    actsOn: each.actsOn === undefined ? null : afterLast(each.actsOn),
  }));
  const links = documents.flatMap((document) => document.links ?? []);
  return {
    lanes: [...new Set(drawn.flatMap(({ sender, receiver }) => [sender, receiver]))],
    messages: drawn.sort((a, b) => a.at.localeCompare(b.at)),
    links: links.map(({ link, number, subjects }) => ({
      ...{ link, number },
      subjects: subjects.map((iri) => decodeURIComponent(iri.replace(/^urn:icl:subject:/, ""))),
    })),
  };
}
