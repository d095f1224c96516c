import { id as hashOf } from "ethers";

import type { IChannel } from "../../../types/ethers-contracts/interfaces/IChannel.ts";
import type { Message } from "../../domain/message.ts";
import { digestOf } from "../../domain/multihash.ts";
import type { Submission } from "../channel.ts";
import { channelInterface } from "./contract-events.ts";

/** A message as the contract takes it: names as hashes, no expiry as 0. */
export function contractMessage(message: Message): IChannel.MessageStruct {
  return {
    sender: hashOf(message.sender),
    receiver: hashOf(message.receiver),
    subject: message.subject,
    predicate: hashOf(message.predicate),
    obj: `0x${digestOf(message.obj)}`,
    validUntil: message.validUntil ?? 0,
  };
}

/**
 * The contract call that a submission is.
 *
 * @returns calldata in hexadecimal
 */
export function encodeSubmission({ message, effect, issuance }: Submission): string {
  if (effect === "inform" || effect === "issue") {
    return channelInterface.encodeFunctionData("send", [contractMessage(message)]);
  }
  if (issuance === null) throw new Error("A message that acquits or revokes needs the message that issued");
  const { receiver, predicate, obj, validUntil } = contractMessage(issuance);
  return channelInterface.encodeFunctionData("sendAbout", [
    contractMessage(message),
    { receiver, predicate, obj, validUntil },
  ]);
}
