import { readFile } from "node:fs/promises";

import { expect } from "chai";

import { developmentTypes } from "../../../scripts/dev/vocabulary.ts";

describe("the development vocabulary", () => {
  const prefix = "UN.CEFACT.Regulatory.CertificateOfOrigin.";

  it("issues by one type, acquits and revokes by one each, and informs by five", () => {
    expect(
      developmentTypes.map(({ predicate, effect, target }) => [predicate, effect, target]),
    ).to.deep.equal([
      [`${prefix}created`, "issue", undefined],
      [`${prefix}acquitted`, "acquit", `${prefix}created`],
      [`${prefix}revoked`, "revoke", `${prefix}created`],
      ...["attached", "queried", "verified", "disputed", "rejected"].map((word) => [
        prefix + word,
        "inform",
        undefined,
      ]),
    ]);
  });

  it("is what deploy/message-types.json registers on a real channel", async () => {
    const file = await readFile(new URL("../../../deploy/message-types.json", import.meta.url), "utf8");
    expect(JSON.parse(file)).to.deep.equal(
      developmentTypes.map(({ predicate, ...rest }) => ({ name: predicate, ...rest })),
    );
  });
});
