import type { AstNode } from "./compiler.ts";
import { bare, childOf, childrenOf, isNode, rangeOf, Source, typeOf } from "./syntax.ts";
import type { Range } from "./syntax.ts";

/** How a mutant is switched on within the source that holds them all. */
export type Place = "expression" | "number" | "statement" | "modifier" | "assembly";

/** One small change of a contract that some test has to notice. */
export interface Mutant {
  /** Contract, function, what stood there and what stands there now; the same on every run. */
  readonly id: string;
  readonly file: string;
  readonly range: Range;
  readonly place: Place;
  /** What stands in the range instead. */
  readonly replacement: string;
  /** Whether it forces a condition, so that together they ask for every branch. */
  readonly branch: boolean;
}

const negated: Readonly<Record<string, string>> = {
  "==": "!=",
  "!=": "==",
  "<": ">=",
  ">=": "<",
  ">": "<=",
  "<=": ">",
};
const swapped: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "&&": "||",
  "||": "&&",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "*",
  "**": "*",
  "<<": ">>",
  ">>": "<<",
  "&": "|",
  "|": "&",
  "^": "&",
  "+=": "-=",
  "-=": "+=",
  "*=": "/=",
  "/=": "*=",
  "|=": "&=",
  "&=": "|=",
  "^=": "&=",
  "<<=": ">>=",
  ">>=": "<<=",
  "++": "--",
  "--": "++",
};

type Change = Pick<Mutant, "range" | "place" | "replacement" | "branch"> & { readonly says: string };

/**
 * Finds every mutant of a source: conditions and their operands forced true and false and negated (a `require` forced true is
 * one removed), operators exchanged, and emits, calls, assignments, reverts and modifiers removed.
 * @param file the source's path, for the mutants' names.
 * @param text the source.
 * @param tree solc's syntax tree of it.
 */
export function findMutants(file: string, text: string, tree: AstNode): Mutant[] {
  return new Finder(file, new Source(text)).find(tree);
}

class Finder {
  readonly #file: string;
  readonly #source: Source;
  readonly #mutants: Mutant[] = [];
  readonly #conditions = new Set<string>();
  readonly #ids = new Map<string, number>();
  #where: string[] = [];

  constructor(file: string, source: Source) {
    this.#file = file;
    this.#source = source;
  }

  find(tree: AstNode): Mutant[] {
    this.#visit(tree);
    return this.#mutants;
  }

