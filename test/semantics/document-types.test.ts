import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { readMessageTypes } from "../../scripts/tasks/message-types.ts";
import { parsePredicate } from "../../src/domain/predicate.ts";
import { loadDocumentTypes } from "../../src/semantics/document-types.ts";
import { documentValidator } from "../../src/semantics/validate-document.ts";

const shipped = fileURLToPath(new URL("../../document-types/", import.meta.url));
const COO = "UN.CEFACT.Regulatory.CertificateOfOrigin";

describe("the document types that come with the node", () => {
  const types = loadDocumentTypes();

  it("are found by name, credential type, message type, schema and context", () => {
    const type = types.named("preferential-certificate-of-origin");
    expect(type).not.to.equal(null);
    expect(types.ofCredential("PreferentialCertificateOfOrigin")).to.equal(type);
    expect(types.ofPredicate(parsePredicate(`${COO}.created`))).to.equal(type);
    expect(types.ofSchema(type?.schema ?? "")).to.equal(type);
    expect(types.ofContext(type?.context ?? "")).to.equal(type);
    expect(types.named("constructor")).to.equal(null);
    expect(types.ofPredicate(parsePredicate(`${COO}.acquitted`))).to.equal(null);
  });

  it("have every state of a certificate's life, each with its message type or with the reason why it has none", () => {
    const type = types.named("preferential-certificate-of-origin");
    const states = new Set(type?.lifeCycle.map(({ state }) => state));
    const asked = [
      "draft",
      "submitted",
      "issued",
      "verified",
      "disputed",
      "rejected",
      "acquitted",
      "expired",
    ];
    expect([...states]).to.include.members([...asked, "revoked"]);
    const silent = type?.lifeCycle.filter(({ predicate }) => predicate === null).map(({ state }) => state);
    expect(silent).to.deep.equal(["draft", "expired"]);
  });

  it("can query, answer, replace and use up in parts, as other exchanges between customs can", () => {
    const type = types.named("preferential-certificate-of-origin");
    for (const verb of ["queried", "answered", "replaced", "utilised"]) {
      const found = type?.messageTypes.find(({ predicate }) => predicate === `${COO}.${verb}`);
      expect(found?.effect, verb).to.equal("inform");
    }
  });

  it("say of certificates of origin what the example vocabulary of deploy/ says", () => {
    const own = readMessageTypes(path.join(shipped, "preferential-certificate-of-origin/message-types.json"));
    const example = readMessageTypes(new URL("../../deploy/message-types.json", import.meta.url));
    expect(own).to.deep.include.members(example);
  });

  it("have code lists whose codes all have a name", () => {
    const lists = types.shared.filter(({ names }) => names !== undefined);
    expect(lists.length).to.be.greaterThan(5);
    for (const { $id, enum: codes, names } of lists) {
      expect(Object.keys(names as object).sort(), String($id)).to.deep.equal([...(codes as string[])].sort());
    }
  });

  it("have the code lists whole", () => {
    const sizes = Object.fromEntries(
      types.shared.map(({ $id, enum: codes }) => [
        path.basename(String($id), ".json"),
        Array.isArray(codes) ? codes.length : 0,
      ]),
    );
    expect(sizes).to.include({
      "country-codes": 249,
      "document-codes": 803,
      "unit-codes": 1756,
      "package-type-codes": 406,
      "transport-mode-codes": 10,
    });
  });

  it("have origin criteria for every agreement, and only for those", () => {
    const of = (name: string) => types.shared.find(({ $id }) => String($id).endsWith(`/${name}.json`));
    const criteria = Object.keys(of("origin-criteria")?.$defs as object).sort();
    expect(criteria).to.deep.equal([...(of("trade-agreements")?.enum as string[])].sort());
  });
});

