import type { X509Certificate } from "node:crypto";

import { isDomain, type Domain } from "../domain/participant.ts";

const MOST_NAMES = 100;
const DNS = /^DNS:(.+)$/;

/**
 * The DNS names that a certificate is for: those of its subject alternative names that name one host each. A wildcard names
 * none, and the subject's common name is never looked at. A certificate with a name that has to be quoted, because it could
 * pass for several, has no names at all.
 *
 * @returns in lower case, each once
 */
export function dnsNamesOf(certificate: X509Certificate): readonly Domain[] {
  const text = certificate.subjectAltName ?? "";
  if (text.includes('"')) return [];
  const names = text
    .split(", ")
    .slice(0, MOST_NAMES)
    .map((name) => (DNS.exec(name)?.[1] ?? "").toLowerCase())
    .filter(isDomain);
  // Asked of the certificate once more, which reads it in another way than its text does.
  const isNamed = (name: string) =>
    certificate.checkHost(name, { subject: "never", wildcards: false }) !== undefined;
  return [...new Set(names.filter(isNamed))];
}
