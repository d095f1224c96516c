import { useEffect, useRef } from "preact/hooks";

import { moment } from "../language/language.ts";
import { startAgain, tryNow, type Check } from "./check.ts";
import { Comparison, differs } from "./comparison.tsx";
import { closeContent, content, openContent } from "./content.ts";
import { Details } from "./details.tsx";
import { ElsewhereNotice } from "./elsewhere-notice.tsx";
import { FileChoice } from "./file-choice.tsx";
import { IssuedFacts } from "./issued-facts.tsx";
import { pageOf, type AnswerPage } from "./page-of.ts";
import { say } from "./say.ts";
import { SealNotice } from "./seal-notice.tsx";
import { showFile, showPrint } from "./show.ts";
import { StateIcon } from "./state-icon.tsx";
import { looks } from "./state-look.ts";

type Answered = Exclude<Check, { readonly phase: "waiting" | "asking" }>;
type Told = Extract<Check, { readonly phase: "told" }>;

/** The answer, first and large; then what it rests on. */
export function Answer({ check }: { readonly check: Answered }) {
  const page = pageOf(check);
  useContent(check, page);
  if (page === null) return null;
  return (
    <>
      <Verdict page={page} check={check} />
      {check.phase === "told" && <Told told={check} page={page} />}
      {check.phase === "failed" && <SealNotice seal={check.seal} />}
    </>
  );
}

function Verdict({ page, check }: { readonly page: AnswerPage; readonly check: Answered }) {
  const { state, title, text, steps, training } = page;
  const { tone, shape } = looks[state];
  const heading = useRef<HTMLHeadingElement>(null);
  document.title = `${title} – ${say("name")}`;
  // Whoever does not see the page is told of the answer, and reads on from there.
  useEffect(() => {
    heading.current?.focus();
  }, [state]);
  const hasContent = content.value.kind === "document" || content.value.kind === "file";
  const compare = hasContent ? "genuine-do-compare" : "genuine-do-content";
  const all = state === "genuine" ? [say(compare), ...steps] : steps;
  return (
    <section class={`verify-verdict ${tone}`} aria-labelledby="verdict" data-state={state}>
      <div class="verify-verdict-head">
        <StateIcon shape={shape} />
        <h1 id="verdict" tabIndex={-1} ref={heading}>
          {title}
        </h1>
      </div>
      {training && state !== "training" && <p class="verify-training">{say("training-mark")}</p>}
      {differs.value && <p class="notice bad verify-differs">{say("differs-above")}</p>}
      <p class="verify-said">{text}</p>
      {check.phase === "told" && check.presented.isPrint && <p>{say("print-of")}</p>}
      <h2>{say("what-to-do")}</h2>
      <ol>
        {all.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <Again check={check} page={page} />
    </section>
  );
}

function Again({ check, page: { state } }: { readonly check: Answered; readonly page: AnswerPage }) {
  const asksAgain = state === "pending" || state === "ledger-unreachable";
  return (
    <div class="verify-again">
      {check.phase === "told" && (
        <p class="verify-when">{say("checked-at", { when: moment(check.at.toISOString()) })}</p>
      )}
      {asksAgain && <p role="status">{say("asks-again")}</p>}
      {check.phase === "failed" && <p role="status">{say("tries-again")}</p>}
      <div class="row no-print">
        {(check.phase === "failed" || asksAgain) && (
          <button type="button" onClick={tryNow}>
            {say("try-now")}
          </button>
        )}
        <button type="button" onClick={startAgain}>
          {say("another")}
        </button>
        {check.phase === "told" && (
          <button
            type="button"
            onClick={() => {
              window.print();
            }}
          >
            {say("print")}
          </button>
        )}
      </div>
    </div>
  );
}

function Told({ told, page }: { readonly told: Told; readonly page: AnswerPage }) {
  const { presented, verification } = told;
  const hasCode = presented.file === null && presented.multihash !== null;
  return (
    <>
      <ElsewhereNotice presented={presented} certificates={verification.certificates} />
      <SealNotice seal={told.seal} />
      <IssuedFacts verification={verification} certificate={page.certificate} />
      {isShown(page, told) && <Comparison presented={presented} certificate={page.certificate} />}
      {hasCode && verification.certificates.length > 0 && (
        <section class="card no-print" aria-labelledby="file-too">
          <h2 id="file-too">{say("file-too")}</h2>
          <FileChoice
            label={say("file")}
            hint={say("file-too-hint")}
            chosen={(file) => showFile(file, presented)}
          />
        </section>
      )}
      <Details verification={verification} />
    </>
  );
}

/** Content is held against the paper only where it is that of a certificate. */
function isShown(page: AnswerPage | null, { verification }: Told): boolean {
  return page !== null && page.state !== "altered" && verification.certificates.length > 0;
}

/** Opens what there is to compare; and of a file that nobody knows, sees whether it is the print of a certificate. */
function useContent(check: Answered, page: AnswerPage | null): void {
  const told = check.phase === "told" ? check : null;
  const shown = told !== null && isShown(page, told);
  const presented = told?.presented ?? null;
  useEffect(() => {
    if (presented === null || !shown) closeContent();
    else void openContent(presented);
  }, [presented, shown]);
  const unknownFile = page?.state === "unknown" ? (presented?.file?.blob ?? null) : null;
  useEffect(() => {
    if (unknownFile !== null) void showPrint(unknownFile);
  }, [unknownFile]);
}
