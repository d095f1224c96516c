import { fromHex, toHex, toWord, type Hex32 } from "./hex.ts";
import { keccak256 } from "./keccak.ts";
import type { MessageId } from "./message.ts";

const HASH = 32;

/** A leaf: twice hashed, so that no inner node can be taken for one. */
function leafOf(index: number, id: MessageId): Uint8Array {
  return keccak256(keccak256(toWord(index), fromHex(id)));
}

/** Pairs are hashed in ascending order, so that a proof needs no directions. */
function pairOf(a: Uint8Array, b: Uint8Array): Uint8Array {
  return Buffer.compare(a, b) < 0 ? keccak256(a, b) : keccak256(b, a);
}

/**
 * The Merkle tree over the messages of a batch: leaves `(uint256 index, bytes32 message id)` in the form of OpenZeppelin's
 * StandardMerkleTree, so that anybody's tools check its proofs (PROTOCOL §4).
 */
export class MerkleTree {
  /** Nodes one after the other, the root first, the leaves last and in descending order of their hashes. */
  readonly #nodes: Uint8Array;
  /** The node of the message at each index. */
  readonly #places: Uint32Array;

  /**
   * @param ids the messages' ids in the order of the batch; one at least
   */
  constructor(ids: readonly MessageId[]) {
    const count = ids.length;
    if (count === 0) throw new RangeError("A Merkle tree has one leaf at least.");
    const leaves = ids.map((id, index) => ({ index, hash: leafOf(index, id) }));
    leaves.sort((a, b) => Buffer.compare(a.hash, b.hash));
    this.#nodes = new Uint8Array(HASH * (2 * count - 1));
    this.#places = new Uint32Array(count);
    for (const [rank, { index, hash }] of leaves.entries()) {
      const place = 2 * count - 2 - rank;
      this.#nodes.set(hash, HASH * place);
      this.#places[index] = place;
    }
    for (let place = count - 2; place >= 0; place -= 1) {
      this.#nodes.set(pairOf(this.#node(2 * place + 1), this.#node(2 * place + 2)), HASH * place);
    }
  }

  get root(): Hex32 {
    return toHex(this.#node(0));
  }

  /**
   * The inclusion proof of a message: the siblings from its leaf up to the root.
   *
   * @param index the message's place in the batch, from 0
   * @throws RangeError when the batch has no such place
   */
  proof(index: number): readonly Hex32[] {
    let place = this.#places[index];
    if (place === undefined) throw new RangeError(`The batch has no message ${index}.`);
    const siblings: Hex32[] = [];
    for (; place > 0; place = (place - 1) >> 1) {
      siblings.push(toHex(this.#node(place % 2 === 1 ? place + 1 : place - 1)));
    }
    return siblings;
  }

  #node(place: number): Uint8Array {
    return this.#nodes.subarray(HASH * place, HASH * (place + 1));
  }
}

/** Whether a proof shows that the message at `index` of the batch with this root is the one with this id. */
export function isIncluded(root: Hex32, index: number, id: MessageId, proof: readonly Hex32[]): boolean {
  const top = proof.reduce((node, sibling) => pairOf(node, fromHex(sibling)), leafOf(index, id));
  return toHex(top) === root;
}
