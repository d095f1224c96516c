import { statSync } from "node:fs";
import path from "node:path";

import type { Config } from "../config.ts";
import { isDomain } from "../domain/participant.ts";
import { isDid } from "../identity/did-document.ts";
import { isTree, type Section } from "./reader.ts";

type DidConfig = Pick<Config["identity"], "dids" | "didHosts">;

const MOST = 1_000;
const PORT = /:[1-9]\d{0,4}$/;

/**
 * Reads `identity.dids` and `identity.didHosts`.
 *
 * @param directory that relative paths start from
 */
export function readDids(identity: Section, directory: string, production: boolean): DidConfig {
  return {
    ...(identity.has("dids") ? { dids: readPinned(identity, directory) } : {}),
    ...(identity.has("didHosts") ? { didHosts: readHosts(identity, production) } : {}),
  };
}

function entriesOf(identity: Section, name: string, write: string): [string, unknown][] {
  const value = identity.raw(name);
  if (isTree(value) && Object.keys(value).length <= MOST) return Object.entries(value);
  identity.mistake(name, `is not as it must be; write up to ${MOST} lines such as ${write}.`);
  return [];
}

function readPinned(identity: Section, directory: string): Record<string, string> {
  const form = "did:web:customs.gov.cn: {file: customs.gov.cn.json}";
  const pinned: Record<string, string> = {};
  for (const [did, entry] of entriesOf(identity, "dids", form)) {
    const file = isTree(entry) && Object.keys(entry).length === 1 ? entry.file : null;
    if (!isDid(did) || typeof file !== "string" || file === "") {
      identity.mistake("dids", `is not as it must be; write for instance ${form}.`);
      continue;
    }
    pinned[did] = path.resolve(directory, file);
    if (statSync(pinned[did], { throwIfNoEntry: false })?.isFile() !== true) {
      identity.mistake("dids", `leads to no file for ${did}; put its document there.`);
    }
  }
  return pinned;
}

function readHosts(identity: Section, production: boolean): Record<string, string> {
  const form = "customs.gov.cn: https://did.example";
  const hosts: Record<string, string> = {};
  for (const [host, text] of entriesOf(identity, "didHosts", form)) {
    const url = typeof text === "string" ? URL.parse(text) : null;
    const isPlain =
      url !== null &&
      /^https?:$/.test(url.protocol) &&
      [url.username, url.password, url.search, url.hash].every((part) => part === "");
    if (!isDomain(host.replace(PORT, "")) || typeof text !== "string" || !isPlain) {
      identity.mistake("didHosts", `is not as it must be; write for instance ${form}.`);
      continue;
    }
    if (production && url.protocol !== "https:") {
      identity.mistake("didHosts", `goes without TLS for ${host}; write an https URL.`);
    }
    hosts[host] = text.replace(/\/+$/, "");
  }
  return hosts;
}
