import type { Ref } from "preact";

import { linkTo } from "../../route.ts";
import type { DocumentTypeRecord } from "../document-types.ts";
import { say } from "../say.ts";
import type { Fault } from "./check.ts";
import { idOf, labelOf, sentenceOfFault } from "./filling.ts";
import { pathOf, type Step } from "./values.ts";

const MOST_SHOWN = 15;

/** The nearest field to a place that is on the page: what is wrong may lie in something that is not opened. */
function fieldAt(path: readonly Step[]): HTMLElement | null {
  for (let length = path.length; length > 0; length -= 1) {
    const found = document.getElementById(idOf(path.slice(0, length)));
    if (found !== null) return found;
  }
  return null;
}

/** All that is wrong, each with a way to it. */
export function FaultSummary({
  faults,
  type,
  ref,
}: {
  readonly faults: readonly Fault[];
  readonly type: DocumentTypeRecord;
  readonly ref: Ref<HTMLDivElement>;
}) {
  if (faults.length === 0) return <div ref={ref} tabIndex={-1} />;
  return (
    <div class="notice bad" role="group" aria-labelledby="faults" ref={ref} tabIndex={-1}>
      <h3 id="faults">{say("faults", { count: faults.length })}</h3>
      <ul>
        {faults.slice(0, MOST_SHOWN).map((fault) => {
          const path = pathOf(fault.pointer);
          const line = path.findLast((step) => typeof step === "number");
          return (
            <li key={`${fault.pointer} ${fault.keyword}`}>
              <a
                href={linkTo(["send"])}
                onClick={(event) => {
                  event.preventDefault();
                  const field = fieldAt(path);
                  field?.scrollIntoView({ block: "center" });
                  field?.focus();
                }}
              >
                {path.length === 0 ? say("document") : labelOf(type, path)}
                {line === undefined ? "" : ` (${say("line", { number: line + 1 })})`}
              </a>
              : {sentenceOfFault(fault)}
            </li>
          );
        })}
      </ul>
      {faults.length > MOST_SHOWN && <p>{say("faults-more", { count: faults.length - MOST_SHOWN })}</p>}
    </div>
  );
}
