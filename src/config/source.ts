import { readFileSync, statSync } from "node:fs";
import path from "node:path";

import { parseDocument } from "yaml";

import { isTree, type Tree } from "./reader.ts";

interface Source {
  readonly tree: Tree;
  readonly mistakes: readonly string[];
}

const FILE_BYTES = 256 * 1024;

type Kind = "text" | "number" | "flag" | "list" | "json" | "secret";

/** What is said of a ledger key, wherever it is. */
const KEY_SETTINGS = [
  ...["env", "file", "keystore", "password.env", "password.file"],
  ...["url", "address", "token.env", "token.file", "ca", "certificate"].map((name) => `remote.${name}`),
  ...["remote.privateKey.env", "remote.privateKey.file"],
];

function keyVariables(setting: string): Readonly<Record<string, Kind>> {
  return Object.fromEntries(KEY_SETTINGS.map((name) => [`${setting}.${name}`, "text" as const]));
}

/** Settings as environment variables: `ICL_` and the path in capitals. `#` stands for a position in a list, from 0. */
const VARIABLES: Readonly<Record<string, Kind>> = {
  mode: "text",
  participant: "text",
  jurisdiction: "text",
  publicUrl: "text",
  "listen.host": "text",
  "listen.port": "number",
  "listen.trustedProxies": "list",
  "listen.tls.certificate": "text",
  "listen.tls.key": "text",
  "listen.tls.clientAuthorities": "text",
  "store.sqlite": "text",
  "store.postgres": "secret",
  "documents.directory": "text",
  "documents.maxBytes": "number",
  "documents.s3.endpoint": "text",
  "documents.s3.bucket": "text",
  "documents.s3.prefix": "text",
  "documents.s3.region": "text",
  "documents.s3.pathStyle": "flag",
  "documents.s3.accessKeyId.env": "text",
  "documents.s3.accessKeyId.file": "text",
  "documents.s3.secretAccessKey.env": "text",
  "documents.s3.secretAccessKey.file": "text",
  "documents.s3.spool": "text",
  "metrics.listen.host": "text",
  "metrics.listen.port": "number",
  "retention.days": "number",
  "retention.journalDays": "number",
  "retention.deliveriesDays": "number",
  "channels.#.technology": "text",
  "channels.#.rpcUrl": "secret",
  "channels.#.rpcUrls.#": "secret",
  "channels.#.chainId": "number",
  "channels.#.genesisHash": "text",
  "channels.#.address": "text",
  "channels.#.codeHash": "text",
  "channels.#.fromBlock": "number",
  "channels.#.finality": "text",
  "channels.#.maxFeeGwei": "number",
  ...keyVariables("channels.#.operatorKey"),
  ...keyVariables("channels.#.formerOperatorKeys.#"),
  "channels.#.url": "secret",
  "channels.#.channelId": "text",
  "channels.#.token.env": "text",
  "channels.#.token.file": "text",
  ...keyVariables("channels.#.nodeKey"),
  "channels.#.precedence": "number",
  "channels.#.binding": "text",
  "directories.#.binding": "text",
  "directories.#.precedence": "number",
  "directories.#.technology": "text",
  "directories.#.rpcUrl": "secret",
  "directories.#.rpcUrls.#": "secret",
  "directories.#.chainId": "number",
  "directories.#.genesisHash": "text",
  "directories.#.address": "text",
  "directories.#.codeHash": "text",
  "directories.#.fromBlock": "number",
  "directories.#.finality": "text",
  "directories.#.maxFeeGwei": "number",
  "directories.#.codeHashes": "list",
  "directories.#.consortiums": "list",
  ...keyVariables("directories.#.operatorKey"),
  ...keyVariables("directories.#.formerOperatorKeys.#"),
  ...keyVariables("directories.#.nodeKey"),
  "identity.issuers.#.issuer": "text",
  "identity.issuers.#.audience": "text",
  "identity.issuers.#.jwksUri": "text",
  "identity.issuers.#.algorithms": "list",
  "identity.issuers.#.roles": "json",
  "identity.issuers.#.claims": "json",
  "identity.issuers.#.systems": "json",
  "identity.issuers.#.systemLevel": "text",
  "identity.issuers.#.tokenType": "text",
  "identity.issuers.#.levels": "json",
  "identity.issuers.#.development": "flag",
  "console.issuer": "text",
  "console.clientId": "text",
  "console.clientSecret.env": "text",
  "console.clientSecret.file": "text",
  "console.scopes": "list",
  "console.resource": "text",
  "console.audience": "text",
  "console.idleMinutes": "number",
  "console.hours": "number",
  "credentials.issuers.#.did": "text",
  "credentials.issuers.#.key.env": "text",
  "credentials.issuers.#.key.file": "text",
  "credentials.issuers.#.name": "text",
  "credentials.messageTypes": "json",
  "credentials.statusLists": "list",
  "credentials.accounts": "list",
  "identity.assurance.levels": "list",
  "identity.assurance.demands": "json",
  "identity.dids": "json",
  "identity.didHosts": "json",
  "peers.allowPrivateAddresses": "flag",
  "peers.allowHttp": "flag",
  "peers.tls.certificate": "text",
  "peers.tls.key": "text",
  "peers.tls.authorities": "text",
  "peers.tls.revocations": "text",
  "peers.tls.pins": "text",
  "limits.messageBytes": "number",
  "limits.requestsPerMinute": "number",
  "limits.anonymousRequestsPerMinute": "number",
  "limits.requestSeconds": "number",
  "limits.connections": "number",
  "limits.stopSeconds": "number",
  "limits.drainSeconds": "number",
  "limits.waitingMessages": "number",
  "batches.threshold": "number",
  "batches.maxSize": "number",
  "batches.linesPerRequest": "number",
  "subscriptions.retentionDays": "number",
  "batches.disputes": "flag",
  "semantics.documentTypes": "text",
  "semantics.subjects.secret.env": "text",
  "semantics.subjects.secret.file": "text",
  "semantics.subjects.rules": "json",
  "log.level": "text",
};
const SECTION =
  /^ICL_(?:LISTEN|STORE|DOCUMENTS|RETENTION|METRICS|CHANNELS|DIRECTORIES|IDENTITY|CREDENTIALS|PEERS|LIMITS|BATCHES|SEMANTICS|SUBSCRIPTIONS|LOG)_/;

