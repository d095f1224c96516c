import type { Router } from "express";

import type { Channel } from "../channels/channel.ts";
import type { Config } from "../config.ts";
import { liveAnchors } from "../credentials/anchor-repository.ts";
import { checkCredential, type Checked, type IsBound } from "../credentials/check-credential.ts";
import { queueChecks } from "../credentials/check-repository.ts";
import { CredentialFault } from "../credentials/credential-fault.ts";
import type { FindCredentialType } from "../credentials/credential-types.ts";
import { noCredentials } from "../credentials/credentials-config.ts";
import { resolverOf } from "../credentials/did-key.ts";
import { checkBeforeSending } from "../credentials/document-check.ts";
import type { CredentialCheck } from "../credentials/finding.ts";
import { openIssuerKeys, type IssuerKey, type IssuerKeys } from "../credentials/issuer-keys.ts";
import { PeerCredentials } from "../credentials/peer-credentials.ts";
import { ReceivedChecks, type CheckPace } from "../credentials/received-checks.ts";
import { StatusPublisher } from "../credentials/status-publisher.ts";
import type { DocumentStore } from "../documents/document-store.ts";
import type { FetchSteps } from "../documents/fetch-options.ts";
import { digestOf } from "../domain/multihash.ts";
import { credentialsOpenRouter } from "../http/credentials-open-router.ts";
import { credentialsRouter } from "../http/credentials-router.ts";
import { AddressGuard } from "../identity/address-guard.ts";
import { agencyDidDocument } from "../identity/agency-did-document.ts";
import { didOfDomain, parseDidDocument, type ResolveDid } from "../identity/did-document.ts";
import type { Logger } from "../log.ts";
import type { CheckDocument } from "../messages/accept.ts";
import { anyEndpointOf, endpointOn } from "../routing/registry-repository.ts";
import type { Store } from "../store/store.ts";
import { OwnAccounts } from "./own-accounts.ts";

/** What a node's dealing with credentials is built from. */
export interface NodeCredentialsOptions {
  readonly config: Config;
  readonly store: Store;
  readonly files: DocumentStore;
  /** Names this process among the replicas of a node. */
  readonly owner: string;
  /** The channels that are open. */
  readonly channels: () => readonly Channel[];
  /** Kinds of credentials that are known by meaning. */
  readonly findType: FindCredentialType;
  /** Resolves another's `did:web`. */
  readonly resolveDidWeb: ResolveDid;
  readonly isBound?: IsBound;
  readonly pace?: Partial<CheckPace>;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** All that a node does about certificates as credentials: issuing, vouching, publishing and checking. */
export class NodeCredentials {
  readonly openRouters: readonly Router[];
  readonly routers: readonly Router[];
  /** Looks at documents before their messages are accepted; null where no message type asks for it. */
  readonly checkDocument: CheckDocument | null;
  readonly #options: NodeCredentialsOptions;
  readonly #keys: IssuerKeys;
  readonly #publisher: StatusPublisher;
  readonly #peers: PeerCredentials;
  readonly #accounts: OwnAccounts;
  readonly #received: ReceivedChecks;
  readonly #predicates: readonly string[];

  /** @throws Error naming the issuer whose key is not usable */
  static async open(options: NodeCredentialsOptions): Promise<NodeCredentials> {
    return new NodeCredentials(
      options,
      await openIssuerKeys((options.config.credentials ?? noCredentials).issuers),
    );
  }

