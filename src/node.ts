import { randomUUID } from "node:crypto";

import express from "express";

import { AccessRefusals } from "./audit/access-refusals.ts";
import { AuditSealer } from "./audit/audit-sealer.ts";
import type { Config } from "./config.ts";
import { DocumentFetcher } from "./documents/document-fetcher.ts";
import { fetchPace } from "./documents/fetch-options.ts";
import { retrievalDefaults } from "./documents/retrieve.ts";
import { openDocumentStore } from "./documents/open-document-store.ts";
import { repairer } from "./documents/repair.ts";
import { WatchedStore } from "./documents/watched-store.ts";
import { createApp } from "./http/app.ts";
import { auditRouter } from "./http/audit-router.ts";
import { documentBatchRouter } from "./http/document-batch-router.ts";
import { evidenceRouter } from "./http/evidence-router.ts";
import { documentsRouter } from "./http/documents-router.ts";
import { keepingRouter } from "./http/keeping-router.ts";
import { messagesBatchRouter } from "./http/messages-batch-router.ts";
import { metricsRouter, sendMetrics } from "./http/metrics-router.ts";
import { messagesRouter } from "./http/messages-router.ts";
import { operationsRouter } from "./http/operations-router.ts";
import { overviewRouter } from "./http/overview-router.ts";
import { registryRouter } from "./http/registry-router.ts";
import { startServer } from "./http/server.ts";
import { StopGate } from "./http/stop-gate.ts";
import { subjectGraphRouter } from "./http/subject-graph-router.ts";
import { subjectsRouter } from "./http/subjects-router.ts";
import { verificationRouter } from "./http/verification-router.ts";
import { AddressGuard } from "./identity/address-guard.ts";
import { Assurance } from "./identity/assurance.ts";
import { BearerTokens } from "./identity/bearer-token.ts";
import { boundCallers } from "./identity/bound-callers.ts";
import type { ResolveDid } from "./identity/did-document.ts";
import { NodeTokenIssuer } from "./identity/node-token.ts";
import { createLogger } from "./log.ts";
import type { AcceptOptions } from "./messages/accept.ts";
import { Backlog } from "./messages/backlog.ts";
import { BatchOpener, batchOpenerTiming } from "./messages/batch-opener.ts";
import { defaultTiming } from "./messages/channel-traffic.ts";
import { appendJournals } from "./messages/journal-repository.ts";
import { ChannelDiscovery } from "./node/channel-discovery.ts";
import { Closing } from "./node/closing.ts";
import { configuredDirectory, labelOf, openConfigured, openFound } from "./node/configured-channel.ts";
import { ClockKeeper } from "./node/clock-keeper.ts";
import { nodeCallers } from "./node/node-callers.ts";
import { NodeBindings } from "./node/node-bindings.ts";
import { NodeForms } from "./node/node-forms.ts";
import { NodeCredentials } from "./node/node-credentials.ts";
import { NodeConsole } from "./node/node-console.ts";
import { NodeChannels } from "./node/node-channels.ts";
import { NodeSubscriptions } from "./node/node-subscriptions.ts";
import { openPaper } from "./node/node-paper.ts";
import { NodeKeeping } from "./node/node-keeping.ts";
import { openSemantics } from "./node/node-semantics.ts";
import type { NodeOptions } from "./node/node-options.ts";
import { nodeHealth } from "./node/node-health.ts";
import { openNodeTls } from "./node/node-tls.ts";
import type { CountFault } from "./operations/fault.ts";
import { Metrics } from "./operations/metrics.ts";
import { recordStart } from "./node/record-start.ts";
import { requestsEnd } from "./node/requests-end.ts";
import { endpointOn, isActiveOn } from "./routing/registry-repository.ts";
import { openStore } from "./store/open-store.ts";

/** A running node. */
export interface Node {
  /** Where it listens: `http://host:port`, without trailing slash. */
  readonly url: string;
  /**
   * Stops gracefully: says that it is not ready and serves on for `limits.drainSeconds`, then takes no more requests and lets
   * those in hand end within `limits.stopSeconds`, then lets all other work come to a resting point and closes ledgers and
   * database. What was accepted goes on at the next start. Safe to call twice.
   *
   * @throws StopFailure naming what did not end in time, or failed
   */
  close(): Promise<void>;
}

