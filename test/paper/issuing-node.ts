import { join } from "node:path";

import type { MemoryLedger } from "../../src/channels/memory/memory-ledger.ts";
import { FileStore } from "../../src/documents/file-store.ts";
import { messageId, toWire, type Message } from "../../src/domain/message.ts";
import type { MessageId } from "../../src/domain/message-id.ts";
import type { Multihash } from "../../src/domain/multihash.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { documentsRouter } from "../../src/http/documents-router.ts";
import { messagesRouter } from "../../src/http/messages-router.ts";
import type { HttpServer } from "../../src/http/server.ts";
import type { Caller } from "../../src/identity/caller.ts";
import { DidFailure, didOfDomain } from "../../src/identity/did-document.ts";
import { NodeForms } from "../../src/node/node-forms.ts";
import { openPaper } from "../../src/node/node-paper.ts";
import { openSemantics } from "../../src/node/node-semantics.ts";
import { checkOfflineSeal, type SealCheck } from "../../src/paper/check-seal.ts";
import type { DocumentForms } from "../../src/paper/document-forms.ts";
import { openSealedCopy } from "../../src/paper/sealed-copy.ts";
import type { TrustList } from "../../src/paper/trust-list.ts";
import { parseFragment } from "../../src/paper/verifier-link.ts";
import type { Store } from "../../src/store/store.ts";
import { au, message } from "../channels/fixtures.ts";
import { newSigner } from "../credentials/fixtures.ts";
import { serve } from "../http/test-app.ts";
import { authenticateAs } from "../http/test-callers.ts";
import { channelOf, ledgerOf, rigOf, testClock, type Rig } from "../messages/rig.ts";

const json = { "content-type": "application/json" };

/** The host of the verifier that papers of this node lead to. */
export const VERIFIER = "icl.homeaffairs.gov.au";
/**
 * For every request to the node. Reading codes off a picture keeps this process busy for seconds, in which the server would end a
 * connection that the next request is then sent on.
 */
export const ONE_REQUEST = { connection: "close" } as const;
/** What documents of this node are known by. */
export const semantics = openSemantics();

/** An Australian agency's node that issues, seals and prints, on a channel of production, with real HTTP. */
export interface IssuingNode {
  readonly url: string;
  /** Where it keeps documents. */
  readonly files: FileStore;
  readonly forms: DocumentForms;
  /** Stores bytes as the caller of that name. */
  store(as: string, content: string | Uint8Array<ArrayBuffer>, mediaType?: string): Promise<Multihash>;
  /** Has the caller `officer` send the message that issues a document, and the ledger take it. */
  issue(obj: Multihash, changes?: Partial<Message>): Promise<MessageId>;
  /** What opens a paper's first code: the document, by the key that was read. */
  open(link: string): Promise<{ readonly messageId: MessageId | null; readonly bytes: Uint8Array }>;
  /** What a paper's second code is worth, by this node's own trust list. */
  check(offline: string): Promise<SealCheck>;
  close(): Promise<void>;
}

/**
 * Starts one.
 *
 * @param directory where it keeps documents
 * @param callers by the names that are their tokens; `officer` may send
 */
export async function startIssuingNode(
  store: Store,
  directory: string,
  callers: Readonly<Record<string, Caller>>,
): Promise<IssuingNode> {
  const clock = testClock(Date.parse("2026-06-03T04:00:00Z"));
  const { now } = clock;
  const ledger: MemoryLedger = ledgerOf(clock, { terms: { type: "production" } });
  const channels = [channelOf(ledger, au)];
  const rig: Rig = await rigOf({ store, clock, channels });
  const files = await FileStore.open(join(directory, "documents"));
  const documents = { store, files, maxBytes: 6_000_000, now };
  const forms = new NodeForms(semantics);
  const agency = newSigner("ES256", didOfDomain(au));
  const publicJwk = Object.fromEntries(
    Object.entries(agency.publicJwk).map(([name, value]) => [name, String(value)]),
  );
  const paper = openPaper({
    ...{ store, files, now, forms: forms.forms },
    agencyKeys: [{ ...agency, publicJwk, name: null }],
    resolveDidWeb: (did) => Promise.reject(new DidFailure("unreachable", `${did} does not answer.`)),
    config: {
      ...{ participant: au, publicUrl: `https://${VERIFIER}` },
      documents: { maxBytes: documents.maxBytes, directory },
    },
    channels: () => channels.map(({ description }) => description),
  });
  const routers = [
    documentsRouter(documents),
    messagesRouter({ ...rig.accepting, subjects: semantics.subjects }),
    ...paper.routers,
    ...forms.routers(documents, paper),
  ];
  const server: HttpServer = await serve(authenticateAs(callers), routers, {
    openRouters: paper.openRouters,
  });
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(ONE_REQUEST)) headers.set(name, value);
    const response = await fetch(`${server.url}${path}`, { ...init, headers });
    if (!response.ok) throw new Error(await response.text());
    return response;
  };

  return {
    url: server.url,
    files,
    forms: forms.forms,
    async store(as, content, mediaType = "application/json") {
      const headers = { authorization: `Bearer ${as}`, "content-type": mediaType };
      const answer = await ask("/documents", { method: "POST", body: content, headers });
      return ((await answer.json()) as { multihash: Multihash }).multihash;
    },
    async issue(obj, changes = {}) {
      const about = message({ subject: parseSubject(`chamber.com.au:${obj}`), obj, ...changes });
      const headers = { ...json, authorization: "Bearer officer" };
      await ask("/messages", { method: "POST", headers, body: JSON.stringify(toWire(about)) });
      await rig.settle();
      return messageId(about);
    },
    async open(link) {
      const { accessKey, multihash, messageId: named } = parseFragment(new URL(link).hash.slice(1));
      if (accessKey === null) throw new Error("The code has no key.");
      const sealed = await (await ask(`/documents/${multihash}/sealed`)).text();
      return { messageId: named, bytes: (await openSealedCopy(sealed, accessKey, multihash)).bytes };
    },
    async check(offline) {
      const trustList = (await (await ask("/trust-list")).json()) as TrustList;
      return checkOfflineSeal(offline, trustList, now());
    },
    close: () => server.close(0),
  };
}
