import { useEffect, useRef } from "preact/hooks";

import { moment } from "../../language/language.ts";
import { live } from "./live.ts";
import { say } from "./say.ts";
import { clock } from "./say-moment.ts";

/** Whether what is shown follows the node; on paper, which follows nothing, of when it is. */
export function LiveSign() {
  const { on, since } = live.value;
  const printed = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    // Written at once: what is drawn later is not on the paper any more.
    const date = () => {
      const at = live.value.on ? Date.now() : live.value.since;
      printed.current?.replaceChildren(say("as-of", { time: moment(new Date(at).toISOString()) }));
    };
    window.addEventListener("beforeprint", date);
    return () => {
      window.removeEventListener("beforeprint", date);
    };
  }, []);
  return (
    <>
      <span class={`badge no-print ${on ? "good" : "warn"}`} role="status">
        {on ? say("live") : say("not-live", { time: clock(since) })}
      </span>
      <span class="print-only" ref={printed} />
    </>
  );
}
