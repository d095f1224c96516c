import { inflateSync } from "node:zlib";

import { expect } from "chai";

import { certificate, certificateDocument } from "../../../scripts/demo/certificate.ts";
import { drawCertificateForm } from "../../../scripts/demo/certificate-form.ts";

/** The lines of text that a PDF of pdfkit draws: hexadecimal strings, cut into pieces where letters are moved closer. */
function textOf(pdf: Uint8Array): string {
  const bytes = Buffer.from(pdf);
  const lines: string[] = [];
  for (let at = bytes.indexOf("stream\n"); at >= 0; at = bytes.indexOf("stream\n", at)) {
    const [start, end] = [at + "stream\n".length, bytes.indexOf("\nendstream", at)];
    at = end + "\nendstream".length;
    const content = inflateSync(bytes.subarray(start, end)).toString("latin1");
    for (const [, pieces = ""] of content.matchAll(/\[([^\]]*)\] TJ/g)) {
      const hex = [...pieces.matchAll(/<([0-9a-f]*)>/g)].map(([, digits]) => digits).join("");
      lines.push(Buffer.from(hex, "hex").toString("latin1"));
    }
  }
  return lines.join("\n");
}

describe("the certificate of the demonstration", () => {
  it("is the wine certificate WBC208897", () => {
    const { supplyChainConsignment: consignment, ...rest } = certificate;
    expect(rest).to.deep.equal({
      ...{ id: "WBC208897", issueDate: "2020-06-03", freeTradeAgreement: "CHAFTA", isPreferential: true },
    });
    expect(consignment.exporter).to.include({ id: "55004094599", name: "Treasury Wine Estates Vintners" });
    expect(consignment.importer).to.deep.include({
      ...{ name: "East meets west fine wines", postalAddress: { cityName: "Shanghai" } },
    });
    const goods = consignment.tradeLineItems;
    expect(goods.map(({ harmonisedTariffCode }) => harmonisedTariffCode)).to.deep.equal(
      Array(3).fill("2204.21"),
    );
    expect(goods.map(({ originCriterion }) => originCriterion)).to.deep.equal(["WP", "WP", "PSR"]);
    expect(consignment.commercialInvoices).to.deep.equal([{ id: "1122345" }, { id: "8877654" }]);
    expect(consignment.mainCarriageTransportMovement).to.include({
      id: "CX104",
      departureDate: "2020-06-20",
    });
    expect(consignment.loadingBaseportLocation).to.deep.equal({ id: "AUMEL", name: "Melbourne" });
    expect(consignment.unloadingBaseportLocation).to.deep.equal({ id: "CNPVG", name: "Shanghai Pudong" });
    expect(consignment.transportPackages).to.deep.equal({ quantity: 6, type: "pallet" });
  });

  it("is a JSON document with a salt of its own each time", () => {
    const documents = [certificateDocument(), certificateDocument()].map(
      (bytes) =>
        JSON.parse(new TextDecoder().decode(bytes)) as { salt: string; certificateOfOrigin: unknown },
    );
    for (const { salt, certificateOfOrigin } of documents) {
      expect(Buffer.from(salt, "base64url")).to.have.length.of.at.least(16);
      expect(certificateOfOrigin).to.deep.equal(certificate);
    }
    expect(documents[0]?.salt).not.to.equal(documents[1]?.salt);
  });

  it("is a paper form that says the same", async () => {
    const form = await drawCertificateForm(certificate);
    expect(Buffer.from(form.subarray(0, 5)).toString()).to.equal("%PDF-");
    const text = textOf(form);
    for (const said of [
      ...["WBC208897", "2020-06-03", "Treasury Wine Estates Vintners", "55004094599"],
      ...["East meets west fine wines", "Shanghai", "CX104", "2020-06-20", "AUMEL", "CNPVG"],
      ...["6 pallets", "2204.21", "WP", "PSR", "1122345", "8877654"],
    ]) {
      expect(text).to.contain(said);
    }
  });
});
