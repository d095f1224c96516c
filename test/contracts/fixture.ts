import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { AbiCoder, id, keccak256, sha256, toUtf8Bytes, ZeroAddress, ZeroHash } from "ethers";
import type { Addressable, TypedDataField } from "ethers";
import { network } from "hardhat";

import type { Channel } from "../../types/ethers-contracts/Channel.ts";

/** One EVM for all contract tests; `loadFixture` brings each test back to where its fixture ended. */
export const { ethers, networkHelpers } = await network.create();
export const { time } = networkHelpers;
export const loadFixture = async <T>(fixture: () => Promise<T>): Promise<T> =>
  networkHelpers.loadFixture(fixture);

export type Account = Awaited<ReturnType<typeof ethers.getSigner>>;

/** A word by which people know a thing, and the hash by which a channel does. */
const known = new Map<string, string>();
function hashOf(word: string): string {
  const hash = id(word);
  known.set(hash, word);
  return hash;
}

export const domains = { au: "homeaffairs.gov.au", cn: "customs.gov.cn", sg: "customs.gov.sg" } as const;
export const AU = hashOf(domains.au);
export const CN = hashOf(domains.cn);
export const SG = hashOf(domains.sg);
/** A domain that nobody has admitted. */
export const NOBODY = hashOf("customs.example.org");

export const Effect = { none: 0n, inform: 1n, issue: 2n, acquit: 3n, revoke: 4n } as const;
export const ChannelStatus = { active: 0n, deprecated: 1n, retired: 2n } as const;
export const ParticipantStatus = { unknown: 0n, invited: 1n, active: 2n, suspended: 3n } as const;

const nameOf = (word: string) => `UN.CEFACT.Regulatory.CertificateOfOrigin.${word}`;
const typeNames = {
  created: nameOf("created"),
  attached: nameOf("attached"),
  queried: nameOf("queried"),
  acquitted: nameOf("acquitted"),
  revoked: nameOf("revoked"),
  createdInBulk: nameOf("created.bulk"),
  attachedInBulk: nameOf("attached.bulk"),
  acquittedInBulk: nameOf("acquitted.bulk"),
  revokedInBulk: nameOf("revoked.bulk"),
} as const;
export type Word = keyof typeof typeNames;
/** Predicates by the last word of their name. */
export const predicates = Object.fromEntries(
  Object.entries(typeNames).map(([word, name]) => [word, hashOf(name)]),
) as Record<Word, string>;
export const { created, attached, queried, acquitted, revoked } = predicates;
export const { createdInBulk, attachedInBulk, acquittedInBulk, revokedInBulk } = predicates;
/** A type that nobody has registered. */
export const unregistered = hashOf(nameOf("invented"));
export { typeNames };

export const DAY = 86_400n;
export const RECOVERY_DELAY = 3n * DAY;
/** A second long after every test. */
export const FAR = 4_102_444_800n;
/** The consortium's role. */
export const CONSORTIUM = ZeroHash;

/** A message as the contract takes it. */
export interface Message {
  readonly sender: string;
  readonly receiver: string;
  readonly subject: string;
  readonly predicate: string;
  readonly obj: string;
  readonly validUntil: bigint;
}
export type Issuance = Omit<Message, "sender" | "subject">;
export interface Batch {
  readonly sender: string;
  readonly receiver: string;
  readonly predicate: string;
  readonly validUntil: bigint;
  readonly root: string;
  readonly count: bigint;
  readonly body: string;
}
export interface Terms {
  readonly name: string;
  readonly consortium: string | Addressable;
  readonly adminDelay: bigint;
  readonly recoveryDelay: bigint;
  readonly validFrom: bigint;
  readonly validUntil: bigint;
  readonly test: boolean;
  readonly opaqueSubjects: boolean;
  readonly predecessor: string | Addressable;
}

export const digest = (text: string) => sha256(toUtf8Bytes(text));

/** A message, from Australia to China about one certificate unless told otherwise. */
export function message(word: Word, change: Partial<Message> = {}): Message {
  return {
    sender: AU,
    receiver: CN,
    subject: "urn:uuid:6f1c2a9e-0b7d-4c55-9a3e-000000000001",
    predicate: predicates[word],
    obj: digest(word),
    validUntil: 0n,
    ...change,
  };
}

/** The receiver's message that a certificate has been used. */
export function acquittal(issued: Message, change: Partial<Message> = {}): Message {
  const { subject, sender, receiver } = issued;
  return message("acquitted", { subject, sender: receiver, receiver: sender, ...change });
}

/** The issuer's message that a certificate is invalid. */
export function revocation(issued: Message, change: Partial<Message> = {}): Message {
  const { subject, sender, receiver } = issued;
  return message("revoked", { subject, sender, receiver, ...change });
}

