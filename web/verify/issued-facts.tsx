import { formWords } from "../../src/paper/form-words.ts";
import { language } from "../language/language.ts";
import { content } from "./content.ts";
import { makerOf } from "./document-content.ts";
import { countryName, momentOr } from "./page-of.ts";
import { say, type Key } from "./say.ts";
import type { Certificate, Verification } from "./verification.ts";

interface IssuedFactsProps {
  readonly verification: Verification;
  /** The one that the answer is about; null where there is none. */
  readonly certificate: Certificate | null;
}

/** Who issued the certificate, from where, for whom, and until when; and all others that name the document. */
export function IssuedFacts({ verification, certificate }: IssuedFactsProps) {
  const { certificates } = verification;
  const shown = certificate ?? certificates[0];
  if (shown === undefined) return null;
  return (
    <section class="card" aria-labelledby="issued">
      <h2 id="issued">{say("issued-title")}</h2>
      <Facts of={shown} verification={verification} />
      {certificates.length > 1 && <Several certificates={certificates} />}
    </section>
  );
}

function Facts({ of, verification }: { readonly of: Certificate; readonly verification: Verification }) {
  const used = of.state === "used" || of.acquittedBy !== null;
  return (
    <dl class="facts">
      <Maker agency={of.issuer} verification={verification} />
      <dt>{say("issuer")}</dt>
      <dd>{of.issuer}</dd>
      <dt>{say("country")}</dt>
      <dd>{countryName(of.jurisdiction)}</dd>
      <dt>{say("receiver")}</dt>
      <dd>
        {of.receiver} ({countryName(of.receiverJurisdiction)})
      </dd>
      <dt>{say("issued-at")}</dt>
      <dd>{momentOr(of.issuedAt)}</dd>
      <dt>{say("valid-until")}</dt>
      <dd>{momentOr(of.validUntil, "no-end")}</dd>
      {used && (
        <>
          <dt>{say("used-by")}</dt>
          <dd>
            {of.receiver} ({countryName(of.receiverJurisdiction)})
          </dd>
          <dt>{say("used-at")}</dt>
          <dd>{momentOr(of.acquittedAt)}</dd>
        </>
      )}
      {(of.state === "revoked" || of.revokedAt !== null) && (
        <>
          <dt>{say("revoked-at")}</dt>
          <dd>{momentOr(of.revokedAt)}</dd>
        </>
      )}
      <dt>{say("kind")}</dt>
      <dd>
        <Kind predicate={of.predicate} />
      </dd>
    </dl>
  );
}

const kinds: Readonly<Record<string, Key>> = {
  CertificateOfOrigin: "kind-CertificateOfOrigin",
  NonManipulationCertificate: "kind-NonManipulationCertificate",
  Phytosanitary: "kind-PhytosanitaryCertificate",
  PhytosanitaryCertificate: "kind-PhytosanitaryCertificate",
};

/** What kind of certificate a message type issues; one that the page has no words for is spelt out of its name. */
function Kind({ predicate }: { readonly predicate: string }) {
  const name = predicate.split(".").at(-2) ?? predicate;
  const known = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (known !== undefined) return <>{say(known)}</>;
  return <span lang="en">{name.replace(/([a-z])([A-Z])/g, "$1 $2")}</span>;
}

/** The body that made the document, where that is another than the agency: known only to who holds the document. Its name is its own word. */
function Maker({ agency, verification }: { readonly agency: string; readonly verification: Verification }) {
  const { value } = content;
  if (value.kind !== "document") return null;
  const maker = makerOf(value.document);
  if (maker === null || maker.id === `did:web:${agency}`) return null;
  const isChecked = verification.findings.some(
    ({ name, outcome }) => name === "credential" && outcome === "pass",
  );
  const { callsItself, colon } = formWords[language.value];
  return (
    <>
      <dt>{say("maker")}</dt>
      <dd>
        {maker.id ?? say("not-known")}
        {maker.name !== null && (
          <span class="hint">
            {" "}
            {callsItself}
            {colon}
            <bdi>{maker.name}</bdi>
          </span>
        )}
        <br />
        <span class="hint">{isChecked ? say("maker-checked", { agency }) : say("maker-unchecked")}</span>
      </dd>
    </>
  );
}

function Several({ certificates }: { readonly certificates: readonly Certificate[] }) {
  return (
    <>
      <h3 class="verify-several">{say("several-title")}</h3>
      <p>{say("several", { count: certificates.length })}</p>
      <ul>
        {certificates.map(({ id, channel, issuer, receiver, state, issuedAt, channelType }) => (
          <li key={`${id} ${channel}`}>
            <strong>{say(`state-${state}`)}</strong>: {issuer} → {receiver}, {momentOr(issuedAt)}
            {channelType === "test" && <span class="hint"> {say("training-mark")}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}
