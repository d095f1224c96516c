import { isIP, type LookupFunction } from "node:net";
import { X509Certificate } from "node:crypto";
import { connect, createSecureContext, type SecureContext, type TLSSocket } from "node:tls";

import type { Domain } from "../domain/participant.ts";
import { tlsFaultOf } from "./certificate-fault.ts";
import { dnsNamesOf } from "./certificate-names.ts";
import type { PinRule } from "./node-certificate.ts";
import type { TlsMaterial } from "./tls-material.ts";
import { tlsPin } from "./tls-pin.ts";

/** Whose node is to be reached, and where. */
export interface PeerAddress {
  readonly url: URL;
  readonly participant: Domain;
  /** The channel by which this node has to do with it. */
  readonly channelId: string;
  /** Answers the vetted address of the URL's host alone. */
  readonly lookup: LookupFunction;
  readonly signal: AbortSignal;
}

/** What other nodes are spoken to with. */
export interface PeerTlsOptions {
  readonly material: TlsMaterial;
  readonly pins: PinRule;
  /**
   * Whether an account at present holds a participant's node right on a channel.
   *
   * @throws ChannelFailure
   */
  readonly isNodeKey: (channelId: string, participant: Domain, account: string) => Promise<boolean>;
}

/** Another node's certificate is not that of the participant whose node it should be. Nothing was sent to it. */
export class PeerCertificateRefused extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "PeerCertificateRefused";
  }
}

const HTTPS = 443;

/**
 * Connects to other participants' nodes with this node's own certificate, and makes sure, before anything is sent, that the
 * other side is the participant's node: its certificate leads to an authority that is believed, is not revoked, and names
 * exactly the participant's domain; or names the endpoint's host, and then its key must be appointed on the ledger. Unless
 * pins are off, it must be so in either case (decision 0025).
 */
export class PeerTls {
  readonly #options: PeerTlsOptions;
  #context: SecureContext;

  constructor(options: PeerTlsOptions) {
    this.#options = options;
    this.#context = createSecureContext(options.material.current.options);
    options.material.onChange((contents) => {
      this.#context = createSecureContext(contents.options);
    });
  }

  /**
   * @returns a connection over which nothing was sent yet; the caller ends it
   * @throws PeerCertificateRefused; ChannelFailure where the ledger must be asked and cannot be; the system's error where
   *   there is no connection
   */
  async connect(address: PeerAddress): Promise<TLSSocket> {
    const socket = await this.#shakeHands(address);
    try {
      await this.#judge(socket, address);
      address.signal.throwIfAborted();
      return socket;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  #shakeHands({ url, participant, lookup, signal }: PeerAddress): Promise<TLSSocket> {
    const host = url.hostname.replace(/^\[|\]$/g, "");
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const socket = connect({
        ...{ host, lookup, secureContext: this.#context, minVersion: "TLSv1.3", ALPNProtocols: ["http/1.1"] },
        port: url.port === "" ? HTTPS : Number(url.port),
        servername: isIP(host) === 0 ? host : participant,
        // Which name it must be depends on the ledger, which is asked once the connection stands.
        checkServerIdentity: () => undefined,
      });
      const onAbort = () => {
        socket.destroy(signal.reason as Error);
      };
      const onError = (error: Error) => {
        signal.removeEventListener("abort", onAbort);
        reject(refusalOf(socket, error) ?? error);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      socket.once("error", onError);
      socket.once("secureConnect", () => {
        signal.removeEventListener("abort", onAbort);
        socket.off("error", onError);
        // Until somebody uses it, its end is nobody's failure.
        socket.on("error", () => undefined);
        resolve(socket);
      });
    });
  }

  async #judge(socket: TLSSocket, { url, participant, channelId }: PeerAddress): Promise<void> {
    const { pins, isNodeKey } = this.#options;
    const raw = socket.getPeerCertificate().raw as Buffer | undefined;
    if (raw === undefined) throw new PeerCertificateRefused("The sender's node shows no certificate.");
    const certificate = new X509Certificate(raw);
    const names: readonly string[] = dnsNamesOf(certificate);
    const isParticipants = names.includes(participant);
    if (!isParticipants && !names.includes(url.hostname)) {
      throw new PeerCertificateRefused(
        "The certificate of the sender's node is not for the sender's domain.",
      );
    }
    if (pins === "off" && isParticipants) return;
    if (await isNodeKey(channelId, participant, tlsPin(certificate))) return;
    throw new PeerCertificateRefused(
      isParticipants
        ? "The key of the sender's node is not appointed on the ledger."
        : "The certificate of the sender's node is not for the sender's domain, and its key is not appointed on the ledger.",
    );
  }
}

function refusalOf(socket: TLSSocket, cause: Error): PeerCertificateRefused | null {
  const code: unknown = socket.authorizationError;
  if (typeof code !== "string") return null;
  return new PeerCertificateRefused(`The certificate of the sender's node ${tlsFaultOf(code)} (${code}).`, {
    cause,
  });
}
