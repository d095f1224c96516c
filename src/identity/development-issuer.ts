import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT, type JWK } from "jose";

import type { Logger } from "../log.ts";
import type { Role } from "./caller.ts";
import { DevelopmentSignIn, type DevelopmentClient, type SignClaims } from "./development-sign-in.ts";

const ALGORITHM = "ES256";
const WARNING =
  "FOR DEVELOPMENT ONLY: whoever can read this file can be anybody on the nodes that trust this issuer.";

/** What a development token says. */
export interface TokenRequest {
  /** Who the token is for. */
  readonly subject: string;
  /** The node it is meant for: its participant's domain. */
  readonly audience: string;
  readonly roles: readonly Role[];
  readonly lifetimeSeconds: number;
}

/** The issuer's identity as kept in its file. */
interface IssuerIdentity {
  readonly issuer: string;
  /** Private. */
  readonly key: JWK;
}

/** A token issuer for development, as it runs. */
export interface DevelopmentIssuer {
  /** The `iss` of its tokens: its own URL. */
  readonly issuer: string;
  mint(request: TokenRequest): Promise<string>;
  /** Lets people sign in at a node's console, on a page that asks for no password. */
  admit(client: DevelopmentClient): void;
  close(): Promise<void>;
}

function readIdentity(file: string): IssuerIdentity | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  const { issuer, key } = JSON.parse(text) as Partial<IssuerIdentity>;
  if (typeof issuer !== "string" || typeof key?.kid !== "string" || typeof key.d !== "string") {
    throw new Error(`${file} is not a development issuer's; delete it and start the network again`);
  }
  return { issuer, key };
}

function writeIdentity(file: string, identity: IssuerIdentity): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ warning: WARNING, ...identity }, null, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const key = await exportJWK(privateKey);
  return { ...key, kid: await calculateJwkThumbprint(key), alg: ALGORITHM, use: "sig" };
}

async function sign({ issuer, key }: IssuerIdentity, ...[typ, claims, lifetime]: Parameters<SignClaims>) {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM, typ, ...(key.kid === undefined ? {} : { kid: key.kid }) })
    .setIssuer(issuer)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1000) + lifetime)
    .sign(await importJWK(key, ALGORITHM));
}

async function mint(identity: IssuerIdentity, request: TokenRequest): Promise<string> {
  const { subject, audience, roles, lifetimeSeconds } = request;
  const claims = { scope: roles.join(" "), aud: audience, sub: subject };
  return sign(identity, "at+jwt", claims, lifetimeSeconds);
}

/**
 * Makes a token of a development issuer out of its file; the issuer need not run.
 *
 * @throws Error where there is no such file
 */
export async function mintDevelopmentToken(file: string, request: TokenRequest): Promise<string> {
  const identity = readIdentity(file);
  if (identity === null) {
    throw new Error(`there is no ${file}; start the development network first`);
  }
  return mint(identity, request);
}

function publicAnswers(
  identity: IssuerIdentity,
  signIn: DevelopmentSignIn,
): Readonly<Record<string, unknown>> {
  const { kty, crv, x, y, kid, alg, use } = identity.key;
  return {
    "/.well-known/openid-configuration": {
      issuer: identity.issuer,
      jwks_uri: `${identity.issuer}/jwks`,
      id_token_signing_alg_values_supported: [ALGORITHM],
      subject_types_supported: ["public"],
      ...signIn.metadata,
    },
    "/jwks": { keys: [{ kty, crv, x, y, kid, alg, use }] },
  };
}

/**
 * Starts an issuer of bearer tokens on this machine, for trying things out: OpenID Connect Discovery and keys over HTTP
 * on 127.0.0.1, tokens to whoever may read its file, and a sign-in page for consoles that are made known to it. Nodes in production mode refuse to trust it.
 *
 * @param options `file`: keeps its key, so that tokens outlive a restart on the same port; `port`: 0 for any
 */
export async function startDevelopmentIssuer(options: {
  readonly file: string;
  readonly port: number;
  readonly log: Logger;
}): Promise<DevelopmentIssuer> {
  const { file, log } = options;
  const key = readIdentity(file)?.key ?? (await newKey());
  let answers: Readonly<Record<string, unknown>> = {};
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (await signIn.answer(request, response)) return;
    const url = request.url ?? "";
    const found = request.method === "GET" && Object.hasOwn(answers, url);
    response.writeHead(found ? 200 : 404, { "content-type": "application/json" });
    response.end(found ? JSON.stringify(answers[url]) : "{}");
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.warn("a request to the development issuer was not answered", { error });
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const identity = { issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key };
  const signIn = new DevelopmentSignIn(identity.issuer, (...token) => sign(identity, ...token));
  answers = publicAnswers(identity, signIn);
  writeIdentity(file, identity);
  log.warn(WARNING, { developmentIssuer: identity.issuer, file });
  return {
    issuer: identity.issuer,
    mint: (request) => mint(identity, request),
    admit: (client) => {
      signIn.admit(client);
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => {
          if (error === undefined) resolve();
          else reject(error);
        });
        server.closeAllConnections();
      }),
  };
}
