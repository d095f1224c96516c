import { once } from "node:events";

import PDFDocument from "pdfkit";

import type { certificate } from "./certificate.ts";

type Certificate = typeof certificate;

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const margin = 40;
const width = 595.28 - 2 * margin; // A4 upright, in points
const half = width / 2;

/** The columns of the form's table of goods: boxes 6 to 12, with the width of each. */
const columns: readonly (readonly [heading: string, width: number])[] = [
  ["6. Item number (max. 20)", 48],
  ["7. Marks and numbers on packages (optional)", 72],
  ["8. Number and kind of packages; description of goods", 137],
  ["9. HS code (6-digit code)", 60],
  ["10. Origin criterion", 52],
  ["11. Gross or net weight or other quantity", 72],
  ["12. Invoice number and date", width - 441],
];

function drawBox(form: PDFKit.PDFDocument, box: Box, heading: string, lines: readonly string[] = []): void {
  form.rect(box.left, box.top, box.width, box.height).stroke();
  const inner = { width: box.width - 8 };
  form
    .font("Helvetica")
    .fontSize(7)
    .text(heading, box.left + 4, box.top + 4, inner);
  form.font("Courier").fontSize(9);
  for (const line of lines) form.text(line, box.left + 4, form.y + 2, inner);
}

function drawParties(form: PDFKit.PDFDocument, certificate: Certificate): void {
  const { exporter, importer } = certificate.supplyChainConsignment;
  const right = margin + half;
  drawBox(
    form,
    { left: margin, top: 40, width: half, height: 70 },
    "1. Exporter's name, address and country:",
    [exporter.name, `${exporter.idScheme} ${exporter.id}`, "Australia"],
  );
  drawBox(
    form,
    { left: margin, top: 110, width: half, height: 50 },
    "2. Producer's name and address (if known):",
  );
  drawBox(
    form,
    { left: margin, top: 160, width: half, height: 60 },
    "3. Importer's name, address and country (if known):",
    [importer.name, `${importer.postalAddress.cityName}, China`],
  );
  form.rect(right, 40, half, 120).stroke();
  form
    .font("Helvetica")
    .fontSize(9)
    .text(`Certificate No.: ${certificate.id}`, right + 8, 50);
  form
    .font("Helvetica-Bold")
    .fontSize(13)
    .text("CERTIFICATE OF ORIGIN", right, 80, { width: half, align: "center" });
  form.font("Helvetica").fontSize(9);
  form.text("Form for China-Australia Free Trade Agreement", right, 100, { width: half, align: "center" });
  form.text("Issued in: Australia", right + 8, 140);
  drawBox(form, { left: right, top: 160, width: half, height: 60 }, "For official use only:");
}

function drawTransport(form: PDFKit.PDFDocument, certificate: Certificate): void {
  const { mainCarriageTransportMovement, loadingBaseportLocation, unloadingBaseportLocation } =
    certificate.supplyChainConsignment;
  drawBox(
    form,
    { left: margin, top: 220, width: half, height: 90 },
    "4. Means of transport and route (if known)",
    [
      `Departure date: ${mainCarriageTransportMovement.departureDate}`,
      `Flight No.: ${mainCarriageTransportMovement.id}`,
      `Port of loading: ${loadingBaseportLocation.name} (${loadingBaseportLocation.id})`,
      `Port of discharge: ${unloadingBaseportLocation.name} (${unloadingBaseportLocation.id})`,
    ],
  );
  drawBox(form, { left: margin + half, top: 220, width: half, height: 90 }, "5. Remarks:");
}

function drawGoods(form: PDFKit.PDFDocument, certificate: Certificate): void {
  const { tradeLineItems, transportPackages, commercialInvoices } = certificate.supplyChainConsignment;
  const invoices = commercialInvoices.map(({ id }) => id);
  const cells: readonly (readonly string[])[] = [
    tradeLineItems.map((item) => String(item.sequenceNumber)),
    [],
    [
      `${transportPackages.quantity} ${transportPackages.type}s`,
      ...tradeLineItems.map((item) => `${item.sequenceNumber}: ${item.description}`),
    ],
    tradeLineItems.map((item) => item.harmonisedTariffCode),
    tradeLineItems.map((item) => item.originCriterion),
    [],
    invoices,
  ];
  let left = margin;
  columns.forEach(([heading, columnWidth], index) => {
    drawBox(form, { left, top: 310, width: columnWidth, height: 40 }, heading);
    drawBox(form, { left, top: 350, width: columnWidth, height: 190 }, "", cells[index]);
    left += columnWidth;
  });
}

function drawDeclarations(form: PDFKit.PDFDocument, certificate: Certificate): void {
  drawBox(
    form,
    { left: margin, top: 540, width: half, height: 190 },
    "13. Declaration by the exporter or producer\n\nThe undersigned hereby declares that the above-stated information is " +
      "correct and that the goods exported to",
    ["China", "comply with the origin requirements", "of the China-Australia Free Trade", "Agreement."],
  );
  drawBox(
    form,
    { left: margin + half, top: 540, width: half, height: 190 },
    "14. Certification\n\nOn the basis of the control carried out, it is hereby certified that the information herein is " +
      "correct and that the described goods comply with the origin requirements of the China-Australia Free Trade Agreement.",
    [`Date: ${certificate.issueDate}`],
  );
}

/**
 * Draws the paper form of a certificate of origin under the China-Australia Free Trade Agreement, box by box. Boxes
 * whose content is not known stay empty.
 *
 * @param certificate what the form says
 * @returns the bytes of a PDF of one page
 */
export async function drawCertificateForm(certificate: Certificate): Promise<Uint8Array<ArrayBuffer>> {
  const form = new PDFDocument({
    size: "A4",
    margin,
    info: { Title: `Certificate of origin ${certificate.id}` },
  });
  const chunks: Uint8Array[] = [];
  form.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  form.lineWidth(0.7);
  drawParties(form, certificate);
  drawTransport(form, certificate);
  drawGoods(form, certificate);
  drawDeclarations(form, certificate);
  const end = once(form, "end");
  form.end();
  await end;
  return Buffer.concat(chunks);
}
