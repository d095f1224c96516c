import * as openid from "openid-client";

import { Problem } from "../domain/problems.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import type { ConsoleConfig } from "./console-config.ts";
import type { SignInAttempt } from "./session-secret.ts";

const TIMEOUT_SECONDS = 5;
const KEEP_MS = 10 * 60_000;
const RETRY_SECONDS = 5;
const NAME_CHARACTERS = 100;

/** What an issuer gave for a sign-in, or for the one before. */
export interface IssuedTokens {
  readonly access: string;
  /** Null where the issuer gives none: the session ends with the access token. */
  readonly refresh: string | null;
  /** How the person is called; null where the issuer does not say. */
  readonly name: string | null;
}

/** With which authentication somebody is to come back (RFC 9470). */
export interface StepUp {
  /** Values of `acr`, with spaces between; null for any. */
  readonly acr: string | null;
  /** Seconds since the authentication; null for any. */
  readonly maxAge: number | null;
}

/** The issuer says that what a session goes on by is no longer good. */
export class RefreshRefused extends Error {
  constructor(cause: unknown) {
    super("The issuer gives this session no further token.", { cause });
    this.name = "RefreshRefused";
  }
}

function failed(cause?: unknown): Problem {
  return new Problem("sign-in-failed", "The sign-in did not come to its end: begin again on the console.", {
    cause,
  });
}

function away(cause: unknown): Problem {
  return new Problem("unavailable", "The identity provider cannot be asked now: try again in a moment.", {
    retryAfterSeconds: RETRY_SECONDS,
    cause,
  });
}

/** What an issuer answers when it is asked too much, or too slowly: nothing about what it was asked for. */
const NOT_NOW: ReadonlySet<number> = new Set([408, 429]);
/** By which some issuers refuse a token without saying so as OAuth has it. */
const REFUSALS: ReadonlySet<number> = new Set([400, 401]);

/** Whether an error means "not now", as against "not this". */
function isAway(error: unknown): boolean {
  if (error instanceof openid.ResponseBodyError) return error.status >= 500 || NOT_NOW.has(error.status);
  if (error instanceof openid.AuthorizationResponseError) return false;
  if (error instanceof openid.ClientError) {
    // What is no answer of an issuer comes from something before it, and says nothing in its name.
    if (error.cause instanceof Response) return !REFUSALS.has(error.cause.status);
    return error.code === undefined || error.code === "OAUTH_TIMEOUT";
  }
  return true;
}

/** How the client shows its secret: in the one of two ways that the issuer says it takes. */
function authenticatedBy(secret: string | null): openid.ClientAuth {
  if (secret === null) return openid.None();
  const [post, basic] = [openid.ClientSecretPost(secret), openid.ClientSecretBasic(secret)];
  return (server, client, body, headers) => {
    const takesPost = server.token_endpoint_auth_methods_supported?.includes("client_secret_post") === true;
    (takesPost ? post : basic)(server, client, body, headers);
  };
}

function nameIn(claims: openid.IDToken | undefined): string | null {
  for (const claim of [claims?.name, claims?.preferred_username]) {
    if (typeof claim === "string" && claim.trim() !== "") return claim.trim().slice(0, NAME_CHARACTERS);
  }
  return null;
}

