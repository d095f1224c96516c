import type { BaseContract, ContractTransaction, Interface } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { TaskArguments } from "hardhat/types/tasks";

import type { Channel } from "../../types/ethers-contracts/Channel.ts";
import type { ChannelDirectory } from "../../types/ethers-contracts/ChannelDirectory.ts";
import { address, refuse } from "./words.ts";

export type Connection = Awaited<ReturnType<HardhatRuntimeEnvironment["network"]["create"]>>;

/** What a task that changes something prepares: one transaction, or several to be taken in order. */
type Prepared = Promise<ContractTransaction | readonly ContractTransaction[]>;

/** Every such task is told to send what it prepared, or only to print it (`propose`). */
interface Submission extends TaskArguments {
  readonly propose: boolean;
}
interface ChannelSubmission extends Submission {
  readonly channel: string;
}
interface DirectorySubmission extends Submission {
  readonly directory: string;
}

/** Runs something on the network that was chosen with `--network`, and closes the connection whatever happens. */
export async function connected<T>(
  hre: HardhatRuntimeEnvironment,
  run: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await hre.network.create();
  try {
    return await run(connection);
  } finally {
    await connection.close();
  }
}

/**
 * The channel at an address.
 *
 * @throws HardhatPluginError when nothing is deployed there
 */
export async function channelAt({ ethers }: Connection, at: string): Promise<Channel> {
  const channel = await ethers.getContractAt("Channel", address(at));
  if ((await ethers.provider.getCode(at)) === "0x") throw refuse(`There is no contract at ${at}.`);
  return channel;
}

/**
 * The channel directory at an address.
 *
 * @throws HardhatPluginError when nothing is deployed there
 */
export async function directoryAt({ ethers }: Connection, at: string): Promise<ChannelDirectory> {
  const directory = await ethers.getContractAt("ChannelDirectory", address(at));
  if ((await ethers.provider.getCode(at)) === "0x") throw refuse(`There is no contract at ${at}.`);
  return directory;
}

/** Looks for the data of a revert among what a JSON-RPC error carries, however deep a library has packed it. */
function revertData(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const { data, cause, error: inner, info } = error as Record<string, unknown>;
  if (typeof data === "string" && /^0x[0-9a-f]{8}/i.test(data)) return data;
  return revertData(data) ?? revertData(inner) ?? revertData(cause) ?? revertData(info);
}

/** The contract's own error in words, where that is why a transaction was refused. */
function explain(error: unknown, encoding: Interface): Error {
  const data = revertData(error);
  const refusal = data === undefined ? null : encoding.parseError(data);
  if (!(error instanceof Error) || refusal === null) {
    return error instanceof Error ? error : new Error(String(error));
  }
  const values = refusal.fragment.inputs.map(({ name }, place) => `${name}: ${String(refusal.args[place])}`);
  return refuse(`The ledger refuses: ${refusal.name}(${values.join(", ")}).`, error);
}

/** Sends transactions one after another, or prints them for a wallet that signs elsewhere. */
async function submit(
  { ethers }: Connection,
  contract: BaseContract,
  prepared: Prepared,
  propose: boolean,
): Promise<void> {
  const [signer] = await ethers.getSigners();
  for (const { to, data } of [await prepared].flat()) {
    if (propose) {
      console.log(JSON.stringify({ to, value: "0", data }));
      continue;
    }
    if (signer === undefined)
      throw refuse("This network has no account to sign with: use another --network.");
    const sending = signer.sendTransaction({ to, data }).then(async (sent) => sent.wait());
    const receipt = await sending.catch((error: unknown) => {
      throw explain(error, contract.interface);
    });
    if (receipt?.status !== 1) throw refuse("The transaction was not taken.");
    console.log(`Done: transaction ${receipt.hash} in block ${receipt.blockNumber}.`);
  }
}

/** The action of a task that changes a channel. */
export function onChannel<Arguments extends ChannelSubmission>(
  prepare: (channel: Channel, words: Arguments) => Prepared,
) {
  return async (words: Arguments, hre: HardhatRuntimeEnvironment): Promise<void> =>
    connected(hre, async (connection) => {
      const channel = await channelAt(connection, words.channel);
      await submit(connection, channel, prepare(channel, words), words.propose);
    });
}

/** The action of a task that changes a directory. */
export function onDirectory<Arguments extends DirectorySubmission>(
  prepare: (directory: ChannelDirectory, words: Arguments) => Prepared,
) {
  return async (words: Arguments, hre: HardhatRuntimeEnvironment): Promise<void> =>
    connected(hre, async (connection) => {
      const directory = await directoryAt(connection, words.directory);
      await submit(connection, directory, prepare(directory, words), words.propose);
    });
}
