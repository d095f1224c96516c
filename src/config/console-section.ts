import type { ConsoleConfig } from "../identity/console-config.ts";
import type { IssuerConfig } from "../identity/issuer-config.ts";
import type { Section } from "./reader.ts";
import type { SecretReader } from "./secret-reader.ts";

const MOST_SCOPES = 50;
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/;
const WORD = /^[\x21-\x7e]{1,500}$/;

function readScopes(section: Section): readonly string[] {
  const scopes = section.texts("scopes", "[openid, icl.read, icl.send]", ["openid"]);
  if (scopes.length > MOST_SCOPES || !scopes.every((scope) => SCOPE.test(scope))) {
    section.mistake("scopes", `must be a list of ${MOST_SCOPES} words at most; write [openid, <scope>].`);
  }
  if (!scopes.includes("openid")) section.mistake("scopes", "must have openid in it; write it first.");
  return scopes;
}

/** Reads the section `console`; nothing where people cannot sign in. */
export function readConsole(
  root: Section,
  secrets: SecretReader,
  issuers: readonly IssuerConfig[],
): { readonly console?: ConsoleConfig } {
  if (!root.has("console")) return {};
  const section = root.section("console");
  const issuer = section.text("issuer", { write: "the issuer of one of identity.issuers" });
  if (issuer !== "" && !issuers.some((known) => known.issuer === issuer)) {
    section.mistake(
      "issuer",
      "is none of identity.issuers, so its tokens would not be taken; write it there.",
    );
  }
  const word = (name: string, write: string) =>
    section.has(name) ? section.text(name, { matches: WORD, write }) : null;
  const read: ConsoleConfig = {
    issuer,
    clientId: section.text("clientId", { matches: WORD, write: "what the issuer calls this node" }),
    ...(section.has("clientSecret") ? { clientSecret: secrets.credential(section, "clientSecret") } : {}),
    scopes: readScopes(section),
    resource: word("resource", "the resource that tokens are asked for, such as https://icl.example"),
    audience: word("audience", "the audience that tokens are asked for"),
    idleMinutes: section.whole("idleMinutes", { from: 1, to: 1_440 }, 30),
    hours: section.whole("hours", { from: 1, to: 168 }, 12),
  };
  section.end();
  return { console: read };
}
