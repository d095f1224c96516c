import { task } from "hardhat/config";

const propose = {
  name: "propose",
  description: "Print the call for a multi-signature wallet instead of sending it",
} as const;

/** Begins a task that changes a channel, whose address is its first word. */
export function channelTask(id: string, description: string) {
  return task(id, description)
    .addFlag(propose)
    .addPositionalArgument({ name: "channel", description: "Address of the channel" });
}

/** Begins a task that changes a directory, whose address is its first word. */
export function directoryTask(id: string, description: string) {
  return task(id, description)
    .addFlag(propose)
    .addPositionalArgument({ name: "directory", description: "Address of the channel directory" });
}

/** A participant, by its domain. */
export const domainWord = {
  name: "domain",
  description: "The participant's domain, such as customs.gov.cn",
} as const;
/** A message type, by its name. */
export const predicateWord = { name: "predicate", description: "The message type's whole name" } as const;
/** An account that is to act. */
export const accountWord = { name: "account", description: "Address of the account" } as const;
/** A participant's admin. */
export const adminWord = { name: "admin", description: "Address of the participant's admin" } as const;
