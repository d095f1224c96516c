import type { Domain } from "../domain/participant.ts";
import { Problem } from "../domain/problems.ts";
import type { Authenticate } from "./authenticate.ts";
import type { Binding, BindingRule } from "./binding.ts";

/** What bindings are asked of. */
export interface BoundCallersOptions {
  readonly ruleOf: (channelId: string) => BindingRule;
  /** Whether a participant's domain names an account of a channel's ledger. */
  readonly bindingOf: (
    seat: { readonly channelId: string; readonly participant: Domain },
    account: string,
  ) => Promise<Binding>;
}

const PATIENCE_SECONDS = 60;

/**
 * Takes other participants' nodes, on channels that require it, only where the participant's own domain names the account or
 * key by which they are known: a channel that merely claims an agency gives nobody its documents (decision 0027).
 *
 * @returns what identifies callers; it throws `account-unbound`, or `unavailable` where it is not known yet, besides
 */
export function boundCallers(
  authenticate: Authenticate,
  { ruleOf, bindingOf }: BoundCallersOptions,
): Authenticate {
  return async (credentials) => {
    const caller = await authenticate(credentials);
    if (caller.kind !== "node" || ruleOf(caller.channelId) !== "required") return caller;
    const { participant, account, channelId } = caller;
    const { outcome } = await bindingOf({ channelId, participant }, account);
    if (outcome === "bound") return caller;
    if (outcome === "unbound") {
      throw new Problem(
        "account-unbound",
        `Your domain does not vouch for ${account}: name it in the DID document of did:web:${participant}.`,
      );
    }
    throw new Problem(
      "unavailable",
      "Whether your domain vouches for your account is not known yet: try again in a minute.",
      { retryAfterSeconds: PATIENCE_SECONDS },
    );
  };
}
