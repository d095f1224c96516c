import { id as hashOf, ZeroHash } from "ethers";

import type { IChannel } from "../../../types/ethers-contracts/interfaces/IChannel.ts";
import type { BatchHeader } from "../../domain/batch.ts";
import type { Message } from "../../domain/message.ts";
import { digestOf } from "../../domain/multihash.ts";
import type { MessageSubmission, Submission } from "../channel.ts";
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

/** What the contract is resupplied of the message that issued; zeros where a message is about none. */
export function contractIssuance(issuance: Message | null): IChannel.IssuanceStruct {
  if (issuance === null) {
    return { receiver: ZeroHash, predicate: ZeroHash, obj: ZeroHash, validUntil: 0 };
  }
  const { receiver, predicate, obj, validUntil } = contractMessage(issuance);
  return { receiver, predicate, obj, validUntil };
}

/** A batch's header as the contract takes it. */
export function contractBatch(header: BatchHeader): IChannel.BatchStruct {
  return {
    sender: hashOf(header.sender),
    receiver: hashOf(header.receiver),
    predicate: hashOf(header.predicate),
    validUntil: header.validUntil ?? 0,
    root: header.root,
    count: header.count,
    body: `0x${digestOf(header.body)}`,
  };
}

/**
 * The contract call that a submission is.
 *
 * @returns calldata in hexadecimal
 */
export function encodeSubmission(submission: Submission): string {
  switch (submission.kind) {
    case "message":
      return encodeMessage(submission);
    case "anchor":
      return channelInterface.encodeFunctionData("anchor", [contractBatch(submission.header)]);
    case "settlement":
      return channelInterface.encodeFunctionData("settle", [
        contractBatch(submission.header),
        {
          predicate: hashOf(submission.predicate),
          obj: `0x${digestOf(submission.obj)}`,
          words: submission.bits.map(({ word }) => word),
          masks: submission.bits.map(({ mask }) => mask),
        },
      ]);
  }
}

function encodeMessage({ message, effect, issuance }: MessageSubmission): string {
  if (effect === "inform" || effect === "issue") {
    return channelInterface.encodeFunctionData("send", [contractMessage(message)]);
  }
  if (issuance === null) throw new Error("A message that acquits or revokes needs the message that issued");
  return channelInterface.encodeFunctionData("sendAbout", [
    contractMessage(message),
    contractIssuance(issuance),
  ]);
}
