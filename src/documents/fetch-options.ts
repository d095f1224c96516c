import type { Transaction } from "kysely";

import type { Reason } from "../domain/journal.ts";
import type { Domain } from "../domain/participant.ts";
import type { AddressGuard } from "../identity/address-guard.ts";
import type { PeerTls } from "../identity/peer-tls.ts";
import type { Logger } from "../log.ts";
import type { CountFault } from "../operations/fault.ts";
import type { Schema } from "../store/schema.ts";
import type { Store } from "../store/store.ts";
import type { DocumentStore } from "./document-store.ts";
import type { RetrievalLimits } from "./peer-request.ts";

/** The same step of received messages towards their documents, to be written into their journals. */
export interface FetchSteps {
  /** Messages; also batches, which have no journal. */
  readonly messageIds: readonly string[];
  readonly status: "fetching" | "available" | "fetch-failed";
  readonly reason?: Reason;
}

/** How fetches are spread over time and peers. */
export interface FetchPace {
  /** Groups of documents at once, all in all. */
  readonly concurrency: number;
  /** At once from one participant's node, so that a slow one holds up nobody else. */
  readonly perSource: number;
  /** Documents of one source that one replica takes up, and asks for, at once; at most 1,000. */
  readonly groupSize: number;
  /** Wait after the first failure; doubled after each further one. */
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** How long it is tried; PROTOCOL §3 asks for a day at least. */
  readonly giveUpAfterMs: number;
  /** Late by so much, this node stood still or its clock leapt: such time does not count as tried. */
  readonly stoodStillMs: number;
  /** How often the queue is looked at where nothing wakes the fetcher. */
  readonly pollMs: number;
  /** How long a fetch is kept from other replicas without a sign of life. */
  readonly leaseMs: number;
}

/** The pace of a node. */
export const fetchPace: FetchPace = {
  concurrency: 64,
  perSource: 4,
  groupSize: 500,
  firstRetryMs: 1_000,
  longestRetryMs: 10 * 60 * 1000,
  giveUpAfterMs: 3 * 24 * 60 * 60 * 1000,
  stoodStillMs: 60 * 60 * 1000,
  pollMs: 5_000,
  leaseMs: 8_000,
};

/** What a fetcher works with. */
export interface FetcherOptions {
  readonly store: Store;
  readonly files: DocumentStore;
  readonly guard: AddressGuard;
  /** Connects over TLS as this node; left out where it has no certificate. */
  readonly tls?: PeerTls;
  /** Base URL of a participant's node by a channel's final state; null while it has announced none. */
  readonly endpointOf: (channelId: string, participant: Domain) => Promise<string | null>;
  /** The Authorization header of one request to another participant's node. */
  readonly authorize: (request: {
    readonly channelId: string;
    readonly audience: Domain;
    readonly method: string;
    readonly path: string;
  }) => Promise<string>;
  /** Why some documents may not be fetched yet, by message; left out where every one may. */
  readonly withheld?: (group: {
    readonly channelId: string;
    readonly source: Domain;
    readonly messageIds: readonly string[];
  }) => Promise<ReadonlyMap<string, Reason>>;
  /** Writes steps into the messages' journals, in the transaction that takes them. */
  readonly onFetch: (db: Transaction<Schema>, steps: FetchSteps) => Promise<void>;
  /** Told, after it is committed, that the body of a batch is here. */
  readonly onBody?: () => void;
  readonly limits: RetrievalLimits;
  readonly log: Logger;
  /** Counts what went wrong; nobody does where left out. */
  readonly countFault?: CountFault;
  readonly pace?: FetchPace;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}
