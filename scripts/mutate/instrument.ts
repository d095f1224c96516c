import { createHash } from "node:crypto";

import type { AstNode } from "./compiler.ts";
import type { Mutant } from "./find-mutants.ts";
import { childrenOf, isNode, rangeOf, Source } from "./syntax.ts";
import type { Range } from "./syntax.ts";

/** Where the function that tells which mutant is on stands in the compilation. */
export const switchFile = "contracts/mutant.sol";

/**
 * That function. A mutant is on when its key is 0: the key is a literal of eight bytes which is overwritten in the compiled code.
 * It is compared with call data that is never there, which the compiler cannot know, so that it leaves every mutant in.
 */
export const switchSource = `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;
function mutant(uint256 key) pure returns (bool on) {
    assembly ("memory-safe") { on := eq(key, calldataload(not(0))) }
}
`;

/** The literal that stands for a mutant in the code: 16 hexadecimal digits, the same on every run. */
export function keyOf(mutant: Mutant): string {
  return `f${createHash("sha256").update(`${mutant.file} ${mutant.id}`).digest("hex").slice(0, 15)}`;
}

/**
 * The code with one mutant switched on.
 * @param bytecode creation code compiled from instrumented sources.
 */
export function switchedOn(bytecode: string, mutant: Mutant): string {
  return bytecode.replaceAll(keyOf(mutant), "0".repeat(16));
}

interface Edit extends Range {
  readonly mutants: Mutant[];
}

/**
 * Writes all mutants into their sources at once, each asleep, so that one compilation serves all of them.
 * @param sources the contracts' sources by path.
 * @param trees solc's syntax trees of these and all they import.
 * @param readImport gives the text of an imported source.
 * @param mutants what {@link findMutants} found.
 */
export function instrument(
  sources: Readonly<Record<string, string>>,
  trees: Readonly<Record<string, AstNode>>,
  readImport: (path: string) => string,
  mutants: readonly Mutant[],
): Record<string, string> {
  const declarations = new Map<unknown, { readonly node: AstNode; readonly path: string }>();
  for (const [path, tree] of Object.entries(trees)) declare(tree, path, declarations);
  const result: Record<string, string> = { [switchFile]: switchSource };
  for (const [path, text] of Object.entries(sources)) {
    const tree = trees[path];
    if (tree === undefined) throw new Error(`No syntax tree of ${path}.`);
    const here = mutants.filter(({ file }) => file === path);
    const modifierText = (id: unknown): AstNode & { readonly text: string } => {
      const found = declarations.get(id);
      if (found === undefined) throw new Error("A modifier without definition.");
      const source = new Source(sources[found.path] ?? readImport(found.path));
      return { ...found.node, text: source.text(rangeOf(found.node)) };
    };
    result[path] = new Instrument(new Source(text), tree, here, modifierText).write();
  }
  return result;
}

function declare(
  node: AstNode,
  path: string,
  into: Map<unknown, { readonly node: AstNode; readonly path: string }>,
): void {
  if (node.nodeType === "ModifierDefinition") into.set(node.id, { node, path });
  for (const child of childrenOf(node)) declare(child, path, into);
}

class Instrument {
  readonly #source: Source;
  readonly #tree: AstNode;
  readonly #edits: Edit[] = [];
  readonly #insertions = new Map<number, string>();
  /** Initial values of constants that have mutants, by the constant's id: written out wherever the constant is used. */
  readonly #constants = new Map<unknown, Range>();
  readonly #uses = new Map<number, { readonly end: number; readonly constant: unknown }>();
  #stops: readonly number[] = [];
  #writingOut = false;
  readonly #modifierOf: (id: unknown) => AstNode & { readonly text: string };

  constructor(
    source: Source,
    tree: AstNode,
    mutants: readonly Mutant[],
    modifierOf: (id: unknown) => AstNode & { readonly text: string },
  ) {
    this.#source = source;
    this.#tree = tree;
    this.#modifierOf = modifierOf;
    for (const mutant of mutants) {
      const { start, end } = mutant.range;
      const same = this.#edits.find((edit) => edit.start === start && edit.end === end);
      if (same === undefined) this.#edits.push({ start, end, mutants: [mutant] });
      else same.mutants.push(mutant);
    }
    // An outer stretch comes before those within it.
    this.#edits.sort((a, b) => a.start - b.start || b.end - a.end);
  }

