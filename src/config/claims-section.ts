import { parseSubjectPattern, type SubjectPattern } from "../domain/subject-pattern.ts";
import { roles, type Role } from "../identity/caller.ts";
import type { ClaimRule, ClaimTest } from "../identity/claim-rule.ts";
import type { Section } from "./reader.ts";

const MOST_RULES = 50;
const MOST_SUBJECTS = 50;
const LONGEST_NAME = 200;

function isRole(value: string): value is Role {
  return (roles as readonly string[]).includes(value);
}

function readClaim(section: Section, name: string): string {
  return section.text(name, {
    matches: /^(?:[^/]|(?:\/(?:[^/~]|~[01])+)+$)/,
    write: `the name of a claim, or a JSON Pointer such as /realm_access/roles, of ${LONGEST_NAME} characters at most`,
  });
}

/** Reads what a claim must be: `claim`, and one of `equals` and `contains`. */
export function readClaimTest(section: Section): ClaimTest {
  const claim = readClaim(section, "claim");
  if (claim.length > LONGEST_NAME) section.mistake("claim", `has more than ${LONGEST_NAME} characters.`);
  const [equals, contains] = [section.raw("equals"), section.raw("contains")];
  const value = equals ?? contains;
  const scalar = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  if (!scalar || value === "" || (equals !== undefined && contains !== undefined)) {
    section.mistake("", "must say one of two; write equals: <value> or contains: <value>.");
  }
  return { claim, how: equals === undefined ? "contains" : "equals", value: scalar ? value : "" };
}

function readSubjects(section: Section): readonly SubjectPattern[] | null {
  if (!section.has("subjects")) return null;
  const texts = section.texts("subjects", '["chamber.com.au:*"]', []);
  const patterns = texts.flatMap((text) => parseSubjectPattern(text) ?? []);
  if (patterns.length !== texts.length || patterns.length === 0 || patterns.length > MOST_SUBJECTS) {
    section.mistake(
      "subjects",
      `must list 1 to ${MOST_SUBJECTS} subjects, each whole or with * at its end; write ["chamber.com.au:*"].`,
    );
  }
  return patterns;
}

function readRule(section: Section): ClaimRule {
  const test = readClaimTest(section);
  const names = section.texts("roles", "[messages:read]", []);
  const granted = names.filter(isRole);
  if (granted.length !== names.length || granted.length === 0) {
    section.mistake("roles", `must be a list out of ${roles.join(", ")}.`);
  }
  const rule = {
    ...{ test, roles: granted, subjects: readSubjects(section) },
    subjectsFrom: section.has("subjectsFrom") ? readClaim(section, "subjectsFrom") : null,
  };
  if (granted.includes("admin") && (rule.subjects !== null || rule.subjectsFrom !== null)) {
    section.mistake("roles", "cannot limit admin to subjects; give admin by a rule without subjects.");
  }
  section.end();
  return rule;
}

/** Reads `identity.issuers[].claims`. */
export function readClaimRules(issuer: Section): readonly ClaimRule[] {
  const sections = issuer.sections("claims", "a list with one section for each rule", true);
  if (sections.length > MOST_RULES) issuer.mistake("claims", `may have ${MOST_RULES} rules at most.`);
  return sections.map(readRule);
}
