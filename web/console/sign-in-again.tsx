import type { ApiFailure } from "../api/node-api.ts";
import { say } from "./say.ts";
import { keepPlace } from "./session.ts";
import { stepUpLink } from "./step-up.ts";

/** What was asked of the identity provider, and when, while one is away there. */
const ASKED = "icl-stepped-up";
/** So long after one left, what is refused again is refused of what came of it. */
const JUST_MS = 300_000;

/** Whether the provider was asked for this very sign-in a moment ago, and it did not help. */
function wasJustAsked(link: string): boolean {
  const [at = "", asked] = (sessionStorage.getItem(ASKED) ?? "").split(" ", 2);
  const maxAge = Number(new URLSearchParams(link.split("?")[1]).get("maxAge") ?? JUST_MS / 1000);
  return asked === link && Date.now() - Number(at) < Math.min(JUST_MS, maxAge * 1000);
}

/**
 * The way on from a sign-in that is too weak or too old for an act: to the identity provider, and back to this place.
 *
 * @param apart in another tab, where the page holds what would be lost with it
 * @param leave called before the page is left
 */
export function SignInAgain({
  failure,
  apart = false,
  leave,
}: {
  readonly failure: ApiFailure;
  readonly apart?: boolean;
  readonly leave?: (() => void) | undefined;
}) {
  const link = stepUpLink(failure);
  if (link === null) return failure.code === "assurance-too-low" ? <p>{say("step-up-none")}</p> : null;
  return (
    <>
      {wasJustAsked(link) && <p>{say("step-up-again")}</p>}
      <p>{say(apart ? "step-up-apart" : "step-up-text")}</p>
      <a
        class="button"
        href={link}
        {...(apart ? { target: "_blank", rel: "noopener" } : {})}
        onClick={() => {
          sessionStorage.setItem(ASKED, `${Date.now()} ${link}`);
          if (apart) return;
          keepPlace();
          leave?.();
        }}
      >
        {say(apart ? "step-up-new-tab" : "step-up")}
      </a>
    </>
  );
}
