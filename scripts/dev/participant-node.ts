import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";

import type { Account } from "./account.ts";

/** What a participant's development node is told. */
export interface NodeSettings {
  readonly participant: string;
  /** What the agency is called on the certificates that it signs. */
  readonly title: string;
  readonly jurisdiction: string;
  /** On 127.0.0.1. */
  readonly port: number;
  readonly channel: {
    readonly rpcUrl: string;
    readonly chainId: number;
    readonly genesisHash: string;
    readonly address: string;
    readonly codeHash: string;
    readonly fromBlock: number;
  };
  readonly operator: Account;
  readonly nodeKey: Account;
  /** Base URL of the development token issuer. */
  readonly issuer: string;
  /** By which the issuer knows the node's console. */
  readonly clientId: string;
  /** Nodes that answer for their participants' domains, which nobody else does here: base URLs by domain. */
  readonly didHosts: Readonly<Record<string, string>>;
}

/** URL of a development node, without trailing slash. */
export function nodeUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/**
 * Writes a node's configuration, as its operator would, next to its data, and makes the key that its agency signs with.
 *
 * @param directory the node's own
 * @returns the file's path
 */
export async function writeNodeConfig(directory: string, settings: NodeSettings): Promise<string> {
  const { participant, title, jurisdiction, port, channel, operator, nodeKey, issuer, clientId, didHosts } =
    settings;
  // P-256, so that it makes offline seals too.
  const agencyKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
  await writeFile(join(directory, "agency.jwk"), `${JSON.stringify(agencyKey)}\n`, { mode: 0o600 });
  const config = {
    mode: "development",
    participant,
    jurisdiction,
    listen: { host: "127.0.0.1", port },
    publicUrl: nodeUrl(port),
    store: { sqlite: "node.sqlite" },
    documents: { directory: "documents" },
    channels: [
      {
        technology: "evm",
        ...channel,
        finality: "immediate",
        operatorKey: { file: relative(directory, operator.keyFile) },
        nodeKey: { file: relative(directory, nodeKey.keyFile) },
      },
    ],
    semantics: { subjects: { secret: { file: await writeSubjectSecret(directory) } } },
    console: { issuer, clientId, scopes: ["openid", "offline_access"] },
    identity: { issuers: [{ issuer, audience: participant, development: true }], didHosts },
    credentials: { issuers: [{ did: `did:web:${participant}`, key: { file: "agency.jwk" }, name: title }] },
    log: { level: "warn" },
  };
  const file = join(directory, "node.json");
  await writeFile(file, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 });
  return file;
}

/** What the node makes keyed subjects with; made once, so that a number keeps its subject. @returns its file's name */
async function writeSubjectSecret(directory: string): Promise<string> {
  const name = "subjects.key";
  const file = join(directory, name);
  if (!existsSync(file)) await writeFile(file, randomBytes(32).toString("hex"), { mode: 0o600 });
  return name;
}
