import type { Ref } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { LanguageMenu } from "../language/language-menu.tsx";
import { agencyViews } from "./agency/views.ts";
import "./console.css";
import { operatorViews } from "./operator/views.ts";
import { linkTo, route } from "./route.ts";
import { say } from "./say.ts";
import { may, openSession, session } from "./session.ts";
import { SessionEnded, SignedIn, SignIn } from "./sign-in.tsx";
import { useTitle } from "./title.ts";
import { unreachable } from "./unreachable.ts";

const RETRY_MS = 3_000;
const views = [...agencyViews, ...operatorViews];

/** Asks who is signed in; and whoever noticed that the node does not answer, goes on asking until it does. */
function useNode(): void {
  const away = unreachable.value;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const ask = () => {
      openSession().then(
        () => {
          unreachable.value = false;
        },
        () => {
          unreachable.value = true;
          if (!isOver) timer = setTimeout(ask, RETRY_MS);
        },
      );
    };
    if (away) timer = setTimeout(ask, RETRY_MS);
    else if (session.value === undefined) ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [away]);
}

/** The console: for whoever is signed in, the views that their roles let them use. */
export function Console() {
  useNode();
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
  return <Views roles={session.value.roles} />;
}

/** Leads whoever goes to another place to where it begins, as a page that is loaded anew would. */
function useArrival(place: string): Ref<HTMLElement> {
  const main = useRef<HTMLElement>(null);
  const before = useRef(place);
  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    main.current?.focus();
  }, [place]);
  return main;
}

function Views({ roles }: { readonly roles: readonly string[] }) {
  const shown = views.filter(({ role }) => role === null || may(role));
  const [name = shown[0]?.name] = route.value.path;
  const view = shown.find((each) => each.name === name);
  const main = useArrival([name, ...route.value.path.slice(1)].join("/"));
  useTitle(view?.title() ?? say("navigation"));
  return (
    <div class="console-body">
      <nav aria-label={say("navigation")} class="console-views">
        {shown.map((each) => (
          <a key={each.name} href={linkTo([each.name])} aria-current={each === view ? "page" : undefined}>
            {each.title()}
          </a>
        ))}
      </nav>
      <main id="content" tabIndex={-1} ref={main} aria-label={view?.title()}>
        {view === undefined ? <NoView hasRole={roles.length > 0} /> : <view.Page />}
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
