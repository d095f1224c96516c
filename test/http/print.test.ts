import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import type { Message } from "../../src/domain/message.ts";
import { digestOf } from "../../src/domain/multihash.ts";
import type { Problem } from "../../src/domain/problems.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import { paperWords } from "../../src/paper/paper-words.ts";
import { documentPrinter } from "../../src/paper/print-document.ts";
import type { Store } from "../../src/store/store.ts";
import { au, cn, created, nz, phytosanitary } from "../channels/fixtures.ts";
import { userOf } from "../messages/rig.ts";
import {
  ONE_REQUEST,
  startIssuingNode,
  semantics,
  VERIFIER,
  type IssuingNode,
} from "../paper/issuing-node.ts";
import { codesIn, pictureOf, textsOf } from "../paper/scan.ts";
import { validSamples } from "../semantics/samples.ts";
import { eachStore } from "../store/each-store.ts";
import { problemOf } from "./test-app.ts";
import { node, user } from "./test-callers.ts";

const callers = {
  officer: user("officer", "documents:write", "messages:read", "messages:write"),
  clerk: user("clerk", "documents:write"),
  sender: user("sender", "messages:write"),
  cn: node("customs.gov.cn"),
};
const other = `0x${"07".repeat(32)}`;

function sample(name = "preferential-certificate-of-origin", file = "chafta-wine.json") {
  const type = semantics.documentTypes.named(name);
  if (type === null) throw new Error("The type is not known.");
  return validSamples(type).get(file) as Record<string, unknown>;
}

