import type { Finality } from "./channels/channel.ts";
import { readSections } from "./config/sections.ts";
import { environmentTree, fileTree, merged } from "./config/source.ts";
import type { CredentialsConfig } from "./credentials/credentials-config.ts";
import type { DocumentsConfig } from "./documents/documents-config.ts";
import type { Domain, Jurisdiction } from "./domain/participant.ts";
import type { AssuranceConfig } from "./identity/assurance.ts";
import type { BindingRule } from "./identity/binding.ts";
import type { ConsoleConfig } from "./identity/console-config.ts";
import type { IssuerConfig } from "./identity/issuer-config.ts";
import type { KeySource } from "./key-source.ts";
import type { LogLevel } from "./log.ts";
import type { SecretSource } from "./secret.ts";
import type { SemanticsConfig } from "./semantics/semantics-config.ts";
import type { DatabaseLocation } from "./store/store.ts";

/** What is said of a channel of any technology. */
interface CommonChannelConfig {
  /** Of two channels on which one number was issued, the one with the lower precedence counts; 0 where left out. */
  readonly precedence?: number;
  /** What is made of accounts that their participant's domain does not name; `off` where left out. */
  readonly binding?: BindingRule;
}

/** A channel on an EVM ledger, pinned so that an impostor's contract or chain is noticed (PROTOCOL §6). */
export interface EvmChannelConfig extends CommonChannelConfig {
  readonly technology: "evm";
  /** May carry a credential: never logged. */
  readonly rpcUrl: string;
  /** Further endpoints of the same ledger, in the order of preference; as secret as the first. */
  readonly otherRpcUrls?: readonly string[];
  readonly chainId: number;
  /** Hash of block 0. */
  readonly genesisHash: string;
  /** Address of the channel's contract. */
  readonly address: string;
  /** Keccak-256 of its code. */
  readonly codeHash: string;
  /** The block the contract was deployed in. */
  readonly fromBlock: number;
  readonly finality: Finality;
  /** Sends this participant's messages; left out by a node that only receives. */
  readonly operatorKey?: KeySource;
  /** Keys that sent them before: what they signed is carried to its end, and they sign nothing new. */
  readonly formerOperatorKeys?: readonly KeySource[];
  /** What a transaction may offer at most, in gwei per gas; no bound where left out. */
  readonly maxFeeGwei?: number;
  /** Signs this node's tokens to other nodes. */
  readonly nodeKey: KeySource;
}

/** A channel that a process of its own serves over HTTP, for a ledger that this package has no plug-in for. */
export interface RemoteChannelConfig extends CommonChannelConfig {
  readonly technology: "remote";
  /** Base URL of the process, without trailing slash; may carry a credential: never logged. */
  readonly url: string;
  /** The id that the channel must have. */
  readonly channelId: string;
  /** What the process knows this node by. */
  readonly token: SecretSource;
}

export type ChannelConfig = EvmChannelConfig | RemoteChannelConfig;

/** A directory contract on an EVM ledger, whose channels the node opens by itself where they meet the conditions. */
export interface EvmDirectoryConfig extends EvmChannelConfig {
  /** Keccak-256 of further code that a channel may have, besides that of a channel contract this release knows. */
  readonly codeHashes: readonly string[];
  /** Accounts of which one must be the channel's consortium; empty for any. */
  readonly consortiums: readonly string[];
}

export type DirectoryConfig = EvmDirectoryConfig;

