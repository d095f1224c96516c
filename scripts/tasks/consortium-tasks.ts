import { ArgumentType } from "hardhat/types/arguments";

import type { Channel } from "../../types/ethers-contracts/Channel.ts";
import { adminWord, channelTask, directoryTask, domainWord, predicateWord } from "./task-words.ts";
import { effectNumbers, idOf, readMessageTypes, targetOf, type MessageTypeTerms } from "./message-types.ts";
import { onChannel, onDirectory } from "./transact.ts";
import { address, domain, effect, jurisdiction, refuse } from "./words.ts";

const NOBODY = "0x0000000000000000000000000000000000000000";

/** Whether a type is registered already, and just so. */
async function isRegistered(channel: Channel, type: MessageTypeTerms): Promise<boolean> {
  const found = await channel.messageType(idOf(type.name));
  if (found.effect === 0n) return false;
  const same =
    Number(found.effect) === effectNumbers[type.effect] &&
    found.batchable === type.batchable &&
    found.target === targetOf(type) &&
    found.hook.toLowerCase() === (type.hook ?? NOBODY).toLowerCase();
  if (!same)
    throw refuse(`${type.name} is registered on this channel with other data, which cannot be changed.`);
  return true;
}

/** What a consortium does to its channels; the account must be the consortium's. */
export const consortiumTasks = [
  channelTask("channel:admit", "Consortium: invite a participant")
    .addPositionalArgument(domainWord)
    .addPositionalArgument({ name: "jurisdiction", description: "Its country's two letters, such as CN" })
    .addPositionalArgument(adminWord)
    .setInlineAction(
      onChannel(async (channel, words) =>
        channel.admit.populateTransaction(
          domain(words.domain),
          jurisdiction(words.jurisdiction),
          address(words.admin),
        ),
      ),
    )
    .build(),
  channelTask("channel:withdraw-invitation", "Consortium: take back an invitation that was not accepted yet")
    .addPositionalArgument(domainWord)
    .setInlineAction(
      onChannel(async (channel, words) =>
        channel.withdrawInvitation.populateTransaction(idOf(domain(words.domain))),
      ),
    )
    .build(),
  channelTask("channel:suspend", "Consortium: stop a participant")
    .addPositionalArgument(domainWord)
    .setInlineAction(
      onChannel(async (channel, words) => channel.suspend.populateTransaction(idOf(domain(words.domain)))),
    )
    .build(),
  channelTask("channel:reinstate", "Consortium: let a suspended participant go on")
    .addPositionalArgument(domainWord)
    .setInlineAction(
      onChannel(async (channel, words) => channel.reinstate.populateTransaction(idOf(domain(words.domain)))),
    )
    .build(),
  channelTask(
    "channel:announce-recovery",
    "Consortium: announce a new admin for a participant that lost its own",
  )
    .addPositionalArgument(domainWord)
    .addPositionalArgument(adminWord)
    .setInlineAction(
      onChannel(async (channel, words) =>
        channel.announceRecovery.populateTransaction(idOf(domain(words.domain)), address(words.admin)),
      ),
    )
    .build(),
  channelTask("channel:register-type", "Consortium: register a message type, which never changes")
    .addPositionalArgument(predicateWord)
    .addPositionalArgument({ name: "effect", description: Object.keys(effectNumbers).join(", ") })
    .addOption({
      name: "target",
      description: "Name of the issuing type that an acquitting or revoking type acts on",
      type: ArgumentType.STRING_WITHOUT_DEFAULT,
      defaultValue: undefined,
    })
    .addFlag({ name: "batchable", description: "Its messages may be anchored in batches" })
    .addOption({
      name: "hook",
      description: "Address of the contract that is asked about each message",
      defaultValue: NOBODY,
    })
    .setInlineAction(
      onChannel(async (channel, { predicate, batchable, hook, target, ...words }) =>
        channel.registerMessageType.populateTransaction(
          predicate,
          effect(words.effect),
          batchable,
          target === undefined ? `0x${"0".repeat(64)}` : idOf(target),
          address(hook),
        ),
      ),
    )
    .build(),
  channelTask(
    "channel:register-types",
    "Consortium: register the message types of a file that are not there yet",
  )
    .addPositionalArgument({
      name: "file",
      description: "JSON list of {name, effect, batchable?, target?, hook?}",
      defaultValue: "deploy/message-types.json",
    })
    .setInlineAction(
      onChannel(async (channel, { file }) => {
        const missing: MessageTypeTerms[] = [];
        for (const type of readMessageTypes(file)) {
          if (await isRegistered(channel, type)) console.log(`${type.name} is registered already.`);
          else missing.push(type);
        }
        return Promise.all(
          missing.map(async (type) =>
            channel.registerMessageType.populateTransaction(
              type.name,
              effectNumbers[type.effect],
              type.batchable,
              targetOf(type),
              type.hook ?? NOBODY,
            ),
          ),
        );
      }),
    )
    .build(),
  channelTask("channel:close-type", "Consortium: close a message type for good")
    .addPositionalArgument(predicateWord)
    .setInlineAction(
      onChannel(async (channel, { predicate }) =>
        channel.closeMessageType.populateTransaction(idOf(predicate)),
      ),
    )
    .build(),
  channelTask(
    "channel:deprecate",
    "Consortium: no more issuing here; name the successor, if there is one yet",
  )
    .addPositionalArgument({
      name: "successor",
      description: "Address of the channel that takes over",
      defaultValue: NOBODY,
    })
    .setInlineAction(
      onChannel(async (channel, { successor }) => channel.deprecate.populateTransaction(address(successor))),
    )
    .build(),
  channelTask("channel:retire", "Consortium: end a deprecated channel for good")
    .setInlineAction(onChannel(async (channel) => channel.retire.populateTransaction()))
    .build(),
  directoryTask("directory:list", "Directory's owner: list a channel")
    .addPositionalArgument({ name: "channel", description: "Address of the channel" })
    .setInlineAction(
      onDirectory(async (directory, { channel }) => directory.list.populateTransaction(address(channel))),
    )
    .build(),
  directoryTask("directory:delist", "Directory's owner: take a channel off the list")
    .addPositionalArgument({ name: "channel", description: "Address of the channel" })
    .addPositionalArgument({ name: "reason", description: "Why, in one sentence" })
    .setInlineAction(
      onDirectory(async (directory, { channel, reason }) =>
        directory.delist.populateTransaction(address(channel), reason),
      ),
    )
    .build(),
  directoryTask("directory:record-succession", "Anybody: record the successor that a listed channel names")
    .addPositionalArgument({ name: "channel", description: "Address of the deprecated channel" })
    .setInlineAction(
      onDirectory(async (directory, { channel }) =>
        directory.recordSuccession.populateTransaction(address(channel)),
      ),
    )
    .build(),
];
