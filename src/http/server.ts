import { constants } from "node:crypto";
import { createServer, type RequestListener, type Server, type ServerOptions } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { SecureContextOptions, TLSSocket } from "node:tls";

import type { TlsMaterial } from "../identity/tls-material.ts";
import { answerConnectionError } from "./connection-errors.ts";
import { rememberTrust } from "./shown-certificate.ts";

/** A listening HTTP server. */
export interface HttpServer {
  /** `http://host:port`, or `https://host:port`, without trailing slash. */
  readonly url: string;
  /** Takes no more requests, lets those in progress end, and after `graceMilliseconds` cuts what is left. */
  close(graceMilliseconds?: number): Promise<void>;
}

/** Bounds on what a connection may cost. */
export interface ServerLimits {
  /** Seconds for one whole request; must let the largest document through over a slow line. */
  readonly requestSeconds: number;
  /** Connections at once. */
  readonly connections: number;
}

const HEADER_MILLISECONDS = 20_000;
/** How often connections are looked at for what takes too long. */
const LOOK_MILLISECONDS = 1_000;
const IDLE_MILLISECONDS = 120_000;
const KEEP_ALIVE_MILLISECONDS = 10_000;
const HEADER_BYTES = 16 * 1024;
const GRACE_MILLISECONDS = 10_000;
const SWEEP_MILLISECONDS = 20;

/** What a server needs to end TLS by itself. */
export interface ServerTls {
  readonly material: TlsMaterial;
  /** Whether callers are asked for a certificate; one without, or with a bad one, is let in and judged by who asks. */
  readonly asksForCertificates: boolean;
}

/**
 * Serves `handle` over HTTP, and over TLS 1.3 where it is told how; else TLS is the business of a proxy in front.
 *
 * @param listen `port` 0 takes any free port
 * @throws the system's error where the address cannot be taken
 */
export async function startServer(
  handle: RequestListener,
  listen: { readonly host: string; readonly port: number },
  limits: ServerLimits,
  tls: ServerTls | null = null,
): Promise<HttpServer> {
  const requestTimeout = limits.requestSeconds * 1000;
  const options: ServerOptions = {
    requestTimeout,
    // Node refuses to wait longer for a part than for the whole.
    headersTimeout: Math.min(HEADER_MILLISECONDS, requestTimeout),
    connectionsCheckingInterval: LOOK_MILLISECONDS,
    keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
    maxHeaderSize: HEADER_BYTES,
  };
  const server = tls === null ? createServer(options, handle) : tlsServer(tls, options, handle);
  // Without this, Node tells every sender to go ahead with its body before anybody has looked at its token.
  server.on("checkContinue", handle);
  server.on("clientError", answerConnectionError);
  server.setTimeout(IDLE_MILLISECONDS);
  server.maxConnections = limits.connections;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(listen.port, listen.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { address, port, family } = server.address() as AddressInfo;
  return {
    url: `${tls === null ? "http" : "https"}://${family === "IPv6" ? `[${address}]` : address}:${port}`,
    close: (graceMilliseconds = GRACE_MILLISECONDS) =>
      new Promise<void>((resolve, reject) => {
        const cut = setTimeout(() => {
          server.closeAllConnections();
        }, graceMilliseconds);
        // Connections that fall idle from now on would otherwise be kept open for their next request.
        const sweep = setInterval(() => {
          server.closeIdleConnections();
        }, SWEEP_MILLISECONDS);
        server.close((error) => {
          clearTimeout(cut);
          clearInterval(sweep);
          if (error === undefined) resolve();
          else reject(error);
        });
      }),
  };
}

function tlsServer(
  { material, asksForCertificates }: ServerTls,
  options: ServerOptions,
  handle: RequestListener,
): Server {
  const server = createTlsServer(
    {
      ...options,
      ...contextOf(material.current.options),
      handshakeTimeout: HEADER_MILLISECONDS,
      requestCert: asksForCertificates,
      // Users come without one. Who is let in by a certificate is decided with the request, and said in its answer.
      rejectUnauthorized: false,
      ALPNProtocols: ["http/1.1"],
    },
    handle,
  );
  server.on("secureConnection", (socket: TLSSocket) => {
    const { trust } = material.current;
    rememberTrust(socket, () => material.current.trust === trust);
  });
  let { trust } = material.current;
  material.onChange((contents) => {
    server.setSecureContext(contextOf(contents.options));
    // What was judged by other authorities is judged again when it connects again.
    if (contents.trust !== trust) server.closeIdleConnections();
    ({ trust } = contents);
  });
  return server;
}

/** A connection is never resumed: its certificate would count as it was judged when it was made first. */
function contextOf(options: SecureContextOptions): SecureContextOptions {
  return { ...options, secureOptions: constants.SSL_OP_NO_TICKET };
}
