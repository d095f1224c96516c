import { batchId, type BatchHeader, type BatchId } from "../../domain/batch.ts";
import { toHex, toWord, type Hex32 } from "../../domain/hex.ts";
import { isValidUntil, messageId, type Message, type MessageId } from "../../domain/message.ts";
import { multihashOf } from "../../domain/multihash.ts";
import { Problem } from "../../domain/problems.ts";
import { parseSubject } from "../../domain/subject.ts";
import type { BatchBits, BatchEvent, LedgerEvent, MessageEvent, SettlementEvent } from "../channel.ts";
import { fieldsOf, numberArg, numbersArg, textArg, type ContractEvent } from "./contract-events.ts";
import type { Records } from "./records.ts";

/**
 * What an event of the contract says in the protocol's words.
 *
 * @param records as they were before the event; taken on by it
 * @param time the block's, seconds since 1970
 */
export function decodeEvent(event: ContractEvent, records: Records, time: number): LedgerEvent {
  const { height, index, txn } = event.log;
  const base = { position: { height, index }, txn, time };
  const change = records.apply(event);
  if (change !== null) return { ...base, ...change };
  if (event.name === "MessageSent") {
    const sent = messageOf(event, records);
    if (sent !== null) return { ...base, ...sent };
  }
  if (event.name === "CertificateInvalidated") {
    return { ...base, kind: "invalidation", id: textArg(event, "id") as MessageId };
  }
  if (event.name === "BatchAnchored") {
    const anchored = batchOf(event, records);
    if (anchored !== null) return { ...base, ...anchored };
  }
  if (event.name === "BatchSettled") {
    const settled = settlementOf(event, records);
    if (settled !== null) return { ...base, ...settled };
  }
  if (event.name === "BatchInvalidated") {
    return {
      ...base,
      kind: "batch-invalidation",
      id: textArg(event, "id") as BatchId,
      applied: bitsOf(event),
    };
  }
  return { ...base, kind: "other", name: event.name, fields: fieldsOf(event) };
}

/** The parties and the type of an event; null when one of them was never announced. */
function namesOf(
  event: ContractEvent,
  records: Records,
): Pick<Message, "sender" | "receiver" | "predicate"> | null {
  const sender = records.domainOf(textArg(event, "sender"));
  const receiver = records.domainOf(textArg(event, "receiver"));
  const predicate = records.predicateOf(textArg(event, "predicate"));
  return sender === null || receiver === null || predicate === null ? null : { sender, receiver, predicate };
}

/** The batch an event announces; null when it is none by our own rules, as for messages. */
function batchOf(
  event: ContractEvent,
  records: Records,
): Pick<BatchEvent, "kind" | "id" | "header" | "operator"> | null {
  const names = namesOf(event, records);
  const expiry = Number(numberArg(event, "validUntil"));
  if (names === null || (expiry !== 0 && !isValidUntil(expiry))) return null;
  const header: BatchHeader = {
    ...names,
    validUntil: expiry === 0 ? null : expiry,
    root: textArg(event, "root") as Hex32,
    count: Number(numberArg(event, "count")),
    body: multihashOf(textArg(event, "body")),
  };
  const id = batchId(header);
  if (id !== textArg(event, "id")) return null;
  return { kind: "batch", id, header, operator: textArg(event, "operator").toLowerCase() };
}

function settlementOf(
  event: ContractEvent,
  records: Records,
): Pick<
  SettlementEvent,
  "kind" | "id" | "sender" | "receiver" | "predicate" | "obj" | "operator" | "applied"
> | null {
  const names = namesOf(event, records);
  if (names === null) return null;
  return {
    kind: "settlement",
    id: textArg(event, "id") as BatchId,
    ...names,
    obj: multihashOf(textArg(event, "obj")),
    operator: textArg(event, "operator").toLowerCase(),
    applied: bitsOf(event),
  };
}

/** What was applied, without the words of which nothing was. */
function bitsOf(event: ContractEvent): readonly BatchBits[] {
  const masks = numbersArg(event, "applied");
  return numbersArg(event, "words").flatMap((word, place) => {
    const mask = masks[place] ?? 0n;
    return mask === 0n ? [] : [{ word: Number(word), mask: toHex(toWord(mask)) }];
  });
}

/**
 * The message an event announces; null when it is none by our own rules: names that were never announced, content that
 * the protocol does not allow, or another id than the content has. Such an event is never taken for a message.
 */
function messageOf(
  event: ContractEvent,
  records: Records,
): Pick<MessageEvent, "kind" | "id" | "message" | "operator"> | null {
  const names = namesOf(event, records);
  const expiry = Number(numberArg(event, "validUntil"));
  if (names === null || (expiry !== 0 && !isValidUntil(expiry))) return null;
  try {
    const message: Message = {
      ...names,
      subject: parseSubject(textArg(event, "subject")),
      obj: multihashOf(textArg(event, "obj")),
      validUntil: expiry === 0 ? null : expiry,
    };
    const id = messageId(message);
    if (id !== textArg(event, "id")) return null;
    return { kind: "message", id, message, operator: textArg(event, "operator").toLowerCase() };
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}
