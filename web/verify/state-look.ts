import type { Key } from "./say.ts";
import type { CertificateState } from "./state-of.ts";

/** Every page that an officer may see: what is told of a certificate, and why nothing can be told. */
export type PageState =
  | CertificateState
  | "node-unreachable"
  | "node-trouble"
  | "too-many-questions"
  | "unreadable"
  | "too-large"
  | "file-unreadable"
  | "offline-genuine"
  | "offline-false"
  | "offline-void"
  | "offline-suspended";

export type Tone = "good" | "bad" | "warn" | "calm";
export type Shape =
  | "tick"
  | "used"
  | "cross"
  | "clock"
  | "broken"
  | "question"
  | "hourglass"
  | "copies"
  | "flask"
  | "person"
  | "offline"
  | "code";

/** How a state looks, and what is to be done: never by colour alone. */
export interface Look {
  readonly tone: Tone;
  readonly shape: Shape;
  readonly steps: readonly Key[];
}

export const looks: Readonly<Record<PageState, Look>> = {
  genuine: { tone: "good", shape: "tick", steps: ["genuine-do-acquit"] },
  used: { tone: "bad", shape: "used", steps: ["used-do-refuse", "used-do-own", "used-do-report"] },
  revoked: { tone: "bad", shape: "cross", steps: ["revoked-do-refuse", "revoked-do-new", "revoked-do-ask"] },
  expired: { tone: "bad", shape: "clock", steps: ["expired-do-refuse", "expired-do-rule", "expired-do-new"] },
  altered: {
    ...{ tone: "bad", shape: "broken" },
    steps: ["altered-do-refuse", "altered-do-keep", "altered-do-contact"],
  },
  unknown: {
    ...{ tone: "warn", shape: "question" },
    steps: ["unknown-do-refuse", "unknown-do-file", "unknown-do-print"],
  },
  pending: { tone: "warn", shape: "hourglass", steps: ["pending-do-wait", "pending-do-not"] },
  duplicate: {
    ...{ tone: "bad", shape: "copies" },
    steps: ["duplicate-do-refuse", "duplicate-do-first", "duplicate-do-ask"],
  },
  training: { tone: "warn", shape: "flask", steps: ["training-do-refuse", "training-do-report"] },
  "issuer-suspended": {
    ...{ tone: "warn", shape: "person" },
    steps: ["issuer-suspended-do-hold", "issuer-suspended-do-ask"],
  },
  "issuer-unconfirmed": {
    ...{ tone: "warn", shape: "person" },
    steps: ["issuer-unconfirmed-do-hold", "issuer-unconfirmed-do-ask"],
  },
  "credential-refused": {
    ...{ tone: "bad", shape: "broken" },
    steps: ["credential-refused-do-hold", "credential-refused-do-ask"],
  },
  "ledger-unreachable": {
    ...{ tone: "calm", shape: "offline" },
    steps: ["ledger-unreachable-do-wait", "ledger-unreachable-do-outage"],
  },
  "too-many-certificates": { tone: "warn", shape: "copies", steps: ["too-many-certificates-do-scan"] },
  "node-unreachable": {
    ...{ tone: "calm", shape: "offline" },
    steps: ["node-unreachable-do-line", "node-unreachable-do-seal", "node-unreachable-do-outage"],
  },
  "node-trouble": {
    ...{ tone: "calm", shape: "offline" },
    steps: ["node-trouble-do-report", "node-unreachable-do-seal", "node-unreachable-do-outage"],
  },
  "too-many-questions": { tone: "calm", shape: "hourglass", steps: ["too-many-questions-do-wait"] },
  unreadable: {
    ...{ tone: "warn", shape: "code" },
    steps: ["unreadable-do-again", "unreadable-do-text", "unreadable-do-other"],
  },
  "file-unreadable": { tone: "warn", shape: "broken", steps: ["file-unreadable-do-again"] },
  "too-large": { tone: "warn", shape: "broken", steps: ["too-large-do-command"] },
  "offline-genuine": {
    ...{ tone: "warn", shape: "offline" },
    steps: ["offline-genuine-do-later", "offline-genuine-do-compare"],
  },
  "offline-false": {
    ...{ tone: "bad", shape: "broken" },
    steps: ["altered-do-refuse", "altered-do-keep", "altered-do-contact"],
  },
  "offline-void": {
    tone: "bad",
    shape: "cross",
    steps: ["offline-void-do-refuse", "offline-genuine-do-later"],
  },
  "offline-suspended": {
    ...{ tone: "warn", shape: "person" },
    steps: ["issuer-suspended-do-hold", "issuer-suspended-do-ask"],
  },
};
