import { statSync } from "node:fs";
import path from "node:path";

import { readSecret, type SecretSource } from "../secret.ts";
import { isTree, type Section } from "./reader.ts";

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
const SHORTEST_TOKEN = 32;

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
    if (this.#production && "file" in source) this.judgeFile(section, name, source.file);
    return secret;
  }

  /** Notes what is wrong with the place of a file that nobody else may read. */
  judgeFile(section: Section, name: string, file: string): void {
    if (file.split(path.sep).includes(".icl")) {
      section.mistake(name, "lies among the development network's files; keep production keys elsewhere.");
    }
    if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) {
      section.mistake(name, "can be read by other users of this machine; chmod 600 the file.");
    }
  }
}
