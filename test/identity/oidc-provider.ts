import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { exportJWK, generateKeyPair, type JWK } from "jose";
import Provider, { type Configuration, type KoaContextWithOIDC } from "oidc-provider";

/** The resource that stands for a node: the audience of its tokens. */
export const NODE = "https://icl.homeaffairs.gov.au";
/** Another resource of the same provider. */
export const ELSEWHERE = "https://tax.gov.au";
export const CLIENT = "console";
/** A node's console: a client whose code comes back to the node. */
export const CONSOLE = "icl-console";
export const CONSOLE_SECRET = "a secret of the console, long enough";
export const SYSTEM = "risk-engine";
const SECRET = "a secret of the risk engine, long enough";
const REDIRECT = "http://127.0.0.1/callback";
const SCOPES = ["icl.read", "icl.send", "icl.admin"];

/** What a person is given by logging in. */
export interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
}

/** An OpenID provider as it runs: real logins, real tokens, on a free port of this machine. */
export interface OidcProvider {
  readonly issuer: string;
  /** Requests for its keys and its discovery document, by path. */
  readonly requests: readonly string[];
  /** Logs somebody in by the authorization code flow with PKCE, through the pages that a browser would go through. */
  login(wish: {
    readonly account: string;
    readonly scope?: string;
    readonly resource?: string | null;
    readonly acr?: string;
  }): Promise<Tokens>;
  /** Does what a browser does that a console has led here. @returns the address that it is led back to */
  follow(address: string, account?: string): Promise<URL>;
  /** A program's access token, by client credentials. */
  clientToken(scope?: string): Promise<string>;
  /** Signs with a new key from now on; the old one is gone. */
  rotate(): Promise<void>;
  /** Answers nothing any more, until it is called again with false. */
  hang(yes: boolean): void;
  close(): Promise<void>;
}

/** Claims of people, which the provider puts into their access tokens. */
const claims: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  officer: { groups: ["officers"] },
  director: { groups: ["officers", "directors"] },
  chamber: { groups: ["chamber"], icl: { subjects: ["chamber.com.au:*"] } },
  visitor: {},
};

/** Where the provider leads the browsers of a console back to. */
export interface ConsoleAddresses {
  readonly redirectUris: readonly string[];
  readonly afterSignOut: readonly string[];
}

async function signingKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: randomBytes(8).toString("hex"), use: "sig", alg: "ES256" };
}

function configuration(key: JWK, lifetime: number, addresses: ConsoleAddresses): Configuration {
  return {
    jwks: { keys: [key] },
    clients: [
      {
        client_id: CLIENT,
        token_endpoint_auth_method: "none",
        application_type: "native",
        redirect_uris: [REDIRECT],
        grant_types: ["authorization_code"],
        response_types: ["code"],
        id_token_signed_response_alg: "ES256",
      },
      {
        client_id: CONSOLE,
        client_secret: CONSOLE_SECRET,
        redirect_uris: [REDIRECT, ...addresses.redirectUris],
        post_logout_redirect_uris: [...addresses.afterSignOut],
        application_type: "native",
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        id_token_signed_response_alg: "ES256",
      },
      {
        client_id: SYSTEM,
        client_secret: SECRET,
        redirect_uris: [],
        grant_types: ["client_credentials"],
        response_types: [],
        id_token_signed_response_alg: "ES256",
      },
    ],
    acrValues: ["urn:au:2", "urn:au:3"],
    scopes: ["openid", ...SCOPES],
    issueRefreshToken: (_context, client) => Promise.resolve(client.grantTypeAllowed("refresh_token")),
    rotateRefreshToken: true,
    pkce: { required: () => true },
    ttl: {
      ...{ Interaction: 600, Session: 600, Grant: 600 },
      ...{ AccessToken: lifetime, IdToken: lifetime, ClientCredentials: lifetime },
    },
    cookies: { keys: ["a key of cookies"] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    extraTokenClaims: (context: KoaContextWithOIDC, token) => {
      const { AuthorizationCode: code } = context.oidc.entities;
      const account = "accountId" in token ? token.accountId : "";
      return { ...claims[account], acr: code?.acr, auth_time: code?.authTime };
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, resource) => ({
          scope: SCOPES.join(" "),
          audience: resource,
          accessTokenFormat: "jwt",
          accessTokenTTL: lifetime,
          jwt: { sign: { alg: "ES256" } },
        }),
      },
    },
  };
}

