import type { CountFault } from "../../operations/fault.ts";
import type { Store } from "../../store/store.ts";
import type { Finality } from "../channel.ts";
import type { EvmKey } from "./evm-key.ts";

/** What it takes to open a channel on an EVM ledger, its keys already read from where they are kept. */
export interface EvmChannelOptions {
  readonly technology: "evm";
  /** May carry a credential: never logged, never in an error. */
  readonly rpcUrl: string;
  /** Further endpoints of the same ledger, asked in this order while those before them do not answer or are behind. */
  readonly otherRpcUrls?: readonly string[];
  readonly chainId: number;
  /** Hash of block 0: `0x` and 64 hexadecimal digits. */
  readonly genesisHash: string;
  /** Address of the channel's contract: `0x` and 40 hexadecimal digits. */
  readonly address: string;
  /** Keccak-256 of the contract's code: `0x` and 64 hexadecimal digits. */
  readonly codeHash: string;
  /** The block the contract was deployed in; nothing before it is read. */
  readonly fromBlock: number;
  readonly finality: Finality;
  /** Sends this participant's messages; left out by a node that only receives. */
  readonly operatorKey?: EvmKey;
  /** Keys that sent them before: what they signed is carried to its end, and they sign nothing new. */
  readonly formerOperatorKeys?: readonly EvmKey[];
  /** Speaks for this participant's node. */
  readonly nodeKey: EvmKey;
  /** What a transaction may offer at most, in gwei per gas (10^9 wei), tip included; no bound where left out. */
  readonly maxFeeGwei?: number;
  /** How often transactions under way are looked after; 1,000 where left out. */
  readonly pollMilliseconds?: number;
  /** How long a transaction may wait at the head of its signer's queue before its fee is raised; 60,000 where left out. */
  readonly stallMilliseconds?: number;
  /** How often each of several endpoints is looked at; 5,000 where left out. */
  readonly probeMilliseconds?: number;
  /** How long an endpoint may take for an answer; 10,000 where left out. */
  readonly answerMilliseconds?: number;
}

/** Something an operator should know that stops nothing: a stable code and a sentence without secrets. */
export interface ChannelWarning {
  readonly channelId: string;
  readonly code: string;
  readonly detail: string;
  /** Somebody has to put it right. */
  readonly alarm?: true;
}

/** What a channel uses of the node. */
export interface ChannelEnvironment {
  readonly store: Store;
  /** Told of what goes wrong in the background; by default a process warning. */
  readonly warn?: (warning: ChannelWarning) => void;
  /** Counts what went wrong and was made good; by default nobody does. */
  readonly countFault?: CountFault;
  /** The node's clock, milliseconds since 1970; by default the system's. */
  readonly now?: () => number;
}
