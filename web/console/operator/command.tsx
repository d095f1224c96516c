import { say } from "./say.ts";

/** The same on the command line, for whoever sits at one. */
export function Command({ line }: { readonly line: string }) {
  return (
    <p class="hint command">
      {say("command")} <code>{line}</code>
    </p>
  );
}
