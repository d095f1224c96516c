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
      if (!ethers.isCallException(error) || error.data === null) throw error;
      return this.#read(error.data, [certificate.issuer, certificate.receiver, this.thirdAgency]);
    }
    throw new Error("The contract let a third agency acquit a certificate that was not sent to it.");
  }

  /** Decodes a custom error, and writes the names that are known in the place of their hashes. */
  #read(data: string, names: readonly string[]): { readonly code: string; readonly shown: string } {
    const error = this.#channel.interface.parseError(data);
    if (error === null) throw new Error(`The contract refused with an error that is not its own: ${data}`);
    const known = new Map([...names, coo.created, coo.acquitted].map((name) => [nameHash(name), name]));
    const shown = error.fragment.inputs.map(({ name }, index) => {
      const value = String(error.args[index]);
      return `${name}: ${known.get(value) ?? value}`;
    });
    return { code: error.name, shown: `${error.name}(${shown.join(", ")})` };
  }
}
