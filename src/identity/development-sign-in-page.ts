import { createHash } from "node:crypto";

import { roles } from "./caller.ts";
import type { DevelopmentClient } from "./development-sign-in.ts";

const STYLE = [
  ":root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}",
  "body{max-width:34rem;margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}",
  "input:not([type]){max-width:100%}button{font:inherit;padding:.5rem 1rem;margin:.25rem 0}",
  "fieldset{margin:1rem 0}label{display:block}",
  "strong{color:light-dark(#a11212,#ff9c9c)}",
].join("");
const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * The page on which anybody becomes anybody, for development.
 *
 * @param query of the authorization request, which the form sends on
 */
export function developmentSignInPage(
  client: DevelopmentClient,
  query: URLSearchParams,
): { readonly headers: Readonly<Record<string, string>>; readonly html: string } {
  const action = escaped(`/authorize?${query.toString()}`);
  const people = client.people.map(
    ({ subject, name, roles: granted }) =>
      `<li><button name="person" value="${escaped(subject)}">${escaped(name)}</button> ${granted.length} roles</li>`,
  );
  const choices = roles.map(
    (role) => `<label><input type="checkbox" name="role" value="${role}"> ${role}</label>`,
  );
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in for development</title><style>${STYLE}</style></head><body><main>
<h1>Sign in to ${escaped(client.title)}</h1>
<p><strong>FOR DEVELOPMENT ONLY.</strong> Anybody on this machine can be anybody here. No password is asked for.</p>
<form method="post" action="${action}"><h2>As one of these</h2><ul>${people.join("")}</ul></form>
<form method="post" action="${action}"><h2>As somebody else</h2>
<label>Name <input name="name" required maxlength="100" autocomplete="off"></label>
<fieldset><legend>Roles</legend>${choices.join("")}</fieldset>
<button>Sign in</button></form>
</main></body></html>
`;
  return {
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy": `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self' ${new URL(client.redirectUri).origin}; frame-ancestors 'none'; base-uri 'none'`,
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    },
    html,
  };
}