/** The page that a browser would show: it asks nothing, since who logs in stands in the hint. */
async function interact(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  if (prompt.name === "login") {
    const acr = (typeof params.acr_values === "string" ? params.acr_values : "urn:au:2").split(" ")[0] ?? "";
    const login = {
      accountId: typeof params.login_hint === "string" ? params.login_hint : "officer",
      acr,
      remember: false,
    };
    await provider.interactionFinished(request, response, { login });
    return;
  }
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant =
    known ??
    new provider.Grant({ accountId: String(session?.accountId), clientId: String(params.client_id) });
  grant.addOIDCScope(String(params.scope));
  if (typeof params.resource === "string") grant.addResourceScope(params.resource, String(params.scope));
  const saved = await grant.save();
  await provider.interactionFinished(request, response, { consent: { grantId: saved } });
}

/** Follows a login's redirections as a browser does, with its cookies, up to the client's own address. */
async function browse(start: string, end: string): Promise<URL> {
  // A cookie belongs to a path: two of one name may be under way.
  const jar = new Map<string, { readonly path: string; readonly pair: string }>();
  let url = new URL(start);
  for (let steps = 0; steps < 10; steps += 1) {
    const fitting = [...jar.values()].filter(({ path }) => url.pathname.startsWith(path));
    const cookie = fitting.map(({ pair }) => pair).join("; ");
    const answer = await fetch(url, { headers: { cookie }, redirect: "manual" });
    for (const set of answer.headers.getSetCookie()) {
      const [, pair = "", name = "", value = ""] = /^(([^=]+)=([^;]*))/.exec(set) ?? [];
      const [, path = "/"] = /; path=([^;]*)/i.exec(set) ?? [];
      if (value === "") jar.delete(`${name} ${path}`);
      else jar.set(`${name} ${path}`, { path, pair });
    }
    const location = answer.headers.get("location");
    if (location === null) throw new Error(`The login ended with ${answer.status}: ${await answer.text()}`);
    url = new URL(location, url);
    if (url.href.startsWith(end)) return url;
  }
  throw new Error("The login went round in circles.");
}

/**
 * Starts an OpenID provider of people and programs, in this process.
 *
 * @param lifetime seconds that access tokens last
 * @param addresses of nodes' consoles, which `CONSOLE` stands for
 */
export async function startOidcProvider(
  lifetime = 300,
  addresses: ConsoleAddresses = { redirectUris: [], afterSignOut: [] },
): Promise<OidcProvider> {
  const requests: string[] = [];
  let hanging = false;
  const server = createServer((request, response) => {
    const url = request.url ?? "";
    if (/^\/(?:jwks|\.well-known)/.test(url)) requests.push(url);
    if (hanging) return;
    if (!url.startsWith("/interaction/")) {
      void provider.callback()(request, response);
      return;
    }
    interact(provider, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let provider = new Provider(issuer, configuration(await signingKey(), lifetime, addresses));

  async function token(form: Record<string, string>, headers: Record<string, string> = {}): Promise<Tokens> {
    const init = { method: "POST", headers, body: new URLSearchParams(form) };
    const answer = await fetch(`${issuer}/token`, init);
    if (answer.status !== 200) throw new Error(`No token: ${await answer.text()}`);
    return (await answer.json()) as Tokens;
  }

  return {
    issuer,
    requests,
    async login({ account, scope = "icl.read icl.send", resource = NODE, acr }) {
      const verifier = randomBytes(32).toString("base64url");
      const parameters = new URLSearchParams({
        ...{ client_id: CLIENT, response_type: "code", redirect_uri: REDIRECT, login_hint: account },
        scope: resource === null ? "openid" : `openid ${scope}`,
        ...(resource === null ? {} : { resource }),
        ...(acr === undefined ? {} : { acr_values: acr }),
        code_challenge: createHash("sha256").update(verifier).digest("base64url"),
        code_challenge_method: "S256",
      });
      const back = await browse(`${issuer}/auth?${parameters.toString()}`, REDIRECT);
      const code = back.searchParams.get("code");
      if (code === null) throw new Error(`The login was refused: ${back.search}`);
      const form = { grant_type: "authorization_code", code, code_verifier: verifier };
      return token({ ...form, client_id: CLIENT, redirect_uri: REDIRECT });
    },
    follow(address, account = "officer") {
      const start = new URL(address);
      start.searchParams.set("login_hint", account);
      return browse(start.href, start.searchParams.get("redirect_uri") ?? REDIRECT);
    },
    async clientToken(scope = "icl.read") {
      const secret = `${SYSTEM}:${encodeURIComponent(SECRET).replaceAll("%20", "+")}`;
      const authorization = `Basic ${Buffer.from(secret).toString("base64")}`;
      const form = { grant_type: "client_credentials", scope, resource: NODE };
      return (await token(form, { authorization })).access_token;
    },
    async rotate() {
      provider = new Provider(issuer, configuration(await signingKey(), lifetime, addresses));
    },
    hang(yes) {
      hanging = yes;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
