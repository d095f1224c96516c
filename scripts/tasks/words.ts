import { HardhatPluginError } from "hardhat/plugins";

import { isDomain, isJurisdiction } from "../../src/domain/participant.ts";
import { effectNumbers, isEffect } from "./message-types.ts";

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** Ends a task with a sentence for whoever called it. */
export function refuse(sentence: string, cause?: Error): HardhatPluginError {
  return new HardhatPluginError("inter-customs-ledger", sentence, cause);
}

/** @throws HardhatPluginError when `text` is no participant's domain */
export function domain(text: string): string {
  if (!isDomain(text))
    throw refuse(`"${text}" is no domain: write it in lower case, such as customs.gov.cn.`);
  return text;
}

/**
 * A jurisdiction's code as the contract takes it: two bytes.
 *
 * @throws HardhatPluginError when `text` is not two upper-case letters
 */
export function jurisdiction(text: string): string {
  if (!isJurisdiction(text)) throw refuse(`"${text}" is no jurisdiction: write its two letters, such as CN.`);
  return `0x${Buffer.from(text, "ascii").toString("hex")}`;
}

/** @throws HardhatPluginError when `text` is not the address of an account or a contract */
export function address(text: string): string {
  if (!ADDRESS.test(text)) throw refuse(`"${text}" is no address: 0x and 40 hexadecimal digits are.`);
  return text;
}

/**
 * The contract's number for an effect.
 *
 * @throws HardhatPluginError when `text` names none
 */
export function effect(text: string): number {
  if (!isEffect(text)) throw refuse(`"${text}" is no effect: ${Object.keys(effectNumbers).join(", ")} are.`);
  return effectNumbers[text];
}
