import { encodeRlp, getBytes, hexlify, type RlpStructuredData } from "ethers";

import { keccak256 } from "../../domain/keccak.ts";
import { listIn, readRlpList, RlpFault } from "./rlp.ts";

/** A key and its value in a trie. */
export interface TrieEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** What is wrong with a proof: it does not lead from the root to where it should. */
export class TrieFault extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = "TrieFault";
  }
}

/** Nodes are as deep as keys are long: 64 nibbles, and the root. */
const DEEPEST_PROOF = 66;
const BRANCH = 17;
const NODE = "node of the proof";

type Nibbles = readonly number[];

interface Leaf {
  readonly path: Nibbles;
  readonly value: Uint8Array;
}

/** A node as it is hashed; a short one stands in its parent as it is. */
type TrieNode = RlpStructuredData[];

/**
 * Builds the whole trie over some entries (Ethereum Yellow Paper, appendix D), as block headers commit to transactions and
 * receipts, and proves one of them.
 *
 * @param entries with different keys, one at least
 * @param key of the entry to prove
 * @returns the trie's root, and the nodes from it to the entry, in hexadecimal
 */
export function proveInTrie(
  entries: readonly TrieEntry[],
  key: Uint8Array,
): { readonly root: string; readonly proof: readonly string[] } {
  const proof: string[] = [];
  const leaves = entries.map((entry) => ({ path: nibblesOf(entry.key), value: entry.value }));
  const top = encodeRlp(build(leaves, nibblesOf(key), proof));
  return { root: hashOf(top), proof: [top, ...proof.reverse()] };
}

/**
 * Follows a proof from a trie's root to a key.
 *
 * @param root in hexadecimal
 * @param proof nodes in hexadecimal, the root's first
 * @returns the value; null when the proof shows that the trie has no such key
 * @throws TrieFault when the proof is not one
 */
export function valueInTrie(root: string, key: Uint8Array, proof: readonly string[]): Uint8Array | null {
  if (proof.length > DEEPEST_PROOF) throw new TrieFault("The proof is longer than any trie is deep.");
  let rest = nibblesOf(key);
  let next: RlpStructuredData = root;
  let used = 0;
  const done = (value: Uint8Array | null): Uint8Array | null => {
    if (used !== proof.length) throw new TrieFault("The proof has nodes that lead nowhere.");
    return value;
  };
  for (;;) {
    let node: readonly RlpStructuredData[];
    if (typeof next === "string") {
      if (next === "0x") return done(null);
      const given = proof[used];
      if (given === undefined) throw new TrieFault("The proof ends before it leads anywhere.");
      if (hashOf(given) !== next) throw new TrieFault("A node of the proof is not the one its parent names.");
      used += 1;
      node = readNode(given);
    } else {
      node = listIn(next, NODE);
    }
    if (node.length === BRANCH) {
      const [nibble, ...others] = rest;
      if (nibble === undefined) return done(valueOf(node[BRANCH - 1]));
      rest = others;
      next = node[nibble] ?? "0x";
      continue;
    }
    const { path, isLeaf } = readPath(node);
    const follows = path.every((nibble, place) => rest[place] === nibble);
    if (isLeaf) return done(follows && path.length === rest.length ? valueOf(node[1]) : null);
    if (!follows) return done(null);
    rest = rest.slice(path.length);
    next = node[1] ?? "0x";
  }
}

function build(leaves: readonly Leaf[], target: Nibbles | null, proof: string[]): TrieNode {
  const [first] = leaves;
  if (first === undefined) throw new RangeError("A trie has one entry at least.");
  if (leaves.length === 1) return [writePath(first.path, true), hexlify(first.value)];
  const shared = sharedLength(leaves.map(({ path }) => path));
  if (shared > 0) {
    const inner = leaves.map(({ path, value }) => ({ path: path.slice(shared), value }));
    const follows = target !== null && sharedLength([first.path.slice(0, shared), target]) === shared;
    return [
      writePath(first.path.slice(0, shared), false),
      reference(inner, follows ? target.slice(shared) : null, proof),
    ];
  }
  const branch: TrieNode = Array.from({ length: BRANCH }, () => "0x");
  for (let nibble = 0; nibble < BRANCH - 1; nibble += 1) {
    const under = leaves.filter(({ path }) => path[0] === nibble);
    if (under.length === 0) continue;
    const inner = under.map(({ path, value }) => ({ path: path.slice(1), value }));
    branch[nibble] = reference(inner, target?.[0] === nibble ? target.slice(1) : null, proof);
  }
  const here = leaves.find(({ path }) => path.length === 0);
  if (here !== undefined) branch[BRANCH - 1] = hexlify(here.value);
  return branch;
}

/** How a parent names a child: by its hash, or, where it is shorter than one, by itself. */
function reference(leaves: readonly Leaf[], target: Nibbles | null, proof: string[]): RlpStructuredData {
  const node = build(leaves, target, proof);
  const written = encodeRlp(node);
  if (written.length < 2 + 2 * 32) return node;
  if (target !== null) proof.push(written);
  return hashOf(written);
}

function sharedLength(paths: readonly Nibbles[]): number {
  const [first = []] = paths;
  let length = 0;
  while (length < first.length && paths.every((path) => path[length] === first[length])) length += 1;
  return length;
}

function nibblesOf(bytes: Uint8Array): Nibbles {
  return [...bytes].flatMap((byte) => [byte >> 4, byte & 15]);
}

/** Hex-prefix encoding: whether it is a leaf's, whether it is odd, then the path. */
function writePath(path: Nibbles, isLeaf: boolean): string {
  const odd = path.length % 2;
  const flags = (isLeaf ? 2 : 0) + odd;
  const nibbles = odd === 1 ? [flags, ...path] : [flags, 0, ...path];
  return `0x${nibbles.map((nibble) => nibble.toString(16)).join("")}`;
}

function readPath(node: readonly RlpStructuredData[]): { readonly path: Nibbles; readonly isLeaf: boolean } {
  const [written] = node;
  if (node.length !== 2 || typeof written !== "string" || written.length < 4) {
    throw new TrieFault("A node of the proof is none of a trie.");
  }
  const [flags = 0, ...rest] = nibblesOf(getBytes(written));
  if (flags > 3) throw new TrieFault("A node of the proof is none of a trie.");
  return { path: flags % 2 === 1 ? rest : rest.slice(1), isLeaf: flags >= 2 };
}

function valueOf(item: RlpStructuredData | undefined): Uint8Array | null {
  if (typeof item !== "string")
    throw new TrieFault("A node of the proof holds no value where one should be.");
  return item === "0x" ? null : getBytes(item);
}

function readNode(written: string): readonly RlpStructuredData[] {
  try {
    return readRlpList(written, NODE);
  } catch (error) {
    if (error instanceof RlpFault) throw new TrieFault("A node of the proof is none of a trie.");
    throw error;
  }
}

function hashOf(written: string): string {
  return hexlify(keccak256(getBytes(written)));
}
