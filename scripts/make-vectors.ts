/**
 * Writes `test/vectors/messages.json`: ids, signatures and Merkle proofs that every implementation of the protocol must
 * arrive at. They come from implementations that are not ours (ethers for EIP-712, OpenZeppelin's merkle-tree).
 *
 * Run it with `npx node scripts/make-vectors.ts` when a case is added; tests compare the file with what it makes.
 */
import { writeFile } from "node:fs/promises";

import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { encodeBase58, HDNodeWallet, Mnemonic, sha256, toUtf8Bytes, TypedDataEncoder } from "ethers";
import type { TypedDataField } from "ethers";

/** A message as JSON on the wire (PROTOCOL §3), with its id. */
export interface MessageVector {
  readonly message: {
    readonly sender: string;
    readonly receiver: string;
    readonly subject: string;
    readonly predicate: string;
    readonly obj: string;
    readonly validUntil?: string;
  };
  /** The sha2-256 digest inside `obj`. */
  readonly digest: string;
  /** `validUntil` in seconds since 1970; 0 for none. */
  readonly validUntil: number;
  readonly id: string;
}

/** An operator's signature over the message at `message`, by the key of the well-known development phrase. */
export interface AuthorisationVector {
  readonly message: number;
  readonly nonce: string;
  readonly deadline: number;
  readonly signer: string;
  readonly digest: string;
  readonly signature: string;
}

/** A batch: the header, the ids of its messages, which differ in their subjects only, and proofs by index. */
export interface BatchVector {
  readonly header: {
    readonly sender: string;
    readonly receiver: string;
    readonly predicate: string;
    readonly validUntil: number;
    readonly root: string;
    readonly count: number;
    readonly body: string;
  };
  readonly id: string;
  readonly digest: string;
  readonly subjects: readonly string[];
  readonly messageIds: readonly string[];
  readonly proofs: Readonly<Record<string, readonly string[]>>;
}

export interface Vectors {
  readonly about: string;
  readonly phrase: string;
  readonly signerPath: string;
  readonly domain: {
    readonly name: string;
    readonly version: string;
    readonly chainId: number;
    readonly verifyingContract: string;
  };
  readonly types: Readonly<Record<string, TypedDataField[]>>;
  readonly messages: readonly MessageVector[];
  readonly authorisations: readonly AuthorisationVector[];
  readonly batches: readonly BatchVector[];
}

const phrase = "test test test test test test test test test test test junk";
const signerPath = "m/44'/60'/0'/0/3";

/** The address is that of the first contract which the phrase's first account makes on a fresh development chain. */
const domain = {
  name: "Inter Customs Ledger",
  version: "1",
  chainId: 31_337,
  verifyingContract: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
};

