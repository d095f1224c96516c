import { live } from "./live.ts";
import { say } from "./say.ts";
import { clock } from "./say-moment.ts";

/** Whether what is shown follows the node. */
export function LiveSign() {
  const { on, since } = live.value;
  return (
    <span class={`badge ${on ? "good" : "warn"}`} role="status">
      {on ? say("live") : say("not-live", { time: clock(since) })}
    </span>
  );
}
