import { task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";

import { fromHex, toHex } from "../../src/domain/hex.ts";
import { keccak256 } from "../../src/domain/keccak.ts";
import type { Channel } from "../../types/ethers-contracts/Channel.ts";
import { effectNumbers } from "./message-types.ts";
import { channelAt, connected, directoryAt } from "./transact.ts";

const NOBODY = "0x0000000000000000000000000000000000000000";
const channelStatuses = ["active", "deprecated", "retired"] as const;
const participantStatuses = ["unknown", "invited", "active", "suspended"] as const;

function moment(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z");
}

async function terms(channel: Channel): Promise<string[]> {
  const [name, status, test, opaque, from, until, delay, consortium, predecessor, successor] =
    await Promise.all([
      channel.name(),
      channel.status(),
      channel.isTest(),
      channel.opaqueSubjects(),
      channel.validFrom(),
      channel.validUntil(),
      channel.recoveryDelay(),
      channel.defaultAdmin(),
      channel.predecessor(),
      channel.successor(),
    ]);
  return [
    name,
    `  status       ${channelStatuses[Number(status)] ?? String(status)}`,
    `  kind         ${test ? "test" : "production"}`,
    `  validity     ${moment(from)} to ${until === 0n ? "no end" : moment(until)}`,
    `  subjects     ${opaque ? "opaque only" : "any"}`,
    `  consortium   ${consortium}`,
    `  recovery     ${String(delay)} s after its announcement`,
    ...(predecessor === NOBODY ? [] : [`  predecessor  ${predecessor}`]),
    ...(successor === NOBODY ? [] : [`  successor    ${successor}`]),
  ];
}

async function messageTypes(channel: Channel, fromBlock: number): Promise<string[]> {
  const registered = await channel.queryFilter(channel.filters.MessageTypeRegistered(), fromBlock);
  const names = new Map(registered.map(({ args }) => [args.predicate, args.name]));
  const effects = Object.fromEntries(Object.entries(effectNumbers).map(([word, number]) => [number, word]));
  return Promise.all(
    [...names].map(async ([predicate, name]) => {
      const { effect, batchable, closed, hook, target } = await channel.messageType(predicate);
      const targetName = names.get(target);
      return [
        `  ${name}: ${effects[Number(effect)] ?? String(effect)}`,
        ...(targetName === undefined ? [] : [`of ${targetName}`]),
        ...(batchable ? ["(batchable)"] : []),
        ...(hook === NOBODY ? [] : [`(asks ${hook})`]),
        ...(closed ? ["(closed)"] : []),
      ].join(" ");
    }),
  );
}

async function participants(channel: Channel, fromBlock: number): Promise<string[]> {
  const invited = await channel.queryFilter(channel.filters.ParticipantInvited(), fromBlock);
  const endpoints = await channel.queryFilter(channel.filters.EndpointChanged(), fromBlock);
  const latest = new Map(endpoints.map(({ args }) => [args.participant, args.endpoint]));
  const domains = new Map(invited.map(({ args }) => [args.participant, args.domain]));
  const lines = await Promise.all(
    [...domains].map(async ([id, domain]) => {
      const { admin, status, jurisdiction } = await channel.participant(id);
      const code = Buffer.from(jurisdiction.slice(2), "hex").toString("ascii");
      const state = participantStatuses[Number(status)] ?? String(status);
      if (state === "unknown") return [];
      return [`  ${domain} (${code}): ${state}, admin ${admin}, node ${latest.get(id) ?? "not announced"}`];
    }),
  );
  return lines.flat();
}

const fromBlockOption = {
  name: "fromBlock",
  description: "Where to begin to read: the block of the channel's creation, or one before it",
  type: ArgumentType.INT,
  defaultValue: 0,
} as const;

/** What anybody may ask; needs no account. */
export const showTasks = [
  task("channel:show", "Anybody: a channel's terms, status, message types and participants")
    .addPositionalArgument({ name: "channel", description: "Address of the channel" })
    .addOption(fromBlockOption)
    .setInlineAction(async (words, hre) =>
      connected(hre, async (connection) => {
        const channel = await channelAt(connection, words.channel);
        const lines = [
          ...(await terms(channel)),
          "Message types",
          ...(await messageTypes(channel, words.fromBlock)),
          "Participants",
          ...(await participants(channel, words.fromBlock)),
        ];
        console.log(lines.join("\n"));
      }),
    )
    .build(),
  task("channel:pins", "Anybody: what a node's configuration says of a channel, as YAML")
    .addPositionalArgument({ name: "channel", description: "Address of the channel" })
    .addOption(fromBlockOption)
    .setInlineAction(async (words, hre) =>
      connected(hre, async (connection) => {
        const channel = await channelAt(connection, words.channel);
        const { provider } = connection.ethers;
        const [{ chainId }, genesis, code, [created]] = await Promise.all([
          provider.getNetwork(),
          provider.getBlock(0),
          provider.getCode(words.channel),
          channel.queryFilter(channel.filters.ChannelCreated(), words.fromBlock),
        ]);
        const lines = [
          "- technology: evm",
          `  chainId: ${String(chainId)}`,
          `  genesisHash: "${genesis?.hash ?? ""}"`,
          `  address: "${await channel.getAddress()}"`,
          `  codeHash: "${toHex(keccak256(fromHex(code.slice(2))))}"`,
          `  fromBlock: ${created?.blockNumber ?? words.fromBlock}`,
        ];
        console.log(lines.join("\n"));
      }),
    )
    .build(),
  task("directory:show", "Anybody: the channels of a network")
    .addPositionalArgument({ name: "directory", description: "Address of the channel directory" })
    .setInlineAction(async (words, hre) =>
      connected(hre, async (connection) => {
        const directory = await directoryAt(connection, words.directory);
        const page = 100n;
        const count = await directory.count();
        for (let offset = 0n; offset < count; offset += page) {
          for (const address of await directory.channels(offset, page)) {
            const latest = await directory.latest(address);
            const name = await (await channelAt(connection, address)).name();
            console.log(`${address} ${name}${latest === address ? "" : `, succeeded by ${latest}`}`);
          }
        }
      }),
    )
    .build(),
];