  private constructor(options: NodeCredentialsOptions, keys: IssuerKeys) {
    const { config, store, files, owner, findType, log, now } = options;
    const { participant, publicUrl } = config;
    const { messageTypes, statusLists, accounts } = config.credentials ?? noCredentials;
    this.#options = options;
    this.#keys = keys;
    this.#publisher = new StatusPublisher({ store, participant, keys, publicUrl, now });
    this.#peers = new PeerCredentials({
      ...{ statusLists, now },
      guard: new AddressGuard(config.peers),
      endpointOf: (domain, channelId) =>
        channelId === null ? anyEndpointOf(store.db, domain) : endpointOn(store.db, channelId, domain),
    });
    this.#accounts = new OwnAccounts(config.channels, accounts, options.channels);
    const check = (checked: Checked) => this.#check(checked);
    const publisher = this.#publisher;
    this.#received = new ReceivedChecks({
      ...{ store, files, owner, check, messageTypes, log, now },
      ...(options.pace === undefined ? {} : { pace: options.pace }),
    });
    this.#predicates = [...messageTypes].flatMap(([name, { document }]) => (document === "off" ? [] : name));
    const checking = { store, files, messageTypes, check, publisher, now };
    this.checkDocument =
      this.#predicates.length === 0
        ? null
        : ({ id: messageId, message, channelId }) => {
            const { predicate, sender } = message;
            const carrying = { messageId, digest: digestOf(message.obj), predicate, sender, channelId };
            return checkBeforeSending(checking, carrying);
          };
    this.openRouters = [
      credentialsOpenRouter({ store, publisher, now, didDocument: () => this.#didDocument() }),
    ];
    this.routers = [
      credentialsRouter({
        ...{ store, files, findType, keys, publisher, participant, check, now },
        maxBytes: config.documents.maxBytes,
        agencyName: participant,
      }),
    ];
  }

  /** The keys that the agency itself signs with. */
  get agencyKeys(): readonly IssuerKey[] {
    return this.#keys.allOf(didOfDomain(this.#options.config.participant));
  }

  start(): void {
    if (this.#predicates.length > 0) this.#received.start();
  }

  /** Resolves when nothing runs any more. */
  async stop(): Promise<void> {
    await this.#received.stop();
  }

  /** Puts received messages in line whose documents have come, in the transaction in which they do. */
  async queue(db: Parameters<typeof queueChecks>[0], { messageIds, status }: FetchSteps): Promise<void> {
    if (status !== "available") return;
    const queued = await queueChecks(db, messageIds, this.#predicates, this.#options.now());
    if (queued > 0) this.#received.wake();
  }

  async #check(checked: Checked): Promise<CredentialCheck> {
    const { store, findType, resolveDidWeb, isBound, now } = this.#options;
    const own = this.#options.config.participant;
    const { channelId } = checked;
    const find = this.#peers.findAnchors(channelId);
    const fetch = this.#peers.fetchStatusList(channelId);
    return checkCredential(
      {
        ...{ findType, now },
        ...(isBound === undefined ? {} : { isBound }),
        resolve: resolverOf((did) => (this.#isOwn(did) ? this.#ownDocument(did) : resolveDidWeb(did))),
        // What this node publishes itself it does not ask itself for over the network.
        findAnchors: async (participant, did) =>
          participant === own
            ? (await liveAnchors(store.db, did, now())).map(({ credential }) => credential)
            : find(participant, did),
        fetchStatusList: (participant, url) => {
          const number = this.#publisher.numberOf(url);
          return number === null ? fetch(participant, url) : this.#ownList(number);
        },
      },
      checked,
    );
  }

  #isOwn(did: string): boolean {
    return did === didOfDomain(this.#options.config.participant) && this.#keys.of(did) !== null;
  }

  async #ownDocument(did: string): ReturnType<ResolveDid> {
    return parseDidDocument(did, await this.#didDocument());
  }

  async #ownList(number: number): Promise<string> {
    const text = await this.#publisher.textOf(number);
    if (text !== null) return text;
    throw new CredentialFault("status-list-refused", "This node has no status list of this number.");
  }

  async #didDocument(): Promise<Readonly<Record<string, unknown>>> {
    const { participant, publicUrl } = this.#options.config;
    const did = didOfDomain(participant);
    const accounts = await this.#accounts.list();
    return agencyDidDocument({ did, keys: this.#keys.allOf(did), accounts, endpoint: publicUrl });
  }
}