const variables = Object.entries(VARIABLES).map(([setting, kind]) => {
  const name = `ICL_${setting.replace(/[A-Z]/g, "_$&").replaceAll(".", "_").toUpperCase()}`;
  return { name, form: new RegExp(`^${name.replaceAll("#", "(\\d{1,3})")}$`), setting, kind };
});

/** The names of all variables; `#` stands for a position in a list. */
export const variableNames: readonly string[] = variables.map(({ name }) => name);

/**
 * Reads a configuration file.
 *
 * @param file YAML 1.2 core schema, of which JSON is a part; no tags, no aliases, 256 KiB at most
 * @returns what it says, the directory it is in, and why it cannot be read where it cannot
 */
export function fileTree(file: string): Source & { readonly directory: string } {
  const directory = path.dirname(path.resolve(file));
  const failed = (sentence: string) => ({ tree: {}, directory, mistakes: [`${file}: ${sentence}`] });
  let text: string;
  try {
    if (statSync(file).size > FILE_BYTES)
      return failed(`is larger than ${FILE_BYTES} bytes; it is no configuration.`);
    text = readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return failed(`cannot be read (${code}); write the path of a file that can.`);
  }
  const document = parseDocument(text, {
    schema: "core",
    uniqueKeys: true,
    logLevel: "silent",
    prettyErrors: false,
  });
  const wrong = [...document.errors, ...document.warnings];
  if (wrong.length > 0) {
    // The parser's own words would repeat the line, which may hold a secret.
    const lines = wrong.map(
      (error) => `line ${text.slice(0, error.pos[0]).split("\n").length} (${error.code})`,
    );
    return failed(`is not plain YAML or JSON at ${lines.join(", ")}; correct it there, without tags.`);
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 0 });
  } catch {
    return failed("uses aliases; write each value out.");
  }
  return isTree(value)
    ? { tree: value, directory, mistakes: [] }
    : failed("is not a list of settings; write `name: value`.");
}

function valueOf(kind: Kind, name: string, text: string): unknown {
  switch (kind) {
    case "secret":
      return { env: name };
    case "text":
      return text;
    case "number":
      return /^\d{1,16}$/.test(text) ? Number(text) : text;
    case "flag":
      return text === "true" ? true : text === "false" ? false : text;
    case "list":
      return text.split(",").map((item) => item.trim());
    case "json":
      return JSON.parse(text) as unknown;
  }
}

/** The settings that the environment makes, as a tree like a file's. */
export function environmentTree(env: NodeJS.ProcessEnv): Source {
  const mistakes: string[] = [];
  const root: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(env)) {
    if (!name.startsWith("ICL_") || text === undefined || text === "") continue;
    const variable = variables.find(({ form }) => form.test(name));
    if (variable === undefined) {
      if (SECTION.test(name))
        mistakes.push(`${name}: is no setting; see docs/configuration.md for those that exist.`);
      continue;
    }
    const [, ...positions] = variable.form.exec(name) ?? [];
    const steps = variable.setting
      .split(".")
      .map((step) => (step === "#" ? (positions.shift() ?? "") : step));
    try {
      place(root, steps, valueOf(variable.kind, name, text));
    } catch {
      mistakes.push(`${name}: is not JSON; write an object such as {"icl.send":["messages:write"]}.`);
    }
  }
  return { tree: listed(root) as Tree, mistakes };
}

function place(tree: Record<string, unknown>, [step = "", ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    tree[step] = value;
    return;
  }
  const inner = isTree(tree[step]) ? tree[step] : {};
  tree[step] = inner;
  place(inner, rest, value);
}

/** Turns sections whose members are all positions into lists; a position that is not named is left to the file. */
function listed(value: unknown): unknown {
  if (!isTree(value)) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, listed(inner)] as const);
  if (entries.length === 0 || !entries.every(([name]) => /^\d+$/.test(name)))
    return Object.fromEntries(entries);
  const list: unknown[] = [];
  for (const [name, inner] of entries) list[Number(name)] = inner;
  return Array.from(list);
}

/** Lays one tree over another: sections and lists member by member, everything else replaced. */
export function merged(below: Tree, above: Tree): Tree {
  return Object.fromEntries(
    [...new Set([...Object.keys(below), ...Object.keys(above)])].map((name) => [
      name,
      mergedValue(below[name], Object.hasOwn(above, name) ? above[name] : undefined),
    ]),
  );
}

function mergedValue(below: unknown, above: unknown): unknown {
  if (above === undefined) return below;
  if (isTree(below) && isTree(above)) return merged(below, above);
  if (Array.isArray(below) && Array.isArray(above) && !above.some((item) => typeof item === "string")) {
    const length = Math.max(below.length, above.length);
    return Array.from({ length }, (_, index) => mergedValue(below[index], above[index]));
  }
  return above;
}