describe("an operator's own document types", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "icl-types-"));
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  const file = (name: string) => path.join(directory, "catch-certificate", name);

  /** A type of the operator's own: the phytosanitary one, under other names. */
  async function write(): Promise<void> {
    await mkdir(path.join(directory, "catch-certificate/samples/valid"), { recursive: true });
    for (const name of [
      ...["document-type.json", "schema.json", "context.jsonld", "message-types.json"],
      "samples/valid/table-grapes.json",
    ]) {
      const text = await readFile(path.join(shipped, "phytosanitary-certificate", name), "utf8");
      const renamed = text
        .replaceAll("phytosanitary-certificate", "catch-certificate")
        .replaceAll("PhytosanitaryCertificate", "CatchCertificate");
      await writeFile(file(name), renamed);
    }
  }

  async function change(name: string, from: string | RegExp, to: string): Promise<void> {
    const text = await readFile(file(name), "utf8");
    expect(text).to.match(from instanceof RegExp ? from : new RegExp(from.replaceAll(/[$./]/g, "\\$&")));
    await writeFile(file(name), text.replace(from, to));
  }

  const refusal = (): string => {
    try {
      documentValidator(loadDocumentTypes(directory));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return "taken";
  };

  it("are known beside those of the node, and their documents checked by their own schema", async () => {
    await write();
    await change(
      "schema.json",
      '"originPlace": {',
      '"flagState": { "type": "string", "maxLength": 2 }, "originPlace": {',
    );
    const types = loadDocumentTypes(directory);
    const type = types.named("catch-certificate");
    expect(types.all).to.have.length(4);
    if (type === null) throw new Error("The type is not known.");
    const text = await readFile(
      path.join(shipped, "phytosanitary-certificate/samples/valid/table-grapes.json"),
      "utf8",
    );
    const document = JSON.parse(
      text
        .replaceAll("phytosanitary-certificate", "catch-certificate")
        .replaceAll("PhytosanitaryCertificate", "CatchCertificate"),
    ) as { credentialSubject: { consignment: { lineItems: Record<string, unknown>[] } } };
    const validate = documentValidator(types);
    expect(validate(type, document)).to.deep.equal([]);
    const line = document.credentialSubject.consignment.lineItems[0] ?? {};
    line.flagState = "AUS";
    expect(validate(type, document).map(({ pointer }) => pointer)).to.deep.equal([
      "/credentialSubject/consignment/lineItems/0/flagState",
    ]);
  });

  it("demand a salt of 128 bits even where their schema does not", async () => {
    await write();
    const open = { $schema: "https://json-schema.org/draft/2020-12/schema", type: "object" };
    const $id = "https://intercustomsledger.example/document-types/catch-certificate/v1/schema.json";
    await writeFile(file("schema.json"), JSON.stringify({ ...open, $id }));
    const types = loadDocumentTypes(directory);
    const type = types.named("catch-certificate");
    if (type === null) throw new Error("The type is not known.");
    const validate = documentValidator(types);
    const faults = (salt?: unknown) =>
      validate(type, { credentialSubject: { salt } }).map((fault) => fault.pointer);
    expect(faults("q8Jn3mYt5Hc1Zr7WbXs0Lk")).to.deep.equal([]);
    for (const salt of [undefined, 12, "short", "q8Jn3mYt5Hc1Zr7WbXs0L", "q8Jn3mYt5Hc1Zr7WbXs0 k!"]) {
      expect(faults(salt), String(salt)).to.deep.equal(["/credentialSubject/salt"]);
    }
  });

  it("are refused where they take a name of another's", async () => {
    await cp(
      path.join(shipped, "phytosanitary-certificate"),
      path.join(directory, "phytosanitary-certificate"),
      {
        recursive: true,
      },
    );
    expect(refusal()).to.contain("Two document types have phytosanitary-certificate");
  });

  it("are refused where they issue by another's message type", async () => {
    await write();
    const created = "UN.CEFACT.Regulatory.PhytosanitaryCertificate.created";
    for (const name of ["document-type.json", "message-types.json"]) {
      await writeFile(
        file(name),
        (await readFile(file(name), "utf8")).replaceAll(
          "UN.CEFACT.Regulatory.CatchCertificate.created",
          created,
        ),
      );
    }
    expect(refusal()).to.contain(`Two document types have ${created}`);
  });

  it("are refused where they name a sample that is not there, is no document, or lies elsewhere", async () => {
    await write();
    await writeFile(file("samples/valid/table-grapes.json"), "[]");
    expect(refusal()).to.contain("names a sample that is no document");
    await rm(file("samples/valid/table-grapes.json"));
    expect(refusal()).to.contain("table-grapes.json");
    await change("document-type.json", '"table-grapes"', '"../../schema"');
    expect(refusal()).to.contain("has a sample of another form");
  });

  it("are refused where a file leads out of their directory", async () => {
    await write();
    const outside = path.join(await mkdtemp(path.join(tmpdir(), "icl-outside-")), "schema.json");
    await writeFile(outside, await readFile(file("schema.json")));
    await rm(file("schema.json"));
    await symlink(outside, file("schema.json"));
    expect(refusal()).to.contain("schema.json leads out of");
    await rm(path.dirname(outside), { recursive: true });
  });

  it("are refused where a file is too large, no JSON, or missing", async () => {
    await write();
    await writeFile(file("context.jsonld"), " ".repeat(1024 * 1024 + 1));
    expect(refusal()).to.contain("context.jsonld is no file of 1048576 bytes at most");
    await writeFile(file("context.jsonld"), "{");
    expect(refusal()).to.contain("context.jsonld is no JSON");
    await rm(file("context.jsonld"));
    expect(refusal()).to.contain("context.jsonld");
  });

  const mistakes: readonly (readonly [string, string, string | RegExp, string, string])[] = [
    [
      "a member that nobody knows",
      "document-type.json",
      '"title"',
      '"script": "x", "title"',
      "script, which nobody knows",
    ],
    [
      "a link that leads nowhere",
      "document-type.json",
      /"links": \[[^\]]*\]/,
      '"links": [{ "name": "original", "number": "number" }]',
      "no JSON pointer",
    ],
    [
      "more links than are followed",
      "document-type.json",
      /"links": \[[^\]]*\]/,
      `"links": ${JSON.stringify(Array.from({ length: 11 }, () => ({ name: "original", number: "/n" })))}`,
      "more than 10 links",
    ],
    [
      "another name than their folder",
      "document-type.json",
      '"name": "catch',
      '"name": "haul',
      "its folder another",
    ],
    [
      "a subject rule that there is not",
      "document-type.json",
      '"plain"',
      '"hashed"',
      "none of plain, uuid, hmac",
    ],
    [
      "a pointer that is none",
      "document-type.json",
      '"/credentialSubject/salt"',
      '"salt"',
      "no JSON pointer",
    ],
    [
      "a state without its message type",
      "document-type.json",
      /CatchCertificate\.verified/,
      "CatchCertificate.seen",
      "which message-types.json has not",
    ],
    [
      "documents of a type that issues nothing",
      "document-type.json",
      /(?<="documentOf": \[")[^"]+/,
      "UN.CEFACT.Regulatory.CatchCertificate.revoked",
      "which issues nothing",
    ],
    [
      "a schema of another $id",
      "schema.json",
      /(?<="\$id": ")[^"]+/,
      "https://elsewhere.example/schema.json",
      "another $id",
    ],
    [
      "an effect that there is not",
      "message-types.json",
      '"acquit"',
      '"burn"',
      "none of inform, issue, acquit, revoke",
    ],
    [
      "a target that issues nothing",
      "message-types.json",
      /(?<="target": ")[^"]+/,
      "x",
      "no line before it issues",
    ],
    ["a keyword that is none", "schema.json", '"maxItems": 20', '"maxItem": 20', "cannot be compiled"],
    [
      "a reference to a schema that there is not",
      "schema.json",
      "common.json#/$defs/salt",
      "uncommon.json#/$defs/salt",
      "cannot be compiled",
    ],
  ];
  for (const [what, name, from, to, said] of mistakes) {
    it(`are refused for ${what}`, async () => {
      await write();
      expect(refusal()).to.equal("taken");
      await change(name, from, to);
      expect(refusal()).to.contain(said);
    });
  }
});
