import { useEffect, useState } from "preact/hooks";

import { route } from "./route.ts";
import { say } from "./say.ts";
import { configured, ended, keepPlace, openSession, session, signOut } from "./session.ts";
import { unreachable } from "./unreachable.ts";

/** What is said of a sign-in that failed; its code stands in the address that the node led to. */
function failure(): string | null {
  if (!configured.value) return say("sign-in-not-configured");
  const [place, code = ""] = route.value.path;
  if (place !== "sign-in") return null;
  if (code === "sign-in-not-configured") return say("sign-in-not-configured");
  return code === "unavailable" ? say("sign-in-away") : say("sign-in-failed");
}

/** The page for whoever is not signed in. */
export function SignIn() {
  const wrong = failure();
  return (
    <main id="content" class="card console-sign-in">
      <h1>{say("title")}</h1>
      {wrong !== null && (
        <p class="notice warn" role="alert">
          {wrong}
        </p>
      )}
      <p>{say("sign-in-text")}</p>
      {configured.value && (
        <a class="button primary" href="console/sign-in" onClick={keepPlace}>
          {say("sign-in")}
        </a>
      )}
    </main>
  );
}

/** Who is signed in, and the way out. */
export function SignedIn() {
  const [leaving, setLeaving] = useState(false);
  const known = session.value;
  if (known === null || known === undefined) return null;
  const leave = async () => {
    setLeaving(true);
    try {
      await signOut();
    } catch {
      unreachable.value = true;
    } finally {
      setLeaving(false);
    }
  };
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        void leave();
      }}
    >
      <span>{say("signed-in-as", { user: known.name ?? known.user, participant: known.participant })}</span>
      <button type="submit" disabled={leaving}>
        {say("sign-out")}
      </button>
    </form>
  );
}

function again(): void {
  openSession().catch(() => {
    unreachable.value = true;
  });
}

/** Says that the session has ended, above what was typed, and goes on by itself once there is one again. */
export function SessionEnded() {
  useEffect(() => {
    // Whoever comes back to the page learns at once how it stands with the session.
    const onFocus = () => {
      if (session.value !== null && session.value !== undefined) again();
    };
    addEventListener("focus", onFocus);
    return () => {
      removeEventListener("focus", onFocus);
    };
  }, []);
  if (!ended.value) return null;
  return (
    <div class="notice warn" role="alert">
      <p>{say("session-ended")}</p>
      <div class="row">
        <a class="button" href="console/sign-in" target="_blank" rel="noopener">
          {say("sign-in-again")}
        </a>
        <button type="button" onClick={again}>
          {say("signed-in-again")}
        </button>
      </div>
    </div>
  );
}
