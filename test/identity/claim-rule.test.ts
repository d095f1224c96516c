import { expect } from "chai";

import { parseSubjectPattern, isWithin, type SubjectPattern } from "../../src/domain/subject-pattern.ts";
import { subjectsOf, type Role } from "../../src/identity/caller.ts";
import { claimAt, grantsOf, passes, type ClaimRule } from "../../src/identity/claim-rule.ts";
import { au } from "./fixtures.ts";

const patterns = (...texts: readonly string[]) => texts as readonly SubjectPattern[];

function rule(roles: readonly Role[], more: Partial<ClaimRule> = {}): ClaimRule {
  const test = { claim: "groups", how: "contains", value: "g" } as const;
  return { test, roles, subjects: null, subjectsFrom: null, ...more };
}

describe("a claim", () => {
  const claims = {
    groups: ["a", "b c"],
    text: "one two",
    yes: true,
    realm: { "x/y": { "~": 7 } },
    "https://id/claim": "z",
  };

  it("is found by its name or a pointer, among its own members only", () => {
    expect(claimAt(claims, "https://id/claim")).to.equal("z");
    expect(claimAt(claims, "/realm/x~1y/~0")).to.equal(7);
    for (const name of [
      "/realm/none/~0",
      "/text/0",
      "/groups/length/x",
      "toString",
      "/realm/constructor",
      "/",
    ]) {
      expect(claimAt(claims, name), name).to.equal(undefined);
    }
  });

  it("equals a value of its very type, or contains a word or item", () => {
    const yes: readonly (readonly [string, "equals" | "contains", string | number | boolean])[] = [
      ["yes", "equals", true],
      ["/realm/x~1y/~0", "equals", 7],
      ["text", "contains", "two"],
      ["groups", "contains", "b c"],
    ];
    for (const [claim, how, value] of yes) expect(passes(claims, { claim, how, value })).to.equal(true);
    const no: typeof yes = [
      ["yes", "equals", "true"],
      ["/realm/x~1y/~0", "equals", "7"],
      ["text", "equals", "one"],
      ["text", "contains", "on"],
      ["groups", "contains", "b"],
      ["groups", "equals", "a"],
      ["none", "contains", ""],
      ["none", "equals", ""],
    ];
    for (const [claim, how, value] of no) {
      expect(passes(claims, { claim, how, value }), `${claim} ${how} ${value}`).to.equal(false);
    }
  });
});

describe("rules about claims", () => {
  it("add up: a role is for the subjects of each rule that gives it, and for all where one sets no limit", () => {
    const found = grantsOf(
      { groups: ["g"] },
      [
        rule(["messages:read", "messages:write"], { subjects: patterns("a:*") }),
        rule(["messages:read"], { subjects: patterns("b") }),
        rule(["messages:write"]),
        rule(["admin"], { test: { claim: "groups", how: "contains", value: "other" } }),
      ],
      ["subscriptions"],
    );
    expect(found.roles).to.deep.equal(new Set(["subscriptions", "messages:write", "messages:read"]));
    expect(found.subjects).to.deep.equal(new Map([["messages:read", ["a:*", "b"]]]));
  });

  it("take subjects out of the token, where they are well-formed and not too many", () => {
    const from = rule(["messages:read"], { subjectsFrom: "/icl/subjects" });
    const of = (subjects: unknown) => grantsOf({ groups: ["g"], icl: { subjects } }, [from], []).subjects;
    expect(of(["a:*", "b", "c*d", 7, ""])).to.deep.equal(new Map([["messages:read", ["a:*", "b"]]]));
    expect(of("a:* b")).to.deep.equal(new Map([["messages:read", ["a:*", "b"]]]));
    const tooMany = Array.from({ length: 51 }, (_, n) => `s${n}`);
    for (const none of [undefined, null, [], {}, "", 7, ["c*d"], tooMany]) {
      const granted = grantsOf({ groups: ["g"], icl: { subjects: none } }, [from], []);
      expect(granted.roles, JSON.stringify(none)).to.deep.equal(new Set());
    }
  });
});

describe("subjects", () => {
  it("are within a limit by the whole name, or by how they begin", () => {
    const limit = patterns("chamber.com.au:*", "x");
    for (const subject of ["chamber.com.au:", "chamber.com.au:1", "x"]) {
      expect(isWithin(subject, limit), subject).to.equal(true);
    }
    for (const subject of ["chamber.com.au", "Chamber.com.au:1", "xx", "", "chamber.com.au*"]) {
      expect(isWithin(subject, limit), subject).to.equal(false);
    }
    expect(isWithin("anything", null)).to.equal(true);
    expect(isWithin("anything", patterns("*"))).to.equal(true);
    expect(isWithin("anything", [])).to.equal(false);
  });

  it("are named by what may be a subject, with * at the end alone", () => {
    for (const text of ["", "a b", "a*b", "**", "a*\n", "é", "a".repeat(202)]) {
      expect(parseSubjectPattern(text), text).to.equal(null);
    }
    for (const text of ["*", "a", "a:*", "a".repeat(200)]) expect(parseSubjectPattern(text)).to.equal(text);
  });

  it("of several roles are those of each that the user has; a role without a limit is for all", () => {
    const user = {
      ...({ kind: "user", issuer: "i", subject: "s", participant: au } as const),
      roles: new Set<Role>(["messages:read", "messages:write", "subscriptions"]),
      subjects: new Map<Role, readonly SubjectPattern[]>([
        ["messages:read", patterns("a")],
        ["messages:write", patterns("b")],
        ["certificates:acquit", patterns("c")],
      ]),
    };
    expect(subjectsOf(user, "messages:read", "messages:write")).to.deep.equal(["a", "b"]);
    expect(subjectsOf(user, "messages:read", "subscriptions")).to.equal(null);
    expect(subjectsOf(user, "certificates:acquit", "admin"), "roles that the user lacks").to.deep.equal([]);
  });
});
