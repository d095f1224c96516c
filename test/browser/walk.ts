import { readFile } from "node:fs/promises";

import type { Page } from "playwright-core";

import type { NetworkFile } from "../../scripts/dev/state-directory.ts";
import { codesIn, pictureOf } from "../paper/scan.ts";
import type { TestBrowser } from "./browser.ts";

/** The stations of the way that the README describes, in order. */
export const stations = ["filled", "sent", "printed", "checked", "inbox", "used", "checked-again"] as const;
export type Station = (typeof stations)[number];

/** Told at each station of the way which page shows it. */
export type At = (station: Station, page: Page) => Promise<void>;

/** What the way came to. */
export interface Walked {
  /** The certificate as printed. */
  readonly pdf: Uint8Array<ArrayBuffer>;
  /** What a telephone reads from it. */
  readonly link: string;
}

async function signIn(page: Page, url: string, person: string): Promise<void> {
  await page.goto(`${url}/console`);
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByRole("button", { name: person }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
}

/**
 * Goes the way of the README's "See it", as somebody who has never seen the system, in a development network: issues a
 * certificate, prints it, checks the paper with a telephone, has it used, and checks again.
 */
export async function walk(network: NetworkFile, browser: TestBrowser, at: At): Promise<Walked> {
  const [australia, china] = network.nodes;
  if (australia === undefined || china === undefined) throw new Error("The network has not two nodes.");

  const sender = await browser.open("desktop");
  await signIn(sender, australia.url, "Officer (AU)");
  await sender.getByRole("link", { name: "Send", exact: true }).click();
  await sender.getByRole("button", { name: "Preferential certificate of origin" }).click();
  await sender.getByRole("button", { name: "Fill in a sample" }).click();
  const number = await sender.locator('[id="field.credentialSubject.number"]').inputValue();
  await at("filled", sender);
  await sender.getByRole("button", { name: "Check and go on" }).click();
  await sender.getByLabel("To", { exact: true }).selectOption(china.participant);
  await sender.getByRole("button", { name: "Send", exact: true }).click();
  await sender.getByText("Delivered", { exact: true }).first().waitFor();
  await at("sent", sender);

  const saving = sender.waitForEvent("download");
  await sender.getByRole("button", { name: "Print (PDF)" }).click();
  const pdf = Uint8Array.from(await readFile(await (await saving).path()));
  const link = [...codesIn(await pictureOf(pdf), 2)].find((code) =>
    code.startsWith(`${australia.url}/verify#`),
  );
  if (link === undefined) throw new Error("The paper has no code that leads to Australia's verifier.");
  await at("printed", sender);

  const telephone = await browser.open("phone");
  await telephone.goto(link);
  await telephone.getByRole("heading", { level: 1, name: "Test only: no legal effect" }).waitFor();
  await telephone.getByText(number).first().waitFor();
  await at("checked", telephone);

  const receiver = await browser.open("desktop");
  await signIn(receiver, china.url, "Officer (CN)");
  await receiver.getByRole("link", { name: "Certificate of origin: issued" }).first().waitFor();
  await at("inbox", receiver);
  await receiver.getByRole("link", { name: "Certificate of origin: issued" }).first().click();
  await receiver.getByRole("button", { name: "Mark as used …" }).click();
  const dialog = receiver.getByRole("dialog", { name: "Mark this certificate as used" });
  await dialog.getByText(number).waitFor();
  await dialog.getByLabel(/^Reason/).fill("Preference granted");
  await dialog.getByRole("checkbox").check();
  await dialog.getByRole("button", { name: "Mark as used" }).click();
  await dialog.getByText("Done: the certificate is marked as used, finally.").waitFor();
  await at("used", receiver);

  const again = await browser.open("phone");
  await again.goto(`${australia.url}/verify`);
  await again
    .getByLabel("Choose the file")
    .setInputFiles({ name: "certificate.pdf", mimeType: "application/pdf", buffer: Buffer.from(pdf) });
  await again.getByRole("heading", { level: 1, name: "Already used" }).waitFor();
  await again.getByText(china.participant).first().waitFor();
  await at("checked-again", again);
  return { pdf, link };
}
