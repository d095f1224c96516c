import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import {
  effectNumbers,
  idOf,
  readMessageTypes,
  targetOf,
  type MessageTypeTerms,
} from "../../scripts/tasks/message-types.ts";
import ChannelModule from "./Channel.ts";

const NOBODY = "0x0000000000000000000000000000000000000000";

/**
 * A channel (parameters as for `Channel`) and its message types, for a deployer who is the consortium: only the
 * consortium registers types. Where it is another account, such as a multi-signature wallet, deploy `Channel`, and let
 * the consortium register the types (`channel:register-types`).
 *
 * @param types what to register, an issuing type before those that act on it
 */
export function channelWithTypes(types: readonly MessageTypeTerms[]) {
  return buildModule("ChannelWithTypes", (m) => {
    const { channel } = m.useModule(ChannelModule);
    let previous: ReturnType<typeof m.call> | undefined;
    for (const type of types) {
      previous = m.call(
        channel,
        "registerMessageType",
        [type.name, effectNumbers[type.effect], type.batchable, targetOf(type), type.hook ?? NOBODY],
        { id: `register_${idOf(type.name).slice(2, 18)}`, after: previous === undefined ? [] : [previous] },
      );
    }
    return { channel };
  });
}

/** The types of the file that the environment variable ICL_MESSAGE_TYPES names, or of `deploy/message-types.json`. */
export default channelWithTypes(
  readMessageTypes(process.env.ICL_MESSAGE_TYPES ?? new URL("../message-types.json", import.meta.url)),
);
