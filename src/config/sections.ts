import path from "node:path";

import type { Config } from "../config.ts";
import type { Domain, Jurisdiction } from "../domain/participant.ts";
import { isDomain, isJurisdiction } from "../domain/participant.ts";
import type { DatabaseLocation } from "../store/store.ts";
import { readAssurance } from "./assurance-section.ts";
import { placeOf, readChannel, readDirectory } from "./channel-section.ts";
import { readConsole } from "./console-section.ts";
import { readCredentials } from "./credentials-section.ts";
import { readDids } from "./did-section.ts";
import { readDocuments } from "./documents-section.ts";
import { readIssuer } from "./issuer-section.ts";
import { KeyReader } from "./key-reader.ts";
import { Section, type Tree } from "./reader.ts";
import { SecretReader } from "./secret-reader.ts";
import { readSemantics } from "./semantics-section.ts";
import { readListenTls, readPeersTls } from "./tls-section.ts";

const LONGEST_KEPT_DAYS = 36_500;
/** A complaint about a message may take a month to come. */
const SHORTEST_JOURNAL_DAYS = 30;

function readParticipant(root: Section): {
  readonly participant: Domain;
  readonly jurisdiction: Jurisdiction;
} {
  const participant = root.text("participant", {
    write: "your DNS domain in lower case, such as homeaffairs.gov.au",
  });
  const jurisdiction = root.text("jurisdiction", {
    write: "your ISO 3166-1 alpha-2 code in capitals, such as AU",
  });
  if (participant !== "" && !isDomain(participant)) {
    root.mistake(
      "participant",
      "is no DNS domain in lower-case A-labels; write for instance homeaffairs.gov.au.",
    );
  }
  if (jurisdiction !== "" && !isJurisdiction(jurisdiction)) {
    root.mistake("jurisdiction", "is no ISO 3166-1 alpha-2 code; write two capitals, such as AU.");
  }
  return { participant: participant as Domain, jurisdiction: jurisdiction as Jurisdiction };
}

function readPublicUrl(root: Section, production: boolean): string {
  const text = root.text("publicUrl", {
    write: "the URL that others reach this node at, such as https://icl.example",
  });
  if (text === "") return text;
  const url = URL.parse(text);
  if (
    url === null ||
    !/^https?:$/.test(url.protocol) ||
    url.username !== "" ||
    url.search !== "" ||
    url.hash !== ""
  ) {
    root.mistake("publicUrl", "is no plain URL; write for instance https://icl.homeaffairs.gov.au.");
    return "";
  }
  if (production && url.protocol !== "https:") {
    root.mistake(
      "publicUrl",
      "must be https in production; end TLS here (listen.tls) or in a proxy in front, and write its URL.",
    );
  }
  return text.replace(/\/+$/, "");
}

function readStore(root: Section, directory: string, secrets: SecretReader): DatabaseLocation {
  const store = root.section("store");
  const both = store.has("sqlite") && store.has("postgres");
  if (both || (!store.has("sqlite") && !store.has("postgres"))) {
    store.mistake(
      "",
      "must say one of two; write sqlite: <file> or postgres: {env: <variable with the URL>}.",
    );
  }
  let config: DatabaseLocation;
  if (store.has("postgres")) {
    const url = secrets.url(store, "postgres", /^postgres(?:ql)?:$/, "postgres://user@host/database");
    config = { technology: "postgres", url };
  } else {
    const file = store.has("sqlite") ? store.text("sqlite", { write: "the path of a file" }) : "";
    config = { technology: "sqlite", file: path.resolve(directory, file) };
  }
  store.end();
  return config;
}

function readLimits(root: Section, production: boolean): Config["limits"] {
  const limits = root.section("limits");
  const read = {
    messageBytes: limits.whole("messageBytes", { from: 4_096, to: 1_048_576 }, 65_536),
    requestsPerMinute: limits.whole("requestsPerMinute", { from: 1, to: 1_000_000 }, 1_200),
    anonymousRequestsPerMinute: limits.whole("anonymousRequestsPerMinute", { from: 1, to: 1_000_000 }, 300),
    requestSeconds: limits.whole("requestSeconds", { from: 10, to: 86_400 }, 3_600),
    connections: limits.whole("connections", { from: 1, to: 100_000 }, 1_000),
    stopSeconds: limits.whole("stopSeconds", { from: 0, to: 3_600 }, 10),
    // Balancers ask every few seconds; nobody who develops wants to wait for one.
    drainSeconds: limits.whole("drainSeconds", { from: 0, to: 600 }, production ? 5 : 0),
    waitingMessages: limits.whole("waitingMessages", { from: 1, to: 10_000_000 }, 100_000),
  };
  limits.end();
  return read;
}

function readBatches(root: Section): Config["batches"] {
  const batches = root.section("batches");
  const read = {
    threshold: batches.whole("threshold", { from: 2, to: 1_000_000 }, 100),
    maxSize: batches.whole("maxSize", { from: 2, to: 65_536 }, 16_384),
    linesPerRequest: batches.whole("linesPerRequest", { from: 1, to: 10_000_000 }, 100_000),
    disputes: batches.flag("disputes", true),
  };
  batches.end();
  return read;
}

