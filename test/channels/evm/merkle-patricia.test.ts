import { expect } from "chai";

import { proveInTrie, TrieFault, valueInTrie } from "../../../src/channels/evm/merkle-patricia.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (value: Uint8Array | null) => (value === null ? null : new TextDecoder().decode(value));

describe("the Merkle Patricia trie", () => {
  // The trie that Ethereum's own documentation works out; one key begins another, so a branch holds a value.
  const entries = Object.entries({ do: "verb", dog: "puppy", doge: "coin", horse: "stallion" }).map(
    ([key, value]) => ({ key: bytes(key), value: bytes(value) }),
  );
  const root = "0x5991bb8c6514148a29db676a14ac506cd2cd5775ace63c30a4fe457715e9ac84";

  it("has the root that Ethereum gives it", () => {
    expect(proveInTrie(entries, bytes("dog")).root).to.equal(root);
    expect(proveInTrie(entries.toReversed(), bytes("do")).root).to.equal(root);
  });

  it("proves what is in it, and what is not", () => {
    for (const { key, value } of entries) {
      expect(valueInTrie(root, key, proveInTrie(entries, key).proof)).to.deep.equal(value);
    }
    for (const absent of ["d", "dogs", "cat", "horses", "dogecoin"]) {
      const { proof } = proveInTrie(entries, bytes(absent));
      expect(textOf(valueInTrie(root, bytes(absent), proof)), absent).to.equal(null);
    }
  });

  it("takes no proof that is changed, cut short or too long", () => {
    const { proof } = proveInTrie(entries, bytes("doge"));
    expect(proof.length, "it has inner nodes").to.be.greaterThan(1);
    const [top = "", ...rest] = proof;
    const flipped = top.slice(0, -1) + (top.endsWith("0") ? "1" : "0");
    const wrong = [
      [],
      rest,
      [flipped, ...rest],
      proof.slice(0, -1),
      [...proof, top],
      Array<string>(67).fill(top),
      ["0x80"],
    ];
    for (const each of wrong) {
      expect(() => valueInTrie(root, bytes("doge"), each)).to.throw(TrieFault);
    }
  });
});
