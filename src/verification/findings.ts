import type { RecordedCheck } from "../credentials/check-repository.ts";
import type { Multihash } from "../domain/multihash.ts";
import { bindingReasons, type Binding } from "../identity/binding.ts";
import type { SealCheck, SealOutcome } from "../paper/check-seal.ts";
import type { ParticipantOnChannel, KnownIssue } from "./issuance-repository.ts";
import type { Presented } from "./presented.ts";
import { countedOf, type Standing } from "./verdict.ts";
import type { Finding, Verdict } from "./verification.ts";

/** A certificate that is meant, and what was found of it. */
export interface Judged extends Standing {
  readonly issue: KnownIssue;
  /** Null where the channel does not know the issuer. */
  readonly issuer: ParticipantOnChannel | null;
  /** The receiver's, ISO 3166-1 alpha-2; null where the channel does not know it. */
  readonly receiverJurisdiction: string | null;
  /** Whether the issuer's own domain names the account that issued; null where that is not looked at. */
  readonly binding: (Pick<Binding, "outcome" | "reason"> & { readonly required: boolean }) | null;
  /** Whether its ledger could be asked. */
  readonly reachable: boolean;
}

/** All that the findings are written from. */
export interface Matter {
  readonly presented: Presented;
  readonly multihash: Multihash | null;
  readonly judged: readonly Judged[];
  readonly verdict: Verdict;
  readonly contradiction: string | null;
  readonly remark: string | null;
  readonly more: boolean;
  /** What was found of the offline seal that was presented; null where none was. */
  readonly seal: SealCheck | null;
  /** What was found of the document as a credential, by the message that carried it. */
  readonly checks: ReadonlyMap<string, RecordedCheck>;
}

/**
 * The three findings of a verification: integrity, issuer, status; one more where a credential was checked, and one where an
 * offline seal was presented.
 */
export function findingsOf(matter: Matter): readonly Finding[] {
  return [integrity(matter), issuer(matter), status(matter), ...credential(matter), ...seal(matter)];
}

function integrity({ presented, multihash, judged, contradiction, remark }: Matter): Finding {
  const evidence = {
    presented: presented.document,
    named: presented.pin?.multihash ?? null,
    onLedger: [...new Set(judged.map(({ issue }) => issue.message.obj))],
    messages: judged.map(({ issue }) => issue.id),
  };
  const finding = (outcome: Finding["outcome"], detail: string): Finding => ({
    name: "integrity",
    ...{ outcome, detail, evidence },
  });
  if (contradiction !== null) return finding("fail", contradiction);
  if (judged.length === 0) {
    return finding("unknown", remark ?? "No ledger that this node follows has a certificate for this.");
  }
  if (multihash !== null && presented.document !== null) {
    return finding("pass", "A message on the ledger names the very hash of this document.");
  }
  return finding(
    "pass",
    "A message on the ledger names this hash. Whether the document at hand has it shows when the document itself is presented.",
  );
}

function issuer({ judged }: Matter): Finding {
  const counted = countedOf(judged);
  const issuers = counted.map((each) => ({
    issuer: each.issue.message.sender,
    jurisdiction: each.issuer?.jurisdiction ?? null,
    status: each.issuer?.status ?? "unknown",
    channel: each.issue.channelId,
    ...(each.binding === null ? {} : { binding: each.binding.outcome, bindingReason: each.binding.reason }),
  }));
  const distinct = [...new Map(issuers.map((each) => [JSON.stringify(each), each])).values()];
  const finding = (outcome: Finding["outcome"], detail: string): Finding => ({
    name: "issuer",
    ...{ outcome, detail, evidence: { issuers: distinct } },
  });
  if (distinct.length === 0) return finding("unknown", "No issuer is known.");
  const suspended = distinct.find(({ status: standing }) => standing === "suspended");
  if (suspended !== undefined) {
    return finding("fail", `The issuer ${suspended.issuer} is suspended on ${suspended.channel}.`);
  }
  if (distinct.some(({ status: standing }) => standing !== "active")) {
    return finding("unknown", "This node does not know the issuer on that channel yet.");
  }
  const loose = counted
    .map(({ binding }) => binding)
    .find((binding) => binding?.required === true && binding.outcome !== "bound");
  if (loose !== undefined && loose !== null) {
    const outcome = loose.outcome === "unbound" ? "fail" : "unknown";
    return finding(outcome, bindingReasons[loose.reason ?? "not-checked"]);
  }
  const names = distinct.map((each) => `${each.issuer} (${each.jurisdiction ?? ""})`);
  return finding("pass", `Issued by ${[...new Set(names)].join(" and by ")}, an active participant.`);
}