/** What is resupplied of the message that issued a certificate. */
export function issuanceOf({ receiver, predicate, obj, validUntil }: Message): Issuance {
  return { receiver, predicate, obj, validUntil };
}

export const noIssuance: Issuance = {
  receiver: ZeroHash,
  predicate: ZeroHash,
  obj: ZeroHash,
  validUntil: 0n,
};

const coder = AbiCoder.defaultAbiCoder();
const messageType =
  "Message(string sender,string receiver,string subject,string predicate,bytes32 obj,uint64 validUntil)";
const batchType =
  "Batch(string sender,string receiver,string predicate,uint64 validUntil,bytes32 root,uint32 count,bytes32 body)";

/** A message's id, computed apart from the contract. */
export function messageIdOf({ sender, receiver, subject, predicate, obj, validUntil }: Message): string {
  const words = ["bytes32", "bytes32", "bytes32", "bytes32", "bytes32", "bytes32", "uint64"];
  const values = [id(messageType), sender, receiver, id(subject), predicate, obj, validUntil];
  return keccak256(coder.encode(words, values));
}

/** A batch's id, computed apart from the contract. */
export function batchIdOf(header: Batch): string {
  const { sender, receiver, predicate, validUntil, root, count, body } = header;
  const words = ["bytes32", "bytes32", "bytes32", "bytes32", "uint64", "bytes32", "uint32", "bytes32"];
  return keccak256(
    coder.encode(words, [id(batchType), sender, receiver, predicate, validUntil, root, count, body]),
  );
}

/** The message at a place of a batch. */
export function batched(index: number, change: Partial<Message> = {}): Message {
  return message("createdInBulk", {
    subject: `urn:uuid:bulk-${index}`,
    obj: digest(`bulk ${index}`),
    ...change,
  });
}

/** A batch of as many messages, with its Merkle tree. */
export function batchOf(count: number, change: Partial<Batch> = {}) {
  const { sender = AU, receiver = CN, predicate = createdInBulk, validUntil = 0n } = change;
  const messages = Array.from({ length: count }, (_, index) =>
    batched(index, { sender, receiver, predicate, validUntil }),
  );
  const leaves = messages.map((each, index): [number, string] => [index, messageIdOf(each)]);
  const tree = StandardMerkleTree.of(leaves, ["uint256", "bytes32"]);
  const header: Batch = {
    sender,
    receiver,
    predicate,
    validUntil,
    root: tree.root,
    count: BigInt(count),
    body: digest("body"),
    ...change,
  };
  return { header, tree, messages };
}

/** A settlement: masks by word. */
export function settlement(word: Word, masks: Readonly<Record<number, bigint>>) {
  return {
    predicate: predicates[word],
    obj: digest(word),
    words: Object.keys(masks).map(BigInt),
    masks: Object.values(masks),
  };
}

