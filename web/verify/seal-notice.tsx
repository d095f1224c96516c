import { visibleText } from "../../src/paper/visible-text.ts";
import { moment } from "../language/language.ts";
import { say, type Key } from "./say.ts";
import type { CheckedSeal } from "./seal-check.ts";
import type { SealOutcome } from "../../src/paper/check-seal.ts";

/** What is said of a signature, by what was found of it. */
const verdicts: Readonly<Record<SealOutcome, Key>> = {
  genuine: "seal-genuine",
  "issuer-suspended": "seal-genuine",
  "not-genuine": "seal-not-genuine",
  "unknown-key": "seal-unknown-issuer",
  "unknown-issuer": "seal-unknown-issuer",
  unreadable: "seal-not-genuine",
};

/** An offline seal: whether its signature is genuine, and what it carries, to be held against the paper. */
export function SealNotice({ seal }: { readonly seal: CheckedSeal | null }) {
  if (seal === null) return null;
  const { found, listAsOf } = seal;
  const facts = found?.facts ?? null;
  if (found === null || facts === null) {
    return (
      <section class="card">
        <h2>{say("seal-title")}</h2>
        <p>{say("seal-no-list")}</p>
      </section>
    );
  }
  const { issuer, status, statusAsOf, validUntil, lines } = facts;
  const isTrue = found.outcome === "genuine" || found.outcome === "issuer-suspended";
  const when = moment(new Date(statusAsOf).toISOString());
  return (
    <section class="card" aria-labelledby="seal">
      <h2 id="seal">{say("seal-title")}</h2>
      <p class={isTrue ? "" : "notice warn"}>{say(verdicts[found.outcome], { issuer })}</p>
      {isTrue && (
        <>
          <p>
            <strong>{say("seal-as-of", { when, status: say(`seal-status-${status}`) })}</strong>
          </p>
          <dl class="facts">
            {lines.map(([label, text]) => (
              <SealLine key={label} label={visibleText(label)} text={visibleText(text)} />
            ))}
            {validUntil !== null && (
              <SealLine label={say("valid-until")} text={moment(new Date(validUntil).toISOString())} />
            )}
          </dl>
        </>
      )}
      {listAsOf !== null && <p class="hint verify-list">{say("seal-list", { when: moment(listAsOf) })}</p>}
    </section>
  );
}

function SealLine({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <bdi>{text}</bdi>
      </dd>
    </>
  );
}
