import { createHmac } from "node:crypto";

import { expect } from "chai";

import { Problem } from "../../src/domain/problems.ts";
import { parsePredicate } from "../../src/domain/predicate.ts";
import { isOpaque, parseSubject } from "../../src/domain/subject.ts";
import type { SubjectRule } from "../../src/semantics/document-type.ts";
import { loadDocumentTypes } from "../../src/semantics/document-types.ts";
import { isKeyedSubject, keyedSubject } from "../../src/semantics/private-subject.ts";
import { Subjects } from "../../src/semantics/subjects.ts";

const types = loadDocumentTypes();
const secret = "a secret of more than 32 characters";
const COO = "preferential-certificate-of-origin";
const created = parsePredicate("UN.CEFACT.Regulatory.CertificateOfOrigin.created");
const acquitted = parsePredicate("UN.CEFACT.Regulatory.CertificateOfOrigin.acquitted");

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error.code;
    return error instanceof Error ? error.message : String(error);
  }
  return "taken";
}

describe("a keyed subject", () => {
  it("is HMAC-SHA-256 of domain, type and number, which whoever has the secret can make again", () => {
    const expected = createHmac("sha256", secret)
      .update(`icl-subject-1\0${COO}\0WBC208897`)
      .digest("base64url");
    const subject = keyedSubject(secret, COO, "WBC208897");
    expect(subject).to.equal(`urn:hmac-sha256:${expected}`);
    expect(isKeyedSubject(subject) && isOpaque(subject)).to.equal(true);
  });

  it("is another for another secret, type or number", () => {
    const made = [
      keyedSubject(secret, COO, "WBC208897"),
      keyedSubject(secret, COO, "WBC208898"),
      keyedSubject(secret, "phytosanitary-certificate", "WBC208897"),
      keyedSubject(`${secret}!`, COO, "WBC208897"),
    ];
    expect(new Set(made)).to.have.property("size", made.length);
  });

  it("is made of no number that the separator, or a blank at an end, could make another's", () => {
    for (const number of ["", " 1", "1 ", "1\u00002", "1\n", "é", "1".repeat(71)]) {
      expect(
        codeOf(() => keyedSubject(secret, COO, number)),
        JSON.stringify(number),
      ).to.equal("malformed-request");
    }
    expect(codeOf(() => keyedSubject(secret, COO, "AU 2026/1"))).to.equal("taken");
  });
});

describe("the rule of a document type for subjects", () => {
  const subjects = (rules: Readonly<Record<string, SubjectRule>>, key: string | null = secret) =>
    new Subjects(types, rules, key);
  const check = (rules: Readonly<Record<string, SubjectRule>>, subject: string, predicate = created) =>
    codeOf(() => {
      subjects(rules).check({ predicate, subject: parseSubject(subject) });
    });
  const keyed = keyedSubject(secret, COO, "WBC208897");
  const random = "urn:uuid:2f1c9d3e-6a0b-4c58-9f77-0d2b7a5e4c11";

  it("takes any subject where it is plain", () => {
    for (const subject of ["chamber.com.au:chafta-coo:123", keyed, random]) {
      expect(check({ [COO]: "plain" }, subject)).to.equal("taken");
      expect(check({}, subject), "as the type says").to.equal("taken");
    }
  });

  it("takes only keyed ones where it is hmac", () => {
    expect(check({ [COO]: "hmac" }, keyed)).to.equal("taken");
    for (const subject of [
      "chamber.com.au:chafta-coo:123",
      random,
      "urn:hmac-sha256:WBC208897",
      `${keyed}x`,
    ]) {
      expect(check({ [COO]: "hmac" }, subject), subject).to.equal("subject-not-private");
    }
  });

  it("takes only random ones where it is uuid", () => {
    expect(check({ [COO]: "uuid" }, random)).to.equal("taken");
    for (const subject of [keyed, "urn:uuid:WBC208897", "urn:uuid:"]) {
      expect(check({ [COO]: "uuid" }, subject), subject).to.equal("subject-not-private");
    }
  });

  it("does not ask messages about what others have issued, nor those of types that it knows nothing of", () => {
    expect(check({ [COO]: "hmac" }, "chamber.com.au:chafta-coo:123", acquitted)).to.equal("taken");
    expect(check({ [COO]: "hmac" }, "a:1", parsePredicate("some.other.type.created"))).to.equal("taken");
  });

  it("makes subjects that it takes", () => {
    for (const rule of ["plain", "hmac", "uuid"] as const) {
      const made = subjects({ [COO]: rule }).privateSubject(COO, "WBC208897");
      expect(made.rule).to.equal(rule === "uuid" ? "uuid" : "hmac");
      expect(check({ [COO]: rule }, made.subject), rule).to.equal("taken");
    }
    const { subject } = subjects({ [COO]: "uuid" }).privateSubject(COO, "WBC208897");
    expect(subjects({ [COO]: "uuid" }).privateSubject(COO, "WBC208897").subject).not.to.equal(subject);
  });

  it("makes none of a type that there is not, nor keyed ones without a secret", () => {
    expect(codeOf(() => subjects({}).privateSubject("certificate", "1"))).to.equal("document-type-unknown");
    expect(codeOf(() => subjects({}, null).privateSubject(COO, "1"))).to.equal("subject-secret-missing");
  });

  it("is refused at start for a type that there is not, or where it wants a secret that there is not", () => {
    expect(codeOf(() => subjects({ certificate: "hmac" }))).to.contain(
      "there is no document type certificate",
    );
    expect(codeOf(() => subjects({ [COO]: "hmac" }, null))).to.contain("set semantics.subjects.secret");
  });
});
