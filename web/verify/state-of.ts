import type { Certificate, Finding, Verification } from "./verification.ts";

/** What an officer is told about a certificate; each has a page of its own. */
export const certificateStates = [
  "genuine",
  "used",
  "revoked",
  "expired",
  "altered",
  "unknown",
  "pending",
  "duplicate",
  "training",
  "issuer-suspended",
  "issuer-unconfirmed",
  "credential-refused",
  "ledger-unreachable",
  "too-many-certificates",
] as const;

export type CertificateState = (typeof certificateStates)[number];

/** An answer of the node in an officer's terms. */
export interface Told {
  readonly state: CertificateState;
  /** The certificate that the state is about; null where there is none, or where it is about what was presented. */
  readonly certificate: Certificate | null;
  /** On a test channel, so that nothing about it has legal effect. */
  readonly training: boolean;
}

/**
 * Says what an answer means for whoever stands at the counter. The verdict is the node's; `unknown` alone has several
 * reasons, each of which asks for something else, and they are told apart by the findings and the certificates.
 */
export function stateOf(verification: Verification): Told {
  const { verdict } = verification;
  const counted = countedOf(verification.certificates);
  const training = counted.length > 0 && counted.every(({ channelType }) => channelType === "test");
  const told = (state: CertificateState, of: Certificate["state"]): Told => ({
    state,
    certificate: counted.find((each) => each.state === of) ?? null,
    training,
  });
  switch (verdict) {
    case "valid":
      if (failed(verification, "seal")) return { state: "altered", certificate: null, training };
      return told(failed(verification, "credential") ? "credential-refused" : "genuine", "live");
    case "altered":
      return { state: "altered", certificate: null, training };
    case "used":
    case "revoked":
    case "expired":
    case "pending":
    case "duplicate":
      return told(verdict, verdict);
    case "unknown":
      return unknown(verification, counted, told);
  }
}

const failed = ({ findings }: Verification, wanted: Finding["name"]): boolean =>
  findings.some(({ name, outcome }) => name === wanted && outcome === "fail");

function unknown(
  { findings, more }: Verification,
  counted: readonly Certificate[],
  told: (state: CertificateState, of: Certificate["state"]) => Told,
): Told {
  if (counted.some(({ state }) => state === "unknown")) {
    const lost = listIn(findings, "status", "certificates").some((each) => each.ledgerReachable === false);
    return told(lost ? "ledger-unreachable" : "unknown", "unknown");
  }
  if (!counted.some(({ state }) => state === "live")) return told("unknown", "unknown");
  const issuer = findings.find(({ name }) => name === "issuer");
  if (issuer?.outcome !== "pass") {
    const suspended = listIn(findings, "issuer", "issuers").some(({ status }) => status === "suspended");
    return told(suspended ? "issuer-suspended" : "issuer-unconfirmed", "live");
  }
  if (more) return told("too-many-certificates", "live");
  return told(counted.every(({ channelType }) => channelType === "test") ? "training" : "unknown", "live");
}

/** Those certificates that the verdict is about: test channels count only alone, and so do duplicates. */
export function countedOf(certificates: readonly Certificate[]): readonly Certificate[] {
  const real = certificates.filter(({ channelType }) => channelType === "production");
  const pool = real.length > 0 ? real : certificates;
  const originals = pool.filter(({ state }) => state !== "duplicate");
  return originals.length > 0 ? originals : pool;
}

/** A list in a finding's evidence; empty where it has none. */
function listIn(
  findings: readonly Finding[],
  name: Finding["name"],
  member: string,
): readonly Readonly<Record<string, unknown>>[] {
  const list = findings.find((each) => each.name === name)?.evidence[member];
  return Array.isArray(list) ? (list as readonly Readonly<Record<string, unknown>>[]) : [];
}
