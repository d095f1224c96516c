import type { Config } from "../config.ts";
import type { ServerTls } from "../http/server.ts";
import { dnsNamesOf } from "../identity/certificate-names.ts";
import { NodeCertificates, type NodeCertificateOptions } from "../identity/node-certificate.ts";
import { PeerTls, type PeerTlsOptions } from "../identity/peer-tls.ts";
import { TlsFailure, TlsMaterial } from "../identity/tls-material.ts";
import type { Logger } from "../log.ts";
import type { CountFault } from "../operations/fault.ts";

/** What a node's TLS is built from. */
export interface NodeTlsOptions
  extends Pick<NodeCertificateOptions, "channels" | "isActive">, Pick<PeerTlsOptions, "isNodeKey"> {
  readonly config: Pick<Config, "participant" | "listen" | "peers">;
  readonly log: Logger;
  readonly countFault: CountFault;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds from one look at the files to the next. */
  readonly pollMs?: number;
}

/** The TLS that a node ends and speaks by itself; each part is left out where the configuration has none of it. */
export interface NodeTls {
  readonly server: ServerTls | null;
  /** Tells other nodes by their certificates. */
  readonly certificates?: NodeCertificates;
  /** Connects to other nodes. */
  readonly peers?: PeerTls;
  /** Looks at the files no more. */
  stop(): Promise<void>;
}

/**
 * Reads a node's TLS files, and goes on looking at them.
 *
 * @throws TlsFailure where they cannot be used, or the certificate shown to other nodes is not for the participant's domain
 */
export async function openNodeTls(options: NodeTlsOptions): Promise<NodeTls> {
  const { config, channels, isActive, isNodeKey, now } = options;
  const { tls: listenTls } = config.listen;
  const { tls: peersTls } = config.peers;
  const pins = peersTls?.pins ?? "required";
  const revocations = peersTls?.revocations ?? null;
  const materials: TlsMaterial[] = [];
  const open = async (files: Parameters<typeof TlsMaterial.open>[0]) => {
    const { log, countFault, pollMs } = options;
    const watching = { log, countFault, now, ...(pollMs === undefined ? {} : { pollMs }) };
    const material = await TlsMaterial.open(files, watching);
    materials.push(material);
    return material;
  };
  const stop = async () => {
    await Promise.all(materials.map((material) => material.stop()));
  };
  try {
    const server = listenTls === undefined ? null : await open(serverFiles(listenTls, revocations));
    const peers = peersTls === undefined ? null : await open(peersTls);
    if (peers !== null) requireDomain(options, peers);
    if (server !== null) warnOfDomain(options, server);
    const asksForCertificates = (listenTls?.clientAuthorities ?? null) !== null;
    return {
      server: server === null ? null : { material: server, asksForCertificates },
      ...(asksForCertificates
        ? { certificates: new NodeCertificates({ channels, pins, isActive, now }) }
        : {}),
      ...(peers === null ? {} : { peers: new PeerTls({ material: peers, pins, isNodeKey }) }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function serverFiles(
  { certificate, key, clientAuthorities }: NonNullable<Config["listen"]["tls"]>,
  revocations: string | null,
): Parameters<typeof TlsMaterial.open>[0] {
  return {
    ...{ certificate, key, authorities: clientAuthorities },
    revocations: clientAuthorities === null ? null : revocations,
  };
}

function requireDomain({ config }: NodeTlsOptions, material: TlsMaterial): void {
  if (dnsNamesOf(material.current.certificate).includes(config.participant)) return;
  throw new TlsFailure(
    `The certificate of peers.tls is not for ${config.participant}: other nodes know this one by that DNS name alone.`,
  );
}

/** Whoever serves users alone needs no such name, and one with a pin does without. */
function warnOfDomain({ config, log }: NodeTlsOptions, material: TlsMaterial): void {
  const { participant } = config;
  if (dnsNamesOf(material.current.certificate).includes(participant)) return;
  log.warn("the certificate of listen.tls is not for the participant's domain", { participant });
}
