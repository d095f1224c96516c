import { expect } from "chai";

import { isDomain } from "../../src/domain/participant.ts";
import { Problem } from "../../src/domain/problems.ts";
import { isOpaque, parseSubject } from "../../src/domain/subject.ts";
import {
  opaqueSubjects,
  rightDomains,
  rightSubjects,
  tellingSubjects,
  wrongDomains,
  wrongSubjects,
} from "../vectors/names.ts";

// What the contract takes the node takes, and what the contract refuses the node refuses before it sends it.
describe("names, as the contracts judge them too", () => {
  for (const [why, domain] of Object.entries(rightDomains)) {
    it(`a domain that ${why} is one`, () => {
      expect(isDomain(domain)).to.equal(true);
    });
  }
  for (const [why, domain] of Object.entries(wrongDomains)) {
    it(`a domain that ${why} is none`, () => {
      expect(isDomain(domain)).to.equal(false);
    });
  }
  for (const [what, subject] of Object.entries(rightSubjects)) {
    it(`a subject ${what} is taken`, () => {
      expect(parseSubject(subject)).to.equal(subject);
    });
  }
  for (const [what, subject] of Object.entries(wrongSubjects)) {
    it(`a subject ${what} is refused`, () => {
      expect(() => parseSubject(subject)).to.throw(Problem);
    });
  }
  it("subjects are opaque only by their form", () => {
    for (const subject of opaqueSubjects) expect(isOpaque(parseSubject(subject)), subject).to.equal(true);
    for (const subject of tellingSubjects) expect(isOpaque(parseSubject(subject)), subject).to.equal(false);
  });
});
