import { useId, useState } from "preact/hooks";

import { say } from "./say.ts";

interface FileChoiceProps {
  readonly label: string;
  readonly hint: string;
  /** Media types that the browser's window offers first. */
  readonly accept?: string;
  readonly chosen: (file: File) => Promise<void>;
}

/** A field for one file, which stays in this browser. */
export function FileChoice({ label, hint, accept, chosen }: FileChoiceProps) {
  const id = useId();
  const [reading, setReading] = useState(false);
  return (
    <div class="verify-file">
      <label for={id}>{label}</label>
      {hint !== "" && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
      <input
        id={id}
        type="file"
        accept={accept}
        aria-describedby={hint === "" ? undefined : `${id}-hint`}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file === undefined) return;
          setReading(true);
          void chosen(file).finally(() => {
            setReading(false);
            currentTarget.value = "";
          });
        }}
      />
      <p role="status" class="hint">
        {reading ? say("file-reading") : ""}
      </p>
    </div>
  );
}
