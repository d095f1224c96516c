import { id as hashOf, type LogDescription, type Result } from "ethers";

import { IChannel__factory } from "../../../types/ethers-contracts/factories/interfaces/IChannel__factory.ts";
import type { ChannelLog } from "./logs.ts";

/** The contract's interface: functions, events and errors. */
export const channelInterface = IChannel__factory.createInterface();

/** A log as the contract's interface reads it. */
export interface ContractEvent {
  readonly log: ChannelLog;
  /** The event's name; the first topic where the interface has no such event. */
  readonly name: string;
  /** Arguments by name; empty for an event that is not in the interface. */
  readonly args: Result | null;
}

/** Events that make up the records of participants, message types and the channel. */
export const recordEvents = [
  "ParticipantInvited",
  "InvitationWithdrawn",
  "ParticipantAccepted",
  "ParticipantSuspended",
  "ParticipantReinstated",
  "EndpointChanged",
  "MessageTypeRegistered",
  "MessageTypeClosed",
  "ChannelDeprecated",
  "ChannelRetired",
] as const;

/** First topics of the events that make up records, as a filter for `eth_getLogs`. */
export const recordTopics: readonly string[] = recordEvents.map(
  (name) => channelInterface.getEvent(name).topicHash,
);

/** Reads a log. One that the interface cannot read is kept as it is. */
export function readEvent(log: ChannelLog): ContractEvent {
  let parsed: LogDescription | null = null;
  try {
    parsed = channelInterface.parseLog({ topics: [...log.topics], data: log.data });
  } catch (error) {
    // An event of this name with other arguments than ours: another contract version's.
    if (!(error instanceof Error)) throw error;
  }
  return parsed === null
    ? { log, name: log.topics[0] ?? "anonymous", args: null }
    : { log, name: parsed.name, args: parsed.args };
}

/** A string argument of an event; empty when it is absent or not UTF-8. */
export function textArg(event: ContractEvent, name: string): string {
  const value = arg(event, name);
  return typeof value === "string" ? value : "";
}

/** A number argument of an event. */
export function numberArg(event: ContractEvent, name: string): bigint {
  const value = arg(event, name);
  return typeof value === "bigint" ? value : 0n;
}

/** A list of numbers among an event's arguments; empty when it is absent. */
export function numbersArg(event: ContractEvent, name: string): readonly bigint[] {
  const value = arg(event, name);
  return Array.isArray(value) ? value.map((each) => each as bigint) : [];
}

/** Every argument as text, by name: how an event is kept that the node does not act on. */
export function fieldsOf(event: ContractEvent): Readonly<Record<string, string>> {
  const { args, log } = event;
  if (args === null) return { topics: log.topics.join(" "), data: log.data };
  const fragment = channelInterface.getEvent(event.name as "MessageSent");
  return Object.fromEntries(fragment.inputs.map(({ name }) => [name, String(arg(event, name))]));
}

/** Whether `hash` is that of the announced `text`. */
export function isHashOf(text: string, hash: string): boolean {
  return hashOf(text) === hash;
}

// ethers keeps what it could not decode, such as bytes that are no UTF-8, as an error thrown on reading the argument.
function arg({ args }: ContractEvent, name: string): unknown {
  try {
    return args?.getValue(name) as unknown;
  } catch (error) {
    if (error instanceof Error) return "";
    throw error;
  }
}
