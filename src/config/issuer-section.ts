import ipaddr from "ipaddr.js";

import { roles, type Role } from "../identity/caller.ts";
import { tokenAlgorithms, type IssuerConfig, type TokenAlgorithm } from "../identity/issuer-config.ts";
import { readClaimRules, readClaimTest } from "./claims-section.ts";
import { isTree, type Section } from "./reader.ts";

const MOST_ACR = 50;
const DEFAULT_ALGORITHMS: readonly TokenAlgorithm[] = ["ES256", "PS256", "RS256", "EdDSA"];

/** Whether a host is this machine, where no national issuer lives. */
function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (host === "localhost" || host.endsWith(".localhost")) return true;
  return ipaddr.isValid(host) && ["loopback", "unspecified"].includes(ipaddr.process(host).range());
}

function readUrl(section: Section, name: string, text: string, production: boolean): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "") {
    section.mistake(name, "is no URL; write for instance https://id.gov.au.");
  } else if (production && (url.protocol !== "https:" || isLoopback(url.hostname))) {
    section.mistake(
      name,
      "must be https, and not on this machine, in production; write your national issuer's.",
    );
  }
  return text;
}

function readAlgorithms(section: Section): readonly TokenAlgorithm[] {
  const names = section.texts("algorithms", "[ES256]", DEFAULT_ALGORITHMS);
  const known = names.filter((name): name is TokenAlgorithm =>
    (tokenAlgorithms as readonly string[]).includes(name),
  );
  if (known.length !== names.length || names.length === 0) {
    section.mistake(
      "algorithms",
      `may name ${tokenAlgorithms.join(", ")} only; write those your issuer signs with.`,
    );
  }
  return known;
}

function isRole(value: unknown): value is Role {
  return (roles as readonly unknown[]).includes(value);
}

/** @param byClaims whether other claims give roles, so that a scope that nobody spoke of is not to give any */
function readRoles(section: Section, byClaims: boolean): IssuerConfig["roles"] {
  const value = section.raw("roles");
  if (value === undefined) {
    return byClaims ? {} : Object.fromEntries(roles.map((role) => [role, [role]]));
  }
  const entries: [string, Role[]][] = [];
  for (const [scope, granted] of Object.entries(isTree(value) ? value : {})) {
    if (Array.isArray(granted) && granted.length > 0 && granted.every(isRole)) entries.push([scope, granted]);
  }
  if (!isTree(value) || entries.length !== Object.keys(value).length || entries.length === 0) {
    section.mistake(
      "roles",
      `must map each scope to a list out of ${roles.join(", ")}; write {<scope>: [<role>]}.`,
    );
  }
  return Object.fromEntries(entries);
}

function readLevels(section: Section): Readonly<Record<string, string>> | undefined {
  if (!section.has("levels")) return undefined;
  const value = section.raw("levels");
  const entries = Object.entries(isTree(value) ? value : {});
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  if (entries.length === 0 || texts.length !== entries.length || entries.length > MOST_ACR) {
    section.mistake("levels", `must map 1 to ${MOST_ACR} acr to levels; write {<acr>: <level>}.`);
  }
  return Object.fromEntries(texts);
}

function readSystems(section: Section): Pick<IssuerConfig, "systems" | "systemLevel"> {
  const systems = section.has("systems") ? section.section("systems") : null;
  const test = systems === null ? null : readClaimTest(systems);
  systems?.end();
  return {
    ...(test === null ? {} : { systems: test }),
    ...(section.has("systemLevel")
      ? { systemLevel: section.text("systemLevel", { write: "one of identity.assurance.levels" }) }
      : {}),
  };
}

/** Reads one section of `identity.issuers`. */
export function readIssuer(section: Section, production: boolean): IssuerConfig {
  const issuer = section.text("issuer", { write: "the iss of its tokens, such as https://id.gov.au" });
  const development = section.flag("development", false);
  if (production && development) {
    section.mistake(
      "development",
      "issues tokens to anybody; take this issuer out, or write mode: development.",
    );
  }
  const claims = readClaimRules(section);
  const levels = readLevels(section);
  const config: IssuerConfig = {
    issuer: issuer === "" ? "" : readUrl(section, "issuer", issuer, production),
    audience: section.text("audience", { write: "the aud by which its tokens name this node" }),
    jwksUri: section.has("jwksUri")
      ? readUrl(section, "jwksUri", section.text("jwksUri", { write: "the URL of its keys" }), production)
      : null,
    algorithms: readAlgorithms(section),
    roles: readRoles(section, claims.length > 0),
    ...(claims.length === 0 ? {} : { claims }),
    ...readSystems(section),
    ...(section.has("tokenType") ? { tokenType: section.choice("tokenType", ["at+jwt", "any"]) } : {}),
    ...(levels === undefined ? {} : { levels }),
    development,
  };
  section.end();
  return config;
}