const STATUS: Readonly<Record<Verdict, readonly [outcome: Finding["outcome"], detail: string]>> = {
  valid: ["pass", "Issued, and neither used, revoked nor expired."],
  used: ["fail", "It was used: its receiver has acquitted it."],
  revoked: ["fail", "It was revoked."],
  expired: ["fail", "Its validity is past."],
  duplicate: ["fail", "The same number was issued before: this certificate does not count."],
  pending: ["unknown", "It was issued in a block that is not final yet: ask again."],
  altered: ["unknown", "What was presented is not what was issued, so that no status is its own."],
  unknown: ["unknown", "Nothing is known of a certificate."],
};

function status({ judged, verdict, remark, more }: Matter): Finding {
  const counted = countedOf(judged);
  const evidence = {
    certificates: counted.map((each) => ({
      id: each.issue.id,
      channel: each.issue.channelId,
      state: each.state,
      ledgerReachable: each.reachable,
    })),
  };
  const finding = (outcome: Finding["outcome"], detail: string): Finding => ({
    name: "status",
    ...{ outcome, detail, evidence },
  });
  if (verdict !== "unknown") return finding(...STATUS[verdict]);
  if (counted.length === 0) return finding("unknown", remark ?? STATUS.unknown[1]);
  if (counted.some(({ reachable }) => !reachable)) {
    return finding("unknown", "The ledger is out of reach at present: ask again.");
  }
  if (counted.some(({ state }) => state === "unknown")) {
    return finding("unknown", "The ledger's final state does not have this certificate.");
  }
  if (more)
    return finding(
      "unknown",
      "More messages name this document than were looked at: pin the one that is meant.",
    );
  if (counted.every(({ channelType }) => channelType === "test")) {
    return finding("unknown", "It is live on a test channel, whose certificates mean nothing.");
  }
  return finding("pass", STATUS.valid[1]);
}

const CREDENTIAL = {
  pass: "It passed every check as a verifiable credential.",
  fail: "It fails as a verifiable credential: see its steps.",
  unknown: "Not every step of its check as a verifiable credential could be said.",
} as const;

/** The steps and their codes alone: what a credential's issuer or register says is not for everybody. */
function credential({ checks }: Matter): readonly Finding[] {
  if (checks.size === 0) return [];
  const rank = ["fail", "unknown", "pass"];
  const [worst] = [...checks.values()].sort(
    (one, other) => rank.indexOf(one.outcome) - rank.indexOf(other.outcome),
  );
  if (worst === undefined) return [];
  const messages = [...checks].map(([id, { outcome, findings, checkedAt }]) => ({
    ...{ id, outcome, checkedAt: new Date(checkedAt).toISOString() },
    steps: findings.map(({ name, outcome: each, code }) => ({ name, outcome: each, code })),
  }));
  return [
    { name: "credential", outcome: worst.outcome, detail: CREDENTIAL[worst.outcome], evidence: { messages } },
  ];
}

const SEAL: Readonly<Record<SealOutcome, readonly [outcome: Finding["outcome"], detail: string]>> = {
  genuine: ["pass", "The seal on the paper was made by the participant that it names, and not changed."],
  "issuer-suspended": ["fail", "The seal is genuine, but the participant that made it is suspended."],
  "not-genuine": ["fail", "The seal was not made by the participant that it names, or was changed."],
  "unknown-key": ["unknown", "The participant that the seal names publishes no such key at present."],
  "unknown-issuer": ["unknown", "The seal names a participant that is on no channel of this node."],
  unreadable: ["unknown", "The seal is not readable."],
};

/** Its facts were shown to this node by who asks; of them, only what is on the ledger anyway is told. */
function seal({ seal: check, judged }: Matter): readonly Finding[] {
  if (check === null) return [];
  const issuers = judged.map(({ issue }) => issue.message.sender);
  const isOther = check.outcome === "genuine" && issuers.some((each) => each !== check.facts?.issuer);
  const [outcome, detail] = isOther
    ? (["fail", "The seal is by another participant than issued the certificate."] as const)
    : SEAL[check.outcome];
  const { facts, remarks } = check;
  const said =
    facts === null
      ? {}
      : {
          issuer: facts.issuer,
          statusThen: facts.status,
          statusAsOf: new Date(facts.statusAsOf).toISOString(),
        };
  return [{ name: "seal", outcome, detail, evidence: { check: check.outcome, ...said, remarks } }];
}
