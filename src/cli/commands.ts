import { anchorCommand } from "./anchor.ts";
import { auditExportCommand, auditVerifyCommand } from "./audit.ts";
import { backupCommand, restoreCommand } from "./backup.ts";
import { channelsCommand } from "./channels.ts";
import { checkConfigCommand } from "./check-config.ts";
import type { Command } from "./command.ts";
import { checkCredentialCommand, issueCredentialCommand } from "./credential.ts";
import { devCommand } from "./dev.ts";
import { getDocumentCommand, putDocumentCommand } from "./documents.ts";
import { giveUpCommand } from "./give-up.ts";
import { importKeyCommand, keyAddressCommand, newKeyCommand } from "./key.ts";
import { messageCommand } from "./message.ts";
import { messagesCommand } from "./messages.ts";
import { printCommand } from "./print.ts";
import { rebuildCommand } from "./rebuild.ts";
import { replayCommand } from "./replay.ts";
import { retryCommand } from "./retry.ts";
import { sealCommand } from "./seal.ts";
import { checkSealCommand } from "./seal-check.ts";
import { sendCommand } from "./send.ts";
import { acquitCommand, revokeCommand } from "./settle.ts";
import { startCommand } from "./start.ts";
import { stuckCommand } from "./stuck.ts";
import { subjectCommand } from "./subject.ts";
import { showSubjectCommand } from "./subject-show.ts";
import { subscribeCommand } from "./subscribe.ts";
import { tlsPinCommand } from "./tls-pin.ts";
import { tokenCommand } from "./token.ts";
import { trustListCommand } from "./trust-list.ts";
import { verifyCommand } from "./verify.ts";

/** Every command by the words it is called with, in the order of the overview. */
export const commands: ReadonlyMap<string, Command> = new Map([
  ["start", startCommand],
  ["dev", devCommand],
  ["check-config", checkConfigCommand],
  ["key new", newKeyCommand],
  ["key import", importKeyCommand],
  ["key address", keyAddressCommand],
  ["tls-pin", tlsPinCommand],
  ["audit verify", auditVerifyCommand],
  ["audit export", auditExportCommand],
  ["backup", backupCommand],
  ["restore", restoreCommand],
  ["rebuild", rebuildCommand],
  ["token", tokenCommand],
  ["send", sendCommand],
  ["acquit", acquitCommand],
  ["revoke", revokeCommand],
  ["message", messageCommand],
  ["messages", messagesCommand],
  ["subject", subjectCommand],
  ["subject show", showSubjectCommand],
  ["documents put", putDocumentCommand],
  ["documents get", getDocumentCommand],
  ["print", printCommand],
  ["subscribe", subscribeCommand],
  ["channels", channelsCommand],
  ["verify", verifyCommand],
  ["seal", sealCommand],
  ["seal check", checkSealCommand],
  ["trust-list", trustListCommand],
  ["credential issue", issueCredentialCommand],
  ["credential check", checkCredentialCommand],
  ["anchor", anchorCommand],
  ["stuck", stuckCommand],
  ["retry", retryCommand],
  ["give-up", giveUpCommand],
  ["replay", replayCommand],
]);
