import { toWire, type Message, type MessageId, type WireMessage } from "../domain/message.ts";

/** What subscribers and streams are told of (PROTOCOL §5). */
export const notificationTypes = [
  "message.sent",
  "message.delivered",
  "message.failed",
  "message.received",
  "document.available",
  "certificate.acquitted",
  "certificate.revoked",
] as const;

export type NotificationType = (typeof notificationTypes)[number];

/** Something that happened to a message of this node's participant. */
export interface Notification {
  /** Grows in the order in which things happened at this node; gaps mean nothing. */
  readonly seq: number;
  readonly type: NotificationType;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** For `certificate.…` the acquitting or revoking message. */
  readonly messageId: MessageId;
  readonly message: Message;
  readonly direction: "outgoing" | "incoming";
  readonly channelId: string;
}

/** The body of a delivery, and the data of an event (openapi/subscriptions.yaml, Notification). */
export interface NotificationPayload {
  readonly id: number;
  readonly type: NotificationType;
  readonly time: string;
  readonly message: WireMessage & {
    readonly id: string;
    readonly direction: "outgoing" | "incoming";
    readonly status: string;
    readonly channelId: string;
  };
}

/** What subscribers are told: the same words each time, so that a repeated delivery is known as one. */
export function payloadOf(notification: Notification): NotificationPayload {
  const { seq, type, at, messageId, message, direction, channelId } = notification;
  return {
    id: seq,
    type,
    time: new Date(at).toISOString(),
    message: { id: messageId, ...toWire(message), direction, status: statusIn(notification), channelId },
  };
}

/** Where the message stood when it happened; by now it may have moved on. */
function statusIn({ type, direction }: Notification): string {
  switch (type) {
    case "message.sent":
      return "sent";
    case "message.delivered":
      return "delivered";
    case "message.failed":
      return "failed";
    case "message.received":
      return "received";
    case "document.available":
      return "available";
    case "certificate.acquitted":
    case "certificate.revoked":
      return direction === "outgoing" ? "delivered" : "received";
  }
}
