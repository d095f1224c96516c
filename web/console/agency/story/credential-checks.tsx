import { moment } from "../../../language/language.ts";
import type { CredentialCheck } from "../node-records.ts";
import { say, sayWord } from "../say.ts";

const tones = { pass: "good", fail: "bad", unknown: "warn" } as const;

/** What was found of the document as a credential, step by step. */
export function CredentialChecks({ check }: { readonly check: CredentialCheck }) {
  return (
    <section class="card" aria-labelledby="story-credential">
      <h2 id="story-credential">{say("credential")}</h2>
      <p class={`notice ${tones[check.outcome]}`}>{say(`credential-${check.outcome}`)}</p>
      <ul class="steps">
        {check.findings.map(({ name, outcome, code, detail }) => (
          <li key={name}>
            <div class="row">
              <span class={`badge ${tones[outcome]}`}>{say(`finding-${outcome}`)}</span>
              <strong>{sayWord("check", name) ?? name}</strong>
            </div>
            <p class="hint" lang="en">
              {detail} {outcome !== "pass" && <code>{code}</code>}
            </p>
          </li>
        ))}
      </ul>
      <p class="hint">{say("checked-at", { at: moment(check.checkedAt) })}</p>
    </section>
  );
}