/** Everything a node is told from outside, checked. */
export interface Config {
  readonly mode: "production" | "development";
  readonly participant: Domain;
  readonly jurisdiction: Jurisdiction;
  readonly listen: {
    readonly host: string;
    /** 0 takes any free port. */
    readonly port: number;
    /** Addresses or subnets of proxies whose X-Forwarded-For is believed. */
    readonly trustedProxies: readonly string[];
    /** Paths of PEM files where the node ends TLS by itself; left out where a proxy in front does. */
    readonly tls?: {
      readonly certificate: string;
      readonly key: string;
      /** The authorities of other nodes' certificates; null where callers are asked for none. */
      readonly clientAuthorities: string | null;
    };
  };
  /** Base URL under which other nodes and users reach this one, without trailing slash. */
  readonly publicUrl: string;
  /** A PostgreSQL URL may carry a password: never logged. */
  readonly store: DatabaseLocation;
  readonly documents: DocumentsConfig;
  /** Where metrics are served without a token, for the monitoring alone; null for nowhere. */
  readonly metrics?: { readonly listen: { readonly host: string; readonly port: number } | null };
  /** When documents are erased, and old records pruned, by themselves. */
  readonly retention?: {
    /** Days after the use of a document ended; null for never. */
    readonly days: number | null;
    /** Days after a message's end that its journal is pruned to what proves it; null or left out for never. */
    readonly journalDays?: number | null;
    /** Days that ended subscriptions and dead letters are kept; null or left out for ever. */
    readonly deliveriesDays?: number | null;
  };
  readonly channels: readonly ChannelConfig[];
  /** Where further channels are found while the node runs; none where left out. */
  readonly directories?: readonly DirectoryConfig[];
  readonly identity: {
    readonly issuers: readonly IssuerConfig[];
    /** How surely users must have been authenticated; in any way where left out. */
    readonly assurance?: AssuranceConfig;
    /** Files with the documents of DIDs that are asked of nobody. */
    readonly dids?: Readonly<Record<string, string>>;
    /** Base URLs that are asked in place of the hosts that DIDs name. */
    readonly didHosts?: Readonly<Record<string, string>>;
  };
  /** How people sign in at the console; nobody can where left out. */
  readonly console?: ConsoleConfig;
  /** Certificates as verifiable credentials; none are issued or checked where left out. */
  readonly credentials?: CredentialsConfig;
  /** Which other nodes may be asked for documents. */
  readonly peers: {
    /** Also those at private or loopback addresses, as inside a closed network. */
    readonly allowPrivateAddresses: boolean;
    /** Also those without TLS. */
    readonly allowHttp: boolean;
    /** Paths of PEM files where nodes know each other by certificates; left out where this one has none. */
    readonly tls?: {
      readonly certificate: string;
      readonly key: string;
      readonly authorities: string;
      /** A list of revoked certificates of each authority; null where none are looked at. */
      readonly revocations: string | null;
      /** Whether the key of another node has to be appointed on the channel by its participant. */
      readonly pins: "required" | "off";
    };
  };
  readonly limits: {
    /** Bytes of a JSON body. */
    readonly messageBytes: number;
    /** Requests a minute by one caller. */
    readonly requestsPerMinute: number;
    /** Requests a minute by one address without a token, and failed tokens a minute. */
    readonly anonymousRequestsPerMinute: number;
    /** Seconds for one whole request, such as the upload of the largest document over a slow line. */
    readonly requestSeconds: number;
    /** Connections at once. */
    readonly connections: number;
    /** Seconds that requests under way get to end when the node is told to stop; 10 where left out. */
    readonly stopSeconds?: number;
    /** Seconds that a node told to stop serves on while it says that it is not ready; 0 where left out. */
    readonly drainSeconds?: number;
    /** Messages in line for one channel beyond which no more are taken; 100,000 where left out. */
    readonly waitingMessages?: number;
  };
  /** When and how messages go in batches. */
  readonly batches: {
    /** Messages of one receiver, type and expiry that must be waiting to be anchored as a batch without being asked to. */
    readonly threshold: number;
    /** Messages of a batch at most. */
    readonly maxSize: number;
    /** Lines of one request at most. */
    readonly linesPerRequest: number;
    /** Whether a batch whose body lies is answered with a dispute, where the channel has a type for it. */
    readonly disputes: boolean;
  };
  /** The documents that are known by meaning; those that come with the node, and no secret, where left out. */
  readonly semantics?: SemanticsConfig;
  readonly subscriptions: {
    /** Days that events are kept for streams to be resumed. */
    readonly retentionDays: number;
  };
  readonly log: { readonly level: LogLevel };
}

/** All mistakes of a configuration at once, a sentence each: where, what is wrong, what to write. No secret is in them. */
export class ConfigError extends Error {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(
      `the configuration has ${mistakes.length} mistake(s):\n${mistakes.map((line) => `- ${line}`).join("\n")}`,
    );
    this.name = "ConfigError";
    this.mistakes = mistakes;
  }
}

/**
 * Reads a node's configuration from a YAML or JSON file, from `ICL_…` environment variables, or from both; a variable
 * wins over the file.
 *
 * @param options `file`: path, or null for the environment alone; `env`: the process's own by default
 * @returns the checked configuration; relative paths in a file are taken from the file's directory
 * @throws ConfigError with every mistake
 */
export function loadConfig(options: {
  readonly file: string | null;
  readonly env?: NodeJS.ProcessEnv;
}): Config {
  const env = options.env ?? process.env;
  const file =
    options.file === null ? { tree: {}, directory: process.cwd(), mistakes: [] } : fileTree(options.file);
  const environment = environmentTree(env);
  const mistakes = [...file.mistakes, ...environment.mistakes];
  // A file that cannot be read would only bring a mistake for everything it does not say.
  if (file.mistakes.length > 0) throw new ConfigError(mistakes);
  const read = readSections(merged(file.tree, environment.tree), file.directory, env);
  mistakes.push(...read.mistakes);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return read.config;
}
