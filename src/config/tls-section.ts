import { statSync } from "node:fs";
import path from "node:path";

import type { Config } from "../config.ts";
import type { Section } from "./reader.ts";

/** What is said of the TLS that a node ends by itself. */
export type ListenTls = NonNullable<Config["listen"]["tls"]>;

/** What is said of the TLS that a node speaks to other nodes. */
export type PeersTls = NonNullable<Config["peers"]["tls"]>;

/**
 * Reads `listen.tls`.
 *
 * @param directory that relative paths start from
 */
export function readListenTls(
  listen: Section,
  directory: string,
  production: boolean,
): { readonly tls?: ListenTls } {
  if (!listen.has("tls")) return {};
  const section = listen.section("tls");
  const files = new TlsFilesReader(section, directory, production);
  const tls = {
    certificate: files.file("certificate", "the certificate, and after it those that lead to its authority"),
    key: files.key(),
    clientAuthorities: files.optional("clientAuthorities", "the authorities of other nodes' certificates"),
  };
  section.end();
  return { tls };
}

/**
 * Reads `peers.tls`.
 *
 * @param directory that relative paths start from
 */
export function readPeersTls(
  peers: Section,
  directory: string,
  production: boolean,
): { readonly tls?: PeersTls } {
  if (!peers.has("tls")) return {};
  const section = peers.section("tls");
  const files = new TlsFilesReader(section, directory, production);
  const tls = {
    certificate: files.file("certificate", "this node's certificate, for the participant's own domain"),
    key: files.key(),
    authorities: files.file("authorities", "the authorities of other nodes' certificates"),
    revocations: files.optional("revocations", "a list of revoked certificates of each of these authorities"),
    pins: section.choice("pins", ["required", "off"], "required"),
  };
  section.end();
  return { tls };
}

class TlsFilesReader {
  readonly #section: Section;
  readonly #directory: string;
  readonly #production: boolean;

  constructor(section: Section, directory: string, production: boolean) {
    this.#section = section;
    this.#directory = directory;
    this.#production = production;
  }

  file(name: string, holds: string): string {
    const text = this.#section.text(name, { write: `the path of a PEM file with ${holds}` });
    if (text === "") return "";
    const file = path.resolve(this.#directory, text);
    if (!isFile(file)) {
      this.#section.mistake(name, `leads to no file that can be read; put ${holds} there, in PEM.`);
    }
    return file;
  }

  optional(name: string, holds: string): string | null {
    return this.#section.has(name) ? this.file(name, holds) : null;
  }

  key(): string {
    const file = this.file("key", "the certificate's private key");
    const isReadByOthers =
      process.platform !== "win32" && isFile(file) && (statSync(file).mode & 0o077) !== 0;
    if (this.#production && isReadByOthers) {
      this.#section.mistake("key", "can be read by other users of this machine; chmod 600 the file.");
    }
    return file;
  }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}
