import { useState } from "preact/hooks";

import { ask } from "../../api/node-api.ts";
import { Done } from "./done.tsx";
import { say } from "./say.ts";

/** What came of what the operator did last. */
export interface Outcome {
  /** What was done; empty for nothing. */
  readonly done: string;
  /** Why it was not; empty where nothing was refused. */
  readonly refused: string;
}

/**
 * Keeps what came of the operator's last act.
 *
 * @param again asks anew for what is shown
 * @returns besides, `told` to say that something was done, and `retry`, which has the node try again what is stuck
 */
export function useOutcome(again: () => void) {
  const [outcome, setOutcome] = useState<Outcome>({ done: "", refused: "" });
  const told = (done: string) => {
    setOutcome({ done, refused: "" });
    again();
  };
  /** @param id of what is stuck, and `what` it is, in words */
  const retry = async (id: string, what: string) => {
    setOutcome(({ done }) => ({ done, refused: "" }));
    try {
      await ask(`operations/stuck/${encodeURIComponent(id)}/retry`, { method: "POST" });
      told(say("retried", { what }));
    } catch (error) {
      setOutcome({ done: "", refused: error instanceof Error ? error.message : "" });
      again();
    }
  };
  return { outcome, told, retry };
}

/** Why something was not done, told to those who see it and to those who hear it. */
export function Refused({ text }: { readonly text: string }) {
  if (text === "") return null;
  return (
    <p class="notice bad" role="alert">
      {text}
    </p>
  );
}

/** What came of the last act. */
export function OutcomeLine({ outcome }: { readonly outcome: Outcome }) {
  return (
    <>
      <Done text={outcome.done} />
      <Refused text={outcome.refused} />
    </>
  );
}
