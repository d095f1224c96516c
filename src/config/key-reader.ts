import { X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { createSecureContext } from "node:tls";

import type { KeySource, RemoteSignerSource } from "../key-source.ts";
import { readSecret, type SecretSource } from "../secret.ts";
import { isPublishedAccount } from "./published-accounts.ts";
import { isTree, type Section } from "./reader.ts";
import type { SecretReader } from "./secret-reader.ts";

const PRIVATE_KEY = /^(?:0x)?[0-9a-fA-F]{64}$/;
const ADDRESS = { matches: /^0x[0-9a-fA-F]{40}$/, write: "0x and 40 hexadecimal digits" };
const FILE_BYTES = 256 * 1024;
const MOST_FORMER = 8;
const FORMS =
  "write {keystore: <path>, password: {file: <path>}}, {remote: {url: …, address: …}}, or, in development only, {env: <variable>} or {file: <path>}";

/** Reads where ledger keys are, and says what is wrong with them without saying what they are. */
export class KeyReader {
  readonly #secrets: SecretReader;
  readonly #directory: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #production: boolean;

  constructor(
    secrets: SecretReader,
    place: { readonly directory: string; readonly env: NodeJS.ProcessEnv; readonly production: boolean },
  ) {
    this.#secrets = secrets;
    this.#directory = place.directory;
    this.#env = place.env;
    this.#production = place.production;
  }

  /** A ledger key: where it is found, after a look that it is there. A keystore is not opened. */
  key(section: Section, name: string): KeySource {
    const value = section.raw(name);
    if (value === undefined) section.mistake(name, `is missing; ${FORMS}.`);
    if (isTree(value) && "keystore" in value) return this.#keystore(section.section(name));
    if (isTree(value) && "remote" in value) {
      const outer = section.section(name);
      const remote = this.#remote(outer.section("remote"));
      outer.end();
      return remote;
    }
    return value === undefined ? { env: "" } : this.#raw(section, name);
  }

  /** Up to eight such keys. */
  keys(section: Section, name: string): readonly KeySource[] {
    const value = section.raw(name);
    if (!Array.isArray(value) || value.length === 0 || value.length > MOST_FORMER) {
      section.mistake(
        name,
        `is not as it must be; write a list of 1 to ${MOST_FORMER} keys, or take it out.`,
      );
      return [];
    }
    const each = section.membersOf(name, value);
    return value.map((_, place) => this.key(each, String(place)));
  }

  #raw(section: Section, name: string): KeySource {
    const source = this.#secrets.credential(section, name);
    const secret = secretIn(source, this.#env);
    if (secret === null) return source;
    if (this.#production) {
      const where = "env" in source ? "in a variable" : "in a file as it is";
      section.mistake(
        name,
        `lies ${where}, which is for development only; put it into a keystore with icl key import, or write {remote: …}.`,
      );
    } else if (!PRIVATE_KEY.test(secret)) {
      section.mistake(name, "does not lead to a private key; put 0x and 64 hexadecimal digits there.");
    }
    return source;
  }

  #keystore(section: Section): KeySource {
    const file = section.text("keystore", { write: "the path of the keystore" });
    const password = this.#secrets.credential(section, "password");
    section.end();
    const keystore = path.resolve(this.#directory, file);
    if (file === "") return { keystore, password };
    const text = this.#file(section, "keystore", keystore);
    if (text !== null) {
      const account = accountIn(text);
      if (account === null) {
        section.mistake(
          "keystore",
          "is no keystore of version 3 with an address; make one with icl key new.",
        );
      } else this.#judgeAccount(section, "keystore", account);
      if (this.#production) this.#secrets.judgeFile(section, "keystore", keystore);
    }
    return { keystore, password };
  }

  #remote(section: Section): RemoteSignerSource {
    const text = section.text("url", { write: "the URL of the signer, such as https://signer.example:9000" });
    const url = URL.parse(text);
    if (text !== "" && (url === null || !/^https?:$/.test(url.protocol))) {
      section.mistake("url", "is no such URL; write for instance https://signer.example:9000.");
    } else if (url !== null && (url.username !== "" || url.password !== "")) {
      section.mistake("url", "carries a credential; write it as token: {file: …}.");
    } else if (this.#production && url?.protocol === "http:") {
      section.mistake("url", "goes without TLS; write an https URL.");
    }
    const address = section.text("address", ADDRESS);
    if (address !== "") this.#judgeAccount(section, "address", address);
    const token = section.has("token") ? this.#secrets.token(section, "token") : undefined;
    const ca = section.has("ca") ? this.#pem(section, "ca") : undefined;
    const certificate = section.has("certificate") ? this.#pem(section, "certificate") : undefined;
    const privateKey = section.has("privateKey")
      ? this.#secrets.credential(section, "privateKey")
      : undefined;
    section.end();
    if ((certificate === undefined) !== (privateKey === undefined)) {
      section.mistake("certificate", "needs privateKey beside it, and that needs it; write both or neither.");
    }
    this.#judgePair(section, certificate, privateKey);
    return {
      remote: {
        ...{ url: text, address },
        ...(token === undefined ? {} : { token }),
        ...(ca === undefined ? {} : { ca }),
        ...(certificate === undefined ? {} : { certificate }),
        ...(privateKey === undefined ? {} : { privateKey }),
      },
    };
  }

  #pem(section: Section, name: string): string {
    const file = path.resolve(this.#directory, section.text(name, { write: "the path of a file in PEM" }));
    const text = this.#file(section, name, file);
    if (text !== null && !isCertificate(text)) {
      section.mistake(name, "holds no certificate; write the path of one in PEM.");
    }
    return file;
  }

  #judgePair(section: Section, certificate: string | undefined, privateKey: SecretSource | undefined): void {
    if (certificate === undefined || privateKey === undefined) return;
    const cert = this.#file(section, "certificate", certificate);
    const key = secretIn(privateKey, this.#env);
    if (cert !== null && key !== null && !isPair(cert, key)) {
      section.mistake(
        "privateKey",
        "does not belong to the certificate; write the one that it was made with.",
      );
    }
  }

  #judgeAccount(section: Section, name: string, account: string): void {
    if (this.#production && isPublishedAccount(account)) {
      section.mistake(name, "leads to a key that development chains publish; make one of your own.");
    }
  }

  #file(section: Section, name: string, file: string): string | null {
    try {
      if (statSync(file).size > FILE_BYTES) {
        section.mistake(name, `is larger than ${FILE_BYTES} bytes; write the path of the right file.`);
        return null;
      }
      return readFileSync(file, "utf8");
    } catch {
      section.mistake(name, "leads nowhere: the file cannot be read; write the path of one that can.");
      return null;
    }
  }
}

function secretIn(source: SecretSource, env: NodeJS.ProcessEnv): string | null {
  try {
    return readSecret(source, env);
  } catch {
    return null; // whoever read it before has said so
  }
}

function accountIn(text: string): string | null {
  let keystore: unknown;
  try {
    keystore = JSON.parse(text);
  } catch {
    return null; // the parser's message would quote the file
  }
  const { version, address } = isTree(keystore) ? keystore : {};
  if (Number(version) !== 3 || typeof address !== "string") return null;
  const account = `0x${address.replace(/^0x/, "")}`;
  return ADDRESS.matches.test(account) ? account : null;
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject.length >= 0;
  } catch {
    return false; // its message may quote the file
  }
}

function isPair(cert: string, key: string): boolean {
  try {
    createSecureContext({ cert, key });
    return true;
  } catch {
    return false; // its message may quote the file
  }
}
