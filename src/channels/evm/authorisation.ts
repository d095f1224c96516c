import { TypedDataEncoder, type TypedDataDomain, type TypedDataField } from "ethers";

import { toWire, type Message } from "../../domain/message.ts";
import { digestOf } from "../../domain/multihash.ts";
import { contractIssuance, contractMessage } from "./encode.ts";
import { channelInterface } from "./contract-events.ts";

/** The one channel that an authorisation is good for. */
export interface AuthorisationPlace {
  readonly chainId: number | bigint;
  /** Address of the channel's contract. */
  readonly channel: string;
}

/** What an operator agrees to besides the message: when its word ends, and a number that it uses once. */
export interface AuthorisationTerms {
  /** Any number below 2^256 that this operator has not used on the channel. */
  readonly nonce: bigint;
  /** Last second, since 1970, in which the message may be taken. */
  readonly deadline: number;
}

/** An operator's signed word, which anybody may bring to the channel. */
export interface Authorisation extends AuthorisationTerms {
  /** Address of the operator; of a contract wallet, where that is the operator. */
  readonly signer: string;
  /** In hexadecimal. */
  readonly signature: string;
}

/** An EIP-712 message in the form that wallets and `signTypedData` take. */
export interface AuthorisationTypedData {
  readonly domain: TypedDataDomain;
  readonly types: Record<string, TypedDataField[]>;
  readonly value: Readonly<Record<string, unknown>>;
}

const types: Record<string, TypedDataField[]> = {
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

/**
 * What an operator signs so that somebody else can bring its message to a channel (`sendBySig`). A signing device shows it in
 * clear: every name is written out.
 */
export function authorisationTypedData(
  place: AuthorisationPlace,
  message: Message,
  { nonce, deadline }: AuthorisationTerms,
): AuthorisationTypedData {
  const { sender, receiver, subject, predicate } = toWire(message);
  return {
    domain: {
      name: "Inter Customs Ledger",
      version: "1",
      chainId: place.chainId,
      verifyingContract: place.channel,
    },
    types,
    value: {
      message: {
        sender,
        receiver,
        subject,
        predicate,
        obj: `0x${digestOf(message.obj)}`,
        validUntil: message.validUntil ?? 0,
      },
      nonce,
      deadline,
    },
  };
}

/**
 * The EIP-712 digest of an authorisation, which is what the key signs.
 *
 * @returns `0x` and 64 hexadecimal digits
 */
export function authorisationDigest(
  place: AuthorisationPlace,
  message: Message,
  terms: AuthorisationTerms,
): string {
  const { domain, types, value } = authorisationTypedData(place, message, terms);
  return TypedDataEncoder.hash(domain, types, value);
}

/**
 * The contract call that brings an authorised message.
 *
 * @param issuance the message that issued, where this one acquits or revokes; else null
 * @returns calldata in hexadecimal
 */
export function encodeAuthorised(
  message: Message,
  issuance: Message | null,
  authorisation: Authorisation,
): string {
  return channelInterface.encodeFunctionData("sendBySig", [
    contractMessage(message),
    contractIssuance(issuance),
    authorisation,
  ]);
}
