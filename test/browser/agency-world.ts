import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Page } from "playwright-core";

import { freePort } from "../../scripts/dev/free-port.ts";
import type { AssuranceConfig } from "../../src/identity/assurance.ts";
import { parseDidDocument, DidFailure, didOfDomain } from "../../src/identity/did-document.ts";
import type { Domain } from "../../src/domain/participant.ts";
import { roles, type Role } from "../../src/identity/caller.ts";
import { au, cn, created } from "../channels/fixtures.ts";
import { newSigner } from "../credentials/fixtures.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { signIn, type ConsoleUser } from "./sign-in.ts";
import { slowDoor, type SlowDoor } from "./slow-door.ts";

/** Australia, which issues credentials, and China, whose node stands behind a door. */
export interface AgencyWorld {
  readonly world: World;
  readonly australia: Country;
  readonly china: Country;
  /** Before China's node. */
  readonly door: SlowDoor;
  /** A certificate of origin, stored in Australia as JSON. @returns its hash */
  certificate(number: string): Promise<string>;
  /** A certificate that China has. @returns the issuing message's id */
  issue(number: string, subject?: string): Promise<string>;
  signIn(page: Page, country: Country, allowed?: readonly Role[]): Promise<ConsoleUser>;
  close(): Promise<void>;
}

const sample = new URL(
  "../../document-types/preferential-certificate-of-origin/samples/valid/chafta-wine.json",
  import.meta.url,
);

/** A document as an issuer writes it, under a number and a salt of its own. */
export function certificateNumbered(number: string): string {
  const document = JSON.parse(readFileSync(sample, "utf8")) as { credentialSubject: object };
  const salt = randomUUID().replaceAll("-", "");
  const credentialSubject = { ...document.credentialSubject, number, salt };
  return JSON.stringify({ ...document, validUntil: "2099-06-03T00:00:00Z", credentialSubject });
}

/** @param assurance what both nodes demand of how their users signed in; nothing where left out */
export async function startAgencyWorld(assurance?: AssuranceConfig): Promise<AgencyWorld> {
  const directory = await mkdtemp(join(tmpdir(), "icl-agency-"));
  const world = await startWorld();
  const signer = newSigner("ES256", didOfDomain(au));
  const file = join(directory, "agency.jwk");
  await writeFile(file, JSON.stringify({ ...signer.privateJwk, kid: "key-1" }), { mode: 0o600 });
  const urls = new Map<string, string>();
  const options = {
    resolveDidWeb: async (did: string) => {
      const url = urls.get(did);
      if (url === undefined) throw new DidFailure("unreachable", `${did} does not answer.`);
      return parseDidDocument(did, await (await fetch(`${url}/.well-known/did.json`)).json());
    },
    checking: { pollMs: 100, firstRetryMs: 100, longestRetryMs: 500 },
  };
  const credentials = {
    ...{ issuers: [], statusLists: [], accounts: [] },
    messageTypes: new Map([[created, { document: "checked" } as const]]),
  };
  const ready = (country: Country) =>
    eventually(async () => (await country.officer.request("/health/ready")).status === 200);

  const configured = async (participant: Domain, jurisdiction: string) => {
    const store = { technology: "sqlite", file: join(directory, `${jurisdiction}.db`) } as const;
    const config = await world.configure(participant, jurisdiction, store);
    return assurance === undefined ? config : { ...config, identity: { ...config.identity, assurance } };
  };
  const home = await configured(au, "AU");
  const australia = await world.start(
    {
      ...home,
      credentials: { ...credentials, issuers: [{ did: signer.did, key: { file }, name: "Home Affairs" }] },
    },
    options,
  );
  const abroad = await configured(cn, "CN");
  const inner = await freePort(0);
  const door = await slowDoor(abroad.listen.port, inner);
  const china = await world.start(
    { ...abroad, credentials, listen: { ...abroad.listen, port: inner } },
    options,
  );
  urls.set(didOfDomain(au), home.publicUrl).set(didOfDomain(cn), abroad.publicUrl);
  await ready(australia);
  await ready(china);

  const own: AgencyWorld = {
    ...{ world, australia, china, door },
    certificate: (number) =>
      australia.officer.store(new TextEncoder().encode(certificateNumbered(number)), "application/json"),
    async issue(number, subject = `urn:uuid:${randomUUID()}`) {
      const obj = await own.certificate(number);
      const id = await australia.officer.send({ receiver: cn, subject, predicate: created, obj });
      await australia.officer.until(id, "delivered");
      await china.officer.until(id, "available");
      return id;
    },
    async signIn(page, { config }, allowed = roles.filter((role) => role !== "admin")) {
      const { publicUrl: url, participant } = config;
      const token = await world.issuer.mint({
        ...{ subject: "officer-7", audience: participant, roles: allowed, lifetimeSeconds: 3_600 },
      });
      const user = { url, token, name: "officer-7", participant, roles: allowed };
      await signIn(page, user);
      return user;
    },
    async close() {
      await door.close();
      await world.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return own;
}
