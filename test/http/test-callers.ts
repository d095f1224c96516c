import { parseDomain } from "../../src/domain/participant.ts";
import { Problem } from "../../src/domain/problems.ts";
import type { Authenticate } from "../../src/identity/authenticate.ts";
import type { Caller, Role } from "../../src/identity/caller.ts";

/** The participant whose node is tested. */
export const home = parseDomain("homeaffairs.gov.au");

/** A user of this node's own participant. */
export function user(subject: string, ...roles: readonly Role[]): Caller {
  return { kind: "user", issuer: "https://id.gov.au", subject, participant: home, roles: new Set(roles) };
}

/** Another participant's node, as known on a channel. */
export function node(participant: string, channelId = "c"): Caller {
  return { kind: "node", participant: parseDomain(participant), account: "0x01", channelId };
}

/** Takes `Bearer <name>` for the caller of that name; how a caller is identified for real is tested elsewhere. */
export function authenticateAs(callers: Readonly<Record<string, Caller>>): Authenticate {
  return ({ authorization }) => {
    const name = authorization?.replace(/^Bearer /, "");
    const caller = name !== undefined && Object.hasOwn(callers, name) ? callers[name] : undefined;
    if (caller === undefined) throw new Problem("token-missing", "Send a token.");
    return Promise.resolve(caller);
  };
}