const authorisationTypes: Record<string, TypedDataField[]> = {
  Authorisation: [
    { name: "message", type: "Message" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint64" },
  ],
  Message: [
    { name: "sender", type: "string" },
    { name: "receiver", type: "string" },
    { name: "subject", type: "string" },
    { name: "predicate", type: "string" },
    { name: "obj", type: "bytes32" },
    { name: "validUntil", type: "uint64" },
  ],
};

function wordOf(hash: string): string {
  const word = known.get(hash);
  if (word === undefined) throw new Error(`Nobody knows the word behind ${hash}.`);
  return word;
}

/** What an operator signs for: `by` signs in the name of `signer`, for this chain and contract unless told otherwise. */
export interface Signing {
  readonly by: Account;
  readonly signer?: string;
  readonly nonce?: bigint;
  readonly deadline?: bigint;
  readonly chainId?: bigint;
  readonly verifyingContract?: string;
}

/** An operator's signature over a message, as any relayer may bring it. */
export async function authorise(channel: Channel, of: Message, signing: Signing) {
  const { by, signer = by.address, nonce = 7n, deadline = FAR } = signing;
  const domain = {
    name: "Inter Customs Ledger",
    version: "1",
    chainId: signing.chainId ?? (await ethers.provider.getNetwork()).chainId,
    verifyingContract: signing.verifyingContract ?? (await channel.getAddress()),
  };
  const inWords = {
    ...of,
    sender: wordOf(of.sender),
    receiver: wordOf(of.receiver),
    predicate: wordOf(of.predicate),
  };
  const signature = await by.signTypedData(domain, authorisationTypes, { message: inWords, nonce, deadline });
  return { signer, nonce, deadline, signature };
}

const roles = [
  "deployer",
  "consortium",
  "auAdmin",
  "auOperator",
  "auNode",
  "cnAdmin",
  "cnOperator",
  "cnNode",
  "sgAdmin",
  "sgOperator",
  "sgNode",
  "queryOperator",
  "formerOperator",
  "relayer",
  "stranger",
  "newcomer",
] as const;
export type Role = (typeof roles)[number];

/** The accounts of the cast. */
export async function cast(): Promise<Record<Role, Account>> {
  const signers = await ethers.getSigners();
  return Object.fromEntries(roles.map((role, place) => [role, signers[place]])) as Record<Role, Account>;
}

/** Deploys a channel: a production channel without end and without predecessor, unless told otherwise. */
export async function deployChannel(change: Partial<Terms> = {}): Promise<Channel> {
  const { deployer, consortium } = await cast();
  const factory = await ethers.getContractFactory("Channel", deployer);
  return await factory.deploy({
    name: "Certificates of origin",
    consortium,
    adminDelay: 2n * DAY,
    recoveryDelay: RECOVERY_DELAY,
    validFrom: 0n,
    validUntil: 0n,
    test: false,
    opaqueSubjects: false,
    predecessor: ZeroAddress,
    ...change,
  });
}

export const endpointOf = (domain: string) => `https://icl.${domain}`;
export const codeOf = (jurisdiction: string) => `0x${Buffer.from(jurisdiction, "ascii").toString("hex")}`;

/** Registers every message type. */
export async function registerTypes(channel: Channel): Promise<void> {
  const { consortium } = await cast();
  const registering = channel.connect(consortium);
  const register = async (word: Word, effect: bigint, batchable: boolean, target: string) =>
    registering.registerMessageType(typeNames[word], effect, batchable, target, ZeroAddress);
  await register("created", Effect.issue, false, ZeroHash);
  await register("attached", Effect.inform, false, ZeroHash);
  await register("queried", Effect.inform, false, ZeroHash);
  await register("acquitted", Effect.acquit, false, created);
  await register("revoked", Effect.revoke, false, created);
  await register("createdInBulk", Effect.issue, true, ZeroHash);
  await register("attachedInBulk", Effect.inform, true, ZeroHash);
  await register("acquittedInBulk", Effect.acquit, false, createdInBulk);
  await register("revokedInBulk", Effect.revoke, false, createdInBulk);
}

const ordinary: readonly Word[] = [
  "created",
  "attached",
  "acquitted",
  "revoked",
  "createdInBulk",
  "attachedInBulk",
  "acquittedInBulk",
  "revokedInBulk",
];

/** Seats Australia, China and Singapore, each with an operator for every type but `queried`, and a node key. */
export async function seatParticipants(channel: Channel): Promise<void> {
  const all = await cast();
  const seats = [
    { domain: domains.au, code: "AU", admin: all.auAdmin, operator: all.auOperator, node: all.auNode },
    { domain: domains.cn, code: "CN", admin: all.cnAdmin, operator: all.cnOperator, node: all.cnNode },
    { domain: domains.sg, code: "SG", admin: all.sgAdmin, operator: all.sgOperator, node: all.sgNode },
  ];
  for (const { domain, code, admin, operator, node } of seats) {
    await channel.connect(all.consortium).admit(domain, codeOf(code), admin);
    const asAdmin = channel.connect(admin);
    await asAdmin.accept(id(domain), endpointOf(domain));
    for (const word of ordinary) await asAdmin.appointOperator(id(domain), predicates[word], operator);
    await asAdmin.appointNodeKey(id(domain), node);
  }
  // Of Australia, one account may only query, and one was dismissed from everything.
  const asAdmin = channel.connect(all.auAdmin);
  await asAdmin.appointOperator(AU, queried, all.queryOperator);
  for (const word of ordinary) {
    await asAdmin.appointOperator(AU, predicates[word], all.formerOperator);
    await asAdmin.dismissOperator(AU, predicates[word], all.formerOperator);
  }
}

/** A fixture: a fresh channel with its cast, and nothing in it. */
export async function freshChannel() {
  return { channel: await deployChannel(), ...(await cast()) };
}

/** A fixture: a channel at work, with its types and three participants. */
export async function workingChannel() {
  const channel = await deployChannel();
  await registerTypes(channel);
  await seatParticipants(channel);
  return { channel, ...(await cast()) };
}

/** A fixture: the same, after Australia has issued one certificate to China. */
export async function issuedCertificate() {
  const working = await workingChannel();
  const issued = message("created", { validUntil: FAR });
  await working.channel.connect(working.auOperator).send(issued);
  return { ...working, issued, issuance: issuanceOf(issued) };
}

/** A fixture: the same, after Australia has anchored a batch of 300 certificates for China. */
export async function anchoredBatch() {
  const working = await workingChannel();
  const batch = batchOf(300, { validUntil: FAR });
  await working.channel.connect(working.auOperator).anchor(batch.header);
  return { ...working, ...batch };
}
