import { useEffect } from "preact/hooks";

import { LanguageMenu } from "../language/language-menu.tsx";
import { agencyViews } from "./agency/views.ts";
import "./console.css";
import { operatorViews } from "./operator/views.ts";
import { linkTo, route } from "./route.ts";
import { say } from "./say.ts";
import { may, openSession, session } from "./session.ts";
import { SessionEnded, SignedIn, SignIn } from "./sign-in.tsx";
import { unreachable } from "./unreachable.ts";

const RETRY_MS = 3_000;
const views = [...agencyViews, ...operatorViews];

/** Asks who is signed in, and goes on asking while the node does not say. */
function ask(): void {
  openSession().then(
    () => {
      unreachable.value = false;
    },
    () => {
      unreachable.value = true;
      setTimeout(ask, RETRY_MS);
    },
  );
}

/** The console: for whoever is signed in, the views that their roles let them use. */
export function Console() {
  useEffect(ask, []);
  return (
    <>
      <a class="skip button" href="#content">
        {say("skip")}
      </a>
      <header class="console-head row">
        <strong>{say("title")}</strong>
        <a href="verify">{say("verifier")}</a>
        <span class="console-user row">
          <SignedIn />
          <LanguageMenu label={say("language")} />
        </span>
      </header>
      {unreachable.value && (
        <p class="notice warn" role="alert">
          {say("unreachable")}
        </p>
      )}
      <SessionEnded />
      <Body />
    </>
  );
}

function Body() {
  if (session.value === undefined) return <main id="content">{say("loading")}</main>;
  if (session.value === null) return <SignIn />;
  const shown = views.filter(({ role }) => role === null || may(role));
  const [name = shown[0]?.name] = route.value.path;
  const view = shown.find((each) => each.name === name);
  return (
    <div class="console-body">
      <nav aria-label={say("navigation")} class="console-views">
        {shown.map((each) => (
          <a key={each.name} href={linkTo([each.name])} aria-current={each === view ? "page" : undefined}>
            {each.title()}
          </a>
        ))}
      </nav>
      <main id="content" tabIndex={-1}>
        {view === undefined ? <NoView hasRole={session.value.roles.length > 0} /> : <view.Page />}
      </main>
    </div>
  );
}

function NoView({ hasRole }: { readonly hasRole: boolean }) {
  return (
    <>
      <h1>{say("title")}</h1>
      <p>{say(hasRole ? "no-view" : "no-role")}</p>
    </>
  );
}