function readRetention(retention: Section, production: boolean): NonNullable<Config["retention"]> {
  const days = (name: string, from: number) =>
    retention.has(name) ? retention.whole(name, { from, to: LONGEST_KEPT_DAYS }) : null;
  return {
    days: days("days", 1),
    journalDays: days("journalDays", production ? SHORTEST_JOURNAL_DAYS : 1),
    deliveriesDays: days("deliveriesDays", 1),
  };
}

function readPeers(root: Section, directory: string, production: boolean): Config["peers"] {
  const peers = root.section("peers");
  const read = {
    allowPrivateAddresses: peers.flag("allowPrivateAddresses", !production),
    allowHttp: peers.flag("allowHttp", !production),
    ...readPeersTls(peers, directory, production),
  };
  if (production && read.allowHttp)
    peers.mistake("allowHttp", "is for development only; write false, or take it out.");
  peers.end();
  return read;
}

function readSubscriptions(root: Section): Config["subscriptions"] {
  const subscriptions = root.section("subscriptions");
  const read = { retentionDays: subscriptions.whole("retentionDays", { from: 1, to: 3_650 }, 30) };
  subscriptions.end();
  return read;
}

function readIdentity(identity: Section, production: boolean): Config["identity"] {
  const issuers = identity
    .sections("issuers", "a list with one section for each token issuer")
    .map((section) => readIssuer(section, production));
  const assurance = readAssurance(identity, issuers);
  return { issuers, ...(assurance === undefined ? {} : { assurance }) };
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function readMetrics(root: Section): NonNullable<Config["metrics"]> {
  const metrics = root.section("metrics");
  const listen = metrics.has("listen") ? metrics.section("listen") : null;
  const read = {
    listen:
      listen === null
        ? null
        : {
            host: listen.text(
              "host",
              { write: "an address of this machine, such as 127.0.0.1" },
              "127.0.0.1",
            ),
            port: listen.whole("port", { from: 0, to: 65_535 }),
          },
  };
  listen?.end();
  metrics.end();
  return read;
}

function refuseDoubles(root: Section, list: string, keys: readonly string[]): void {
  const double = keys.find((key, index) => key !== "" && keys.indexOf(key) !== index);
  if (double !== undefined) root.mistake(list, "names the same one twice; write each once.");
}

/**
 * Checks a whole configuration.
 *
 * @param tree as parsed
 * @param directory that relative paths start from
 * @param env where secrets named by `{env: …}` are
 * @returns the configuration, to be used only when `mistakes` is empty
 */
export function readSections(
  tree: Tree,
  directory: string,
  env: NodeJS.ProcessEnv,
): { readonly config: Config; readonly mistakes: readonly string[] } {
  const mistakes: string[] = [];
  const root = new Section("", tree, mistakes);
  const mode = root.choice("mode", ["production", "development"], "production");
  const production = mode === "production";
  const secrets = new SecretReader(directory, env, production);
  const keys = new KeyReader(secrets, { directory, env, production });
  const readers = { secrets, keys, production };
  const listen = root.section("listen");
  const retention = root.section("retention");
  const identity = root.section("identity");
  const log = root.section("log");
  const identityRead = readIdentity(identity, production);
  const config: Config = {
    mode,
    ...readParticipant(root),
    listen: {
      host: listen.text("host", { write: "an address of this machine, such as 127.0.0.1" }, "127.0.0.1"),
      port: listen.whole("port", { from: 0, to: 65_535 }, 8_080),
      trustedProxies: listen.texts("trustedProxies", "[10.0.0.1, 10.1.0.0/16]", []),
      ...readListenTls(listen, directory, production),
    },
    publicUrl: readPublicUrl(root, production),
    store: readStore(root, directory, secrets),
    documents: readDocuments(root, directory, secrets, production),
    metrics: readMetrics(root),
    retention: readRetention(retention, production),
    channels: root
      .sections("channels", "a list with one section for each channel", isList(root.raw("directories")))
      .map((section) => readChannel(section, readers)),
    directories: root
      .sections("directories", "a list with one section for each directory of channels", true)
      .map((section) => readDirectory(section, readers)),
    identity: { ...identityRead, ...readDids(identity, directory, production) },
    ...readConsole(root, secrets, identityRead.issuers),
    credentials: readCredentials(root, secrets, production),
    peers: readPeers(root, directory, production),
    limits: readLimits(root, production),
    batches: readBatches(root),
    semantics: readSemantics(root, directory, secrets),
    subscriptions: readSubscriptions(root),
    log: { level: log.choice("level", ["debug", "info", "warn", "error"], "info") },
  };
  refuseDoubles(root, "channels", config.channels.map(placeOf));
  refuseDoubles(root, "directories", (config.directories ?? []).map(placeOf));
  refuseDoubles(
    identity,
    "issuers",
    config.identity.issuers.map((issuer) => issuer.issuer),
  );
  for (const section of [listen, retention, identity, log, root]) section.end();
  return { config, mistakes };
}
