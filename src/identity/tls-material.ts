import { X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { createSecureContext, type SecureContextOptions } from "node:tls";

import type { Logger } from "../log.ts";
import { uncounted, type CountFault } from "../operations/fault.ts";
import { certificateFault } from "./certificate-fault.ts";

/** Where a node's side of TLS lies: paths of PEM files. */
export interface TlsFiles {
  /** The node's own certificate, and after it those that lead to its authority. */
  readonly certificate: string;
  /** Its private key. */
  readonly key: string;
  /** The authorities whose certificates are believed; null where nobody else's certificate is asked for. */
  readonly authorities: string | null;
  /** One list of revoked certificates for each of them; null where none are looked at. */
  readonly revocations: string | null;
}

/** A node's side of TLS, as its files said when they were last good. */
export interface TlsContents {
  readonly certificate: X509Certificate;
  readonly options: SecureContextOptions;
  /** Grows when what is believed changes: the authorities or their lists. */
  readonly trust: number;
}

/** What watches the files. */
export interface TlsMaterialOptions {
  readonly log: Logger;
  readonly countFault?: CountFault;
  /** Milliseconds from one look at the files to the next; 5,000 where left out. */
  readonly pollMs?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** A file of TLS cannot be used. The message names the file, and nothing that is in it. */
export class TlsFailure extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "TlsFailure";
  }
}

const POLL_MS = 5_000;
const MOST_BYTES = 4 * 1024 * 1024;
const BLOCK = /-----BEGIN (CERTIFICATE|X509 CRL)-----[\s\S]+?-----END \1-----/g;

/**
 * The certificate, key, authorities and lists of revoked certificates that a node uses, read again when their files change,
 * so that they are replaced while it runs. What cannot be used is not used: the node goes on with what it had, and says so.
 */
export class TlsMaterial {
  readonly #files: TlsFiles;
  readonly #options: TlsMaterialOptions;
  readonly #listeners: ((contents: TlsContents) => void)[] = [];
  readonly #timer: NodeJS.Timeout;
  #current: TlsContents;
  #seen: string;
  #looking: Promise<void> | null = null;
  /** What was found once and could not be used: files are often replaced one after the other. */
  #doubted: string | null = null;
  /** What was told of. */
  #told: string | null = null;

  private constructor(files: TlsFiles, options: TlsMaterialOptions, first: TlsContents, seen: string) {
    this.#files = files;
    this.#options = options;
    this.#current = first;
    this.#seen = seen;
    this.#timer = setInterval(() => void this.look(), options.pollMs ?? POLL_MS);
    this.#timer.unref();
  }

  /** @throws TlsFailure where a file cannot be read or used, or the certificate is not good at present */
  static async open(files: TlsFiles, options: TlsMaterialOptions): Promise<TlsMaterial> {
    const seen = await signatureOf(files);
    return new TlsMaterial(files, options, await read(files, 1, (options.now ?? Date.now)()), seen);
  }

  get current(): TlsContents {
    return this.#current;
  }

  /** Has `listener` told of each change. */
  onChange(listener: (contents: TlsContents) => void): void {
    this.#listeners.push(listener);
  }

  /** Looks whether the files have changed, and takes over what they say now. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  /** Looks at the files no more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { log, now = Date.now } = this.#options;
    const { certificate } = this.#files;
    let seen = "absent";
    try {
      seen = await signatureOf(this.#files);
      if (seen === this.#seen) {
        this.#doubted = this.#told = null;
        return;
      }
      const found = await read(this.#files, this.#current.trust, now());
      // Replaced while they were read: the next look sees what they have become.
      if ((await signatureOf(this.#files)) !== seen) return;
      const isTrusting = sameTrust(found.options, this.#current.options);
      this.#current = isTrusting ? found : { ...found, trust: this.#current.trust + 1 };
      this.#seen = seen;
      this.#doubted = this.#told = null;
      log.info("the TLS files were read anew", { certificate });
      for (const listener of this.#listeners) listener(this.#current);
    } catch (error) {
      this.#doubt(seen, error);
    }
  }

  #doubt(seen: string, error: unknown): void {
    const { log, countFault = uncounted } = this.#options;
    // Looked at again at every turn, since a certificate may become valid, and told once.
    if (this.#doubted === seen && this.#told !== seen) {
      this.#told = seen;
      countFault("tls_reload_failures");
      log.error("the TLS files cannot be used: the node goes on with those it had", { error });
    }
    this.#doubted = seen;
  }
}

async function signatureOf(files: TlsFiles): Promise<string> {
  const paths = [files.certificate, files.key, files.authorities, files.revocations];
  const parts = await Promise.all(
    paths.map(async (path) => {
      if (path === null) return "";
      try {
        const { ino, size, mtimeMs } = await stat(path);
        return `${ino} ${size} ${mtimeMs}`;
      } catch (cause) {
        throw new TlsFailure(`The file ${path} cannot be read: put it there, for the node's user.`, {
          cause,
        });
      }
    }),
  );
  return parts.join("|");
}

async function read(files: TlsFiles, trust: number, now: number): Promise<TlsContents> {
  const [cert, key] = [await contentOf(files.certificate), await contentOf(files.key)];
  const ca = files.authorities === null ? null : await blocksOf(files.authorities, "CERTIFICATE");
  const crl = files.revocations === null ? null : await blocksOf(files.revocations, "X509 CRL");
  const options: SecureContextOptions = {
    ...{ cert, key, minVersion: "TLSv1.3" },
    ...(ca === null ? {} : { ca }),
    ...(crl === null ? {} : { crl }),
  };
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
    createSecureContext(options);
  } catch (cause) {
    const what = `${files.certificate}, its key, authorities or lists of revoked certificates`;
    throw new TlsFailure(`What is in ${what} is not PEM, or does not belong together.`, { cause });
  }
  const fault = certificateFault(certificate, now);
  if (fault !== null) throw new TlsFailure(`The certificate in ${files.certificate} ${fault}.`);
  return { certificate, options, trust };
}

async function contentOf(path: string): Promise<string> {
  try {
    if ((await stat(path)).size > MOST_BYTES) throw new Error(`It is larger than ${MOST_BYTES} bytes.`);
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new TlsFailure(`The file ${path} cannot be read: put it there, for the node's user.`, { cause });
  }
}

async function blocksOf(path: string, label: "CERTIFICATE" | "X509 CRL"): Promise<string[]> {
  const blocks = [...(await contentOf(path)).matchAll(BLOCK)]
    .filter((block) => block[1] === label)
    .map(([block]) => block);
  if (blocks.length === 0) throw new TlsFailure(`The file ${path} has no ${label} in PEM.`);
  return blocks;
}

function sameTrust(one: SecureContextOptions, other: SecureContextOptions): boolean {
  return JSON.stringify([one.ca, one.crl]) === JSON.stringify([other.ca, other.crl]);
}
