import { randomBytes } from "node:crypto";

import { ChannelFailure, type Channel } from "../channels/channel.ts";
import { isDomain, type Domain } from "../domain/participant.ts";
import { Problem } from "../domain/problems.ts";
import type { NodeCaller } from "./caller.ts";

/** What a node says about itself and its request, in a token that is good for that one request (PROTOCOL §6). */
interface NodeClaims {
  /** The participant that asks. */
  readonly iss: string;
  /** The ledger account that signs. */
  readonly sub: string;
  /** The participant that is asked. */
  readonly aud: string;
  /** Id of the channel on which `sub` holds the node right of `iss`. */
  readonly channel: string;
  /** Of the request: upper case. */
  readonly method: string;
  /** Of the request: path and query. */
  readonly path: string;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
}

const SCHEME = "ICL";
const LIFETIME_SECONDS = 60;
const SKEW_SECONDS = 30;
const TOKEN_CHARACTERS = 8_192;
const TEXTS: Readonly<Record<Exclude<keyof NodeClaims, "iat" | "exp">, RegExp>> = {
  iss: /^.{1,253}$/,
  sub: /^[\x21-\x7e]{1,200}$/,
  aud: /^.{1,253}$/,
  channel: /^[\x21-\x7e]{1,200}$/,
  method: /^[A-Z]{1,10}$/,
  path: /^\/[\x21-\x7e]{0,2000}$/,
  jti: /^[\w-]{16,64}$/,
};
const BASE64URL = /^[\w-]+$/;
const CLAIM_NAMES = [...Object.keys(TEXTS), "iat", "exp"];

/** Records that a token was used; answers false when it had been used before. */
export type UseToken = (token: {
  /** The participant, or a name that no participant has for what else is good once. */
  readonly issuer: string;
  readonly jti: string;
  /** Milliseconds since 1970 after which the token is refused for its age anyhow. */
  readonly expiresAt: number;
}) => Promise<boolean>;

const invalid = (detail: string, cause?: unknown) => new Problem("token-invalid", detail, { cause });

/** What the account signs: the header up to the dot, so that the signature can mean nothing else. */
function signedPart(claims: string): Uint8Array {
  return new TextEncoder().encode(`${SCHEME} ${claims}`);
}

/**
 * Makes the Authorization header of one request to another participant's node.
 *
 * The account that signs is part of what is signed, and only the channel knows it. So the channel is asked twice: the
 * first signature tells the account and is thrown away.
 */
export class NodeTokenIssuer {
  readonly #participant: Domain;
  readonly #now: () => number;
  readonly #accounts = new WeakMap<Channel, string>();

  /**
   * @param participant that this node acts for
   * @param now milliseconds since 1970
   */
  constructor(participant: Domain, now: () => number = Date.now) {
    this.#participant = participant;
    this.#now = now;
  }

  /**
   * @param request `audience`: the participant asked; `method`: upper case; `path`: path and query exactly as they will
   *   be requested
   * @returns `ICL <claims>.<signature>`
   * @throws ChannelFailure where the channel cannot sign now
   */
  async authorize(
    channel: Channel,
    request: { readonly audience: Domain; readonly method: string; readonly path: string },
  ): Promise<string> {
    const iat = Math.floor(this.#now() / 1000);
    const claims: NodeClaims = {
      iss: this.#participant,
      sub: await this.#accountOf(channel),
      aud: request.audience,
      channel: channel.description.id,
      method: request.method,
      path: request.path,
      iat,
      exp: iat + LIFETIME_SECONDS,
      jti: randomBytes(18).toString("base64url"),
    };
    const encoded = Buffer.from(JSON.stringify(claims)).toString("base64url");
    const { signature } = await channel.signAsNode(signedPart(encoded));
    return `${SCHEME} ${encoded}.${Buffer.from(signature).toString("base64url")}`;
  }

  async #accountOf(channel: Channel): Promise<string> {
    const known = this.#accounts.get(channel);
    if (known !== undefined) return known;
    const { account } = await channel.signAsNode(signedPart("account"));
    this.#accounts.set(channel, account);
    return account;
  }
}

