import { sayOf } from "./say.ts";

/** Codes that mean the same to whoever has to do something about it. */
const CAUSES: Readonly<Record<string, readonly string[]>> = {
  "ledger-away": [
    ...["ledger-unreachable", "ledger-overloaded", "ledger-malformed", "ledger-refused", "ledger-slow"],
    ...["channel-unreachable", "channel-internal", "channel-not-open", "channel-closed"],
  ],
  "ledger-behind": ["ledger-behind", "ledger-inconsistent"],
  "finality-unavailable": ["finality-unavailable", "state-unavailable"],
  "fork-below-final": ["fork-below-final"],
  "wrong-ledger": ["wrong-chain", "wrong-genesis", "wrong-contract", "wrong-channel", "channel-twice"],
  "finality-wrong": ["finality-unsupported", "finality-too-weak"],
  "key-wrong": [
    "key-invalid",
    "keystore-invalid",
    "keystore-locked",
    "no-operator-key",
    "signer-without-account",
  ],
  "signer-away": ["signer-unreachable", "signer-refused", "signer-untrusted"],
  "signer-busy": ["signer-busy"],
  "plug-in-wrong": [
    "channel-answer-invalid",
    "channel-refused",
    "cursor-unreadable",
    "request-invalid",
    "token-invalid",
  ],
  "not-appointed": ["OperatorUnauthorized"],
  "channel-over": ["ChannelNotActive", "ChannelOutsideValidity"],
  "not-active": ["ParticipantNotActive"],
  "not-in-a-block": ["not-in-a-block"],
  "not-final": ["not-final"],
  waiting: ["waiting"],
  "peer-away": ["peer-unreachable", "peer-timeout", "endpoint-unknown", "endpoint-malformed"],
  "peer-refused": ["peer-refused", "peer-certificate-refused", "not-offered", "not-found", "not-yet"],
  "document-wrong": ["hash-mismatch", "document-too-large", "document-erased", "document-damaged"],
  unbound: ["sender-unbound", "sender-unchecked"],
  "clock-skew": ["clock-skew"],
  "given-up": ["given-up"],
  "callback-failing": ["callback-failing"],
  "dead-letter": ["dead-letter"],
  "not-opened": ["not-opened"],
};

/** What a code means, and what to do next; both in the reader's words. */
export interface Cause {
  readonly means: string;
  readonly next: string;
}

/** A code that is not known here says itself, and where to look it up. */
export function causeOf(code: string): Cause {
  const cause = Object.entries(CAUSES).find(([, codes]) => codes.includes(code))?.[0];
  if (cause === undefined) return { means: code, next: sayOf("do", "other") };
  return { means: sayOf("why", cause), next: sayOf("do", cause) };
}
