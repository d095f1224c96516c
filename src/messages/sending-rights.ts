import type { Effect } from "../domain/predicate.ts";
import { Problem } from "../domain/problems.ts";
import type { Role, UserCaller } from "../identity/caller.ts";

const roleFor: Readonly<Record<Effect, Role>> = {
  inform: "messages:write",
  issue: "messages:write",
  acquit: "certificates:acquit",
  revoke: "certificates:revoke",
};

/**
 * Demands that the caller may send, and so also withdraw, messages of an effect.
 *
 * @throws Problem `not-allowed`
 */
export function demandRole(caller: UserCaller, effect: Effect): void {
  const role = roleFor[effect];
  if (!caller.roles.has(role)) {
    throw new Problem(
      "not-allowed",
      `A message of this type needs the role ${role}: ask your administrator to grant it.`,
    );
  }
}

/**
 * Demands that the caller may send something: asked before a type is looked up, so that who may send nothing learns nothing
 * from the answer.
 *
 * @throws Problem `not-allowed`
 */
export function demandAnyRole(caller: UserCaller): void {
  if (Object.values(roleFor).some((role) => caller.roles.has(role))) return;
  throw new Problem(
    "not-allowed",
    "Sending needs the role messages:write: ask your administrator to grant it.",
  );
}
