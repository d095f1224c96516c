import type { Config } from "../config.ts";
import { authenticator, type Authenticate, type IdentifySession } from "../identity/authenticate.ts";
import type { BearerTokens } from "../identity/bearer-token.ts";
import type { NodeCertificates } from "../identity/node-certificate.ts";
import { NodeTokenVerifier } from "../identity/node-token.ts";
import { usedTokens } from "../identity/used-token-repository.ts";
import type { Store } from "../store/store.ts";
import type { NodeChannels } from "./node-channels.ts";

/**
 * How a node tells who makes a request. Channels come to be open while it runs, so other nodes' tokens are checked against
 * those open at the time.
 */
export function nodeCallers(
  { participant }: Pick<Config, "participant">,
  options: {
    readonly bearerTokens: BearerTokens;
    /** Undefined where nobody can sign in at the console. */
    readonly identifySession: IdentifySession | undefined;
    readonly store: Store;
    readonly channels: NodeChannels;
    readonly certificates: NodeCertificates | undefined;
    readonly now: () => number;
  },
): Authenticate {
  const { bearerTokens, identifySession, store, channels, certificates, now } = options;
  const use = usedTokens(store.db, now);
  return (credentials) => {
    const nodeTokens = new NodeTokenVerifier(participant, channels.believed, use, now);
    return authenticator(bearerTokens, nodeTokens, certificates, identifySession)(credentials);
  };
}
