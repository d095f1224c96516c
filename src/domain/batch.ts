import { fromHex, toHex, toWord, type Hex32 } from "./hex.ts";
import { keccak256 } from "./keccak.ts";
import {
  parseMessage,
  messageId,
  toWire,
  type Message,
  type MessageId,
  type WireMessage,
} from "./message.ts";
import { MerkleTree } from "./merkle-tree.ts";
import { digestOf, type Multihash } from "./multihash.ts";
import type { Domain } from "./participant.ts";
import type { Predicate } from "./predicate.ts";
import { Problem } from "./problems.ts";

/** What is anchored of a batch: messages of one sender, receiver, type and expiry (PROTOCOL §4). */
export interface BatchHeader {
  readonly sender: Domain;
  readonly receiver: Domain;
  readonly predicate: Predicate;
  /** End of its certificates' validity, in whole seconds since 1970; null for none. */
  readonly validUntil: number | null;
  /** Merkle root over (index, message id). */
  readonly root: Hex32;
  /** How many messages. */
  readonly count: number;
  /** Hash of the body: the ordered messages, one JSON object a line. */
  readonly body: Multihash;
}

/** A batch's id: the EIP-712 struct hash of its header, the same on every ledger. */
export type BatchId = Hex32;

/** A message in its place in a batch. */
export interface BatchMember {
  readonly index: number;
  readonly id: MessageId;
  readonly message: Message;
}

/** What is wrong with a batch's body: it does not say what its anchor says. */
export class BatchFault extends Error {
  /** Stable, such as `batch-root`. */
  readonly code:
    | "batch-malformed"
    | "batch-count"
    | "batch-header"
    | "batch-index"
    | "batch-duplicate-id"
    | "batch-duplicate-subject"
    | "batch-root";

  constructor(code: BatchFault["code"], detail: string) {
    super(detail);
    this.name = "BatchFault";
    this.code = code;
  }
}

/** Characters of one line of a body; a message with its longest members has about half of it. */
export const LONGEST_BODY_LINE = 4_096;

const TYPE_HASH = keccak256(
  Buffer.from(
    "Batch(string sender,string receiver,string predicate,uint64 validUntil,bytes32 root,uint32 count,bytes32 body)",
  ),
);
const MEMBERS = new Set(["sender", "receiver", "subject", "predicate", "obj", "validUntil", "index", "id"]);

/** @returns the id under which the batch is anchored; an absent expiry counts as 0 */
export function batchId(header: BatchHeader): BatchId {
  const text = (value: string) => keccak256(Buffer.from(value));
  return toHex(
    keccak256(
      TYPE_HASH,
      text(header.sender),
      text(header.receiver),
      text(header.predicate),
      toWord(header.validUntil ?? 0),
      fromHex(header.root),
      toWord(header.count),
      fromHex(digestOf(header.body)),
    ),
  );
}

/** One line of a batch's body, with its line feed: the message as on the wire. Its place is its index. */
export function bodyLine(message: Message): string {
  const { sender, receiver, subject, predicate, obj, validUntil } = toWire(message);
  const wire: WireMessage = { sender, receiver, subject, predicate, obj };
  return `${JSON.stringify(validUntil === undefined ? wire : { ...wire, validUntil })}\n`;
}

/**
 * Checks a batch's body line by line against its anchored header (PROTOCOL §4, "Bulk"). A line is a message as on the
 * wire; `index` and `id`, where a sender adds them, must be right.
 */
export class BatchBody {
  readonly #header: BatchHeader;
  readonly #ids: MessageId[] = [];
  readonly #known = new Set<MessageId>();
  readonly #subjects = new Set<string>();

  constructor(header: BatchHeader) {
    this.#header = header;
  }

  /**
   * Takes the next line, without its line feed.
   *
   * @throws BatchFault
   */
  add(line: string): BatchMember {
    const index = this.#ids.length;
    if (index >= this.#header.count) {
      throw new BatchFault(
        "batch-count",
        `The body has more messages than the ${this.#header.count} anchored.`,
      );
    }
    const { claimedIndex, claimedId, message } = readLine(line, index);
    const { sender, receiver, predicate, validUntil } = this.#header;
    const same =
      message.sender === sender &&
      message.receiver === receiver &&
      message.predicate === predicate &&
      message.validUntil === validUntil;
    if (!same) {
      throw new BatchFault(
        "batch-header",
        `Message ${index} has another sender, receiver, type or expiry than its batch.`,
      );
    }
    const id = messageId(message);
    if ((claimedIndex ?? index) !== index || (claimedId ?? id) !== id) {
      throw new BatchFault("batch-index", `Message ${index} claims another index or id than it has.`);
    }
    if (this.#known.has(id))
      throw new BatchFault("batch-duplicate-id", `Message ${index} is in the batch twice.`);
    if (this.#subjects.has(message.subject)) {
      throw new BatchFault(
        "batch-duplicate-subject",
        `The subject of message ${index} is in the batch twice.`,
      );
    }
    this.#known.add(id);
    this.#subjects.add(message.subject);
    this.#ids.push(id);
    return { index, id, message };
  }

  /**
   * To be called after the last line.
   *
   * @returns the tree of the batch
   * @throws BatchFault when messages are missing, or the body is another than the one anchored
   */
  finish(): MerkleTree {
    const { count, root } = this.#header;
    if (this.#ids.length !== count) {
      throw new BatchFault(
        "batch-count",
        `The body has ${this.#ids.length} messages, but ${count} are anchored.`,
      );
    }
    const tree = new MerkleTree(this.#ids);
    if (tree.root !== root) {
      throw new BatchFault("batch-root", "The messages of the body do not have the anchored Merkle root.");
    }
    return tree;
  }
}

interface BodyLine {
  readonly claimedIndex: unknown;
  readonly claimedId: unknown;
  readonly message: Message;
}

function readLine(line: string, index: number): BodyLine {
  const malformed = (why: string) =>
    new BatchFault("batch-malformed", `Line ${index + 1} of the body ${why}.`);
  if (line.length > LONGEST_BODY_LINE) throw malformed("is too long");
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw malformed("is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw malformed("is not an object");
  const members = new Map<string, unknown>(Object.entries(value));
  for (const name of members.keys())
    if (!MEMBERS.has(name)) throw malformed("has a member that a message has not");
  const text = (name: string): string => {
    const member = members.get(name);
    if (typeof member !== "string") throw malformed(`has no ${name}`);
    return member;
  };
  try {
    const message = parseMessage({
      sender: text("sender"),
      receiver: text("receiver"),
      subject: text("subject"),
      predicate: text("predicate"),
      obj: text("obj"),
      ...(members.has("validUntil") ? { validUntil: text("validUntil") } : {}),
    });
    return { claimedIndex: members.get("index"), claimedId: members.get("id"), message };
  } catch (error) {
    if (error instanceof Problem) throw malformed("is not a message");
    throw error;
  }
}
