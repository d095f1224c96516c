import { expect } from "chai";

import { roles as allRoles, type Role } from "../../src/identity/caller.ts";
import type { IssuerConfig } from "../../src/identity/issuer-config.ts";
import type { MessageRecord } from "../../src/messages/message-record.ts";
import { acquitted, au, cn, created } from "../channels/fixtures.ts";
import { eventually } from "../eventually.ts";
import { problemOf } from "../http/test-app.ts";
import { CLIENT, NODE, startOidcProvider, SYSTEM, type OidcProvider } from "../identity/oidc-provider.ts";
import { eachStore } from "../store/each-store.ts";
import { Officer } from "./officer.ts";
import { startWorld, type Country, type World } from "./world.ts";

eachStore(
  "a real node",
  (_openFresh, source) => {
    // The databases are dropped once what is below has closed its nodes.
    describe("with people and programs of a real OpenID provider", () => {
      let world: World;
      let provider: OidcProvider;
      let australia: Country;
      let china: Country;

      const group = (value: string, roles: readonly Role[], subjectsFrom: string | null = null) => ({
        test: { claim: "groups", how: "contains", value } as const,
        ...{ roles, subjects: null, subjectsFrom },
      });

      before(async function () {
        this.timeout(180_000);
        world = await startWorld();
        provider = await startOidcProvider();
        const sending: readonly Role[] = ["documents:write", "messages:read", "messages:write"];
        const issuer: IssuerConfig = {
          ...{ issuer: provider.issuer, audience: NODE, jwksUri: null, algorithms: ["ES256"] },
          ...{ development: false, tokenType: "at+jwt", systemLevel: "basic" },
          roles: { "icl.read": ["messages:read"] },
          claims: [
            group("officers", [...sending, "certificates:revoke"]),
            group("directors", ["admin"]),
            group("chamber", sending, "/icl/subjects"),
            {
              test: { claim: "client_id", how: "equals", value: SYSTEM },
              ...{ roles: ["subscriptions"], subjects: null, subjectsFrom: null },
            },
          ],
          levels: { "urn:au:2": "basic", "urn:au:3": "strong" },
        };
        const at = async () => source.freshLocation();
        const config = await world.configure(au, "AU", await at());
        const demands = [{ type: created, level: "strong", maxAgeSeconds: 600 }];
        australia = await world.start({
          ...config,
          identity: {
            issuers: [...config.identity.issuers, issuer],
            assurance: { levels: ["basic", "strong"], demands },
          },
        });
        china = await world.start(await world.configure(cn, "CN", await at()));
        for (const country of [australia, china]) {
          await eventually(async () => (await country.officer.request("/health/ready")).status === 200);
        }
      });

      after(async function () {
        this.timeout(60_000);
        await world.close();
        await provider.close();
      });

      /** The chamber asks for no scope that this node gives everybody's messages for. */
      const as = async (account: string, acr?: string) => {
        const scope = account === "chamber" ? "icl.send" : "icl.read";
        const wish = { account, scope, ...(acr === undefined ? {} : { acr }) };
        return new Officer(australia.node.url, (await provider.login(wish)).access_token);
      };
      const draftOf = (subject: string, obj: string) => ({ receiver: cn, subject, predicate: created, obj });
      const bytes = (text: string) => new TextEncoder().encode(text);
      const entriesOf = (record: MessageRecord | null) =>
        record?.journal.map(({ status, by }) => [status, by] as const) ?? [];

      it("takes a message after the stronger login that its type demands, and keeps who sent it, here alone", async function () {
        this.timeout(120_000);
        const weak = await as("officer");
        const obj = await weak.store(bytes("A certificate."), "text/plain");
        const draft = draftOf("chamber.com.au:2001", obj);
        const init = { method: "POST", headers: { "content-type": "application/json" } };
        const refused = await weak.request("/messages", { ...init, body: JSON.stringify(draft) });
        const challenge = refused.headers.get("www-authenticate") ?? "";
        expect(await problemOf(refused)).to.include({ status: 403, code: "assurance-too-low" });
        expect(challenge).to.match(/^Bearer .*error="insufficient_user_authentication"/);
        expect(challenge).to.contain('max_age="600"');
        const [, acr = ""] = /acr_values="([^"]*)"/.exec(challenge) ?? [];
        expect(acr).to.equal("urn:au:3");

        const strong = await as("officer", acr);
        const id = await strong.send(draft);
        const delivered = await strong.until(id, "delivered");
        for (const [, by] of entriesOf(delivered)) expect(by, "for administrators alone").to.equal(undefined);

        const director = await as("director");
        const [first, ...rest] = entriesOf(await director.message(id));
        expect(first).to.deep.equal([
          "pending",
          { issuer: provider.issuer, subject: "officer", via: "person", client: CLIENT, acr: "urn:au:3" },
        ]);
        for (const [status, by] of rest) expect(by, status).to.equal(undefined);

        const abroad = await world.officer(china.config, allRoles);
        await eventually(async () => (await abroad.message(id)) !== null);
        const received = await abroad.message(id);
        expect(JSON.stringify(received), "abroad nobody learns who").not.to.contain("officer");
        expect(entriesOf(received).every(([, by]) => by === undefined)).to.equal(true);
      });

      it("lets those of a chamber see and send what is about its own subjects alone", async function () {
        this.timeout(120_000);
        const officer = await as("officer", "urn:au:3");
        const foreign = await officer.store(bytes("Of another chamber."), "text/plain");
        const theirs = await officer.send(draftOf("other.com.au:1", foreign));
        const chamber = await as("chamber", "urn:au:3");
        const own = await chamber.store(bytes("Of the chamber."), "text/plain");
        const ours = await chamber.send(draftOf("chamber.com.au:2002", own));
        await chamber.until(ours, "delivered");
        expect(await chamber.message(theirs)).to.equal(null);
        expect((await chamber.read(foreign)).status).to.equal(404);
        expect((await chamber.post(draftOf("other.com.au:2", own))).status).to.equal(403);
        expect((await chamber.post(draftOf("chamber.com.au:2003", foreign))).status).to.equal(422);
        const listed = await chamber.request("/messages");
        const { items } = (await listed.json()) as { items: MessageRecord[] };
        expect(items.map(({ subject }) => subject))
          .to.include("chamber.com.au:2002")
          .and.not.to.include("other.com.au:1");
        expect(items.every(({ subject }) => subject.startsWith("chamber.com.au:"))).to.equal(true);
      });

      it("lets programs do what their client may, and no more", async function () {
        this.timeout(60_000);
        const program = new Officer(australia.node.url, await provider.clientToken());
        expect((await program.request("/messages")).status).to.equal(200);
        expect((await program.request("/subscriptions")).status).to.equal(200);
        const draft = {
          ...draftOf("chamber.com.au:2004", "QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n"),
          predicate: acquitted,
        };
        expect(await program.post(draft)).to.deep.include({ status: 403 });
      });

      it("takes an ID token, or a token of another resource, for nobody's", async function () {
        this.timeout(60_000);
        const { id_token: idToken } = await provider.login({ account: "director" });
        const elsewhere = await provider.login({ account: "director", resource: "https://tax.gov.au" });
        for (const token of [idToken, elsewhere.access_token]) {
          const answer = await new Officer(australia.node.url, token).request("/messages");
          expect(await problemOf(answer)).to.include({ status: 401, code: "token-invalid" });
        }
      });

      it("has each start on record with the rules it went by", async () => {
        const director = await as("director");
        const answer = await director.request("/audit?act=node.started");
        const { items } = (await answer.json()) as { items: { detail: Record<string, unknown> }[] };
        expect(items[0]?.detail.identity).to.match(/^[0-9a-f]{64}$/);
      });
    });
  },
  "suite",
);