eachStore("POST /documents/{multihash}/print", (openFresh) => {
  let directory: string;
  let store: Store;
  let issuer: IssuingNode;

  beforeEach(async function () {
    this.timeout(30_000);
    directory = await mkdtemp(join(tmpdir(), "icl-print-"));
    store = await openFresh(au);
    issuer = await startIssuingNode(store, directory, callers);
  });
  afterEach(async () => {
    await issuer.close();
    await rm(directory, { recursive: true, force: true });
  });

  const stored = (content: string | Uint8Array<ArrayBuffer>, mediaType?: string) =>
    issuer.store("officer", content, mediaType);
  /** Stores a document and issues it. */
  const issued = async (content: unknown, mediaType?: string, changes?: Partial<Message>) => {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    const multihash = await stored(text, mediaType);
    return { multihash, text, id: await issuer.issue(multihash, changes) };
  };
  const sealed = () => store.db.selectFrom("document_seal").select(["digest", "message_id"]).execute();
  const print = (as: string, multihash: string, body?: unknown) =>
    fetch(`${issuer.url}/documents/${multihash}/print`, {
      method: "POST",
      headers: {
        ...{ authorization: `Bearer ${as}`, ...ONE_REQUEST },
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  const refusal = async (as: string, multihash: string, body?: unknown) =>
    problemOf(await print(as, multihash, body));

  it("prints a certificate that is JSON, and one that is signed, with codes that open and prove it", async () => {
    const json = JSON.stringify(sample());
    const part = (text: string) => Buffer.from(text).toString("base64url");
    const signed = `${part('{"alg":"ES256"}')}.${part(json)}.${part("signature")}`;
    for (const [content, mediaType] of [
      [json, "application/json"],
      [signed, "application/vc+jwt"],
    ] as const) {
      const { multihash, id } = await issued(content, mediaType);
      const answer = await print("officer", multihash);
      expect(answer.status).to.equal(200);
      expect(answer.headers.get("content-type")).to.equal("application/pdf");
      expect(answer.headers.get("content-disposition")).to.equal(`attachment; filename="${multihash}.pdf"`);
      expect(answer.headers.get("cache-control")).to.equal("no-store");
      const pdf = Buffer.from(await answer.arrayBuffer());
      const text = (await textsOf(pdf)).join("");
      expect(text).to.contain("WBC208897").and.to.contain(multihash);
      expect(text).not.to.contain(paperWords.en.training);

      const codes = [...codesIn(await pictureOf(pdf), 2)];
      const link = codes.find((code) => code.startsWith(`https://${VERIFIER}/verify#`)) ?? "";
      const opened = await issuer.open(link);
      expect(opened.messageId).to.equal(id);
      expect(Buffer.from(opened.bytes).toString("utf8")).to.equal(content);
      const { outcome, facts } = await issuer.check(codes.find((code) => code !== link) ?? "");
      expect(outcome).to.equal("genuine");
      expect(facts).to.include({ issuer: au, status: "issued", multihash, messageId: id, type: created });
      expect(facts?.lines).to.deep.include(["Certificate No.", "WBC208897"]);
    }
  }).timeout(90_000);

  it("prints in the language that is asked for, and seals for the message that is named", async () => {
    const { multihash, id } = await issued(sample());
    const again = await issuer.issue(multihash, { subject: parseSubject("chamber.com.au:again") });
    expect((await refusal("officer", multihash)).code).to.equal("message-ambiguous");
    expect(await sealed()).to.deep.equal([]);
    for (const message of [again, id]) {
      const answer = await print("officer", multihash, { language: "es", message });
      expect(answer.headers.get("content-language")).to.equal("es");
      const text = (await textsOf(new Uint8Array(await answer.arrayBuffer()))).join("");
      expect(text).to.contain("Certificado de origen preferencial").and.to.contain(message);
    }
  }).timeout(30_000);

  it("names who made the credential by the ledger's word where it has one, and else by his identifier alone", async () => {
    const lines = async (issuer: Record<string, string>) => {
      const { multihash } = await issued({ ...sample(), issuer });
      const answer = await print("officer", multihash);
      expect(answer.status).to.equal(200);
      return (await textsOf(new Uint8Array(await answer.arrayBuffer()))).join("\n").replaceAll(/\s+/g, " ");
    };
    const known = await lines({ id: `did:web:${cn}`, name: "Example Chamber" });
    expect(known)
      .to.contain(
        `Issuer of the electronic certificate: ${cn}, China (CN) did:web:${cn}, participant of the ledger`,
      )
      .and.to.contain("Calls itself, not verified: Example Chamber");
    // Invited to the channel, and never seated.
    for (const id of [`did:web:${nz}`, "did:web:chamber.example"]) {
      expect(await lines({ id, name: cn })).to.contain(
        `Issuer of the electronic certificate: ${id} Calls itself, not verified: ${cn}`,
      );
    }
  }).timeout(30_000);

  it("says on the paper of the moment what became of the certificate", async () => {
    const { multihash, id } = await issued(sample());
    await store.db
      .updateTable("certificate")
      .set({ acquitted_by: cn })
      .where("message_id", "=", id)
      .execute();
    const answer = await print("officer", multihash);
    const pdf = new Uint8Array(await answer.arrayBuffer());
    const codes = [...codesIn(await pictureOf(pdf), 2)];
    const offline = codes.find((code) => code.startsWith("ICL1:")) ?? "";
    expect((await issuer.check(offline)).facts?.status).to.equal("used");
  }).timeout(90_000);

  it("puts the reading on record", async () => {
    const { multihash } = await issued(sample());
    expect((await print("officer", multihash)).status).to.equal(200);
    const reads = await store.db
      .selectFrom("audit")
      .select("act")
      .where("object", "=", digestOf(multihash))
      .orderBy("seq")
      .execute();
    const acts = reads.map(({ act }) => act);
    expect(acts.filter((act) => act === "document.read")).to.have.length(1);
    expect(acts.at(-1)).to.equal("document.sealed");
  });

  it("is for those who send, and may read the document: not for other nodes", async () => {
    const { multihash } = await issued(sample());
    for (const as of ["clerk", "sender", "cn"]) {
      expect((await refusal(as, multihash)).code, as).to.equal("not-allowed");
    }
    expect((await refusal("nobody", multihash)).code).to.equal("token-missing");
    const absent = "QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n";
    expect((await refusal("officer", absent)).code).to.equal("not-found");
    expect((await refusal("officer", multihash, { message: other })).code).to.equal("document-not-issued");
    expect(await sealed()).to.deep.equal([]);
  });

  it("refuses a document that has no form, and seals none", async () => {
    const type = "UnknownCertificate";
    for (const [content, mediaType] of [
      ["%PDF-1.7", "application/pdf"],
      ['{"certificateOfOrigin":{"id":"WBC1"},"salt":"q8Jn3mYt5Hc1Zr7WbXs0Lk"}', "application/json"],
      [JSON.stringify({ ...sample(), type: ["VerifiableCredential", type] }), "application/json"],
      [JSON.stringify(sample()), "application/octet-stream"],
      ["not.a.credential", "application/vc+jwt"],
      ["{", "application/json"],
      ["[]", "application/json"],
      [`{"type":["PreferentialCertificateOfOrigin"],"x":"${"x".repeat(1_100_000)}"}`, "application/json"],
    ] as const) {
      expect((await refusal("officer", (await issued(content, mediaType)).multihash)).code).to.equal(
        "document-not-printable",
      );
    }
    expect(await sealed()).to.deep.equal([]);
  });

  it("refuses one that no message issued, and one that a message of another type did", async () => {
    const drafted = await stored(JSON.stringify(sample()));
    expect((await refusal("officer", drafted)).code).to.equal("document-not-issued");
    const { multihash, id } = await issued({ ...sample(), id: "urn:uuid:1" }, "application/json", {
      predicate: phytosanitary,
    });
    for (const body of [undefined, { message: id }]) {
      const problem = await refusal("officer", multihash, body);
      expect(problem).to.include({ status: 422, code: "document-type-mismatch" });
      expect(problem.detail).to.contain(`issue it by ${created}`);
    }
    expect(await sealed()).to.deep.equal([]);
  });

  it("refuses a document that is not as its type demands, and says where", async () => {
    const bad = { ...sample(), validFrom: "yesterday" };
    const problem = await refusal("officer", (await issued(bad)).multihash);
    expect(problem).to.include({ code: "document-not-printable" });
    expect(problem).to.have.nested.property("errors[0].member", "/validFrom");
    expect(await sealed()).to.deep.equal([]);
  });

  it("refuses one that is too long for paper before it is sealed", async () => {
    const document = sample();
    const subject = document.credentialSubject as { consignment: { lineItems: Record<string, unknown>[] } };
    const [line] = subject.consignment.lineItems;
    const lineItems = Array.from({ length: 900 }, (_line, place) => ({ ...line, sequenceNumber: place + 1 }));
    const consignment = { ...subject.consignment, lineItems };
    const long = await issued({ ...document, credentialSubject: { ...subject, consignment } });
    expect((await refusal("officer", long.multihash)).code).to.equal("paper-too-long");
    expect(await sealed()).to.deep.equal([]);
  }).timeout(30_000);

  it("prints so many at a time, asks the others to wait, and prints again once those are done", async () => {
    const { multihash } = await issued(sample());
    const { documentTypes, validateDocument } = semantics;
    const gate = Promise.withResolvers<never>();
    void Promise.allSettled([gate.promise]); // it may be refused before anybody waits for it
    const printing = documentPrinter({
      ...{ store, files: issuer.files, maxBytes: 6_000_000, now: Date.now },
      ...{ documentTypes, validateDocument, forms: issuer.forms },
      sealDocument: () => Promise.reject(new Error("No paper of these gets as far.")),
      participants: () => gate.promise,
    });
    const how = { language: "en", messageId: null } as const;
    const ask = () =>
      printing(userOf(au), multihash, how).then(
        () => null,
        (error: unknown) => error,
      );
    const asked = Array.from({ length: 16 }, ask);
    const beyond = (await ask()) as Problem;
    expect(beyond).to.include({ code: "unavailable", retryAfterSeconds: 5 });
    const gone = new Error("gone");
    gate.reject(gone);
    expect(await Promise.all(asked)).to.deep.equal(Array.from({ length: 16 }, () => gone));
    expect(await ask()).to.equal(gone);
  });

  it("refuses what is not as documented", async () => {
    const multihash = await stored(JSON.stringify(sample()));
    for (const body of [{ language: "de" }, { message: "0x1" }, { html: true }, []]) {
      expect((await refusal("officer", multihash, body)).code, JSON.stringify(body)).to.equal(
        "malformed-request",
      );
    }
    expect((await refusal("officer", multihash, "{")).code).to.equal("malformed-json");
    const form = await fetch(`${issuer.url}/documents/${multihash}/print`, {
      method: "POST",
      headers: { authorization: "Bearer officer" },
      body: new URLSearchParams({ language: "en" }),
    });
    expect((await problemOf(form)).code).to.equal("media-type-unsupported");
    expect((await refusal("officer", "nonsense")).code).to.equal("malformed-multihash");
  });
});
