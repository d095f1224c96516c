import { expect } from "chai";

import type { Problem } from "../../src/domain/problems.ts";
import { Assurance } from "../../src/identity/assurance.ts";
import type { UserCaller } from "../../src/identity/caller.ts";
import type { IssuerConfig } from "../../src/identity/issuer-config.ts";
import { au } from "./fixtures.ts";

const NOW = Date.parse("2027-06-03T12:00:00Z");

function issuer(name: string, more: Partial<IssuerConfig> = {}): IssuerConfig {
  return {
    ...{ issuer: name, audience: "x", jwksUri: null, algorithms: ["ES256"], roles: {}, development: false },
    ...more,
  };
}

const assurance = new Assurance(
  {
    levels: ["low", "substantial", "high"],
    demands: [
      { type: "UN.CEFACT.*", level: "substantial", maxAgeSeconds: 3_600 },
      { type: "UN.CEFACT.created", level: "high", maxAgeSeconds: 600 },
      { type: "other", level: "low", maxAgeSeconds: null },
    ],
  },
  [
    issuer("https://a", { levels: { "urn:2": "low", "urn:4": "high", "urn:3": "substantial" } }),
    issuer("https://b"),
    issuer("https://c", { systemLevel: "substantial" }),
  ],
  () => NOW,
);

function user(more: Partial<UserCaller>): UserCaller {
  return {
    ...{ kind: "user", issuer: "https://a", subject: "s", participant: au, roles: new Set() },
    authenticatedAt: NOW,
    ...more,
  };
}

function refusal(predicate: string, more: Partial<UserCaller>): Problem | null {
  try {
    assurance.demand(user(more), predicate);
    return null;
  } catch (error) {
    return error as Problem;
  }
}

describe("what is demanded of how a user was authenticated", () => {
  it("is nothing for a type that no demand names", () => {
    expect(refusal("free", { authenticatedAt: 0 })).to.equal(null);
    expect(refusal("others", {})).to.equal(null);
    expect(refusal("UN.CEFAC", {})).to.equal(null);
  });

  it("is met by the level, and by one above it, in the words of each issuer", () => {
    for (const acr of ["urn:3", "urn:4"]) expect(refusal("UN.CEFACT.x", { acr }), acr).to.equal(null);
    expect(refusal("UN.CEFACT.x", { issuer: "https://b", acr: "substantial" })).to.equal(null);
    expect(refusal("UN.CEFACT.x", { issuer: "https://b", acr: "high" })).to.equal(null);
  });

  it("is not met by less, by nothing, or by another issuer's word", () => {
    for (const acr of ["urn:2", "substantial", "high", "constructor", "__proto__"]) {
      expect(refusal("UN.CEFACT.x", { acr }), acr).to.include({ code: "assurance-too-low", status: 403 });
    }
    expect(refusal("UN.CEFACT.x", {})).to.include({ code: "assurance-too-low" });
    expect(refusal("other", {}), "even for the lowest").to.include({ code: "assurance-too-low" });
    expect(refusal("UN.CEFACT.x", { issuer: "https://b", acr: "urn:4" })).to.include({
      code: "assurance-too-low",
    });
    expect(refusal("UN.CEFACT.x", { issuer: "https://z", acr: "urn:4" })).to.include({
      code: "assurance-too-low",
    });
  });

  it("is the strictest of all that name the type, and says with what to come again", () => {
    const members = refusal("UN.CEFACT.created", { acr: "urn:3" })?.members;
    expect(members).to.deep.equal({ acrValues: ["urn:4"], maxAge: 600 });
    expect(refusal("UN.CEFACT.x", {})?.members).to.deep.equal({
      acrValues: ["urn:3", "urn:4"],
      maxAge: 3_600,
    });
    expect(refusal("other", {})?.members).to.deep.equal({ acrValues: ["urn:2", "urn:3", "urn:4"] });
  });

  it("is not met by a login too long ago, or of which nobody says when it was", () => {
    const before = (seconds: number) => ({ acr: "urn:4", authenticatedAt: NOW - seconds * 1000 });
    expect(refusal("UN.CEFACT.created", before(590))).to.equal(null);
    expect(refusal("UN.CEFACT.created", before(700))).to.include({ code: "assurance-too-low" });
    expect(refusal("UN.CEFACT.x", before(700))).to.equal(null);
    const { authenticatedAt, ...unsaid } = user({ acr: "urn:4" });
    expect(authenticatedAt).to.equal(NOW);
    expect(() => {
      assurance.demand(unsaid, "UN.CEFACT.x");
    }).to.throw("stronger or more recent");
  });

  it("is for programs the level of their issuer's programs, whatever they say of themselves", () => {
    const program = { via: "system", issuer: "https://c" } as const;
    expect(refusal("UN.CEFACT.x", { ...program, authenticatedAt: 0 })).to.equal(null);
    expect(refusal("UN.CEFACT.created", { ...program, acr: "high" })).to.include({
      code: "assurance-too-low",
    });
    expect(refusal("other", { via: "system", acr: "urn:4" })).to.include({ code: "assurance-too-low" });
  });
});
