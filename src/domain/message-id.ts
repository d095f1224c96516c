/** `0x` and 64 lower-case hexadecimal digits. */
export type MessageId = `0x${string}`;

const MESSAGE_ID = /^0x[0-9a-f]{64}$/;

/** Whether a text can be a message's id. */
export function isMessageId(text: string): text is MessageId {
  return MESSAGE_ID.test(text);
}