function parseClaims(encoded: string): NodeClaims {
  let claims: unknown;
  try {
    claims = JSON.parse(Buffer.from(encoded, "base64url").toString("utf8"));
  } catch (cause) {
    throw invalid("The node token's claims are not JSON in base64url.", cause);
  }
  if (typeof claims !== "object" || claims === null || Array.isArray(claims)) {
    throw invalid("The node token's claims are not a JSON object.");
  }
  const members = claims as Record<string, unknown>;
  const unknownName = Object.keys(members).some((name) => !CLAIM_NAMES.includes(name));
  if (unknownName) throw invalid(`A node token has exactly the claims ${CLAIM_NAMES.join(", ")}.`);
  for (const [name, form] of Object.entries(TEXTS)) {
    const value = members[name];
    if (typeof value !== "string" || !form.test(value))
      throw invalid(`The node token's claim ${name} is malformed.`);
  }
  for (const name of ["iat", "exp"]) {
    if (!Number.isSafeInteger(members[name]))
      throw invalid(`The node token's claim ${name} is no whole number.`);
  }
  return claims as NodeClaims;
}

/** Checks the tokens with which other participants' nodes identify themselves. */
export class NodeTokenVerifier {
  readonly #participant: Domain;
  readonly #channels: ReadonlyMap<string, Channel>;
  readonly #use: UseToken;
  readonly #now: () => number;

  /**
   * @param participant that this node acts for: the only audience it accepts
   * @param channels that this node takes part in, and whose ledgers it believes
   * @param use must remember what it saw through restarts and for all replicas
   * @param now milliseconds since 1970
   */
  constructor(
    participant: Domain,
    channels: readonly Channel[],
    use: UseToken,
    now: () => number = Date.now,
  ) {
    this.#participant = participant;
    this.#channels = new Map(channels.map((channel) => [channel.description.id, channel]));
    this.#use = use;
    this.#now = now;
  }

  /**
   * @param token what follows `ICL `
   * @param request `path`: path and query exactly as requested
   * @returns the node that asks
   * @throws Problem `token-invalid`, `token-expired`, `token-replayed`, or `unavailable` where the ledger cannot be asked
   */
  async verify(
    token: string,
    request: { readonly method: string; readonly path: string },
  ): Promise<NodeCaller> {
    const [encoded = "", signature = "", ...rest] = token.split(".");
    const wellFormed =
      token.length <= TOKEN_CHARACTERS && BASE64URL.test(encoded) && BASE64URL.test(signature);
    if (!wellFormed || rest.length > 0) {
      throw invalid("A node token is ICL <claims>.<signature>, both in base64url without padding.");
    }
    const claims = parseClaims(encoded);
    const { participant, channel } = this.#judge(claims, request);
    await this.#checkSignature(channel, participant, claims.sub, encoded, signature);
    const expiresAt = (claims.exp + SKEW_SECONDS) * 1000;
    if (!(await this.#use({ issuer: participant, jti: claims.jti, expiresAt }))) {
      throw new Problem("token-replayed", "A node token is good for one request: sign a new one.");
    }
    return { kind: "node", participant, account: claims.sub, channelId: channel.description.id };
  }

  /** Everything that can be judged without asking the ledger. */
  #judge(
    claims: NodeClaims,
    request: { readonly method: string; readonly path: string },
  ): { readonly participant: Domain; readonly channel: Channel } {
    if (!isDomain(claims.iss)) throw invalid("The node token's claim iss is no participant.");
    if (claims.aud !== this.#participant) throw invalid("The node token is meant for another participant.");
    if (claims.method !== request.method || claims.path !== request.path) {
      throw invalid("The node token is for another request: sign method, path and query as they are sent.");
    }
    const now = this.#now() / 1000;
    if (claims.exp <= claims.iat || claims.exp - claims.iat > LIFETIME_SECONDS) {
      throw invalid(`A node token lives ${LIFETIME_SECONDS} seconds at most.`);
    }
    if (claims.iat > now + SKEW_SECONDS) throw invalid("The node token is from the future: set your clock.");
    if (claims.exp + SKEW_SECONDS <= now) {
      throw new Problem("token-expired", "The node token has expired: sign a new one, and check your clock.");
    }
    const channel = this.#channels.get(claims.channel);
    if (channel === undefined)
      throw invalid("The node token names a channel that this node takes no part in at present.");
    return { participant: claims.iss, channel };
  }

  async #checkSignature(
    channel: Channel,
    participant: Domain,
    account: string,
    encoded: string,
    signature: string,
  ): Promise<void> {
    const signed = { account, signature: new Uint8Array(Buffer.from(signature, "base64url")) };
    let genuine: boolean;
    try {
      genuine = await channel.isNodeSignature(participant, signedPart(encoded), signed);
    } catch (error) {
      if (!(error instanceof ChannelFailure)) throw error;
      throw new Problem(
        "unavailable",
        "The ledger that knows your node cannot be asked now: try again in a moment.",
        {
          retryAfterSeconds: 5,
          cause: error,
        },
      );
    }
    if (!genuine) {
      throw invalid(
        "The node token is not signed by an account that holds this participant's node right now.",
      );
    }
  }
}
