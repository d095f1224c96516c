import type { X509Certificate } from "node:crypto";

import { ChannelFailure, type Channel } from "../channels/channel.ts";
import type { Domain } from "../domain/participant.ts";
import { Problem } from "../domain/problems.ts";
import type { NodeCaller } from "./caller.ts";
import { certificateFault, tlsFaultOf } from "./certificate-fault.ts";
import { dnsNamesOf } from "./certificate-names.ts";
import { tlsPin } from "./tls-pin.ts";

/** The certificate that a caller proved to hold the key of, while its connection was made. */
export interface ShownCertificate {
  readonly certificate: X509Certificate;
  /** Why TLS does not accept it, by the runtime's code; null where it does. */
  readonly fault: string | null;
}

/** Whether a key has to be published on the ledger by the participant that uses it. */
export type PinRule = "required" | "off";

/** What certificates are checked against. */
export interface NodeCertificateOptions {
  /** The channels that this node takes part in, and whose ledgers it believes at present. */
  readonly channels: () => readonly Channel[];
  readonly pins: PinRule;
  /** Whether a participant is active by a channel's final state. */
  readonly isActive: (channelId: string, participant: Domain) => Promise<boolean>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

const MOST_NAMES = 10;
/** The code for a connection that was made when other authorities or lists were in force. */
export const TRUST_CHANGED = "TRUST_CHANGED";

const refused = (detail: string) => new Problem("certificate-refused", detail);

/**
 * Recognises other participants' nodes by their certificates (mutual TLS, PROTOCOL §6): one of the certificate's DNS names is
 * exactly the participant's domain, and, unless pins are off, its key is appointed on the ledger at this moment.
 */
export class NodeCertificates {
  readonly #options: NodeCertificateOptions;

  constructor(options: NodeCertificateOptions) {
    this.#options = options;
  }

  /**
   * Says whose node shows a certificate, where it shows nothing else.
   *
   * @param channelId the channel it wants to be known on; null where it does not say
   * @throws Problem `certificate-refused`; `malformed-request` where it must say which channel; `unavailable` where the
   *   ledger cannot be asked
   */
  async identify(shown: ShownCertificate, channelId: string | null): Promise<NodeCaller> {
    this.#check(shown);
    const { certificate } = shown;
    const channels = this.#options
      .channels()
      .filter(({ description }) => channelId === null || description.id === channelId);
    const seats: NodeCaller[] = [];
    for (const channel of channels) {
      for (const participant of dnsNamesOf(certificate).slice(0, MOST_NAMES)) {
        if (await this.#holds(channel, participant, certificate))
          seats.push(seatOf(channel, participant, certificate));
      }
    }
    const [seat] = seats;
    if (seat === undefined) throw refused(this.#strange(certificate));
    if (seats.some(({ participant }) => participant !== seat.participant)) {
      throw refused("Your certificate names several participants: show one that names yours alone.");
    }
    if (seats.length > 1) {
      throw new Problem(
        "malformed-request",
        "You are on several channels: name one in the header ICL-Channel.",
      );
    }
    return seat;
  }

  /**
   * Makes sure that a certificate is of the node that a token identified.
   *
   * @throws Problem `certificate-refused`, or `unavailable` where the ledger cannot be asked
   */
  async vouch(shown: ShownCertificate, caller: NodeCaller): Promise<void> {
    this.#check(shown);
    const { certificate } = shown;
    if (!dnsNamesOf(certificate).includes(caller.participant)) {
      throw refused("Your certificate and your token are of different participants.");
    }
    const channel = this.#options.channels().find(({ description }) => description.id === caller.channelId);
    if (channel === undefined || !(await this.#holds(channel, caller.participant, certificate))) {
      throw refused(this.#strange(certificate));
    }
  }

  #check({ certificate, fault }: ShownCertificate): void {
    if (fault === TRUST_CHANGED) {
      throw refused("The authorities that are believed here have changed since: connect again.");
    }
    const wrong =
      fault === null ? certificateFault(certificate, (this.#options.now ?? Date.now)()) : tlsFaultOf(fault);
    if (wrong !== null) throw refused(`Your certificate ${wrong}.`);
  }

  async #holds(channel: Channel, participant: Domain, certificate: X509Certificate): Promise<boolean> {
    const { pins, isActive } = this.#options;
    if (!(await isActive(channel.description.id, participant))) return false;
    if (pins === "off") return true;
    try {
      return await channel.isNodeKey(participant, tlsPin(certificate));
    } catch (error) {
      if (!(error instanceof ChannelFailure)) throw error;
      throw new Problem(
        "unavailable",
        "The ledger that knows your node cannot be asked now: try again in a moment.",
        {
          retryAfterSeconds: 5,
          cause: error,
        },
      );
    }
  }

  #strange(certificate: X509Certificate): string {
    const name =
      "Your certificate is of no active participant here: its DNS name must be exactly the participant's domain";
    return this.#options.pins === "off"
      ? `${name}.`
      : `${name}, and its key, ${tlsPin(certificate)}, appointed on the ledger by that participant's admin.`;
  }
}

function seatOf(channel: Channel, participant: Domain, certificate: X509Certificate): NodeCaller {
  return { kind: "node", participant, account: tlsPin(certificate), channelId: channel.description.id };
}
