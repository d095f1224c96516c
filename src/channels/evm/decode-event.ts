import { isValidUntil, messageId, type Message, type MessageId } from "../../domain/message.ts";
import { multihashOf } from "../../domain/multihash.ts";
import { Problem } from "../../domain/problems.ts";
import { parseSubject } from "../../domain/subject.ts";
import type { LedgerEvent, MessageEvent } from "../channel.ts";
import { fieldsOf, numberArg, textArg, type ContractEvent } from "./contract-events.ts";
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
  return { ...base, kind: "other", name: event.name, fields: fieldsOf(event) };
}

/**
 * The message an event announces; null when it is none by our own rules: names that were never announced, content that
 * the protocol does not allow, or another id than the content has. Such an event is never taken for a message.
 */
function messageOf(
  event: ContractEvent,
  records: Records,
): Pick<MessageEvent, "kind" | "id" | "message" | "operator"> | null {
  const sender = records.domainOf(textArg(event, "sender"));
  const receiver = records.domainOf(textArg(event, "receiver"));
  const predicate = records.predicateOf(textArg(event, "predicate"));
  const expiry = Number(numberArg(event, "validUntil"));
  if (sender === null || receiver === null || predicate === null) return null;
  if (expiry !== 0 && !isValidUntil(expiry)) return null;
  try {
    const message: Message = {
      sender,
      receiver,
      subject: parseSubject(textArg(event, "subject")),
      predicate,
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
