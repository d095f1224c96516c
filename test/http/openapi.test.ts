import { expect } from "chai";

import { problems } from "../../src/domain/problems.ts";
import { Problem } from "../../src/domain/problems.ts";
import { loadOpenApi } from "../../src/http/openapi.ts";
import type { HttpServer } from "../../src/http/server.ts";
import { roles } from "../../src/identity/caller.ts";
import { serve } from "./test-app.ts";

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, unknown>>;
}

const METHODS = ["get", "head", "post", "put", "patch", "delete"];

describe("the OpenAPI document", () => {
  let server: HttpServer;

  before(async () => {
    server = await serve(() => Promise.reject(new Problem("token-missing", "No.")), [], {
      publicUrl: "https://icl.homeaffairs.gov.au/node",
    });
  });

  after(() => server.close());

  const operations = Object.entries(loadOpenApi().paths).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item).map((method) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      operation: item[method] as Operation,
    })),
  );

  it("is served as it is written, with the node's own address", async () => {
    const response = await fetch(`${server.url}/openapi.json`);
    expect(response.status).to.equal(200);
    expect(await response.json()).to.deep.equal({
      ...loadOpenApi(),
      servers: [{ url: "https://icl.homeaffairs.gov.au/node" }],
    });
  });

  it("is OpenAPI 3.1 and describes every call of the Document, Message, Subscriptions, Registry and Operations APIs", () => {
    expect(loadOpenApi().openapi).to.match(/^3\.1\./);
    expect(operations.map(({ name }) => name)).to.have.members([
      "POST /credentials",
      "POST /credentials/check",
      "POST /credentials/status-entries",
      "GET /credentials/status/{list}",
      "POST /credentials/anchors",
      "GET /credentials/anchors/{did}",
      "DELETE /credentials/anchors/{did}",
      "GET /.well-known/did.json",
      "POST /documents",
      "POST /documents/retrieve",
      "GET /documents/{multihash}",
      "HEAD /documents/{multihash}",
      "GET /documents/{multihash}/acl",
      "POST /documents/{multihash}/acl/{participant}",
      "POST /messages",
      "POST /messages/batch",
      "GET /messages",
      "GET /messages/{id}",
      "POST /messages/{id}/withdraw",
      "POST /subjects/private",
      "GET /subjects/{subject}",
      "POST /subscriptions",
      "GET /subscriptions",
      "GET /subscriptions/{id}",
      "DELETE /subscriptions/{id}",
      "GET /subscriptions/{id}/dead-letters",
      "POST /subscriptions/{id}/dead-letters/{n}/retry",
      "POST /subscriptions/{id}/replay",
      "GET /operations/stuck",
      "POST /operations/stuck/{id}/retry",
      "POST /operations/stuck/{id}/give-up",
      "GET /operations/channels",
      "GET /operations/channels/{channelId}/rights",
      "GET /operations/signers",
      "GET /operations/traffic",
      "GET /operations/subscriptions",
      "GET /operations/subscriptions/{id}/dead-letters",
      "GET /topics/{kind}/{value}",
      "HEAD /topics/{kind}/{value}",
      "GET /events",
      "GET /messages/{id}/evidence",
      "GET /audit",
      "GET /audit/export",
      "GET /metrics",
      "GET /docs",
      "GET /docs/style.css",
      "POST /documents/batch",
      "POST /documents/{multihash}/print",
      "POST /documents/{multihash}/seal",
      "DELETE /documents/{multihash}/seal",
      "GET /documents/{multihash}/sealed",
      "GET /trust-list",
      "DELETE /documents/{multihash}",
      "GET /documents/{multihash}/hold",
      "PUT /documents/{multihash}/hold",
      "DELETE /documents/{multihash}/hold",
      "GET /health/live",
      "GET /health/ready",
      "GET /health",
      "GET /openapi.json",
      "GET /document-types",
      "GET /document-types/{name}",
      "GET /verify/{multihash}",
      "GET /verify",
      "POST /verify",
      "GET /verify-worker.js",
      "GET /console",
      "GET /console/sign-in",
      "GET /console/callback",
      "GET /console/session",
      "POST /console/sign-out",
      "GET /assets/{name}",
      "GET /channels",
      "GET /channels/{channelId}",
      "GET /channels/{channelId}/changes",
    ]);
  });

  it("leaves nothing open but health, the registry, what an agency publishes of its issuers and itself, and opens to other nodes nothing but what concerns them", () => {
    const open = operations
      .filter(({ operation }) => operation.security?.length === 0)
      .map(({ path }) => path);
    expect(open).to.have.members([
      "/credentials/status/{list}",
      "/credentials/anchors/{did}",
      "/.well-known/did.json",
      "/health/live",
      "/health/ready",
      "/health",
      "/openapi.json",
      "/docs",
      "/docs/style.css",
      "/document-types",
      "/document-types/{name}",
      "/documents/{multihash}/sealed",
      "/trust-list",
      "/verify/{multihash}",
      "/verify",
      "/verify",
      "/verify-worker.js",
      "/console",
      "/console/sign-in",
      "/console/callback",
      "/assets/{name}",
      "/channels",
      "/channels/{channelId}",
      "/channels/{channelId}/changes",
    ]);
    const toNodes = operations.filter(({ operation }) =>
      JSON.stringify(operation.security ?? "").includes("nodeToken"),
    );
    expect(toNodes.map(({ name }) => name)).to.have.members([
      "POST /documents/retrieve",
      "GET /documents/{multihash}",
      "HEAD /documents/{multihash}",
      "GET /messages",
      "GET /messages/{id}",
      "GET /messages/{id}/evidence",
    ]);
  });

  for (const { name, path, operation } of operations) {
    it(`says of ${name} what it is called, and what an error looks like`, async () => {
      expect(operation.operationId).to.match(/^[a-z][A-Za-z]+$/);
      expect(operation.summary).to.be.a("string");
      expect(operation.responses).to.have.property("default");
      if (operation.security?.length === 0) return;
      const address =
        server.url + path.replace("{multihash}", "x").replace("{id}", "x").replace("{participant}", "x");
      const [method = ""] = name.split(" ");
      expect((await fetch(address, { method })).status).to.equal(401);
    });
  }

  it("names the roles and the form of codes as the node has them", () => {
    const { components } = loadOpenApi();
    const text = JSON.stringify(components);
    for (const role of roles) expect(text).to.contain(`\`${role}\``);
    for (const code of Object.keys(problems)) expect(code).to.match(/^[a-z-]+$/);
  });
});
