import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import path from "node:path";

import { readSecret, type SecretSource } from "../secret.ts";
import { isTree, type Section } from "./reader.ts";

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
const SHORTEST_TOKEN = 32;
const PRIVATE_KEY = /^(?:0x)?[0-9a-fA-F]{64}$/;

/** Beginnings of the SHA-256 of the twenty private keys that every development chain publishes. */
const PUBLISHED_KEYS = new Set([
  "60a09e4357868c1e",
  "095101cf732c298a",
  "bb4978fbe7638de8",
  "f02322197a196ceb",
  "5de22089c247b9b2",
  "59feecfa04eb096b",
  "b69d88ff1ad5834a",
  "b6b9ee08c38f62da",
  "be394de37f9d6cf6",
  "dd0102d1cd0c6ac7",
  "bc695e76adbd4ba5",
  "f08cf7b46c09669b",
  "7112de5abbaaf618",
  "c9af1927cd58e92d",
  "9ebbe88c52f86818",
  "9794bae81f0d5dd2",
  "89fdd4bd49fc0e2a",
  "97bc0c40d645cfaa",
  "609101d4dd3170f5",
  "7d2c370c3a5748fa",
]);

/** What a URL has to be like, and one that is. */
interface UrlForm {
  readonly protocol: RegExp;
  readonly example: string;
}

/** Reads what must not stand in a configuration, and says what is wrong with it without saying what it is. */
export class SecretReader {
  readonly #directory: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #production: boolean;

  constructor(directory: string, env: NodeJS.ProcessEnv, production: boolean) {
    this.#directory = directory;
    this.#env = env;
    this.#production = production;
  }

  /** A token agreed on with somebody: where it is found, after a look that it is there and long enough. */
  token(section: Section, name: string): SecretSource {
    const { source, secret } = this.#found(section, name);
    if (secret !== null && secret.length < SHORTEST_TOKEN) {
      section.mistake(
        name,
        `leads to a token that can be guessed; make one of ${SHORTEST_TOKEN} characters at least.`,
      );
    }
    return source;
  }

  /** A credential that somebody else made: where it is found, after a look that it is there. */
  credential(section: Section, name: string): SecretSource {
    return this.#found(section, name).source;
  }

  /** A secret of a form of its own: where it is found, after a look that it is there and has that form. */
  checked(
    section: Section,
    name: string,
    isRight: (secret: string) => boolean,
    sentence: string,
  ): SecretSource {
    const { source, secret } = this.#found(section, name);
    if (secret !== null && !isRight(secret)) section.mistake(name, sentence);
    return source;
  }

  /** A ledger key: where it is found, after a look that it is there and is one. */
  key(section: Section, name: string): SecretSource {
    const { source, secret } = this.#found(section, name);
    if (secret === null) return source;
    if (!PRIVATE_KEY.test(secret)) {
      section.mistake(name, "does not lead to a private key; put 0x and 64 hexadecimal digits there.");
    } else if (this.#production && isPublished(secret)) {
      section.mistake(name, "leads to a key that development chains publish; make one of your own.");
    }
    return source;
  }

  /** A URL that may carry a credential: in plain where it carries none, else by its source. */
  url(section: Section, name: string, protocol: RegExp, example: string): string {
    const value = section.raw(name);
    if (value === undefined) {
      section.mistake(
        name,
        `is missing; write for instance ${example}, or {env: <variable>} with such a URL.`,
      );
      return "";
    }
    return this.#urlIn(section, name, value, { protocol, example });
  }

  /** Up to `most` such URLs, each another; the list is there and has one at least. */
  urls(section: Section, name: string, form: UrlForm & { readonly most: number }): readonly string[] {
    const value = section.raw(name);
    if (!Array.isArray(value) || value.length === 0 || value.length > form.most) {
      section.mistake(
        name,
        `is not as it must be; write a list of 1 to ${form.most} such as [${form.example}].`,
      );
      return [];
    }
    const urls = value.map((each: unknown, place) => this.#urlIn(section, `${name}[${place}]`, each, form));
    const found = urls.filter((url) => url !== "");
    if (new Set(found).size < found.length) section.mistake(name, "names one address twice; leave one out.");
    return urls;
  }

  #urlIn(section: Section, name: string, value: unknown, { protocol, example }: UrlForm): string {
    let text: string;
    if (typeof value === "string") {
      text = value;
    } else {
      const source = this.#source(section, name, value);
      const secret = source === null ? null : this.#secret(section, name, source);
      if (secret === null) return "";
      text = secret;
    }
    const url = URL.parse(text);
    if (url === null || !protocol.test(url.protocol)) {
      section.mistake(name, `is no such URL; write for instance ${example}.`);
      return "";
    }
    if (typeof value === "string" && url.password !== "") {
      section.mistake(
        name,
        "carries a password; put the URL into a variable or file and write {env: …} or {file: …}.",
      );
    }
    return text;
  }

  /** @returns a stand-in and no secret, having noted the mistake, where there is none */
  #found(section: Section, name: string): { readonly source: SecretSource; readonly secret: string | null } {
    const value = section.raw(name);
    if (value === undefined) section.mistake(name, "is missing; write {env: <variable>} or {file: <path>}.");
    const source = value === undefined ? null : this.#source(section, name, value);
    return source === null
      ? { source: { env: "" }, secret: null }
      : { source, secret: this.#secret(section, name, source) };
  }

  #source(section: Section, name: string, value: unknown): SecretSource | null {
    if (isTree(value) && Object.keys(value).length === 1) {
      const { env, file } = value;
      if (typeof env === "string" && VARIABLE.test(env)) return { env };
      if (typeof file === "string" && file !== "") return { file: path.resolve(this.#directory, file) };
    }
    section.mistake(
      name,
      "may not stand in the configuration itself; write {env: <variable>} or {file: <path>}, and change the key if it was real.",
    );
    return null;
  }

  #secret(section: Section, name: string, source: SecretSource): string | null {
    let secret: string;
    try {
      secret = readSecret(source, this.#env);
    } catch (error) {
      const why = error instanceof Error ? error.message : "it cannot be read";
      section.mistake(name, `leads nowhere: ${why}; put the secret there.`);
      return null;
    }
    if (this.#production && "file" in source) this.#judgeFile(section, name, source.file);
    return secret;
  }

  #judgeFile(section: Section, name: string, file: string): void {
    if (file.split(path.sep).includes(".icl")) {
      section.mistake(name, "lies among the development network's files; keep production keys elsewhere.");
    }
    if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) {
      section.mistake(name, "can be read by other users of this machine; chmod 600 the file.");
    }
  }
}

function isPublished(key: string): boolean {
  const canonical = `0x${key.replace(/^0x/, "").toLowerCase()}`;
  return PUBLISHED_KEYS.has(createHash("sha256").update(canonical).digest("hex").slice(0, 16));
}
