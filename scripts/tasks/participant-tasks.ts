import { idOf } from "./message-types.ts";
import { accountWord, adminWord, channelTask, domainWord, predicateWord } from "./task-words.ts";
import { onChannel } from "./transact.ts";
import { address, domain } from "./words.ts";

const endpointWord = {
  name: "endpoint",
  description: "The node's address, such as https://icl.customs.gov.cn, without a slash at the end",
} as const;

/** What a participant's own admin does on a channel; the account must be that admin's. */
export const participantTasks = [
  channelTask("channel:accept", "Participant: take the seat and announce the node's address")
    .addPositionalArgument(domainWord)
    .addPositionalArgument(endpointWord)
    .setInlineAction(
      onChannel(async (channel, words) =>
        channel.accept.populateTransaction(idOf(domain(words.domain)), words.endpoint),
      ),
    )
    .build(),
  channelTask("channel:set-endpoint", "Participant: announce another address of the node")
    .addPositionalArgument(domainWord)
    .addPositionalArgument(endpointWord)
    .setInlineAction(
      onChannel(async (channel, words) =>
        channel.setEndpoint.populateTransaction(idOf(domain(words.domain)), words.endpoint),
      ),
    )
    .build(),
  channelTask("channel:appoint-operator", "Participant: let an account send messages of a type")
    .addPositionalArgument(domainWord)
    .addPositionalArgument(predicateWord)
    .addPositionalArgument(accountWord)
    .setInlineAction(
      onChannel(async (channel, words) =>
        channel.appointOperator.populateTransaction(
          idOf(domain(words.domain)),
          idOf(words.predicate),
          address(words.account),
        ),
      ),
    )
    .build(),
  channelTask("channel:dismiss-operator", "Participant: let an account send messages of a type no more")
    .addPositionalArgument(domainWord)
    .addPositionalArgument(predicateWord)
    .addPositionalArgument(accountWord)
    .setInlineAction(
      onChannel(async (channel, words) =>
        channel.dismissOperator.populateTransaction(
          idOf(domain(words.domain)),
          idOf(words.predicate),
          address(words.account),
        ),
      ),
    )
    .build(),
  channelTask("channel:appoint-node", "Participant: let an account speak for the participant's node")
    .addPositionalArgument(domainWord)
    .addPositionalArgument(accountWord)
    .setInlineAction(
      onChannel(async (channel, words) =>
        channel.appointNodeKey.populateTransaction(idOf(domain(words.domain)), address(words.account)),
      ),
    )
    .build(),
  channelTask("channel:dismiss-node", "Participant: let an account speak for the participant's node no more")
    .addPositionalArgument(domainWord)
    .addPositionalArgument(accountWord)
    .setInlineAction(
      onChannel(async (channel, words) =>
        channel.dismissNodeKey.populateTransaction(idOf(domain(words.domain)), address(words.account)),
      ),
    )
    .build(),
  channelTask("channel:transfer-admin", "Participant: name another admin, who must accept")
    .addPositionalArgument(domainWord)
    .addPositionalArgument(adminWord)
    .setInlineAction(
      onChannel(async (channel, words) =>
        channel.transferAdmin.populateTransaction(idOf(domain(words.domain)), address(words.admin)),
      ),
    )
    .build(),
  channelTask("channel:accept-admin", "The named admin: take over from the present one")
    .addPositionalArgument(domainWord)
    .setInlineAction(
      onChannel(async (channel, words) =>
        channel.acceptAdmin.populateTransaction(idOf(domain(words.domain))),
      ),
    )
    .build(),
  channelTask("channel:cancel-recovery", "Participant or consortium: stop an announced recovery")
    .addPositionalArgument(domainWord)
    .setInlineAction(
      onChannel(async (channel, words) =>
        channel.cancelRecovery.populateTransaction(idOf(domain(words.domain))),
      ),
    )
    .build(),
  channelTask("channel:complete-recovery", "The announced admin: take over after the delay")
    .addPositionalArgument(domainWord)
    .setInlineAction(
      onChannel(async (channel, words) =>
        channel.completeRecovery.populateTransaction(idOf(domain(words.domain))),
      ),
    )
    .build(),
];
