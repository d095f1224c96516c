import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";

import { TRUST_CHANGED, type ShownCertificate } from "../identity/node-certificate.ts";

/** Of a connection, whether what is believed is still what it was when the connection was made. */
const trusts = new WeakMap<TLSSocket, () => boolean>();

/** Remembers of a new connection by which authorities and lists its certificate was judged; called by the server alone. */
export function rememberTrust(socket: TLSSocket, isCurrent: () => boolean): void {
  trusts.set(socket, isCurrent);
}

/** The certificate that whoever makes a request has shown; null where it was not asked for one, or has none. */
export function shownCertificate(request: IncomingMessage): ShownCertificate | null {
  const { socket } = request;
  if (!(socket instanceof TLSSocket)) return null;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return null;
  if (trusts.get(socket)?.() !== true) return { certificate, fault: TRUST_CHANGED };
  // The runtime's type says Error; what it gives is the error's code.
  const fault: unknown = socket.authorizationError;
  if (socket.authorized) return { certificate, fault: null };
  return { certificate, fault: typeof fault === "string" ? fault : "UNSPECIFIED" };
}