const types = {
  Message: [
    { name: "sender", type: "string" },
    { name: "receiver", type: "string" },
    { name: "subject", type: "string" },
    { name: "predicate", type: "string" },
    { name: "obj", type: "bytes32" },
    { name: "validUntil", type: "uint64" },
  ],
  Batch: [
    { name: "sender", type: "string" },
    { name: "receiver", type: "string" },
    { name: "predicate", type: "string" },
    { name: "validUntil", type: "uint64" },
    { name: "root", type: "bytes32" },
    { name: "count", type: "uint32" },
    { name: "body", type: "bytes32" },
  ],
  Authorisation: [
    { name: "message", type: "Message" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint64" },
  ],
};

const digestOf = (text: string) => sha256(toUtf8Bytes(text));
const multihashOf = (digest: string) => encodeBase58(`0x1220${digest.slice(2)}`);

function structOf({ message, digest, validUntil }: Omit<MessageVector, "id">) {
  return { ...message, obj: digest, validUntil };
}

function messageVector(
  change: Partial<MessageVector["message"]>,
  document = "a certificate of origin",
): MessageVector {
  const digest = digestOf(document);
  const message = {
    sender: "homeaffairs.gov.au",
    receiver: "customs.gov.cn",
    subject: "chamber.com.au:chafta-coo:123",
    predicate: "UN.CEFACT.Regulatory.CertificateOfOrigin.created",
    obj: multihashOf(digest),
    ...change,
  };
  const validUntil = message.validUntil === undefined ? 0 : Date.parse(message.validUntil) / 1000;
  const vector = { message, digest, validUntil };
  return {
    ...vector,
    id: TypedDataEncoder.hashStruct("Message", { Message: types.Message }, structOf(vector)),
  };
}

function authorisationVector(
  wallet: HDNodeWallet,
  messages: readonly MessageVector[],
  index: number,
  nonce: bigint,
): AuthorisationVector {
  const message = messages[index];
  if (message === undefined) throw new Error(`There is no message ${index}.`);
  const deadline = 4_102_444_800;
  const value = { message: structOf(message), nonce, deadline };
  const { Message, Authorisation } = types;
  const digest = TypedDataEncoder.hash(domain, { Message, Authorisation }, value);
  return {
    message: index,
    nonce: nonce.toString(),
    deadline,
    signer: wallet.address,
    digest,
    signature: wallet.signingKey.sign(digest).serialized,
  };
}

function batchVector(count: number, predicate: string, validUntil?: string): BatchVector {
  const document = `batch of ${count}`;
  const vectors = Array.from({ length: count }, (_, index) =>
    messageVector(
      {
        subject: `urn:uuid:00000000-0000-4000-8000-${index.toString().padStart(12, "0")}`,
        predicate,
        ...(validUntil === undefined ? {} : { validUntil }),
      },
      document,
    ),
  );
  const leaves = vectors.map(({ id }, index): [number, string] => [index, id]);
  const tree = StandardMerkleTree.of(leaves, ["uint256", "bytes32"]);
  const [first] = vectors;
  if (first === undefined) throw new Error("A batch has one message at least.");
  const header = {
    sender: first.message.sender,
    receiver: first.message.receiver,
    predicate,
    validUntil: first.validUntil,
    root: tree.root,
    count,
    body: digestOf(`body of ${document}`),
  };
  // Of a large batch, the ends and the places where a power of two begins.
  const places = new Set([0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, count - 2, count - 1]);
  const proven = [...places].filter((place) => place >= 0 && place < count).sort((a, b) => a - b);
  return {
    header,
    id: TypedDataEncoder.hashStruct("Batch", { Batch: types.Batch }, header),
    digest: first.digest,
    subjects: vectors.map(({ message }) => message.subject),
    messageIds: vectors.map(({ id }) => id),
    proofs: Object.fromEntries(proven.map((index) => [index, tree.getProof(index)])),
  };
}

/** Makes every vector anew. */
export function makeVectors(): Vectors {
  const created = "UN.CEFACT.Regulatory.CertificateOfOrigin.created";
  const messages = [
    messageVector({}),
    messageVector({ subject: "chamber.com.au:chafta-coo:124", validUntil: "2099-06-03T00:00:00Z" }),
    messageVector({ sender: "customs.gov.cn", receiver: "homeaffairs.gov.au" }),
    messageVector({ subject: "!" }),
    messageVector({ subject: "~".repeat(200), predicate: "unece.un.org:coo:created" }),
    messageVector({
      sender: `${"a".repeat(63)}.xn--p1ai`,
      predicate: "https://vocabulary.uncefact.org/coo#created",
    }),
    messageVector({ subject: "urn:uuid:6f1c2a9e-0b7d-4c55-9a3e-1d2f3b4c5d6e" }, ""),
    messageVector({ validUntil: "9999-12-31T23:59:59Z" }),
  ];
  const wallet = HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(phrase), signerPath);
  return {
    about:
      "Made by scripts/make-vectors.ts with ethers and @openzeppelin/merkle-tree. The phrase is public: for tests only.",
    phrase,
    signerPath,
    domain,
    types,
    messages,
    authorisations: [
      authorisationVector(wallet, messages, 0, 0n),
      authorisationVector(wallet, messages, 1, 2n ** 256n - 1n),
      authorisationVector(wallet, messages, 6, 256n),
    ],
    batches: [
      ...[1, 2, 3, 4, 5, 7, 8, 13].map((count) => batchVector(count, created)),
      batchVector(100, created, "2099-06-03T00:00:00Z"),
    ],
  };
}

if (import.meta.main) {
  const file = new URL("../test/vectors/messages.json", import.meta.url);
  await writeFile(file, `${JSON.stringify(makeVectors(), null, 2)}\n`);
}
