import { generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { freePort } from "../../scripts/dev/free-port.ts";
import { noCredentials } from "../../src/credentials/credentials-config.ts";
import { loadOpenApi } from "../../src/http/openapi.ts";
import { roles } from "../../src/identity/caller.ts";
import { au, cn } from "../channels/fixtures.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { startRecordingProxy, type RecordedCall, type RecordingProxy } from "./recording-proxy.ts";
import { runBlocks, type BlocksRun } from "./run-blocks.ts";
import { shellBlocks } from "./shell-blocks.ts";

const page = "docs/api-guide.md";
const methods = ["get", "put", "post", "delete", "head"] as const;

interface Operation {
  readonly name: string;
  readonly method: string;
  readonly path: RegExp;
}

/** Every operation of the OpenAPI document; a path without parameters goes before one that could also match. */
function operations(): Operation[] {
  return Object.entries(loadOpenApi().paths).flatMap(([template, item]) => {
    const literal = template.replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&");
    const path = new RegExp(`^${literal.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`);
    return methods
      .filter((method) => item[method] !== undefined)
      .map((method) => ({ name: `${method.toUpperCase()} ${template}`, method, path }));
  });
}

/** The operation that a call was for: of several templates the one with fewest parameters. */
function operationOf({ method, path }: RecordedCall): string | undefined {
  const parameters = (name: string) => name.split("{").length;
  return operations()
    .filter((each) => each.method.toUpperCase() === method && each.path.test(path))
    .sort((a, b) => parameters(a.name) - parameters(b.name))[0]?.name;
}

/**
 * What the guide can only show being refused: the ledger has been quicker, and nothing stays undelivered for three days.
 */
const maybeRefused = [
  "POST /messages/{id}/withdraw",
  "POST /subscriptions/{id}/dead-letters/{n}/retry",
  "POST /operations/stuck/{id}/retry",
  "POST /operations/stuck/{id}/give-up",
];

describe("the API guide", function () {
  this.timeout(300_000);
  let world: World;
  let folder: string;
  let proxies: RecordingProxy[];
  let run: BlocksRun;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "icl-api-guide-"));
    world = await startWorld();
    const start = async (participant: typeof au, jurisdiction: string): Promise<Country> => {
      const file = join(folder, `${participant}.sqlite`);
      const key = join(folder, `${participant}.jwk`);
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      await writeFile(key, JSON.stringify(privateKey.export({ format: "jwk" })));
      const issuers = [
        { did: `did:web:${participant}`, key: { file: key }, name: "Home Affairs, Australia" },
      ];
      const config = await world.configure(participant, jurisdiction, { technology: "sqlite", file });
      return world.start({ ...config, credentials: { ...noCredentials, issuers } });
    };
    const countries = [await start(au, "AU"), await start(cn, "CN")];
    proxies = await Promise.all(countries.map(async ({ config }) => startRecordingProxy(config.publicUrl)));
    const tokenOf = async ({ config }: Country, allowed: readonly (typeof roles)[number][]) =>
      world.issuer.mint({
        subject: "officer-7",
        audience: config.participant,
        roles: allowed,
        lifetimeSeconds: 3_600,
      });
    const nodes = await Promise.all(
      countries.map(async (country, place) => ({
        url: proxies[place]?.url,
        tokens: {
          user: await tokenOf(
            country,
            roles.filter((role) => role !== "admin"),
          ),
          admin: await tokenOf(country, roles),
        },
      })),
    );
    await mkdir(join(folder, ".icl"));
    await symlink(
      fileURLToPath(new URL("../../document-types", import.meta.url)),
      join(folder, "document-types"),
    );
    await writeFile(join(folder, ".icl/network.json"), JSON.stringify({ nodes }));
    for (const { officer } of countries) {
      await eventually(async () => (await officer.request("/health/ready")).status === 200);
    }
    const port = String(await freePort(0));
    run = await runBlocks(page, {
      cwd: folder,
      env: { PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ""}` },
      preamble: "",
      prepare: (block) => block.replaceAll("8790", port),
    });
  });
  after(async () => {
    for (const proxy of proxies) await proxy.close();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("holds no example that fails", () => {
    expect(run.code, `${run.last}\n${run.outputs.at(-1) ?? ""}`).to.equal(0);
    expect(run.outputs).to.have.length(shellBlocks(page).length);
  });

  it("has an example for every call of the OpenAPI document, which the node does", () => {
    const calls = proxies.flatMap((proxy) => proxy.calls);
    const done = new Set(
      calls.filter(({ status }) => status < 400).map((call) => operationOf(call) ?? "unknown"),
    );
    const tried = new Set(calls.map((call) => operationOf(call) ?? "unknown"));
    const missing = operations()
      .map(({ name }) => name)
      .filter((name) => !(maybeRefused.includes(name) ? tried : done).has(name));
    expect(missing).to.deep.equal([]);
  });
});
