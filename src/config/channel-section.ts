import type { Finality } from "../channels/channel.ts";
import type { ChannelConfig, DirectoryConfig, EvmChannelConfig, RemoteChannelConfig } from "../config.ts";
import type { Section } from "./reader.ts";
import type { KeyReader } from "./key-reader.ts";
import type { SecretReader } from "./secret-reader.ts";

const HASH = { matches: /^0x[0-9a-fA-F]{64}$/, write: "0x and 64 hexadecimal digits" };
const ADDRESS = { matches: /^0x[0-9a-fA-F]{40}$/, write: "0x and 40 hexadecimal digits" };
const FINALITY = /^(?:immediate|finalized|confirmations:([1-9]\d{0,4}))$/;
const MOST_ENDPOINTS = 8;
const MOST_FORMS = 100;
const MOST_PRECEDENCE = 1_000;
/** A thousandth of a coin for one unit of gas: nobody means to pay more. */
const MOST_GWEI = 1_000_000;
/** Chains that development tools start under these numbers, whose keys everybody knows. */
const DEVELOPMENT_CHAINS: ReadonlySet<number> = new Set([1337, 31337]);

/** What reads the members of a channel's section. */
export interface ChannelReaders {
  readonly secrets: SecretReader;
  readonly keys: KeyReader;
  readonly production: boolean;
}

function readFinality(section: Section): Finality {
  const text = section.text("finality", {
    matches: FINALITY,
    write: "immediate, finalized or confirmations:<blocks>, as the ledger's own rules say",
  });
  const blocks = FINALITY.exec(text)?.[1];
  if (blocks !== undefined) return { kind: "confirmations", blocks: Number(blocks) };
  return { kind: text === "finalized" ? "finalized" : "immediate" };
}

/** Reads one section of `channels`. */
export function readChannel(section: Section, readers: ChannelReaders): ChannelConfig {
  const technology = section.choice("technology", ["evm", "remote"]);
  const channel = {
    ...(technology === "remote" ? readRemoteChannel(section, readers) : readEvm(section, readers)),
    ...readPrecedence(section),
    binding: readBinding(section, readers.production),
  };
  section.end();
  return channel;
}

/** What no two channels of a configuration may share. */
export function placeOf(channel: ChannelConfig): string {
  return channel.technology === "evm"
    ? `eip155:${channel.chainId}:${channel.address.toLowerCase()}`
    : channel.channelId;
}

function readRemoteChannel(section: Section, { secrets, production }: ChannelReaders): RemoteChannelConfig {
  const url = secrets.url(section, "url", /^https?:$/, "https://channel.example");
  if (production && URL.parse(url)?.protocol === "http:") {
    section.mistake("url", "goes without TLS; write an https URL.");
  }
  return {
    technology: "remote",
    url: url.replace(/\/+$/, ""),
    channelId: section.text("channelId", {
      matches: /^[\x21-\x7e]{1,200}$/,
      write: "the id of the channel, as whoever serves it says",
    }),
    token: secrets.token(section, "token"),
  };
}

/** Reads what a channel and a directory of channels are told by alike. */
function readEvm(section: Section, { secrets, keys, production }: ChannelReaders): EvmChannelConfig {
  const chainId = section.whole("chainId", { from: 1, to: Number.MAX_SAFE_INTEGER });
  if (production && DEVELOPMENT_CHAINS.has(chainId)) {
    section.mistake("chainId", "is a development chain's; write the number of a real network.");
  }
  return {
    technology: "evm",
    ...readEndpoints(section, secrets),
    chainId,
    genesisHash: section.text("genesisHash", HASH),
    address: section.text("address", ADDRESS),
    codeHash: section.text("codeHash", HASH),
    fromBlock: section.whole("fromBlock", { from: 0, to: Number.MAX_SAFE_INTEGER }, 0),
    finality: readFinality(section),
    nodeKey: keys.key(section, "nodeKey"),
    ...(section.has("operatorKey") ? { operatorKey: keys.key(section, "operatorKey") } : {}),
    ...(section.has("formerOperatorKeys")
      ? { formerOperatorKeys: keys.keys(section, "formerOperatorKeys") }
      : {}),
    ...(section.has("maxFeeGwei")
      ? { maxFeeGwei: section.whole("maxFeeGwei", { from: 1, to: MOST_GWEI }) }
      : {}),
  };
}

function readEndpoints(
  section: Section,
  secrets: SecretReader,
): Pick<EvmChannelConfig, "rpcUrl" | "otherRpcUrls"> {
  const form = { protocol: /^https?:$/, example: "https://ledger.example" };
  if (!section.has("rpcUrls")) return { rpcUrl: secrets.url(section, "rpcUrl", form.protocol, form.example) };
  if (section.has("rpcUrl")) section.mistake("rpcUrl", "stands beside rpcUrls; write one of the two.");
  const [rpcUrl = "", ...otherRpcUrls] = secrets.urls(section, "rpcUrls", { ...form, most: MOST_ENDPOINTS });
  return { rpcUrl, ...(otherRpcUrls.length === 0 ? {} : { otherRpcUrls }) };
}

/** Reads one section of `directories`. */
export function readDirectory(section: Section, readers: ChannelReaders): DirectoryConfig {
  section.choice("technology", ["evm"]);
  const directory = {
    ...readEvm(section, readers),
    ...readPrecedence(section),
    binding: readBinding(section, readers.production),
    codeHashes: readForms(section, "codeHashes", HASH),
    consortiums: readForms(section, "consortiums", ADDRESS),
  };
  section.end();
  return directory;
}

function readPrecedence(section: Section): Pick<ChannelConfig, "precedence"> {
  if (!section.has("precedence")) return {};
  return { precedence: section.whole("precedence", { from: 0, to: MOST_PRECEDENCE }) };
}

/** Agencies begin to publish their accounts one by one: until all do, a node says who does not, and goes on (decision 0027). */
function readBinding(section: Section, production: boolean): NonNullable<ChannelConfig["binding"]> {
  return section.choice("binding", ["required", "reported", "off"], production ? "reported" : "off");
}

function readForms(
  section: Section,
  name: string,
  form: { readonly matches: RegExp; readonly write: string },
): readonly string[] {
  const texts = section.texts(name, `[${form.write}]`, []);
  if (texts.length > MOST_FORMS || texts.some((text) => !form.matches.test(text))) {
    section.mistake(name, `is not as it must be; write up to ${MOST_FORMS}, each ${form.write}.`);
  }
  return texts;
}
