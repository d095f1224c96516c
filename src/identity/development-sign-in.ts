import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

import type { JWTPayload } from "jose";

import { roles as allRoles, type Role } from "./caller.ts";
import { developmentSignInPage } from "./development-sign-in-page.ts";

/** Somebody whom the sign-in page offers to be. */
export interface DevelopmentPerson {
  readonly subject: string;
  /** As the console calls the person. */
  readonly name: string;
  readonly roles: readonly Role[];
}

/** A node's console, as the issuer knows it. */
export interface DevelopmentClient {
  readonly clientId: string;
  /** The one address that codes are sent to, exactly. */
  readonly redirectUri: string;
  /** The audience of its access tokens. */
  readonly audience: string;
  /** Whose console it is, for the page. */
  readonly title: string;
  readonly people: readonly DevelopmentPerson[];
}

/** Signs a token with the issuer's key. */
export type SignClaims = (
  typ: "at+jwt" | "JWT",
  claims: JWTPayload & { readonly aud: string; readonly sub: string },
  lifetimeSeconds: number,
) => Promise<string>;

interface Grant {
  readonly client: DevelopmentClient;
  readonly person: DevelopmentPerson;
  readonly nonce: string | null;
  readonly acr: string | null;
  /** Seconds since 1970. */
  readonly authenticatedAt: number;
}

interface AskedFor {
  readonly client: DevelopmentClient;
  readonly query: URLSearchParams;
  readonly challenge: string;
}

const BODY_BYTES = 16 * 1024;
const MOST_KEPT = 1_000;
const CODE_MS = 60_000;
const ACCESS_SECONDS = 600;
const NAME = /^[\w .'-]{1,100}$/u;
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

function isRole(text: string): text is Role {
  return (allRoles as readonly string[]).includes(text);
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > BODY_BYTES) throw new RangeError("The form is too large.");
    pieces.push(piece);
  }
  return new URLSearchParams(Buffer.concat(pieces).toString("utf8"));
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

/** Keeps a value for its secret, once; the oldest are forgotten. */
class Once<Value> {
  readonly #kept = new Map<string, { readonly value: Value; readonly until: number }>();

  keep(value: Value, milliseconds: number): string {
    const secret = randomBytes(32).toString("base64url");
    this.#kept.set(secret, { value, until: Date.now() + milliseconds });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return secret;
  }

  take(secret: string): Value | null {
    const kept = this.#kept.get(secret);
    this.#kept.delete(secret);
    return kept === undefined || kept.until < Date.now() ? null : kept.value;
  }
}

/**
 * A sign-in for development: an authorization endpoint whose page lets anybody be anybody, and a token endpoint, as far as a
 * node's console needs them (authorization code flow with PKCE, refresh tokens that are good once).
 */
export class DevelopmentSignIn {
  readonly #issuer: string;
  readonly #sign: SignClaims;
  readonly #clients = new Map<string, DevelopmentClient>();
  readonly #codes = new Once<Grant & { readonly challenge: string }>();
  readonly #refreshTokens = new Once<Grant>();

  constructor(issuer: string, sign: SignClaims) {
    this.#issuer = issuer;
    this.#sign = sign;
  }

  /** What its discovery document says of this. */
  get metadata(): Readonly<Record<string, unknown>> {
    return {
      authorization_endpoint: `${this.#issuer}/authorize`,
      token_endpoint: `${this.#issuer}/token`,
      response_types_supported: ["code"],
      grant_types_supported: ["authorization_code", "refresh_token"],
      code_challenge_methods_supported: ["S256"],
      token_endpoint_auth_methods_supported: ["none"],
      authorization_response_iss_parameter_supported: true,
      scopes_supported: ["openid", "offline_access"],
    };
  }

  /** Makes a console known; one of the same id is forgotten. */
  admit(client: DevelopmentClient): void {
    this.#clients.set(client.clientId, client);
  }

