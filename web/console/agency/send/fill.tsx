import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { session } from "../../session.ts";
import type { DocumentTypeRecord } from "../document-types.ts";
import { say, sayWord } from "../say.ts";
import { faultsOf, type Fault } from "./check.ts";
import { wholeDocument } from "./dispatch.ts";
import { change, type Draft } from "./draft.ts";
import { FillingProvider, type Filling } from "./filling.ts";
import { FaultSummary } from "./fault-summary.tsx";
import { refused } from "./refused.ts";
import { Members } from "./schema-field.tsx";
import { sampleOf } from "./sample.ts";
import { askedOf } from "./schema.ts";
import { withValue } from "./values.ts";

/** The form of a document, made from its schema. */
export function Fill({
  draft,
  type,
  practice,
}: {
  readonly draft: Draft;
  readonly type: DocumentTypeRecord;
  /** Whether there are test channels only, on which a certificate means nothing. */
  readonly practice: boolean;
}) {
  const [asked, setAsked] = useState(refused.value.length > 0);
  const summary = useRef<HTMLDivElement>(null);
  const participant = session.value?.participant ?? "";
  const found = useMemo(
    () => (asked ? faultsOf(type.schema, wholeDocument(draft, type, participant)) : []),
    [asked, draft.document, draft.validUntil, type],
  );
  // What the node found stays until something is changed: it knows rules that no schema says.
  const faults = [...found, ...refused.value];
  useEffect(() => {
    if (refused.value.length > 0) summary.current?.focus();
  }, []);

  const filling: Filling = {
    type,
    document: draft.document,
    faults: new Map(faults.map((fault): [string, Fault] => [fault.pointer, fault])),
    put: (path, value) => {
      refused.value = [];
      change({ document: withValue(draft.document, path, value) });
    },
  };
  const subject = askedOf(type.schema, type.schema).members.find(({ name }) => name === "credentialSubject");
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        refused.value = [];
        if (faultsOf(type.schema, wholeDocument(draft, type, participant)).length === 0) {
          change({ step: "review" });
          return;
        }
        setAsked(true);
        setTimeout(() => summary.current?.focus());
      }}
    >
      <h2>{sayWord("document", type.name) ?? type.title}</h2>
      <p class="hint">{say("fill-hint")}</p>
      {practice && type.sample !== null && (
        <p class="notice calm row">
          <span>{say("sample-hint")}</span>
          <button
            type="button"
            onClick={() => {
              refused.value = [];
              change({ document: sampleOf(type) });
            }}
          >
            {say("sample")}
          </button>
        </p>
      )}
      <FaultSummary ref={summary} faults={faults} type={type} />
      <FillingProvider value={filling}>
        {subject !== undefined && (
          <Members path={["credentialSubject"]} asked={askedOf(subject.schema, type.schema)} />
        )}
      </FillingProvider>
      <div class="row send-on">
        <button type="submit" class="primary">
          {say("check-and-go-on")}
        </button>
        <span class="hint" role="status">
          {asked && faults.length > 0 ? say("faults-left", { count: faults.length }) : say("draft-is-kept")}
        </span>
      </div>
    </form>
  );
}
