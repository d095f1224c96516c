import { ask } from "../../api/node-api.ts";
import { Command } from "./command.tsx";
import { Confirm } from "./confirm.tsx";
import { say } from "./say.ts";

interface Replay {
  /** The subscription's id. */
  readonly id: string;
  /** The last event that it has dealt with, where that is known. */
  readonly position: number | null;
  readonly onClose: () => void;
  readonly onDone: (text: string) => void;
}

/** Asks from which event on a subscriber is told once more. */
export function ReplayDialog({ id, position, onClose, onDone }: Replay) {
  return (
    <Confirm
      title={say("replay-title")}
      act={say("replay")}
      onClose={onClose}
      onConfirm={async (form) => {
        const after = Number(form.get("after"));
        await ask(`subscriptions/${encodeURIComponent(id)}/replay`, { method: "POST", json: { after } });
        onDone(say("replayed", { after }));
      }}
    >
      <p>{say("replay-text")}</p>
      <label>
        {say("after")}
        <input name="after" type="number" min={0} max={position ?? undefined} step={1} required value={0} />
      </label>
      <p class="hint">{position === null ? say("after-hint") : say("after-hint-position", { position })}</p>
      <Command line={`icl replay ${id} --after 0`} />
    </Confirm>
  );
}
