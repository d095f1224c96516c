import { randomBytes } from "node:crypto";

import { task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";

import { parseValidUntil } from "../../src/domain/message.ts";
import { readMessage, readSignedMessage, writeSignedMessage } from "./message-file.ts";
import { channelTask } from "./task-words.ts";
import { connected, onChannel } from "./transact.ts";
import { address, refuse } from "./words.ts";

const DAY_SECONDS = 86_400;

/** Loaded when it is used: it needs what the build makes, and the build reads this file first. */
const authorisations = () => import("../../src/channels/evm/authorisation.ts");

/** What an operator signs where it stands, and what anybody brings to the ledger for it. */
export const messageTasks = [
  task("channel:sign-message", "Operator: sign a message that somebody else will bring to the ledger")
    .addPositionalArgument({ name: "channel", description: "Address of the channel" })
    .addPositionalArgument({ name: "file", description: "The message, as JSON" })
    .addOption({
      name: "about",
      description: "The message that issued, as JSON, where this one acquits or revokes",
      type: ArgumentType.STRING_WITHOUT_DEFAULT,
      defaultValue: undefined,
    })
    .addOption({
      name: "deadline",
      description: "Until when it may be taken, such as 2027-06-03T00:00:00Z; a day from now unless told",
      type: ArgumentType.STRING_WITHOUT_DEFAULT,
      defaultValue: undefined,
    })
    .addOption({
      name: "nonce",
      description: "A number this operator has not used; a random one unless told",
      type: ArgumentType.BIGINT,
      defaultValue: -1n,
    })
    .addOption({
      name: "ofChain",
      description: "The ledger's chain id: with it, the network is not asked for anything",
      type: ArgumentType.BIGINT,
      defaultValue: 0n,
    })
    .setInlineAction(async (words, hre) =>
      connected(hre, async ({ ethers }) => {
        const message = readMessage(words.file);
        const about = words.about === undefined ? null : readMessage(words.about);
        const chainId = words.ofChain === 0n ? (await ethers.provider.getNetwork()).chainId : words.ofChain;
        const place = { chainId, channel: address(words.channel) };
        const terms = {
          nonce: words.nonce < 0n ? BigInt(`0x${randomBytes(32).toString("hex")}`) : words.nonce,
          deadline:
            words.deadline === undefined
              ? Math.floor(Date.now() / 1000) + DAY_SECONDS
              : parseValidUntil(words.deadline),
        };
        const [signer] = await ethers.getSigners();
        if (signer === undefined) {
          throw refuse("This network has no account to sign with: use another --network.");
        }
        const { authorisationTypedData } = await authorisations();
        const { domain, types, value } = authorisationTypedData(place, message, terms);
        const signature = await signer.signTypedData(domain, types, value);
        const authorisation = { ...terms, signer: signer.address, signature };
        console.log(writeSignedMessage({ ...place, message, about, authorisation }));
      }),
    )
    .build(),
  channelTask("channel:relay-message", "Anybody: bring a signed message to the ledger")
    .addPositionalArgument({ name: "file", description: "What channel:sign-message printed" })
    .setInlineAction(
      onChannel(async (channel, words) => {
        const signed = readSignedMessage(words.file);
        if (signed.channel.toLowerCase() !== words.channel.toLowerCase()) {
          throw refuse(`This message was signed for the channel ${signed.channel}.`);
        }
        const { message, about, authorisation } = signed;
        const { encodeAuthorised } = await authorisations();
        return { to: await channel.getAddress(), data: encodeAuthorised(message, about, authorisation) };
      }),
    )
    .build(),
  channelTask("channel:cancel-nonce", "Operator: make a signed message void that nobody has brought yet")
    .addPositionalArgument({
      name: "nonce",
      description: "The nonce it was signed with",
      type: ArgumentType.BIGINT,
    })
    .setInlineAction(
      onChannel(async (channel, words) => channel.cancelNonce.populateTransaction(words.nonce)),
    )
    .build(),
];
