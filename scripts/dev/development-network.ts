import { ethers } from "ethers";

import { loadConfig } from "../../src/config.ts";
import { roles } from "../../src/identity/caller.ts";
import { startDevelopmentIssuer, type DevelopmentIssuer } from "../../src/identity/development-issuer.ts";
import { createLogger } from "../../src/log.ts";
import { startNode } from "../../src/node.ts";
import { startLocalNetwork } from "../local-network.ts";
import { generatedAccounts, type Accounts } from "./account.ts";
import { foundConsortium, seatParticipant, type Consortium, type Seat } from "./consortium.ts";
import { freePort } from "./free-port.ts";
import { nodeUrl, writeNodeConfig, type NodeSettings } from "./participant-node.ts";
import type { NetworkFile, StateDirectory } from "./state-directory.ts";

/** The two authorities that run a node in development, and the port each prefers. */
const authorities = [
  { participant: "homeaffairs.gov.au", title: "Home Affairs, Australia", jurisdiction: "AU", port: 8551 },
  { participant: "customs.gov.cn", title: "China Customs", jurisdiction: "CN", port: 8552 },
] as const;

/** A third agency, which takes part in the channel but runs no node of its own here. */
const thirdAgency = { participant: "customs.gov.sg", jurisdiction: "SG" } as const;

const preferredRpcPort = 8545;
const preferredIssuerPort = 8550;
const tokenLifetimeSeconds = 7 * 24 * 60 * 60;
const officerRoles = roles.filter((role) => role !== "admin");

/** A running development network. */
export interface DevelopmentNetwork {
  readonly description: NetworkFile;
  readonly consortium: Consortium;
  readonly issuer: DevelopmentIssuer;
  /** The agency without a node, and the accounts that act for it. */
  readonly third: { readonly participant: string; readonly seat: Seat };
  /** Stops everything that was started, the last first. */
  close(): Promise<void>;
}

/** Undoes what was started, in reverse order, whatever fails on the way. */
class Closers {
  readonly #closers: (() => Promise<void>)[] = [];

  add(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      await close().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw new AggregateError(failures, "Not everything could be stopped.");
  }
}

async function describeChannel(
  provider: ethers.JsonRpcProvider,
  rpcUrl: string,
  chainId: number,
  consortium: Consortium,
): Promise<NodeSettings["channel"]> {
  const genesisHash = (await provider.getBlock(0))?.hash ?? null;
  if (genesisHash === null) throw new Error("The local network has no first block.");
  return {
    rpcUrl,
    chainId,
    genesisHash,
    address: consortium.channelAddress,
    codeHash: ethers.keccak256(await provider.getCode(consortium.channelAddress)),
    fromBlock: consortium.channelBlock,
  };
}

interface Ground {
  readonly accounts: Accounts;
  readonly channel: NodeSettings["channel"];
  readonly consortium: Consortium;
  readonly issuer: DevelopmentIssuer;
  readonly state: StateDirectory;
  readonly closers: Closers;
}

async function startAuthority(
  { accounts, channel, consortium, issuer, state, closers }: Ground,
  { participant, title, jurisdiction, port: preferred }: (typeof authorities)[number],
  others: readonly NetworkFile["nodes"][number][],
): Promise<NetworkFile["nodes"][number]> {
  const port = await freePort(preferred);
  const url = nodeUrl(port);
  const seat = await seatParticipant(consortium, accounts, { participant, jurisdiction, endpoint: url });
  const clientId = `console-of-${participant}`;
  issuer.admit({
    ...{ clientId, redirectUri: `${url}/console/callback`, audience: participant, title },
    people: [
      { subject: "officer", name: `Officer (${jurisdiction})`, roles: officerRoles },
      { subject: "administrator", name: `Administrator (${jurisdiction})`, roles },
    ],
  });
  const directory = await state.node(participant);
  const file = await writeNodeConfig(directory, {
    participant,
    title,
    jurisdiction,
    port,
    channel,
    operator: seat.operator,
    nodeKey: seat.nodeKey,
    issuer: issuer.issuer,
    clientId,
    didHosts: Object.fromEntries(others.map((other) => [other.participant, other.url])),
  });
  const node = await startNode(loadConfig({ file, env: {} }));
  closers.add(() => node.close());
  const mint = (subject: string, granted: readonly (typeof roles)[number][]): Promise<string> =>
    issuer.mint({ subject, audience: participant, roles: granted, lifetimeSeconds: tokenLifetimeSeconds });
  return {
    participant,
    jurisdiction,
    url,
    tokens: {
      user: await mint("officer", officerRoles),
      admin: await mint("administrator", roles),
    },
  };
}

async function start(state: StateDirectory, closers: Closers): Promise<Omit<DevelopmentNetwork, "close">> {
  const ledger = await startLocalNetwork({ port: await freePort(preferredRpcPort) });
  closers.add(() => ledger.close());
  const { rpcUrl, chainId } = ledger;
  const provider = new ethers.JsonRpcProvider(rpcUrl, chainId, { staticNetwork: true, cacheTimeout: -1 });
  closers.add(() => {
    provider.destroy();
    return Promise.resolve();
  });
  const accounts = generatedAccounts(provider, state.keys);
  const consortium = await foundConsortium(accounts);
  const channel = await describeChannel(provider, rpcUrl, chainId, consortium);
  const issuer = await startDevelopmentIssuer({
    file: state.issuer,
    port: await freePort(preferredIssuerPort),
    log: createLogger({ level: "warn" }),
  });
  closers.add(() => issuer.close());

  const ground = { accounts, channel, consortium, issuer, state, closers };
  const nodes: NetworkFile["nodes"][number][] = [];
  for (const authority of authorities) nodes.push(await startAuthority(ground, authority, nodes));
  const seat = await seatParticipant(consortium, accounts, {
    ...thirdAgency,
    endpoint: "https://icl.customs.gov.sg.invalid",
  });
  const description: NetworkFile = {
    rpcUrl,
    chainId,
    directory: consortium.directoryAddress,
    channels: [{ id: channelId(channel), address: consortium.channelAddress }],
    nodes,
  };
  await state.describe(description);
  return { description, consortium, issuer, third: { participant: thirdAgency.participant, seat } };
}

/** A channel's id as the nodes name it. */
function channelId({ chainId, address }: NodeSettings["channel"]): string {
  return `eip155:${chainId}:${address.toLowerCase()}`;
}

/**
 * Starts a local ledger with one channel, admits two authorities and a third agency, starts a node for each authority and
 * a token issuer, and describes it all in `network.json`.
 *
 * @param state where keys, data and the description go
 * @returns the running network; when something cannot be started, everything started before is stopped again
 */
export async function startDevelopmentNetwork(state: StateDirectory): Promise<DevelopmentNetwork> {
  const closers = new Closers();
  try {
    const network = await start(state, closers);
    return { ...network, close: () => closers.close() };
  } catch (error) {
    await closers.close();
    throw error;
  }
}
