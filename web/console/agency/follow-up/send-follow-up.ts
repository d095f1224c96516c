import { useEffect, useRef, useState } from "preact/hooks";

import { askJson, type ApiFailure } from "../../../api/node-api.ts";
import { failureOf, noteFailure, useAsked } from "../asked.ts";
import { forget, keep, kept } from "../kept.ts";
import { useLive } from "../live.ts";
import { partnerOf, type MessageRecord } from "../node-records.ts";
import type { FollowUp } from "./follow-ups.ts";
import { newOnce, statementOf, type Once, type Said } from "./statement.ts";

/** How far sending it has come. */
export type FollowUpState =
  | {
      readonly kind: "typing" | "sending";
      readonly failure: ApiFailure | null;
      /** It may have been taken although no answer came: only the very same may be sent again. */
      readonly uncertain: boolean;
    }
  | { readonly kind: "accepted"; readonly id: string; readonly record: MessageRecord | null };

interface Draft extends Said {
  readonly once: Once;
  /** The certificate's number, as it was known when it was first sent. */
  readonly number: string | null;
  readonly uncertain: boolean;
}

function draftIn(value: unknown): Draft | null {
  if (typeof value !== "object" || value === null) return null;
  const { reason, reference, once, number = null, uncertain } = value as Partial<Draft>;
  if (typeof reason !== "string" || typeof reference !== "string" || once === undefined) return null;
  return { reason, reference, once, number, uncertain: uncertain === true };
}

/** A definite answer says that it was not taken; without one it may have been. */
function leavesOpen({ status }: ApiFailure): boolean {
  return status === 0 || status >= 500;
}

/**
 * Sends a message that acts on another, once: what is sent again is the same document and so the same message, whichever
 * click, tab or session it comes from.
 *
 * @param number the certificate's, where it is known
 */
export function useFollowUp(about: MessageRecord, followUp: FollowUp, number: string | null) {
  const name = `follow-up ${about.id} ${followUp.predicate}`;
  const [draft, setDraft] = useState<Draft>(
    () => draftIn(kept(name)) ?? { reason: "", reference: "", once: newOnce(), number, uncertain: false },
  );
  const [state, setState] = useState<{ kind: "typing" | "sending"; failure: ApiFailure | null }>({
    kind: "typing",
    failure: null,
  });
  const [accepted, setAccepted] = useState<string | null>(null);
  const sending = useRef(false);

  const put = (next: Draft) => {
    setDraft(next);
    keep(name, next);
  };
  const post = async (sent: Draft) => {
    const { reason, reference, once } = sent;
    const said = { reason: reason.trim(), reference: reference.trim() };
    // Two calls, each the same however often it is made: the document by its bytes, the message by its content.
    const { multihash } = await askJson<{ readonly multihash: string }>("documents", {
      method: "POST",
      body: {
        content: statementOf(about, followUp.predicate, sent.number, said, once),
        mediaType: "application/json",
      },
    });
    return askJson<MessageRecord>("messages", {
      method: "POST",
      json: {
        receiver: partnerOf(about),
        subject: about.subject,
        predicate: followUp.predicate,
        obj: multihash,
      },
    });
  };
  const send = () => {
    // A second click comes before the button is seen to be disabled.
    if (sending.current) return;
    sending.current = true;
    setState({ kind: "sending", failure: null });
    const sent = { ...draft, number: draft.uncertain ? draft.number : number, uncertain: true };
    // Before it goes: the page may be gone when the answer comes.
    keep(name, sent);
    post(sent).then(
      ({ id }) => {
        forget(name);
        setAccepted(id);
      },
      (error: unknown) => {
        sending.current = false;
        const failure = failureOf(error);
        put({ ...sent, uncertain: leavesOpen(failure) });
        setState({ kind: "typing", failure });
        noteFailure(failure);
      },
    );
  };

  const outcome = useAsked(`follow-up ${accepted ?? ""}`, async (signal) =>
    accepted === null ? null : askJson<MessageRecord>(`messages/${accepted}`, { signal }),
  );
  const over = outcome.found?.status === "delivered" || outcome.found?.status === "failed";
  useLive((told) => {
    if (accepted !== null && !over && (told === null || told.message.id === accepted)) outcome.again();
  });
  useEffect(() => {
    if (accepted === null || over) return undefined;
    // A stream tells of it; that it does is not relied upon while somebody waits at a counter.
    const timer = setInterval(outcome.again, 2_000);
    return () => {
      clearInterval(timer);
    };
  }, [accepted, over]);

  const shown: FollowUpState =
    accepted === null
      ? { ...state, uncertain: draft.uncertain }
      : { kind: "accepted", id: accepted, record: outcome.found };
  return {
    said: draft as Said,
    /** Keeps what is typed. */
    type: (said: Said) => {
      put({ ...draft, ...said });
    },
    state: shown,
    send,
    /** Nothing is kept of what was left empty. */
    settled: () => {
      if (accepted === null && draft.reason === "" && draft.reference === "") forget(name);
    },
  };
}
