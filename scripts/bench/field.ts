import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Config } from "../../src/config.ts";
import type { Domain } from "../../src/domain/participant.ts";
import { roles } from "../../src/identity/caller.ts";
import type { DatabaseLocation } from "../../src/store/store.ts";
import { au, created, phytosanitary } from "../../test/channels/fixtures.ts";
import type { Draft, Officer } from "../../test/e2e/officer.ts";
import { startWorld, type World } from "../../test/e2e/world.ts";
import { eventually } from "../../test/eventually.ts";
import { startAnvil, type Anvil } from "../../test/faults/anvil.ts";
import { BenchNode } from "./bench-node.ts";

/** Seconds from one block to the next. */
export const BLOCK_SECONDS = 1;
/** Blocks on top of one that make it final; the ledger itself asks for as many. */
export const FINAL_AFTER = 2;
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

/** Everything a benchmark happens on: a ledger that makes a block each second, and one node of Australia's. */
export interface Field {
  readonly anvil: Anvil;
  readonly world: World;
  /** For whatever a benchmark puts on disk; on the same disk as the node's documents. */
  readonly directory: string;
  readonly config: Config;
  readonly node: BenchNode;
  readonly officer: Officer;
  /** A configuration like the node's own but with another database, of a node that lost its own; it goes through the ledger's door. */
  bereft(store: DatabaseLocation): Promise<Config>;
  /** Certificates of a kind that goes out singly, or of one that goes out in batches. */
  drafts(kind: "single" | "batch", prefix: string, count: number): Promise<readonly Draft[]>;
  close(): Promise<void>;
}

/** What may be otherwise than usual. */
export interface FieldOptions {
  /** Node's own options for the node's process, such as `--cpu-prof`. */
  readonly nodeOptions?: readonly string[];
  /** Limits of the node that differ from those of one in service. */
  readonly limits?: Readonly<Record<string, number>>;
  /** Keeps the node's log to itself: one that refuses all the time has little else to say. */
  readonly mute?: boolean;
}

/**
 * Starts ledger and node.
 *
 * @param store where the node keeps its records
 */
export async function openField(
  store: (directory: string) => DatabaseLocation | Promise<DatabaseLocation>,
  { nodeOptions = [], limits = {}, mute = false }: FieldOptions = {},
): Promise<Field> {
  const directory = await mkdtemp(join(tmpdir(), "icl-bench-"));
  const anvil = await startAnvil();
  const world = await startWorld(
    {},
    { evm: anvil, finality: { kind: "confirmations", blocks: FINAL_AFTER } },
  );
  const configure = async (participant: Domain, location: DatabaseLocation): Promise<Config> => {
    const config = await world.configure(participant, "AU", location);
    return {
      ...config,
      documents: { ...config.documents, maxBytes: MAX_DOCUMENT_BYTES },
      channels: config.channels.map((channel) => ({ ...channel, rpcUrl: anvil.directUrl })),
      limits: {
        ...config.limits,
        requestsPerMinute: 1_000_000,
        anonymousRequestsPerMinute: 1_000_000,
        requestSeconds: 600,
        ...limits,
      },
    };
  };
  const config = await configure(au, await store(directory));
  await anvil.setInterval(BLOCK_SECONDS);
  const node = await BenchNode.start(config, join(directory, "node.json"), { nodeOptions, mute });
  const officer = await world.officer(config, [...roles]);
  await eventually(async () => (await officer.request("/health/ready")).status === 200);
  return {
    ...{ anvil, world, directory, config, node, officer },
    async bereft(location) {
      const own = await mkdtemp(join(directory, "documents-"));
      const channels = config.channels.map((channel) => ({ ...channel, rpcUrl: anvil.rpcUrl }));
      const documents = { directory: own, maxBytes: config.documents.maxBytes };
      return { ...config, channels, documents, store: location };
    },
    async drafts(kind, prefix, count) {
      const content = new TextEncoder().encode(JSON.stringify({ prefix, salt: crypto.randomUUID() }));
      const obj = await officer.store(content, "application/json");
      const predicate = kind === "batch" ? created : phytosanitary;
      return Array.from({ length: count }, (_, number) => {
        return { receiver: "customs.gov.cn", subject: `${prefix}:${number}`, predicate, obj };
      });
    },
    async close() {
      await node.stop();
      await world.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
