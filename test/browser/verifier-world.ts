import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Page } from "playwright-core";

import type { MessageId } from "../../src/domain/message-id.ts";
import type { Multihash } from "../../src/domain/multihash.ts";
import { parseForm } from "../../src/paper/parse-form.ts";
import { formatFragment } from "../../src/paper/verifier-link.ts";
import { acquitted, au, cn, created, revoked } from "../channels/fixtures.ts";
import type { TestTerms } from "../channels/evm/test-channel.ts";
import { sealedText } from "../paper/sealed-text.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import type { Finality } from "../../src/channels/channel.ts";
import { openDoor, type Door } from "./door.ts";

/** A certificate that was issued, and what its paper's code holds. */
export interface IssuedPaper {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly multihash: Multihash;
  readonly id: MessageId;
  readonly subject: string;
  readonly accessKey: Uint8Array<ArrayBuffer>;
  /** What stands behind `#` in the code. */
  readonly fragment: string;
}

/** Two countries on a channel; the verifier's page is asked through a door before the second one's node. */
export interface VerifierWorld {
  readonly world: World;
  readonly australia: Country;
  readonly china: Country;
  readonly door: Door;
  /** Issues a certificate, and waits until both nodes know it, where its issue can become final. */
  issue(
    subject: string,
    options?: { readonly validUntil?: string; readonly final?: boolean },
  ): Promise<IssuedPaper>;
  acquit(paper: IssuedPaper): Promise<void>;
  revoke(paper: IssuedPaper): Promise<void>;
  /** Lets a page ask for what the nodes of this branch do not have. */
  standIn(page: Page, papers: readonly IssuedPaper[]): Promise<void>;
  close(): Promise<void>;
}

const types = new URL("../../document-types/", import.meta.url);
const TYPE = "preferential-certificate-of-origin";
const CREDENTIAL = "PreferentialCertificateOfOrigin";

async function certificate(number: string): Promise<Uint8Array<ArrayBuffer>> {
  const sample = new URL(`${TYPE}/samples/valid/chafta-wine.json`, types);
  const document = JSON.parse(await readFile(sample, "utf8")) as { credentialSubject: { number: string } };
  document.credentialSubject.number = number;
  return new TextEncoder().encode(JSON.stringify(document));
}

/** Starts both countries, on SQLite. */
export async function startVerifierWorld(
  terms: TestTerms = { production: true },
  ledger: { readonly finality?: Finality } = {},
): Promise<VerifierWorld> {
  const directory = await mkdtemp(join(tmpdir(), "icl-verifier-"));
  const world = await startWorld(terms, ledger);
  const found = async (participant: typeof au, jurisdiction: string) => {
    const file = join(directory, `${participant}.db`);
    return world.start(await world.configure(participant, jurisdiction, { technology: "sqlite", file }));
  };
  const [australia, china] = [await found(au, "AU"), await found(cn, "CN")];
  for (const { officer } of [australia, china]) {
    await eventually(async () => (await officer.request("/health/ready")).status === 200);
  }
  const door = await openDoor(china.config.publicUrl);
  const settled = async (id: string, from: Country, to: Country) => {
    await from.officer.until(id, "delivered");
    await eventually(async () => (await to.officer.message(id)) !== null);
  };
  return {
    ...{ world, australia, china, door },
    async issue(subject, { validUntil, final = true } = {}) {
      const bytes = await certificate(subject);
      const multihash = (await australia.officer.store(bytes, "application/json")) as Multihash;
      const draft = { receiver: cn, subject, predicate: created, obj: multihash };
      const id = (await australia.officer.send({
        ...draft,
        ...(validUntil === undefined ? {} : { validUntil }),
      })) as MessageId;
      if (final) await settled(id, australia, china);
      else await australia.officer.until(id, "sent");
      const accessKey = crypto.getRandomValues(new Uint8Array(32));
      const fragment = formatFragment({ multihash, messageId: id, accessKey });
      return { bytes, multihash, id, subject, accessKey, fragment };
    },
    async acquit({ subject }) {
      const bytes = new TextEncoder().encode(JSON.stringify({ entry: subject }));
      const obj = await china.officer.store(bytes, "application/json");
      const id = await china.officer.send({ receiver: au, subject, predicate: acquitted, obj });
      await settled(id, china, australia);
    },
    async revoke({ subject }) {
      const bytes = new TextEncoder().encode(JSON.stringify({ reason: subject }));
      const obj = await australia.officer.store(bytes, "application/json");
      const id = await australia.officer.send({ receiver: cn, subject, predicate: revoked, obj });
      await settled(id, australia, china);
    },
    async standIn(page, papers) {
      await page.route("**/document-types", (route) =>
        route.fulfill({ json: { items: [{ name: TYPE, credentialType: CREDENTIAL }] } }),
      );
      await page.route(`**/document-types/${TYPE}`, async (route) => {
        const written = await readFile(new URL(`${TYPE}/form.json`, types), "utf8");
        const form = parseForm(JSON.parse(written));
        await route.fulfill({ json: { name: TYPE, credentialType: CREDENTIAL, form, codeLists: {} } });
      });
      for (const { multihash, bytes, accessKey } of papers) {
        await page.route(`**/documents/${multihash}/sealed`, async (route) => {
          const body = await sealedText({ mediaType: "application/json", bytes }, accessKey);
          await route.fulfill({ contentType: "application/jose", body });
        });
      }
    },
    async close() {
      await door.close();
      await world.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
