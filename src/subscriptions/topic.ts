import { isMessageId } from "../domain/message.ts";
import { isJurisdiction } from "../domain/participant.ts";

/** By what notifications are chosen. */
export const topicKinds = ["predicates", "jurisdictions", "subjects", "messages"] as const;

export type TopicKind = (typeof topicKinds)[number];

/**
 * What somebody wants to be told of. `predicates`: a message type, or with `*` at the end all that begin so;
 * `jurisdictions`: messages to or from there; `subjects` and `messages`: exactly that one.
 */
export interface Topic {
  readonly kind: TopicKind;
  readonly value: string;
}

/** Characters of a topic as given; a value has 200 at most, three times as many where all are percent-encoded. */
export const LONGEST_TOPIC = 1_000;

const WORD = /^[\x21-\x7e]{1,200}$/;

function isTopicKind(text: string): text is TopicKind {
  return topicKinds.some((kind) => kind === text);
}

function isValue(kind: TopicKind, value: string): boolean {
  switch (kind) {
    case "predicates":
    case "subjects":
      return WORD.test(value);
    case "jurisdictions":
      return isJurisdiction(value);
    case "messages":
      return isMessageId(value);
  }
}

/**
 * Reads a topic's two parts.
 *
 * @param value decoded
 * @returns null when there is no such kind, or no such value of it
 */
export function topicOf(kind: string, value: string): Topic | null {
  return isTopicKind(kind) && isValue(kind, value) ? { kind, value } : null;
}

/**
 * Reads a topic as a subscriber names it: its URL at this node, or a bare predicate or pattern (PROTOCOL §5).
 *
 * @param publicUrl of this node, without trailing slash
 * @returns null when it is no topic of this node
 */
export function parseTopic(text: string, publicUrl: string): Topic | null {
  if (text.length > LONGEST_TOPIC) return null;
  const base = `${publicUrl}/topics/`;
  if (!text.startsWith(base)) return /^https?:\/\//i.test(text) ? null : topicOf("predicates", text);
  const [, kind = "", encoded = ""] = /^([a-z]+)\/([^/?#]+)$/.exec(text.slice(base.length)) ?? [];
  try {
    return topicOf(kind, decodeURIComponent(encoded));
  } catch {
    return null; // not percent-encoded UTF-8
  }
}

/** The canonical URL of a topic. */
export function topicUrl({ kind, value }: Topic, publicUrl: string): string {
  return `${publicUrl}/topics/${kind}/${encodeURIComponent(value)}`;
}

/** The Link header by which a topic and its hub are found (W3C WebSub §4). */
export function topicLinks(topic: Topic, publicUrl: string): string {
  return `<${publicUrl}/subscriptions>; rel="hub", <${topicUrl(topic, publicUrl)}>; rel="self"`;
}
