import type { AstNode } from "./compiler.ts";

/** A stretch of a source, in bytes. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Whether a member of a node is a node itself. */
export function isNode(value: unknown): value is AstNode {
  return typeof value === "object" && value !== null && typeof (value as AstNode).nodeType === "string";
}

/** The nodes directly below one, in the order of its members. */
export function childrenOf(node: AstNode): AstNode[] {
  return Object.values(node).flatMap((value) =>
    Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [],
  );
}

/** A node's member that is a node; throws when it is none. */
export function childOf(node: AstNode, member: string): AstNode {
  const child = node[member];
  if (!isNode(child)) throw new Error(`A ${node.nodeType} without ${member}.`);
  return child;
}

export function rangeOf(node: AstNode): Range {
  const [start, length] = node.src.split(":").map(Number);
  if (start === undefined || length === undefined) throw new Error(`No range: ${node.src}`);
  return { start, end: start + length };
}

/** An expression's type as solc writes it. */
export function typeOf(node: AstNode): string {
  const types = node.typeDescriptions as { readonly typeString?: unknown } | undefined;
  return typeof types?.typeString === "string" ? types.typeString : "";
}

/** An expression without the brackets around it. */
export function bare(node: AstNode): AstNode {
  const components = node.components;
  if (node.nodeType !== "TupleExpression" || !Array.isArray(components) || components.length !== 1)
    return node;
  const [inner] = components as unknown[];
  return isNode(inner) ? bare(inner) : node;
}

/** A source whose stretches are given in bytes. */
export class Source {
  readonly #bytes: Buffer;

  constructor(text: string) {
    this.#bytes = Buffer.from(text);
  }

  get length(): number {
    return this.#bytes.length;
  }

  text({ start, end }: Range): string {
    return this.#bytes.subarray(start, end).toString("utf8");
  }
}
