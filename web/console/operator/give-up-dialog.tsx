import { ask } from "../../api/node-api.ts";
import type { Stuck } from "./answers.ts";
import { Command } from "./command.tsx";
import { Confirm } from "./confirm.tsx";
import { say, sayOf } from "./say.ts";

interface GivingUp {
  readonly item: Stuck;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks for the reason why something that is stuck is given up, and does so. */
export function GiveUpDialog({ item, onClose, onDone }: GivingUp) {
  return (
    <Confirm
      title={say("give-up-title", { what: sayOf("kind", item.kind) })}
      act={say("give-up")}
      danger
      onClose={onClose}
      onConfirm={async (form) => {
        const reason = form.get("reason");
        const json = { reason: typeof reason === "string" ? reason : "" };
        await ask(`operations/stuck/${encodeURIComponent(item.id)}/give-up`, { method: "POST", json });
        onDone();
      }}
    >
      <p>{item.kind === "fetch" ? say("give-up-fetch") : say("give-up-message")}</p>
      <p>
        <code>{item.id}</code>
      </p>
      <label>
        {say("reason")}
        <textarea name="reason" required maxLength={500} rows={3} />
      </label>
      <p class="hint">{say("reason-hint")}</p>
      <Command line={`icl give-up ${item.id} --reason "…"`} />
    </Confirm>
  );
}
