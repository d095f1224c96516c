import type { Request, Response } from "express";

import { Problem } from "../domain/problems.ts";
import type { Caller, Role, UserCaller } from "../identity/caller.ts";

const CALLER = Symbol("caller");

/** Remembers who made the request that `response` answers; called by the authentication middleware alone. */
export function rememberCaller(response: Response, caller: Caller): void {
  Object.defineProperty(response.locals, CALLER, { value: caller });
}

/** Who makes the request; null where nobody was identified. */
export function knownCaller(response: Response): Caller | null {
  return (response.locals as { [CALLER]?: Caller })[CALLER] ?? null;
}

/**
 * Who makes the request.
 *
 * @returns the caller that authentication established
 * @throws Problem `token-missing` where no authentication took place, so that a route outside it is closed, not open
 */
export function callerOf(response: Response): Caller {
  const caller = knownCaller(response);
  if (caller === null) {
    throw new Problem(
      "token-missing",
      "Send a token: Authorization: Bearer <token of your identity provider>.",
    );
  }
  return caller;
}

/**
 * Demands that the request is made by a user of this node's own participant, and with a role.
 *
 * @param role what the user must be allowed to do; left out where any user will do
 * @throws Problem `token-missing`, or `not-allowed` for another participant's node or a user without the role
 */
export function requireUser(response: Response, role?: Role): UserCaller {
  const caller = callerOf(response);
  if (caller.kind !== "user") {
    throw new Problem("not-allowed", "This call is for this participant's own users, not for other nodes.");
  }
  if (role !== undefined && !caller.roles.has(role)) {
    throw new Problem("not-allowed", `This call needs the role ${role}: ask your administrator to grant it.`);
  }
  return caller;
}

/** The id under which a request is logged; also sent back as X-Request-Id. */
export function requestIdOf(request: Request): string {
  const id: unknown = request.res?.getHeader("x-request-id");
  return typeof id === "string" ? id : "unknown";
}
