import type { AssuranceConfig, AssuranceDemand } from "../identity/assurance.ts";
import type { IssuerConfig } from "../identity/issuer-config.ts";
import type { Section } from "./reader.ts";

const MOST_LEVELS = 10;
const MOST_DEMANDS = 100;
const LONGEST_AGE = 31_536_000;

function readDemand(section: Section, levels: readonly string[]): AssuranceDemand {
  const type = section.text("type", {
    matches: /^[\x21-\x29\x2b-\x7e]{0,200}\*?$/,
    write: "a message type, or how some begin with * at the end, such as UN.CEFACT.*",
  });
  const level = section.text("level", { write: "one of the levels" });
  if (level !== "" && !levels.includes(level)) section.mistake("level", "is none of the levels.");
  const maxAgeSeconds = section.has("maxAgeSeconds")
    ? section.whole("maxAgeSeconds", { from: 1, to: LONGEST_AGE })
    : null;
  section.end();
  return { type, level, maxAgeSeconds };
}

/** Reads `identity.assurance`; undefined where nothing is demanded. */
export function readAssurance(
  identity: Section,
  issuers: readonly IssuerConfig[],
): AssuranceConfig | undefined {
  const named = issuers.some(({ levels, systemLevel }) => levels !== undefined || systemLevel !== undefined);
  if (!identity.has("assurance")) {
    if (named) identity.mistake("assurance", "is missing; write the levels that the issuers' levels name.");
    return undefined;
  }
  const section = identity.section("assurance");
  const levels = section.texts("levels", "[low, substantial, high]", []);
  if (levels.length === 0 || levels.length > MOST_LEVELS || new Set(levels).size !== levels.length) {
    section.mistake("levels", `must list 1 to ${MOST_LEVELS} different names, the lowest level first.`);
  }
  const sections = section.sections("demands", "a list with one section for each demand");
  if (sections.length > MOST_DEMANDS) section.mistake("demands", `may be ${MOST_DEMANDS} at most.`);
  const demands = sections.map((each) => readDemand(each, levels));
  for (const issuer of issuers) {
    const names = [...Object.values(issuer.levels ?? {}), issuer.systemLevel ?? levels[0]];
    if (names.some((name) => name !== undefined && !levels.includes(name))) {
      section.mistake("levels", "lacks a level that an issuer's levels or systemLevel name.");
    }
  }
  section.end();
  return { levels, demands };
}