/** One question that a ledger does not answer takes ten seconds. */
const WORK_MS = 12_000;
const CLOSE_MS = 2_000;
const WAITING_MESSAGES = 100_000;

const DIRECTORY_POLL = 30_000;

/**
 * Builds and starts a node out of a configuration: the composition root, where every part meets its collaborators and
 * nothing else happens.
 *
 * @returns once it listens; `/health/ready` says when it has caught up with its channels
 * @throws TlsFailure for TLS files that cannot be used, StoreFailure for a database that is out of reach or another
 *   participant's, ChannelFailure for a channel that is not what it is configured to be, an Error that says which document
 *   type cannot be used, or the system's error where the address cannot be taken; nothing runs on then
 */
export async function startNode(config: Config, options: NodeOptions = {}): Promise<Node> {
  const closing = new Closing();
  try {
    const url = await build(config, options, closing);
    return { url, close: () => closing.close() };
  } catch (error) {
    // Why it did not start says more than why what there was of it did not stop.
    await closing.close().catch(() => undefined);
    throw error;
  }
}

async function build(config: Config, options: NodeOptions, closing: Closing): Promise<string> {
  const { participant } = config;
  const { now = Date.now, log = createLogger({ level: config.log.level }) } = options;
  const semantics = openSemantics(config.semantics);
  const { subjects, findCredentialType, embedDocument, ledgerContext } = semantics;
  const forms = new NodeForms(semantics);
  const store = await openStore({
    database: config.store,
    participant,
    onIdleError: (error) => {
      log.warn("a database connection ended", { error });
    },
  });
  closing.add(CLOSE_MS, { database: () => store.close() });
  await recordStart(store, config, now());
  const owner = randomUUID();
  const sealer = new AuditSealer({ store, owner, log, now });
  sealer.start();
  const refusals = new AccessRefusals(store, log, now);
  closing.add(CLOSE_MS, {
    "audit log": async () => {
      await refusals.settled();
      await sealer.stop();
    },
  });
  const metrics = new Metrics({ store, log, now });
  const countFault: CountFault = (fault, channel) => {
    metrics.countFault(fault, channel);
  };
  const clock = new ClockKeeper({ store, log, countFault, now });
  clock.start();
  closing.add(CLOSE_MS, { clock: () => clock.stop() });
  const documents = await openDocumentStore(config.documents, { countFault, now });
  closing.add(CLOSE_MS, { documents: () => documents.close() });
  const onQueued = () => {
    fetcher.wake();
  };
  const files = new WatchedStore(documents.files, repairer({ store, log, countFault, now, onQueued }));

  const open = options.open ?? ((channel, into) => openConfigured(channel, into, { log, countFault, now }));
  const channels: NodeChannels = new NodeChannels({
    openers: config.channels.map((channel) => ({
      label: labelOf(channel),
      ...{ precedence: channel.precedence ?? 0, binding: channel.binding ?? "off" },
      open: () => open(channel, store),
    })),
    ...{ store, files, participant, log, countFault, now },
    batches: {
      threshold: config.batches.threshold,
      maxSize: config.batches.maxSize,
      maxBodyBytes: config.documents.maxBytes,
    },
    owner,
    expects: (channelId) => discovery.expects(channelId),
    timing: { ...defaultTiming, ...options.timing },
    onFork: (channelId, depth) => {
      metrics.countFork(channelId, depth);
    },
    onApplied: ({ received }) => {
      if (received > 0) fetcher.wake();
      subscriptions.wake();
    },
  });
  const ruleOf = (channelId: string) => channels.bindingRule(channelId);
  const bindings = new NodeBindings({
    ...{ config, store, owner, log, countFault, now, ruleOf },
    channels: () => channels.descriptions,
    onBound: () => {
      fetcher.wake();
    },
    ...options.bindings,
  });
  const discovery: ChannelDiscovery = new ChannelDiscovery({
    ...{ channels, store, log, now },
    directories: (config.directories ?? []).map(configuredDirectory),
    open: (found) => openFound(found, store, { log, countFault, now }),
    poll: options.directoryPoll ?? DIRECTORY_POLL,
  });
  const tls = await openNodeTls({
    ...{ config, log, countFault, now },
    ...(options.tlsPoll === undefined ? {} : { pollMs: options.tlsPoll }),
    channels: () => channels.believed,
    isActive: (channelId, domain) => isActiveOn(store.db, channelId, domain),
    isNodeKey: (channelId, domain, account) => channels.get(channelId).isNodeKey(domain, account),
  });
  closing.add(CLOSE_MS, { "TLS files": () => tls.stop() });
  const resolveDidWeb: ResolveDid = options.resolveDidWeb ?? ((did) => bindings.dids.resolve(did));
  const credentials = await NodeCredentials.open({
    ...{ config, store, files, owner, resolveDidWeb, log, now },
    channels: () => channels.believed,
    findType: options.findCredentialType ?? findCredentialType,
    isBound:
      options.isBound ??
      (async (domain, channelId) =>
        ruleOf(channelId) === "off"
          ? null
          : (await bindings.of({ channelId, participant: domain }, null)).outcome),
    ...(options.checking === undefined ? {} : { pace: options.checking }),
  });
  const bearerTokens = new BearerTokens(participant, config.identity.issuers, now);
  const people = new NodeConsole({ config, store, bearerTokens, log, now });
  const paper = openPaper({
    ...{ config, store, files, resolveDidWeb, now },
    channels: () => channels.descriptions,
    agencyKeys: credentials.agencyKeys,
    forms: forms.forms,
  });
  const tokens = new NodeTokenIssuer(participant, now);
  const fetcher: DocumentFetcher = new DocumentFetcher({
    ...{ store, files, log, countFault, now },
    pace: { ...fetchPace, ...options.fetching },
    guard: new AddressGuard(config.peers),
    ...(tls.peers === undefined ? {} : { tls: tls.peers }),
    limits: { ...retrievalDefaults, ...options.retrieval, maxBytes: config.documents.maxBytes },
    withheld: bindings.withheld,
    endpointOf: (channelId, sender) => endpointOn(store.db, channelId, sender),
    authorize: ({ channelId, ...request }) => tokens.authorize(channels.get(channelId), request),
    onFetch: async (db, steps) => {
      await appendJournals(db, { ...steps, at: now() });
      await credentials.queue(db, steps);
    },
    onBody: () => {
      opener.wake();
    },
  });
  const opener = new BatchOpener({
    ...{ store, files, participant, owner, log, now },
    ...batchOpenerTiming,
    disputes: config.batches.disputes ? { channel: (channelId) => channels.get(channelId) } : null,
    onOpened: ({ received }) => {
      if (received > 0) fetcher.wake();
      subscriptions.wake();
    },
    onDisputed: (channelId) => {
      channels.wakeOutbox(channelId);
    },
  });
  const subscriptions = new NodeSubscriptions({
    ...{ config, store, log, countFault, now, isBelieved: clock.isBelieved },
    isSignedIn: (sessionId) => people.isOpen(sessionId),
    otherwise: options.subscriptions ?? {},
  });
  const keeping = new NodeKeeping({
    ...{ config, store, files, owner, log, now, isBelieved: clock.isBelieved },
    numberOf: semantics.numberOf,
  });
  const gate = new StopGate();
  closing.add(CLOSE_MS, { ledgers: () => channels.close() });
  closing.add(WORK_MS, {
    "requests that were cut off": () => gate.shut(),
    subscriptions: () => subscriptions.stop(),
    channels: () => channels.stop(),
    directories: () => discovery.stop(),
    batches: () => opener.stop(),
    "document fetches": () => fetcher.stop(),
    bindings: () => bindings.stop(),
    ...keeping.parts,
    credentials: () => credentials.stop(),
    sessions: () => people.stop(),
  });

  const prefer = config.mode === "production" ? "production" : "test";
  const accepting: AcceptOptions = {
    ...{ store, participant, now },
    channels: () => channels.descriptions,
    awaits: (channelId) => channels.awaits(channelId),
    caughtUp: () => discovery.looked && channels.caughtUp === channels.total,
    prefer,
    ...(credentials.checkDocument === null ? {} : { checkDocument: credentials.checkDocument }),
    assurance: new Assurance(
      config.identity.assurance ?? { levels: [], demands: [] },
      config.identity.issuers,
      now,
    ),
    backlog: new Backlog({ store, most: config.limits.waitingMessages ?? WAITING_MESSAGES, countFault, now }),
    checkSubject: (message) => {
      subjects.check(message);
    },
    onAccepted: (channelId, messageId) => {
      if (messageId !== undefined) log.info("message accepted", { messageId, channelId });
      else channels.wakeBatcher(channelId);
      channels.wakeOutbox(channelId);
    },
  };
  const app = createApp({
    gate,
    signIn: config.console !== undefined,
    openRouters: [
      people.openRouter,
      registryRouter({ db: store.db, channels: () => channels.descriptions, prefer }),
      ...credentials.openRouters,
      ...forms.openRouters,
      ...paper.openRouters,
      verificationRouter({
        ...{ store, channels: () => channels.believed, maxBytes: config.documents.maxBytes },
        bindingRule: ruleOf,
        checkSeal: paper.checkSeal,
      }),
    ],
    routers: [
      auditRouter(store, now),
      metricsRouter(metrics),
      operationsRouter({
        ...{ store, now },
        onDue: () => {
          channels.wakeOutboxes();
          fetcher.wake();
          subscriptions.wakeDeliveries();
        },
      }),
      overviewRouter({ store, channels: () => channels.open, unopened: () => channels.unopened, now }),
      keepingRouter({ store, files, now }),
      documentBatchRouter({ store, files, maxBytes: config.documents.maxBytes, now }),
      documentsRouter({ store, files, maxBytes: config.documents.maxBytes, now }),
      evidenceRouter({
        ...{ store, participant, now },
        channels: () => channels.believed,
        publicUrl: config.publicUrl,
      }),
      messagesRouter({ ...accepting, subjects }),
      messagesBatchRouter({
        ...accepting,
        limits: {
          lineBytes: config.limits.messageBytes,
          linesPerRequest: config.batches.linesPerRequest,
        },
      }),
      subjectsRouter(subjects),
      ...credentials.routers,
      ...paper.routers,
      ...forms.routers({ store, files, maxBytes: config.documents.maxBytes, now }, paper),
      subjectGraphRouter({
        ...{ store, files, maxBytes: config.documents.maxBytes, now, embed: embedDocument },
        context: ledgerContext,
        subjectsOfNumber: (documentType, number) => subjects.subjectsOfNumber(documentType, number),
        publicUrl: config.publicUrl,
      }),
      ...subscriptions.routers,
    ],
    onAnswered: (request) => {
      metrics.countRequest(request);
    },
    onProblem: (code) => {
      metrics.countProblem(code);
    },
    onRefused: (refusal) => {
      refusals.record(refusal);
    },
    authenticate: boundCallers(
      nodeCallers(config, {
        ...{ bearerTokens, identifySession: people.identifySession },
        ...{ store, channels, certificates: tls.certificates, now },
      }),
      { ruleOf, bindingOf: (seat, account) => bindings.of(seat, account) },
    ),
    health: nodeHealth({
      ...{ participant, store, files, channels, log, now },
      looked: () => discovery.looked,
      stopping: () => gate.stopping,
    }),
    ...{ log, limits: config.limits, publicUrl: config.publicUrl, now },
    trustedProxies: config.listen.trustedProxies,
    validateResponses: options.validateResponses ?? false,
  });
  keeping.start();
  people.start();
  await channels.start();
  await discovery.start();
  opener.start();
  bindings.start();
  fetcher.wake();
  credentials.start();
  subscriptions.start();
  const scraping = config.metrics?.listen ?? null;
  if (scraping !== null) {
    const monitored = express().disable("x-powered-by").get("/metrics", sendMetrics(metrics));
    const monitoring = await startServer(monitored, scraping, config.limits);
    closing.add(CLOSE_MS, { metrics: () => monitoring.close(0) });
    log.info("metrics are served", { url: monitoring.url });
  }
  const server = await startServer(app, config.listen, config.limits, tls.server);
  closing.add(...requestsEnd(server, gate, () => subscriptions.endStreams(), config.limits));
  return server.url;
}
