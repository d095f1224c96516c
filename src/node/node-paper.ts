import type { Router } from "express";

import type { ChannelDescription } from "../channels/channel.ts";
import type { Config } from "../config.ts";
import type { IssuerKey } from "../credentials/issuer-keys.ts";
import type { DocumentStore } from "../documents/document-store.ts";
import { paperOpenRouter } from "../http/paper-open-router.ts";
import { sealRouter } from "../http/seal-router.ts";
import type { ResolveDid } from "../identity/did-document.ts";
import { checkOfflineSeal, type SealCheck } from "../paper/check-seal.ts";
import type { SealDocument } from "../paper/document-seal.ts";
import type { NamedParticipant } from "../paper/known-names.ts";
import { documentSealer, type SealingOptions } from "../paper/seal-document.ts";
import { SealedCopies } from "../paper/sealed-copies.ts";
import { sealJwkOf, TrustLists } from "../paper/trust-lists.ts";
import { participantsOnChannels } from "../routing/registry-repository.ts";
import type { Store } from "../store/store.ts";

/** What a node's dealing with papers is built from. */
export interface NodePaperOptions {
  readonly config: Pick<Config, "participant" | "publicUrl" | "documents">;
  readonly store: Store;
  readonly files: DocumentStore;
  readonly channels: () => readonly ChannelDescription[];
  /** The keys that this agency signs with, by its own DID. */
  readonly agencyKeys: readonly IssuerKey[];
  /** What is known of the types of documents. */
  readonly forms: SealingOptions["forms"];
  /** Resolves another's `did:web`. */
  readonly resolveDidWeb: ResolveDid;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** All that a node does about papers: sealing documents, giving sealed copies, and whose seals it believes. */
export interface NodePaper {
  readonly openRouters: readonly Router[];
  readonly routers: readonly Router[];
  readonly sealDocument: SealDocument;
  /** Whom the channels of this node have as participants. */
  readonly participants: () => Promise<readonly NamedParticipant[]>;
  /** Checks an offline seal by the participants of this node's channels. */
  readonly checkSeal: (text: string) => Promise<SealCheck>;
}

/** Puts together what a node does about papers. */
export function openPaper(options: NodePaperOptions): NodePaper {
  const { config, store, files, channels, agencyKeys, resolveDidWeb: resolve, forms, now } = options;
  const { participant, publicUrl } = config;
  const ownKeys = agencyKeys.flatMap(({ kid, key, publicJwk }) => {
    const jwk = sealJwkOf(publicJwk);
    return jwk === null ? [] : [{ kid, key, jwk }];
  });
  const [own] = ownKeys;
  const sealing: SealingOptions = {
    ...{ store, files, participant, publicUrl, now },
    maxBytes: config.documents.maxBytes,
    isTest: (channelId) => {
      const channel = channels().find(({ id }) => id === channelId);
      return channel === undefined ? null : channel.type === "test";
    },
    sealKey:
      own === undefined
        ? null
        : {
            key: own.key.toCryptoKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]),
            publicJwk: own.jwk,
          },
    forms,
  };
  const trustLists = new TrustLists({ store, participant, channels, resolve, ownKeys, now });
  const sealDocument = documentSealer(sealing);
  return {
    openRouters: [paperOpenRouter({ copies: new SealedCopies({ store, files, now }), trustLists })],
    routers: [sealRouter({ sealing, sealDocument })],
    sealDocument,
    participants: async () => {
      const ids = channels().map(({ id }) => id);
      const seats = await participantsOnChannels(store.db, ids);
      return seats.filter(({ status }) => status !== "invited");
    },
    checkSeal: async (text) => checkOfflineSeal(text, await trustLists.current(), now()),
  };
}
