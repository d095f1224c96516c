import { useEffect } from "preact/hooks";

import { Failure, Waiting } from "../failure.tsx";
import { useAsked } from "../asked.ts";
import { useChannels } from "../channels.ts";
import { documentType, documentTypes } from "../document-types.ts";
import { say } from "../say.ts";
import { Choose } from "./choose.tsx";
import { change, draft, dropDraft, openDraft } from "./draft.ts";
import { Fill } from "./fill.tsx";
import { Review } from "./review.tsx";
import { sending } from "./sending.ts";

/** Prepares a document and sends it, step by step; what is typed is kept until it is sent. */
export function SendPage() {
  useEffect(() => {
    // What is on its way is known better here than by what was kept of it.
    if (!sending.value) openDraft();
  }, []);
  const types = useAsked("document types", documentTypes);
  const channels = useChannels();
  const name = draft.value?.type ?? "";
  const type = useAsked(`document type ${name}`, async () => (name === "" ? null : documentType(name)));
  const own = draft.value;
  const asked = [types, channels, type].find(({ failure }) => failure !== null);
  return (
    <div class="agency send">
      <h1>{say("send-title")}</h1>
      {asked?.failure !== undefined && asked.failure !== null && (
        <Failure failure={asked.failure} again={asked.again} />
      )}
      {own === null || types.found === null || channels.found === null ? (
        asked === undefined && <Waiting />
      ) : (
        <>
          <Steps />
          {own.step === "choose" && <Choose draft={own} types={types.found} channels={channels.found} />}
          {own.step === "fill" &&
            (type.found === null ? (
              <Waiting />
            ) : (
              <Fill
                key={name}
                draft={own}
                type={type.found}
                practice={channels.found.every((channel) => channel.type === "test")}
              />
            ))}
          {own.step === "review" &&
            (own.kind === "form" && type.found === null ? (
              <Waiting />
            ) : (
              <Review draft={own} type={own.kind === "file" ? null : type.found} channels={channels.found} />
            ))}
        </>
      )}
    </div>
  );
}

function Steps() {
  const own = draft.value;
  if (own === null) return null;
  const steps =
    own.kind === "file" ? (["choose", "review"] as const) : (["choose", "fill", "review"] as const);
  const now = steps.findIndex((step) => step === own.step);
  return (
    <div class="row spread">
      <ol class="send-steps" aria-label={say("steps")}>
        {steps.map((step, place) => (
          <li key={step} aria-current={step === own.step ? "step" : undefined}>
            {place < now ? (
              <button
                type="button"
                class="link"
                disabled={sending.value}
                onClick={() => {
                  change({ step });
                }}
              >
                {say(`step-${step}`)}
              </button>
            ) : (
              say(`step-${step}`)
            )}
          </li>
        ))}
      </ol>
      {own.step !== "choose" && (
        <button type="button" disabled={sending.value} onClick={dropDraft}>
          {say("begin-anew")}
        </button>
      )}
    </div>
  );
}
