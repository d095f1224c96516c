import { ethers } from "ethers";

import { digestOf, multihashOf, parseMultihash } from "../../src/domain/multihash.ts";
import type { Channel } from "../../types/ethers-contracts/Channel.ts";
import { nameHash } from "../dev/consortium.ts";
import { coo } from "../dev/vocabulary.ts";

/** A certificate as its issuing message names it; the domains of issuer and receiver, and the document's multihash. */
export interface IssuedCertificate {
  readonly issuer: string;
  readonly receiver: string;
  readonly subject: string;
  readonly obj: string;
}

/** The channel's contract seen without any node: what it announced, and what it answers a third agency. */
export class LedgerView {
  readonly #channel: Channel;
  /** The third agency's domain. */
  readonly thirdAgency: string;

  /**
   * @param channel connected as an operator of the third agency
   * @param thirdAgency that agency's domain
   */
  constructor(channel: Channel, thirdAgency: string) {
    this.#channel = channel;
    this.thirdAgency = thirdAgency;
  }

  /**
   * What the contract announced of a message.
   *
   * @param id the message's id
   * @throws Error when the contract announced none, or more than one
   */
  async message(id: string): Promise<{ readonly subject: string; readonly obj: string }> {
    const [event, ...others] = await this.#channel.queryFilter(this.#channel.filters.MessageSent(id));
    if (event === undefined || others.length > 0) throw new Error(`The ledger does not hold ${id} once.`);
    return { subject: event.args.subject, obj: multihashOf(event.args.obj) };
  }

  /**
   * Tries to acquit a certificate of another's as the third agency, whose operator holds the right to acquit.
   *
   * @returns the contract's decoded error: its name, and the whole as it reads
   * @throws Error when the contract does not refuse
   */
  async acquitAsThirdAgency(
    certificate: IssuedCertificate,
  ): Promise<{ readonly code: string; readonly shown: string }> {
    const obj = `0x${digestOf(parseMultihash(certificate.obj))}`;
    const message = {
      sender: nameHash(this.thirdAgency),
      receiver: nameHash(certificate.issuer),
      subject: certificate.subject,
      predicate: nameHash(coo.acquitted),
      obj,
      validUntil: 0,
    };
    const issuance = {
      receiver: nameHash(certificate.receiver),
      predicate: nameHash(coo.created),
      obj,
      validUntil: 0,
    };
    try {
      await this.#channel.sendAbout(message, issuance);
    } catch (error) {
      if (!ethers.isCallException(error) || error.revert === null) throw error;
      const { name, args } = error.revert;
      return { code: name, shown: `${name}(${args.map(String).join(", ")})` };
    }
    throw new Error("The contract let a third agency acquit a certificate that was not sent to it.");
  }
}
