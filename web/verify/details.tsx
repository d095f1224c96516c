import { useState } from "preact/hooks";

import { say, type Key } from "./say.ts";
import type { Finding, Verification } from "./verification.ts";

const questions: Readonly<Record<Finding["name"], Key>> = {
  integrity: "finding-integrity",
  issuer: "finding-issuer",
  status: "finding-status",
  credential: "finding-credential",
  seal: "finding-seal",
};
const tones = { pass: "good", fail: "bad", unknown: "warn" } as const;

/** Each finding with its evidence, for those who ask. */
export function Details({ verification }: { readonly verification: Verification }) {
  const { findings, certificates, multihash } = verification;
  return (
    <details class="card verify-details">
      <summary>{say("details")}</summary>
      {multihash !== null && (
        <dl class="facts">
          <dt>{say("hash")}</dt>
          <dd>
            <code>{multihash}</code>
          </dd>
        </dl>
      )}
      {certificates.map(({ id, channel, predicate, acquittedBy }) => (
        <dl class="facts" key={`${id} ${channel}`}>
          <dt>{say("entry")}</dt>
          <dd>
            <code>{id}</code>
          </dd>
          <dt>{say("message-type")}</dt>
          <dd>
            <code>{predicate}</code>
          </dd>
          <dt>{say("channel")}</dt>
          <dd>
            <code>{channel}</code>
          </dd>
          {acquittedBy !== null && (
            <>
              <dt>{say("use-entry")}</dt>
              <dd>
                <code>{acquittedBy}</code>
              </dd>
            </>
          )}
        </dl>
      ))}
      {findings.map((finding) => (
        <Evidence key={finding.name} finding={finding} />
      ))}
      <Copy text={JSON.stringify(verification, null, 2)} />
    </details>
  );
}

function Evidence({ finding: { name, outcome, detail, evidence } }: { readonly finding: Finding }) {
  const question = Object.hasOwn(questions, name) ? say(questions[name]) : name;
  return (
    <section class="verify-finding">
      <h3>
        {question} <span class={`badge ${tones[outcome]}`}>{say(`outcome-${outcome}`)}</span>
      </h3>
      <p lang="en">{detail}</p>
      <pre tabIndex={0} aria-label={`${say("evidence")}: ${question}`}>
        {JSON.stringify(evidence, null, 2)}
      </pre>
    </section>
  );
}

function Copy({ text }: { readonly text: string }) {
  const [done, setDone] = useState<Key | null>(null);
  return (
    <div class="row no-print">
      <button
        type="button"
        onClick={() => {
          copy(text).then(
            () => {
              setDone("copied");
            },
            () => {
              setDone("copy-failed");
            },
          );
        }}
      >
        {say("copy")}
      </button>
      <span role="status">{done === null ? "" : say(done)}</span>
    </div>
  );
}

/** A browser without a secure context has no clipboard. */
async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}