  write(): string {
    this.#collect(this.#tree, undefined);
    const pragma = childrenOf(this.#tree).find(({ nodeType }) => nodeType === "PragmaDirective");
    if (pragma === undefined) throw new Error("A source without pragma.");
    this.#insertions.set(rangeOf(pragma).end, `\nimport {mutant} from "${switchFile}";\n`);
    this.#stops = [...this.#insertions.keys(), ...this.#uses.keys()].sort((a, b) => a - b);
    return this.#render({ start: 0, end: this.#source.length }, false);
  }

  #collect(node: AstNode, contract: AstNode | undefined): void {
    if (node.nodeType === "VariableDeclaration" && node.constant === true && isNode(node.value)) {
      const range = rangeOf(node.value);
      const changed = this.#edits.some(({ start, end }) => start >= range.start && end <= range.end);
      if (changed || this.#usesConstant(node.value)) this.#constants.set(node.id, range);
    }
    if (node.nodeType === "Identifier") {
      const { start, end } = rangeOf(node);
      this.#uses.set(start, { end, constant: node.referencedDeclaration });
    }
    if (node.nodeType === "ModifierInvocation") this.#copyModifier(node, contract);
    for (const child of childrenOf(node)) {
      this.#collect(child, node.nodeType === "ContractDefinition" ? node : contract);
    }
  }

  #usesConstant(node: AstNode): boolean {
    return (
      (node.nodeType === "Identifier" && this.#constants.has(node.referencedDeclaration)) ||
      childrenOf(node).some((child) => this.#usesConstant(child))
    );
  }

  /** A modifier of the contract's own that does what the given one does, unless its mutant is on. */
  #copyModifier(invocation: AstNode, contract: AstNode | undefined): void {
    const { start, end } = rangeOf(invocation);
    const mutant = this.#edits.find((edit) => edit.start === start && edit.end === end)?.mutants[0];
    if (mutant === undefined || contract === undefined) return;
    const path = invocation.modifierName as AstNode & { readonly referencedDeclaration: unknown };
    const { text, name } = this.#modifierOf(path.referencedDeclaration);
    const body = text.slice(text.indexOf("{") + 1, text.lastIndexOf("_;"));
    if (!/_;\s*\}$/.test(text)) throw new Error(`The modifier ${String(name)} does more after the function.`);
    const parameters = /\(([^)]*)\)/.exec(text.slice(0, text.indexOf("{")))?.[1] ?? "";
    const at = rangeOf(contract).end - 1;
    const copy = `modifier m${keyOf(mutant)}(${parameters}) { if (!mutant(0x${keyOf(mutant)})) {${body}} _; }\n`;
    this.#insertions.set(at, (this.#insertions.get(at) ?? "") + copy);
  }

  /** A stretch with the edits within it; without the one that fills it, when that is being written already. */
  #render(range: Range, within: boolean): string {
    let written = "";
    let at = range.start;
    for (const edit of this.#edits) {
      if (edit.start < at || edit.end > range.end || this.#isDeclared(edit.start)) continue;
      if (within && edit.start === range.start && edit.end === range.end) continue;
      written += this.#plain({ start: at, end: edit.start }) + this.#wrapped(edit);
      at = edit.end;
    }
    return written + this.#plain({ start: at, end: range.end });
  }

  /** Whether a place lies in the declaration of a constant, which stays as it is while its uses are written out. */
  #isDeclared(place: number): boolean {
    return (
      !this.#writingOut &&
      [...this.#constants.values()].some(({ start, end }) => place >= start && place < end)
    );
  }

  /** A stretch without edits: only insertions, and constants written out. */
  #plain({ start, end }: Range): string {
    let written = "";
    let at = start;
    for (const stop of this.#stops) {
      if (stop < at || stop >= end) continue;
      const insertion = this.#insertions.get(stop) ?? "";
      const use = this.#isDeclared(stop) ? undefined : this.#uses.get(stop);
      const value = use === undefined ? undefined : this.#constants.get(use.constant);
      written += this.#source.text({ start: at, end: stop }) + insertion;
      at = stop;
      if (use === undefined || value === undefined) continue;
      const before = this.#writingOut;
      this.#writingOut = true;
      written += `uint256(${this.#render(value, false)})`;
      this.#writingOut = before;
      at = use.end;
    }
    return written + this.#source.text({ start: at, end });
  }

  #wrapped(edit: Edit): string {
    const [first] = edit.mutants;
    if (first === undefined) throw new Error("An edit without mutants.");
    const inner = this.#render(edit, true);
    switch (first.place) {
      case "statement":
        return `{ if (!mutant(0x${keyOf(first)})) { ${inner} } }`;
      case "assembly":
        return `if sub(0x${keyOf(first)}, calldataload(not(0))) { ${inner} }`;
      case "modifier": {
        const [, arguments_ = "()"] = /^\w+(\(.*\))?$/s.exec(inner) ?? [];
        return `m${keyOf(first)}${arguments_}`;
      }
      case "expression":
      case "number": {
        const cast = first.place === "number" ? "uint256" : "";
        const choices = edit.mutants.map(
          (mutant) => `mutant(0x${keyOf(mutant)}) ? ${cast}(${mutant.replacement}) : `,
        );
        return `(${choices.join("")}${cast}(${inner}))`;
      }
    }
  }
}
