import { isWithin } from "../domain/subject-pattern.ts";
import type { Effect } from "../domain/predicate.ts";
import { Problem } from "../domain/problems.ts";
import { subjectsOf, type Role, type UserCaller } from "../identity/caller.ts";

/** The role by which messages of an effect are sent. */
export const roleFor: Readonly<Record<Effect, Role>> = {
  inform: "messages:write",
  issue: "messages:write",
  acquit: "certificates:acquit",
  revoke: "certificates:revoke",
};

const sendingRoles: readonly Role[] = [...new Set(Object.values(roleFor))];

/**
 * Demands that the caller may send, and so also withdraw, messages of an effect about a subject.
 *
 * @throws Problem `not-allowed`
 */
export function demandRole(caller: UserCaller, effect: Effect, subject: string): void {
  const role = roleFor[effect];
  if (!caller.roles.has(role)) {
    throw new Problem(
      "not-allowed",
      `A message of this type needs the role ${role}: ask your administrator to grant it.`,
    );
  }
  if (!isWithin(subject, subjectsOf(caller, role))) throw elsewhere(role);
}

/**
 * Demands that the caller may send something, whatever it is: asked before anything is looked up, so that who may send nothing
 * learns nothing from the answer.
 *
 * @throws Problem `not-allowed`
 */
export function demandSender(caller: UserCaller): void {
  if (sendingRoles.some((role) => caller.roles.has(role))) return;
  throw new Problem(
    "not-allowed",
    "Sending needs the role messages:write: ask your administrator to grant it.",
  );
}

/**
 * Demands that the caller may send something about a subject: asked before anything is looked up.
 *
 * @throws Problem `not-allowed`
 */
export function demandAnyRole(caller: UserCaller, subject: string): void {
  demandSender(caller);
  if (!isWithin(subject, subjectsOf(caller, ...sendingRoles))) throw elsewhere("messages:write");
}

function elsewhere(role: Role): Problem {
  return new Problem(
    "not-allowed",
    `Your role ${role} is for other subjects than this one: ask your administrator to grant it.`,
  );
}

/**
 * Whether a user may know of a message: who is limited to subjects knows of none about another, whatever the role.
 *
 * @param roles of which one must be for the subject
 */
export function maySee(caller: UserCaller, subject: string, roles: readonly Role[]): boolean {
  return isWithin(subject, subjectsOf(caller, ...roles));
}

/** The roles by which a message is known to whoever would withdraw it, or has just posted it. */
export const knowingRoles: readonly Role[] = ["messages:read", ...sendingRoles];