/** An OpenID Connect issuer as the console's own: authorization code flow with PKCE, and what comes after it. */
export class ConsoleIssuer {
  readonly #config: ConsoleConfig;
  readonly #options: {
    readonly redirectUri: string;
    /** Where the issuer sends people who have signed out. */
    readonly afterSignOut: string;
    readonly secret: string | null;
    readonly allowHttp: boolean;
  };
  #known: { readonly configuration: Promise<openid.Configuration>; readonly until: number } | null = null;

  /** @param options `secret`: the client's; `allowHttp`: for development only */
  constructor(
    config: ConsoleConfig,
    options: {
      readonly redirectUri: string;
      readonly afterSignOut: string;
      readonly secret: string | null;
      readonly allowHttp: boolean;
    },
  ) {
    this.#config = config;
    this.#options = options;
  }

  /**
   * Where a browser is sent to sign in.
   *
   * @throws Problem `unavailable`
   */
  async signInUrl(attempt: SignInAttempt, { acr, maxAge }: StepUp): Promise<URL> {
    const configuration = await this.#discovered();
    const { scopes, resource, audience } = this.#config;
    return openid.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#options.redirectUri,
      scope: scopes.join(" "),
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: attempt.challenge,
      code_challenge_method: "S256",
      ...(resource === null ? {} : { resource }),
      ...(audience === null ? {} : { audience }),
      ...(acr === null ? {} : { acr_values: acr }),
      ...(maxAge === null ? {} : { max_age: String(maxAge) }),
    });
  }

  /**
   * Exchanges the code of a callback, once state, issuer and ID token (signature, audience, nonce) are right.
   *
   * @param query of the callback, as it came
   * @throws Problem `sign-in-failed`, or `unavailable`
   */
  async exchange(attempt: SignInAttempt, query: URLSearchParams): Promise<IssuedTokens> {
    const configuration = await this.#discovered();
    const url = new URL(this.#options.redirectUri);
    url.search = query.toString();
    try {
      const answer = await openid.authorizationCodeGrant(
        configuration,
        url,
        {
          expectedState: attempt.state,
          expectedNonce: attempt.nonce,
          pkceCodeVerifier: attempt.verifier,
        },
        this.#tokenParameters(),
      );
      return {
        access: answer.access_token,
        refresh: answer.refresh_token ?? null,
        name: nameIn(answer.claims()),
      };
    } catch (error) {
      throw isAway(error) ? away(error) : failed(error);
    }
  }

  /**
   * Gets new tokens for old ones.
   *
   * @throws RefreshRefused, or Problem `unavailable`
   */
  async refresh(refreshToken: string): Promise<Omit<IssuedTokens, "name">> {
    const configuration = await this.#discovered();
    try {
      const answer = await openid.refreshTokenGrant(configuration, refreshToken, this.#tokenParameters());
      return { access: answer.access_token, refresh: answer.refresh_token ?? refreshToken };
    } catch (error) {
      throw isAway(error) ? away(error) : new RefreshRefused(error);
    }
  }

  /** Has the issuer take back a token, where it takes any back. @throws Problem `unavailable`, or the library's error */
  async revoke(refreshToken: string): Promise<void> {
    const configuration = await this.#discovered();
    if (configuration.serverMetadata().revocation_endpoint === undefined) return;
    await openid.tokenRevocation(configuration, refreshToken, { token_type_hint: "refresh_token" });
  }

  /**
   * Where somebody signs out at the issuer too (RP-initiated logout); null where it has no such place. No token stands in it.
   *
   * @throws Problem `unavailable`
   */
  async signOutUrl(): Promise<URL | null> {
    const configuration = await this.#discovered();
    if (configuration.serverMetadata().end_session_endpoint === undefined) return null;
    return openid.buildEndSessionUrl(configuration, {
      post_logout_redirect_uri: this.#options.afterSignOut,
    });
  }

  #tokenParameters(): Record<string, string> {
    const { resource } = this.#config;
    return resource === null ? {} : { resource };
  }

  async #discovered(): Promise<openid.Configuration> {
    if (this.#known === null || performance.now() > this.#known.until) {
      this.#known = { configuration: this.#discover(), until: performance.now() + KEEP_MS };
    }
    const known = this.#known;
    try {
      return await known.configuration;
    } catch (error) {
      if (this.#known === known) this.#known = null;
      throw away(error);
    }
  }

  async #discover(): Promise<openid.Configuration> {
    const { issuer, clientId } = this.#config;
    const { secret, allowHttp } = this.#options;
    return openid.discovery(new URL(issuer), clientId, undefined, authenticatedBy(secret), {
      timeout: TIMEOUT_SECONDS,
      [openid.customFetch]: boundedFetch as openid.CustomFetch,
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- deprecated to be noticed: it is for development only
      execute: [openid.enableNonRepudiationChecks, ...(allowHttp ? [openid.allowInsecureRequests] : [])],
    });
  }
}
