import type { CredentialFaultCode } from "./credential-fault.ts";

/** The steps of a check, in the order in which they are taken and told. */
export const checkSteps = [
  "structure",
  "schema",
  "signature",
  "issuer",
  "participant",
  "validity",
  "status",
] as const;

export type CheckStep = (typeof checkSteps)[number];

/** What became of one step: the code of a fault, or what it was passed by. */
export interface CredentialFinding {
  readonly name: CheckStep;
  /** `unknown`: it could not be said now, or another step has to pass first. */
  readonly outcome: "pass" | "fail" | "unknown";
  readonly code: CredentialFaultCode | PassCode | "not-checked";
  /** A sentence for people; free of the document's content. */
  readonly detail: string;
  /** Identifiers, addresses and moments that it rests on. */
  readonly evidence: Readonly<Record<string, string | number | null | readonly string[]>>;
}

export type PassCode =
  | "well-formed"
  | "schema-met"
  | "signed-by-issuer"
  | "anchored"
  | "agency-itself"
  | "vouched-for"
  | "in-force"
  | "not-revoked"
  | "status-without";

/** A credential's check as a whole. */
export interface CredentialCheck {
  /** `fail` where any step failed, else `unknown` where any is unknown. */
  readonly outcome: "pass" | "fail" | "unknown";
  readonly findings: readonly CredentialFinding[];
}

/** What findings come to. */
export function checkOf(findings: readonly CredentialFinding[]): CredentialCheck {
  const has = (outcome: CredentialFinding["outcome"]) => findings.some((each) => each.outcome === outcome);
  return { outcome: has("fail") ? "fail" : has("unknown") ? "unknown" : "pass", findings };
}
