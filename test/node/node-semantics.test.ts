import { writeFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { openSemantics } from "../../src/node/node-semantics.ts";
import { keyedSubject } from "../../src/semantics/private-subject.ts";
import { invalidSamples, validSamples } from "../semantics/samples.ts";

const COO = "preferential-certificate-of-origin";

describe("what a node knows of documents beyond their hash", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "icl-semantics-"));
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  it("answers for a kind of credential with its contexts, its schema and its check", () => {
    const { documentTypes, findCredentialType } = openSemantics();
    const type = documentTypes.named(COO);
    const found = findCredentialType("PreferentialCertificateOfOrigin");
    if (type === null || found === null) throw new Error("The type is not known.");
    expect(found.name).to.equal("PreferentialCertificateOfOrigin");
    expect(found.contexts).to.deep.equal([type.context]);
    expect(found.schema).to.deep.equal({ id: type.schema, type: "JsonSchema" });
    expect(found.validate(validSamples(type).get("chafta-wine.json"))).to.deep.equal([]);
    const { document, path: pointer } = invalidSamples(type).get("unknown-country.json") ?? {};
    expect(found.validate(document).map((fault) => fault.pointer)).to.deep.equal([pointer]);
    expect(findCredentialType("VerifiableCredential")).to.equal(null);
  });

  it("makes keyed subjects with the secret that the configuration leads to", async () => {
    const file = path.join(directory, "subjects.key");
    await writeFile(file, "a secret of more than 32 characters\n");
    const { subjects } = openSemantics({ documentTypes: null, subjects: { secret: { file }, rules: {} } });
    expect(subjects.privateSubject(COO, "1").subject).to.equal(
      keyedSubject("a secret of more than 32 characters", COO, "1"),
    );
  });

  it("does not start with document types that are not to be had", () => {
    const documentTypes = path.join(directory, "nowhere");
    expect(() => openSemantics({ documentTypes, subjects: { secret: null, rules: {} } })).to.throw(
      `The document types in ${documentTypes} cannot be read.`,
    );
  });
});
