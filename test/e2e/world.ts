import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Config } from "../../src/config.ts";
import type { Domain, Jurisdiction } from "../../src/domain/participant.ts";
import { roles, type Role } from "../../src/identity/caller.ts";
import { startDevelopmentIssuer, type DevelopmentIssuer } from "../../src/identity/development-issuer.ts";
import { silentLogger } from "../../src/log.ts";
import { startNode, type Node } from "../../src/node.ts";
import type { NodeOptions } from "../../src/node/node-options.ts";
import type { DatabaseLocation } from "../../src/store/store.ts";
import type { Finality } from "../../src/channels/channel.ts";
import { startLocalEvm, type LocalEvm } from "../channels/evm/local-evm.ts";
import {
  deployTestChannel,
  nameHash,
  type TestChannel,
  type TestTerms,
} from "../channels/evm/test-channel.ts";
import { freePort } from "../../scripts/dev/free-port.ts";
import { Officer } from "./officer.ts";
import { quickFetching, quickSubscriptions, quickTiming } from "./quick-timing.ts";

/** What a country's node is told; its documents are files, unless a test puts them elsewhere. */
export type CountryConfig = Omit<Config, "documents"> & {
  readonly documents: { readonly directory: string; readonly maxBytes: number };
};

/** A ledger with one channel, an identity provider, and room for nodes. */
export interface World {
  readonly evm: LocalEvm;
  readonly channel: TestChannel;
  readonly issuer: DevelopmentIssuer;
  /** Where a country's node will listen, and what it is told; its endpoint is announced on the ledger. */
  configure(participant: Domain, jurisdiction: string, store: DatabaseLocation): Promise<CountryConfig>;
  /** Starts a country's node in this process, quick but for what is to be otherwise; it is stopped with the world. */
  start(config: Config, otherwise?: NodeOptions): Promise<Country>;
  /** A user of a node, by default with every role but that of administrator. */
  officer(config: Config, allowed?: readonly Role[]): Promise<Officer>;
  close(): Promise<void>;
}

/** A country's running node and somebody who works there. */
export interface Country {
  readonly config: CountryConfig;
  readonly node: Node;
  readonly officer: Officer;
}

/**
 * Starts a real EVM with a deployed channel, on which Australia, China and Singapore are seated.
 *
 * @param terms what is special about the channel
 * @param ledger `evm` to deploy it on, which is closed with the world, in place of one in this process; `finality` that nodes
 *   are told, immediate where left out
 */
export async function startWorld(
  terms: TestTerms = {},
  ledger: { readonly evm?: LocalEvm; readonly finality?: Finality } = {},
): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), "icl-e2e-"));
  const evm = ledger.evm ?? (await startLocalEvm());
  const channel = await deployTestChannel(evm, terms);
  const issuer = await startDevelopmentIssuer({
    file: join(directory, "issuer.json"),
    port: 0,
    log: silentLogger,
  });
  const nodes: Node[] = [];

  const world: World = {
    evm,
    channel,
    issuer,
    async configure(participant, jurisdiction, store) {
      const port = await freePort(0);
      const own = await mkdtemp(join(directory, `${participant}-`));
      const url = `http://127.0.0.1:${port}`;
      const admin = channel.admins.get(participant);
      if (admin === undefined) throw new Error(`${participant} has no admin on the test channel.`);
      // A production channel takes https only: nodes that listen without it then bring no documents.
      const endpoint = terms.production === true ? url.replace("http:", "https:") : url;
      const announced = await channel.contract.connect(admin).setEndpoint(nameHash(participant), endpoint);
      await announced.wait();
      const { operatorKey, nodeKey, finality, ...pins } = channel.options(
        participant,
        ledger.finality ?? { kind: "immediate" },
      );
      await mkdir(own, { recursive: true });
      await writeFile(join(own, "operator.key"), operatorKey, { mode: 0o600 });
      await writeFile(join(own, "node.key"), nodeKey, { mode: 0o600 });
      await writeFile(join(own, "subjects.key"), `${participant} `.repeat(8), { mode: 0o600 });
      const clientId = `console-of-${participant}`;
      issuer.admit({
        ...{ clientId, redirectUri: `${url}/console/callback`, audience: participant },
        ...{ title: participant, people: [] },
      });
      const { technology, rpcUrl, chainId, genesisHash, address, codeHash, fromBlock } = pins;
      return {
        mode: "development",
        participant,
        jurisdiction: jurisdiction as Jurisdiction,
        listen: { host: "127.0.0.1", port, trustedProxies: [] },
        publicUrl: url,
        store,
        documents: { directory: join(own, "documents"), maxBytes: 10 * 1024 * 1024 },
        channels: [
          {
            ...{ technology, rpcUrl, chainId, genesisHash, address, codeHash, fromBlock, finality },
            operatorKey: { file: join(own, "operator.key") },
            nodeKey: { file: join(own, "node.key") },
          },
        ],
        identity: {
          issuers: [
            {
              issuer: issuer.issuer,
              audience: participant,
              jwksUri: null,
              algorithms: ["ES256"],
              roles: Object.fromEntries(roles.map((role) => [role, [role]])),
              development: true,
            },
          ],
        },
        console: {
          ...{ issuer: issuer.issuer, clientId, scopes: ["openid", "offline_access"] },
          ...{ resource: null, audience: null, idleMinutes: 30, hours: 12 },
        },
        peers: { allowPrivateAddresses: true, allowHttp: true },
        batches: { threshold: 100, maxSize: 16_384, linesPerRequest: 100_000, disputes: true },
        limits: {
          messageBytes: 65_536,
          requestsPerMinute: 100_000,
          anonymousRequestsPerMinute: 100_000,
          requestSeconds: 60,
          connections: 1_000,
        },
        semantics: {
          documentTypes: null,
          subjects: { secret: { file: join(own, "subjects.key") }, rules: {} },
        },
        subscriptions: { retentionDays: 30 },
        log: { level: "error" },
      };
    },
    async start(config, otherwise = {}) {
      const node = await startNode(config, {
        log: silentLogger,
        timing: quickTiming,
        fetching: quickFetching,
        subscriptions: quickSubscriptions,
        directoryPoll: 250,
        validateResponses: true,
        ...otherwise,
      });
      nodes.push(node);
      return { config: config as CountryConfig, node, officer: await world.officer(config) };
    },
    async officer(config, allowed = roles.filter((role) => role !== "admin")) {
      const token = await issuer.mint({
        subject: "officer-7",
        audience: config.participant,
        roles: allowed,
        lifetimeSeconds: 3_600,
      });
      return new Officer(config.publicUrl, token);
    },
    async close() {
      for (const node of nodes) await node.close();
      await issuer.close();
      await evm.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return world;
}
