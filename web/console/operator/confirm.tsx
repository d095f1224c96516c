import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { ApiFailure } from "../../api/node-api.ts";
import { say } from "./say.ts";

interface Asked {
  readonly title: string;
  readonly children: ComponentChildren;
  /** What the button that does it says. */
  readonly act: string;
  readonly danger?: boolean;
  /** @throws ApiFailure, which is shown */
  readonly onConfirm: (form: FormData) => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before something is done, and says why it could not be. */
export function Confirm({ title, children, act, danger = false, onConfirm, onClose }: Asked) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const submit = async (form: HTMLFormElement) => {
    setBusy(true);
    setFailure(null);
    try {
      await onConfirm(new FormData(form));
      dialog.current?.close();
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      setFailure(error.status === 0 ? say("away") : error.message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <dialog
      ref={dialog}
      class="confirm card"
      aria-labelledby="confirm-title"
      onClose={onClose}
      onCancel={(event) => {
        // It would not stop what is under way, and nobody would learn what became of it.
        if (busy) event.preventDefault();
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit(event.currentTarget);
        }}
      >
        <h2 id="confirm-title">{title}</h2>
        {children}
        {failure !== null && (
          <p class="notice bad" role="alert">
            {failure}
          </p>
        )}
        <div class="row confirm-acts">
          <button type="submit" class={danger ? "danger" : "primary"} disabled={busy}>
            {act}
          </button>
          <button type="button" disabled={busy} onClick={() => dialog.current?.close()}>
            {say("cancel")}
          </button>
        </div>
      </form>
    </dialog>
  );
}