  /** Answers a request. @returns whether it was for the sign-in */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const url = new URL(request.url ?? "/", this.#issuer);
    if (url.pathname !== "/authorize" && url.pathname !== "/token") return false;
    // A page of another name that resolves to this machine is not this one.
    if (request.headers.host !== new URL(this.#issuer).host) json(response, 421, {});
    else if (url.pathname === "/token") await this.#token(request, response);
    else await this.#authorize(request, response, url.searchParams);
    return true;
  }

  async #authorize(
    request: IncomingMessage,
    response: ServerResponse,
    query: URLSearchParams,
  ): Promise<void> {
    const asked = this.#askedFor(query);
    if (asked === null) {
      json(response, 400, { error: "invalid_request" });
      return;
    }
    if (request.method === "GET") {
      const page = developmentSignInPage(asked.client, query);
      response.writeHead(200, page.headers);
      response.end(page.html);
      return;
    }
    const site = request.headers["sec-fetch-site"];
    const person =
      request.method === "POST" && (site === undefined || site === "same-origin")
        ? personIn(await formOf(request), asked.client)
        : null;
    if (person === null) {
      json(response, 400, { error: "invalid_request" });
      return;
    }
    this.#lead(response, asked, person);
  }

  /** Nobody is led to an address that is not the client's own, also not with an error. */
  #askedFor(query: URLSearchParams): AskedFor | null {
    const client = this.#clients.get(query.get("client_id") ?? "");
    const challenge = query.get("code_challenge") ?? "";
    const right =
      query.get("redirect_uri") === client?.redirectUri &&
      query.get("response_type") === "code" &&
      query.get("code_challenge_method") === "S256" &&
      CHALLENGE.test(challenge) &&
      (query.get("scope") ?? "").split(" ").includes("openid");
    if (client === undefined || !right) return null;
    return { client, query, challenge };
  }

  #lead(response: ServerResponse, { client, query, challenge }: AskedFor, person: DevelopmentPerson): void {
    const [acr = ""] = (query.get("acr_values") ?? "").split(" ");
    const authenticatedAt = Math.floor(Date.now() / 1000);
    const grant: Grant = {
      ...{ client, person, authenticatedAt, nonce: query.get("nonce") },
      acr: acr === "" ? null : acr,
    };
    const back = new URL(client.redirectUri);
    back.searchParams.set("code", this.#codes.keep({ ...grant, challenge }, CODE_MS));
    const state = query.get("state");
    if (state !== null) back.searchParams.set("state", state);
    back.searchParams.set("iss", this.#issuer);
    response.writeHead(303, { location: back.href, "cache-control": "no-store" });
    response.end();
  }

  async #token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = request.method === "POST" ? await formOf(request) : new URLSearchParams();
    const grant = this.#granted(form);
    const issued = grant?.client.clientId === form.get("client_id") ? grant : null;
    if (issued === null) json(response, 400, { error: "invalid_grant" });
    else json(response, 200, await this.#issue(issued));
  }

  #granted(form: URLSearchParams): Grant | null {
    if (form.get("grant_type") === "refresh_token") {
      return this.#refreshTokens.take(form.get("refresh_token") ?? "");
    }
    if (form.get("grant_type") !== "authorization_code") return null;
    const grant = this.#codes.take(form.get("code") ?? "");
    const verifier = form.get("code_verifier") ?? "";
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    if (challenge !== grant?.challenge) return null;
    return form.get("redirect_uri") === grant.client.redirectUri ? grant : null;
  }

  async #issue(grant: Grant): Promise<Readonly<Record<string, unknown>>> {
    const { client, person, nonce, acr, authenticatedAt } = grant;
    const common = { sub: person.subject, auth_time: authenticatedAt, ...(acr === null ? {} : { acr }) };
    const scope = person.roles.join(" ");
    const access = { ...common, aud: client.audience, client_id: client.clientId, scope };
    const identity = {
      ...{ ...common, aud: client.clientId, name: person.name },
      ...(nonce === null ? {} : { nonce }),
    };
    return {
      access_token: await this.#sign("at+jwt", access, ACCESS_SECONDS),
      id_token: await this.#sign("JWT", identity, ACCESS_SECONDS),
      refresh_token: this.#refreshTokens.keep({ ...grant, nonce: null }, 12 * 60 * 60_000),
      token_type: "Bearer",
      expires_in: ACCESS_SECONDS,
      scope,
    };
  }
}

/** Whom somebody chose to be: one of those offered, or a name and roles of their own. */
function personIn(form: URLSearchParams, client: DevelopmentClient): DevelopmentPerson | null {
  const offered = client.people.find(({ subject }) => subject === form.get("person"));
  if (offered !== undefined) return offered;
  const name = form.get("name")?.trim() ?? "";
  return NAME.test(name) ? { subject: name, name, roles: form.getAll("role").filter(isRole) } : null;
}