  #visit(node: AstNode): void {
    const named = ["ContractDefinition", "FunctionDefinition", "ModifierDefinition"].includes(node.nodeType);
    if (named) {
      const name = node.name === "" ? (node.kind as string) : (node.name as string);
      this.#where = node.nodeType === "ContractDefinition" ? [name] : [...this.#where.slice(0, 1), name];
    }
    this.#enter(node);
    for (const child of childrenOf(node)) {
      // What starts and steps a loop is written without a semicolon, and is changed but not removed.
      const looping =
        node.nodeType === "ForStatement" &&
        (child === node.loopExpression || child === node.initializationExpression);
      if (looping && child.nodeType === "ExpressionStatement") this.#visit(childOf(child, "expression"));
      else this.#visit(child);
    }
    if (named) this.#where = this.#where.slice(0, 1);
  }

  #enter(node: AstNode): void {
    switch (node.nodeType) {
      case "IfStatement":
      case "WhileStatement":
      case "ForStatement":
      case "Conditional":
        if (isNode(node.condition)) this.#condition(node.condition);
        return;
      case "FunctionCall":
        this.#call(node);
        return;
      case "BinaryOperation":
        this.#binary(node);
        return;
      case "UnaryOperation":
        this.#unary(node);
        return;
      case "Return":
        if (isNode(node.expression) && typeOf(node.expression) === "bool") this.#condition(node.expression);
        return;
      case "Assignment":
        if (node.operator !== "=") this.#exchange(node, "expression");
        return;
      case "ExpressionStatement":
        if (!isRequire(childOf(node, "expression"))) this.#removeStatement(node);
        return;
      case "EmitStatement":
      case "RevertStatement":
        this.#removeStatement(node);
        return;
      case "ModifierInvocation":
        if (node.kind === "modifierInvocation") {
          this.#add({
            range: rangeOf(node),
            place: "modifier",
            replacement: "",
            branch: true,
            says: "removed",
          });
        }
        return;
      case "YulExpressionStatement":
        this.#add({
          range: rangeOf(node),
          place: "assembly",
          replacement: "",
          branch: false,
          says: "removed",
        });
        return;
      default:
    }
  }

  #call(node: AstNode): void {
    const [first] = node.arguments as AstNode[];
    if (isRequire(node) && first !== undefined) this.#condition(first);
  }

  #binary(node: AstNode): void {
    const operator = node.operator as string;
    if (typeOf(node) === "bool") this.#condition(node);
    if (operator === "&&" || operator === "||") {
      this.#condition(childOf(node, "leftExpression"));
      this.#condition(childOf(node, "rightExpression"));
    }
    const constant = typeOf(node).startsWith("int_const");
    this.#exchange(node, constant ? "number" : "expression");
  }

  #unary(node: AstNode): void {
    const operator = node.operator as string;
    if (operator === "!") {
      // What `!` negates is forced together with it.
      this.#conditions.add(bare(childOf(node, "subExpression")).src);
      this.#condition(node);
    } else if (operator === "~" || operator === "-") {
      const replacement = this.#source.text(rangeOf(childOf(node, "subExpression")));
      this.#add({ range: rangeOf(node), place: "expression", replacement, branch: false, says: replacement });
    } else {
      this.#exchange(node, "expression");
    }
  }

  /** The three things that can be wrong with a condition. */
  #condition(node: AstNode): void {
    const inner = bare(node);
    if (inner.nodeType === "Literal" || this.#conditions.has(inner.src)) return;
    this.#conditions.add(inner.src);
    const range = rangeOf(inner);
    const at = { range, place: "expression", branch: true } as const;
    this.#add({ ...at, replacement: "true", says: "true" });
    this.#add({ ...at, replacement: "false", says: "false" });
    const operator = inner.nodeType === "BinaryOperation" ? negated[inner.operator as string] : undefined;
    const replacement =
      operator === undefined ? `!(${this.#source.text(range)})` : this.#withOperator(inner, operator);
    this.#add({ ...at, branch: false, replacement, says: replacement });
  }

  /** Another operator of the same kind; `==` and `!=` are exchanged as conditions already. */
  #exchange(node: AstNode, place: Place): void {
    const operator = swapped[node.operator as string];
    if (operator === undefined) return;
    const replacement = this.#withOperator(node, operator);
    this.#add({ range: rangeOf(node), place, replacement, branch: false, says: replacement });
  }

  #removeStatement(node: AstNode): void {
    const { start, end } = rangeOf(node);
    const semicolon = this.#source.text({ start: end, end: end + 1 }) === ";" ? 1 : 0;
    const range = { start, end: end + semicolon };
    this.#add({ range, place: "statement", replacement: "", branch: false, says: "removed" });
  }

  #withOperator(node: AstNode, operator: string): string {
    const { start, end } = rangeOf(node);
    if (node.nodeType === "UnaryOperation") {
      const inner = this.#source.text(rangeOf(childOf(node, "subExpression")));
      return node.prefix === true ? operator + inner : inner + operator;
    }
    const [left, right] =
      node.nodeType === "Assignment"
        ? ["leftHandSide", "rightHandSide"]
        : ["leftExpression", "rightExpression"];
    const between = { start: rangeOf(childOf(node, left)).end, end: rangeOf(childOf(node, right)).start };
    const old = node.operator as string;
    return (
      this.#source.text({ start, end: between.start }) +
      this.#source.text(between).replace(old, operator) +
      this.#source.text({ start: between.end, end })
    );
  }

  #add({ says, ...change }: Change): void {
    const original = squeezed(this.#source.text(change.range));
    const base = `${this.#where.join(".")}: ${original} → ${squeezed(says)}`;
    const seen = (this.#ids.get(base) ?? 0) + 1;
    this.#ids.set(base, seen);
    this.#mutants.push({ ...change, file: this.#file, id: seen === 1 ? base : `${base} #${seen}` });
  }
}

function isRequire(node: AstNode): boolean {
  return node.nodeType === "FunctionCall" && isNode(node.expression) && node.expression.name === "require";
}

/** On one line, without what only lays the code out. */
function squeezed(text: string): string {
  return text
    .replaceAll(/\/\/.*$/gm, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}
