/** A configuration as parsed, before anything is known about it. */
export type Tree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * One section of a configuration. Each read notes a mistake where the value is absent or wrong and then answers a
 * stand-in, so that all mistakes come to light in one go; the stand-ins go nowhere, because a configuration with mistakes
 * is never used. A mistake never repeats the value: it may be a secret in the wrong place.
 */
export class Section {
  readonly where: string;
  readonly #tree: Tree;
  readonly #mistakes: string[];
  readonly #known = new Set<string>();

  constructor(where: string, tree: Tree, mistakes: string[]) {
    this.where = where;
    this.#tree = tree;
    this.#mistakes = mistakes;
  }

  /** Notes a mistake about the member `name`, or about the section where `name` is empty. */
  mistake(name: string, sentence: string): void {
    this.#mistakes.push(`${this.#path(name)}: ${sentence}`);
  }

  has(name: string): boolean {
    this.#known.add(name);
    return Object.hasOwn(this.#tree, name) && this.#tree[name] !== null && this.#tree[name] !== undefined;
  }

  raw(name: string): unknown {
    return this.has(name) ? this.#tree[name] : undefined;
  }

  /**
   * @param form what the text must match, and what to write instead
   * @param otherwise taken when the member is absent; left out where it must be there
   */
  text(
    name: string,
    form: { readonly matches?: RegExp; readonly write: string },
    otherwise?: string,
  ): string {
    if (!this.has(name)) {
      if (otherwise === undefined) this.mistake(name, `is missing; write ${form.write}.`);
      return otherwise ?? "";
    }
    const value = this.#tree[name];
    if (typeof value !== "string" || value === "" || !(form.matches?.test(value) ?? true)) {
      this.mistake(name, `is not as it must be; write ${form.write}.`);
      return "";
    }
    return value;
  }

  whole(name: string, range: { readonly from: number; readonly to: number }, otherwise?: number): number {
    if (!this.has(name) && otherwise !== undefined) return otherwise;
    const value = this.raw(name);
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < range.from || value > range.to) {
      const what = value === undefined ? "is missing" : "is not as it must be";
      this.mistake(name, `${what}; write a whole number from ${range.from} to ${range.to}.`);
      return range.from;
    }
    return value;
  }

  flag(name: string, otherwise: boolean): boolean {
    if (!this.has(name)) return otherwise;
    const value = this.#tree[name];
    if (typeof value !== "boolean") this.mistake(name, "is not as it must be; write true or false.");
    return value === true;
  }

  choice<const Choice extends string>(
    name: string,
    choices: readonly [Choice, ...Choice[]],
    otherwise?: Choice,
  ): Choice {
    if (!this.has(name) && otherwise !== undefined) return otherwise;
    const found = choices.find((choice) => choice === this.#tree[name]);
    if (found === undefined) {
      const what = this.has(name) ? "is none of the words it may be" : "is missing";
      this.mistake(name, `${what}; write ${choices.join(" or ")}.`);
    }
    return found ?? choices[0];
  }

  texts(name: string, write: string, otherwise: readonly string[]): readonly string[] {
    if (!this.has(name)) return otherwise;
    const value = this.#tree[name];
    if (Array.isArray(value) && value.every((item) => typeof item === "string" && item !== ""))
      return value as string[];
    this.mistake(name, `is not as it must be; write a list such as ${write}.`);
    return [];
  }

  /** The members of a list as those of a section, named by their positions. */
  membersOf(name: string, list: readonly unknown[]): Section {
    return new Section(this.#path(name), Object.fromEntries(list.entries()), this.#mistakes);
  }

  /** A section inside this one; an absent one is read as empty, so that its members say what is missing. */
  section(name: string): Section {
    const value = this.raw(name);
    if (value !== undefined && !isTree(value))
      this.mistake(name, "is not a section; write its members below it.");
    return new Section(this.#path(name), isTree(value) ? value : {}, this.#mistakes);
  }

  /** The sections of a list that must have at least one, unless `mayBeEmpty`. */
  sections(name: string, write: string, mayBeEmpty = false): readonly Section[] {
    const value = this.raw(name);
    if (mayBeEmpty && (value === undefined || (Array.isArray(value) && value.length === 0))) return [];
    if (!Array.isArray(value) || value.length === 0) {
      this.mistake(name, `is missing or empty; write ${write}.`);
      return [];
    }
    return value.map((item: unknown, index) => {
      const where = `${this.#path(name)}[${index}]`;
      if (!isTree(item)) this.#mistakes.push(`${where}: is not a section; write its members below it.`);
      return new Section(where, isTree(item) ? item : {}, this.#mistakes);
    });
  }

  /** Notes a mistake for each member that nothing has asked for. */
  end(): void {
    for (const name of Object.keys(this.#tree)) {
      if (this.#known.has(name)) continue;
      this.mistake(
        name,
        `is no setting; take it out, or write one of ${[...this.#known].sort().join(", ")}.`,
      );
    }
  }

  #path(name: string): string {
    if (this.where === "") return name;
    return name === "" ? this.where : `${this.where}.${name}`;
  }
}
