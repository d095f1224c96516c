import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from "jose";

import { parseDomain } from "../../src/domain/participant.ts";
import type { IssuerConfig } from "../../src/identity/issuer-config.ts";

export const au = parseDomain("homeaffairs.gov.au");
export const cn = parseDomain("customs.gov.cn");
export const AUDIENCE = "icl.homeaffairs.gov.au";

/** An issuer of tokens with a real key and real HTTP, which tests can make misbehave. */
export interface TestIssuer {
  readonly url: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
  readonly kid: string;
  readonly config: IssuerConfig;
  /** Requests seen, by path. */
  readonly requests: string[];
  /** What it answers instead of its keys; undefined for its keys. */
  instead: { status: number; body: string } | undefined;
  /** Makes a token; `claims` and `header` are laid over the usual ones, undefined takes one out. */
  token(claims?: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

/** Starts an issuer that signs with `algorithm`. */
export async function startIssuer(
  algorithm = "ES256",
  options: Partial<IssuerConfig> = {},
): Promise<TestIssuer> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  const publicJwk = { ...jwk, kid, alg: algorithm, use: "sig" };
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    requests.push(request.url ?? "");
    const document =
      request.url === "/.well-known/openid-configuration"
        ? { issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` }
        : { keys: [publicJwk] };
    response.writeHead(issuer.instead?.status ?? 200, { "content-type": "application/json" });
    response.end(issuer.instead?.body ?? JSON.stringify(document));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: TestIssuer = {
    url,
    privateKey,
    publicJwk,
    kid,
    requests,
    instead: undefined,
    config: {
      issuer: url,
      audience: AUDIENCE,
      jwksUri: null,
      algorithms: ["ES256", "RS256", "PS256", "EdDSA"],
      roles: { "icl.send": ["messages:write", "documents:write"], "icl.read": ["messages:read"] },
      development: false,
      ...options,
    },
    token: (claims = {}, header = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const usual = {
        iss: url,
        aud: AUDIENCE,
        sub: "officer-7",
        iat: now,
        exp: now + 300,
        scope: "icl.send icl.read",
      };
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg: algorithm, kid, ...header })
        .sign(privateKey);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return issuer;
}
