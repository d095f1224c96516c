import { expect } from "chai";

import { stepUpLink } from "../../web/console/step-up.ts";

const refused = (members: Readonly<Record<string, unknown>>, code = "assurance-too-low") =>
  stepUpLink({ code, members });
const asked = (link: string | null) => {
  const url = new URL(link ?? "", "https://node.example/below/");
  return { path: url.pathname, ...Object.fromEntries(url.searchParams) };
};

describe("the way on from a sign-in that is too weak", () => {
  it("asks for what the node demanded, whole and in its order", () => {
    expect(asked(refused({ acrValues: ["urn:au:3", "urn:au:4"], maxAge: 600 }))).to.deep.equal({
      ...{ path: "/below/console/sign-in", acr: "urn:au:3 urn:au:4", maxAge: "600" },
    });
    expect(asked(refused({ acrValues: ["a&b=c#d"] }))).to.deep.equal({
      ...{ path: "/below/console/sign-in", acr: "a&b=c#d" },
    });
    expect(asked(refused({ acrValues: ["strong"], maxAge: 0 }))).to.include({ maxAge: "0" });
  });

  it("is no other place, and asks for nothing else, whatever the answer says", () => {
    const said = {
      acrValues: ["https://evil.example/", "two words", "", 3, null, "line\nend", "&next=//evil"],
      ...{ maxAge: "600&next=//evil", next: "https://evil.example/" },
    };
    expect(asked(refused(said))).to.deep.equal({
      ...{ path: "/below/console/sign-in", acr: "https://evil.example/ &next=//evil" },
    });
    const long = Array.from({ length: 20 }, (_value, place) => `${place}`.padStart(40, "x"));
    const { acr = "" } = asked(refused({ acrValues: long })) as { acr?: string };
    expect(acr.length).to.be.at.most(500);
    expect(long.join(" ").startsWith(acr)).to.equal(true);
  });

  it("is not there for other failures, and where the issuer has nothing strong enough", () => {
    expect(refused({ acrValues: ["strong"] }, "not-allowed")).to.equal(null);
    for (const acrValues of [[], undefined, "strong", {}]) expect(refused({ acrValues })).to.equal(null);
  });
});
