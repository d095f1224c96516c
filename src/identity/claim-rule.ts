import type { JWTPayload } from "jose";

import { parseSubjectPattern, type SubjectPattern } from "../domain/subject-pattern.ts";
import type { Role } from "./caller.ts";

/** What a claim of a token must be: exactly a value, or one of several words or list items. */
export interface ClaimTest {
  /** Name of a claim; where it begins with `/`, a JSON Pointer (RFC 6901) into the token's claims. */
  readonly claim: string;
  readonly how: "equals" | "contains";
  readonly value: string | number | boolean;
}

/** What whoever has a claim may do, and about which subjects. */
export interface ClaimRule {
  readonly test: ClaimTest;
  readonly roles: readonly Role[];
  /** The subjects that the roles are for; null for every subject. */
  readonly subjects: readonly SubjectPattern[] | null;
  /** A claim, named as in a test, that lists the subjects which the roles are for; null where none does. */
  readonly subjectsFrom: string | null;
}

/** Roles, and the subjects that each is limited to; one that is for every subject has no entry in `subjects`. */
export interface Grants {
  readonly roles: ReadonlySet<Role>;
  readonly subjects: ReadonlyMap<Role, readonly SubjectPattern[]>;
}

/** Patterns that a token may bring; one that brings more is given nothing for them. */
const MOST_PATTERNS = 50;

/** A member of a token's claims; only members of its own, never those that every object has. */
export function claimAt(payload: JWTPayload, name: string): unknown {
  const steps = name.startsWith("/")
    ? name
        .slice(1)
        .split("/")
        .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    : [name];
  let value: unknown = payload;
  for (const step of steps) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}

/** The words of a claim: those of a text between its spaces, or the texts of a list. */
export function wordsOf(claim: unknown): readonly string[] {
  if (typeof claim === "string") return claim.split(" ").filter((word) => word !== "");
  return Array.isArray(claim) ? claim.filter((item) => typeof item === "string") : [];
}

/** Whether a token's claims are as a test asks. */
export function passes(payload: JWTPayload, { claim, how, value }: ClaimTest): boolean {
  const found = claimAt(payload, claim);
  if (how === "equals") return found === value;
  if (typeof value === "string") return wordsOf(found).includes(value);
  return Array.isArray(found) && found.includes(value);
}

/**
 * What a token's claims give by some rules. Of two rules that give one role, the role is for the subjects of both; a rule
 * without subjects gives it for every subject.
 *
 * @param unlimited roles that the token has anyhow, for every subject
 */
export function grantsOf(
  payload: JWTPayload,
  rules: readonly ClaimRule[],
  unlimited: readonly Role[],
): Grants {
  const everywhere = new Set<Role>(unlimited);
  const limited = new Map<Role, Set<SubjectPattern>>();
  for (const rule of rules) {
    if (!passes(payload, rule.test)) continue;
    const subjects = subjectsOf(payload, rule);
    for (const role of rule.roles) {
      if (subjects === null) everywhere.add(role);
      else limited.set(role, new Set([...(limited.get(role) ?? []), ...subjects]));
    }
  }
  const kept = [...limited].filter(([role, patterns]) => !everywhere.has(role) && patterns.size > 0);
  return {
    roles: new Set([...everywhere, ...kept.map(([role]) => role)]),
    subjects: new Map(kept.map(([role, patterns]) => [role, [...patterns]])),
  };
}

function subjectsOf(payload: JWTPayload, rule: ClaimRule): readonly SubjectPattern[] | null {
  if (rule.subjectsFrom === null) return rule.subjects;
  const words = wordsOf(claimAt(payload, rule.subjectsFrom));
  if (words.length > MOST_PATTERNS) return [];
  return [...(rule.subjects ?? []), ...words.flatMap((word) => parseSubjectPattern(word) ?? [])];
}
