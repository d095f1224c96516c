import { readFileSync } from "node:fs";

import { expect } from "chai";

import { commonFacts } from "../../src/paper/sealed-facts.ts";

describe("the facts that a seal carries", () => {
  it("are number, exporter, consignee and HS codes of the certificates that this project brings", () => {
    const sample = (name: string) =>
      JSON.parse(
        readFileSync(new URL(`../../document-types/${name}.json`, import.meta.url), "utf8"),
      ) as unknown;
    expect(commonFacts(sample("preferential-certificate-of-origin/samples/valid/chafta-wine"))).to.deep.equal(
      [
        ["Number", "WBC208897"],
        ["Exporter", "Treasury Wine Estates Vintners"],
        ["Consignee", "East meets west fine wines"],
        ["HS codes", "220421"],
      ],
    );
    expect(commonFacts(sample("phytosanitary-certificate/samples/valid/table-grapes"))[0]?.[0]).to.equal(
      "Number",
    );
  });

  it("are none of what is no such document", () => {
    for (const value of [
      undefined,
      null,
      1,
      "x",
      [],
      {},
      { credentialSubject: 1 },
      { credentialSubject: { number: 5 } },
    ]) {
      expect(commonFacts(value)).to.deep.equal([]);
    }
  });
});
