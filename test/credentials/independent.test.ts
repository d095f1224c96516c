import { contexts } from "@digitalbazaar/credentials-context";
import { _checkCredential as checkIndependently } from "@digitalbazaar/vc";
import { expect } from "chai";
import processor from "jsonld";

import { ANCHOR_CONTEXT, anchorCredential } from "../../src/credentials/identity-anchor.ts";
import { emptyList, statusListCredential, statusMember } from "../../src/credentials/status-list.ts";
import { certificatePayload, chamberIdentity, LISTS, NOON } from "./fixtures.ts";

const agency = "did:web:homeaffairs.gov.au";
const status = statusMember({ purpose: "revocation", index: 7, list: `${LISTS}/1` });
const anchor = anchorCredential(
  { ...chamberIdentity, did: "did:web:chamber.com.au" },
  {
    id: "https://icl.test/a",
    agency: { id: agency, name: "Home Affairs" },
    from: NOON,
    until: NOON + 1_000,
    status,
  },
);
const list = statusListCredential({
  url: `${LISTS}/1`,
  issuer: agency,
  list: emptyList(),
  from: NOON,
  until: NOON + 60_000,
});

/**
 * The words of the Digital Identity Anchor 0.6.0 that this node uses, mapped to the addresses that its published context
 * gives them (uncefact/spec-untp, data-models/untp-dia/artefacts/context.jsonld).
 */
const untp = "https://test.uncefact.org/vocabulary/untp";
const anchorWords = {
  "@context": {
    "@version": 1.1,
    "@protected": true,
    DigitalIdentityAnchor: `${untp}/dia/0/DigitalIdentityAnchor`,
    IdentifierScheme: `${untp}/core/0/IdentifierScheme`,
    RegisteredIdentity: {
      "@id": `${untp}/dia/0/RegisteredIdentity`,
      "@context": {
        "@version": 1.1,
        "@protected": true,
        registeredId: `${untp}/dia/0/registeredId`,
        idScheme: { "@id": `${untp}/core/0/idScheme`, "@type": "@id" },
        registerType: {
          "@id": `${untp}/dia/0/registerType`,
          "@type": "@vocab",
          "@context": { "@vocab": `${untp}/dia/0/RegistryTypeCodeList#` },
        },
        registrationScopeList: `${untp}/dia/0/registrationScopeList`,
      },
    },
  },
};

/** The package's published types know neither a context without URL nor the safe mode. */
const jsonld = processor as unknown as {
  expand(document: unknown, options: unknown): Promise<readonly Readonly<Record<string, unknown>>[]>;
  toRDF(document: unknown, options: unknown): Promise<string>;
};

const options = {
  safe: true,
  documentLoader: (url: string) => {
    const document = url === ANCHOR_CONTEXT ? anchorWords : contexts.get(url);
    if (document === undefined) return Promise.reject(new Error(`${url} is not bundled.`));
    return Promise.resolve({ documentUrl: url, document, contextUrl: null });
  },
};

describe("what this node signs", () => {
  it("is a credential of the data model for another implementation", () => {
    const now = new Date(NOON).toISOString();
    for (const credential of [certificatePayload("did:web:chamber.com.au"), anchor, list]) {
      expect(() => {
        checkIndependently({ credential, now });
      }).not.to.throw();
    }
  });

  it("has a term of JSON-LD for every word of an anchor and of a status list", async () => {
    const [expanded] = await jsonld.expand(anchor, options);
    expect(expanded?.["@type"]).to.deep.equal([
      `${untp}/dia/0/DigitalIdentityAnchor`,
      "https://www.w3.org/2018/credentials#VerifiableCredential",
    ]);
    const triples = await jsonld.toRDF(anchor, { ...options, format: "application/n-quads" });
    expect(triples).to.contain(`<${untp}/dia/0/registeredId> "51824753556"`);
    expect(triples).to.contain(`<${untp}/dia/0/RegistryTypeCodeList#Accreditation>`);
    const listed = await jsonld.toRDF(list, { ...options, format: "application/n-quads" });
    expect(listed).to.contain("<https://www.w3.org/ns/credentials/status#encodedList>");
  });
});
