import { generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { encryptKeystoreJsonSync, Wallet } from "ethers";
import { stringify } from "yaml";

import { ConfigError, loadConfig } from "../src/config.ts";
import { variableNames } from "../src/config/source.ts";

const KEY = `0x${"12ab".repeat(16)}`;
/** The first account that Hardhat and Anvil publish. */
const PUBLISHED_KEY = ["0xac0974bec39a17e36ba4a6b4d238ff944", "bacb478cbed5efcae784d7bf4f2ff80"].join("");
const HASH = `0x${"0f".repeat(32)}`;

type Settings = Record<string, unknown>;

function channel(more: Settings = {}): Settings {
  return {
    technology: "evm",
    rpcUrl: "https://ledger.example",
    chainId: 2021,
    genesisHash: HASH,
    address: `0x${"aa".repeat(20)}`,
    codeHash: HASH,
    fromBlock: 12,
    finality: "confirmations:12",
    operatorKey: held(),
    nodeKey: keystore("node.json"),
    ...more,
  };
}

function keystore(file: string): Settings {
  return { keystore: file, password: { file: "password" } };
}

/** A key of a remote signer. */
function held(more: Settings = {}): Settings {
  return { remote: { url: "https://signer.example:9000", address: `0x${"ab".repeat(20)}`, ...more } };
}

function remote(more: Settings = {}): Settings {
  return {
    technology: "remote",
    url: "https://channel.example/",
    channelId: "fabric:origin",
    token: { env: "TOKEN" },
    ...more,
  };
}

function issuer(more: Settings = {}): Settings {
  return { issuer: "https://id.gov.au", audience: "icl.homeaffairs.gov.au", ...more };
}

function s3(more: Settings = {}): Settings {
  return {
    endpoint: "https://s3.example/",
    bucket: "icl-documents",
    accessKeyId: { env: "TOKEN" },
    secretAccessKey: { file: "node.key" },
    spool: "data/spool",
    ...more,
  };
}

function settings(more: Settings = {}): Settings {
  return {
    mode: "production",
    participant: "homeaffairs.gov.au",
    jurisdiction: "AU",
    publicUrl: "https://icl.homeaffairs.gov.au/",
    store: { sqlite: "data/node.db" },
    documents: { directory: "data/documents" },
    channels: [channel()],
    identity: { issuers: [issuer()] },
    ...more,
  };
}

describe("the configuration", () => {
  let directory: string;
  const env = {
    TOKEN: "t".repeat(32),
    SHORT_TOKEN: "secret",
    OPERATOR_KEY: KEY,
    PUBLISHED_KEY,
    DATABASE: "postgres://icl:hunter2@db/icl",
    EMPTY: "",
  };

  before(() => {
    directory = mkdtempSync(path.join(tmpdir(), "icl-config-"));
    mkdirSync(path.join(directory, ".icl"));
    writeFileSync(path.join(directory, "node.key"), `${KEY}\n`, { mode: 0o600 });
    const make = (key: string) => {
      const { address, privateKey } = new Wallet(key);
      return encryptKeystoreJsonSync({ address, privateKey }, "p".repeat(40), { scrypt: { N: 4096 } });
    };
    writeFileSync(path.join(directory, "password"), "p".repeat(40), { mode: 0o600 });
    writeFileSync(path.join(directory, "node.json"), make(KEY), { mode: 0o600 });
    writeFileSync(path.join(directory, "published.json"), make(PUBLISHED_KEY), { mode: 0o600 });
    writeFileSync(path.join(directory, "open.json"), make(KEY));
    chmodSync(path.join(directory, "open.json"), 0o644);
    writeFileSync(path.join(directory, ".icl", "node.json"), make(KEY), { mode: 0o600 });
  });

  after(() => {
    rmSync(directory, { recursive: true });
  });

  function load(content: unknown, variables: NodeJS.ProcessEnv = env) {
    const file = path.join(directory, "icl.yaml");
    writeFileSync(
      file,
      typeof content === "string" ? content : stringify(content, { aliasDuplicateObjects: false }),
    );
    return loadConfig({ file, env: variables });
  }

  function mistakes(content: unknown, variables: NodeJS.ProcessEnv = env): readonly string[] {
    try {
      load(content, variables);
    } catch (error) {
      if (error instanceof ConfigError) return error.mistakes;
      throw error;
    }
    throw new Error("the configuration was accepted");
  }

  it("is read from YAML, with defaults, and paths from the file's own directory", () => {
    const config = load(settings());
    expect(config).to.deep.include({
      mode: "production",
      participant: "homeaffairs.gov.au",
      jurisdiction: "AU",
      publicUrl: "https://icl.homeaffairs.gov.au",
      listen: { host: "127.0.0.1", port: 8080, trustedProxies: [] },
      store: { technology: "sqlite", file: path.join(directory, "data/node.db") },
      documents: { directory: path.join(directory, "data/documents"), maxBytes: 1024 ** 3 },
      peers: { allowPrivateAddresses: false, allowHttp: false },
    });
    expect(config.channels[0]).to.deep.include({
      finality: { kind: "confirmations", blocks: 12 },
      operatorKey: held(),
      nodeKey: {
        keystore: path.join(directory, "node.json"),
        password: { file: path.join(directory, "password") },
      },
    });
    expect(config.identity.issuers[0]).to.deep.include({ jwksUri: null, development: false });
    expect(config.identity.issuers[0]?.roles).to.deep.include({ "messages:write": ["messages:write"] });
  });

  describe("of TLS that the node ends and speaks by itself", () => {
    const files = ["node.pem", "tls.key", "authorities.pem", "revoked.pem"] as const;
    const at = (name: string) => path.join(directory, name);

    before(() => {
      for (const name of files) writeFileSync(at(name), "PEM", { mode: 0o600 });
      writeFileSync(at("open-tls.key"), "PEM");
      chmodSync(at("open-tls.key"), 0o644);
    });

    it("names files, and demands pins where it does not say otherwise", () => {
      const own = { certificate: "node.pem", key: "tls.key" };
      const listen = { tls: { ...own, clientAuthorities: "authorities.pem" } };
      const peers = { tls: { ...own, authorities: "authorities.pem", revocations: "revoked.pem" } };
      const config = load(settings({ listen, peers }));
      expect(config.listen.tls).to.deep.equal({
        ...{ certificate: at("node.pem"), key: at("tls.key"), clientAuthorities: at("authorities.pem") },
      });
      expect(config.peers.tls).to.deep.equal({
        ...{ certificate: at("node.pem"), key: at("tls.key"), authorities: at("authorities.pem") },
        ...{ revocations: at("revoked.pem"), pins: "required" },
      });
      const less = load(settings({ listen: { tls: own }, peers: { tls: { ...peers.tls, pins: "off" } } }));
      expect(less.listen.tls?.clientAuthorities).to.equal(null);
      expect(less.peers.tls?.pins).to.equal("off");
      expect(load(settings()).listen).not.to.have.property("tls");
    });

    it("is refused without its files, and with a key that others can read", () => {
      const wrong = settings({
        listen: { tls: { certificate: "absent.pem", key: "open-tls.key" } },
        peers: { tls: { certificate: "node.pem", key: "tls.key", pins: "maybe" } },
      });
      const said = mistakes(wrong).join("\n");
      expect(said).to.contain("listen.tls.certificate: leads to no file");
      expect(said).to.contain("listen.tls.key: can be read by other users");
      expect(said).to.contain("peers.tls.authorities: is missing");
      expect(said).to.contain("peers.tls.pins: is none of the words");
    });
  });

  it("says what is made of accounts that a domain does not name: by default it is told, and in development not looked at", () => {
    expect(load(settings()).channels[0]?.binding).to.equal("reported");
    expect(load(settings({ mode: "development" })).channels[0]?.binding).to.equal("off");
    expect(load(settings({ channels: [channel({ binding: "required" })] })).channels[0]?.binding).to.equal(
      "required",
    );
    expect(mistakes(settings({ channels: [remote({ binding: "yes" })] })).join()).to.contain(
      "channels[0].binding",
    );
  });

  it("pins the documents of DIDs, and names hosts that are asked in place of theirs", () => {
    const identity = {
      issuers: [issuer()],
      dids: { "did:web:customs.gov.cn": { file: "node.key" } },
      didHosts: { "customs.gov.sg": "https://did.example/sg/" },
    };
    const config = load(settings({ identity }));
    expect(config.identity.dids).to.deep.equal({
      "did:web:customs.gov.cn": path.join(directory, "node.key"),
    });
    expect(config.identity.didHosts).to.deep.equal({ "customs.gov.sg": "https://did.example/sg" });
    const variables = { ...env, ICL_IDENTITY_DID_HOSTS: '{"customs.gov.sg":"https://other.example"}' };
    expect(load(settings({ identity }), variables).identity.didHosts).to.deep.equal({
      "customs.gov.sg": "https://other.example",
    });
    for (const [name, value, says] of [
      ["dids", { "customs.gov.cn": { file: "node.key" } }, "did:web:customs.gov.cn: {file:"],
      ["dids", { "did:web:customs.gov.cn": { file: "absent.json" } }, "leads to no file"],
      ["dids", ["did:web:customs.gov.cn"], "is not as it must be"],
      ["didHosts", { "customs.gov.cn": "http://did.example" }, "goes without TLS"],
      ["didHosts", { "customs.gov.cn": "https://u:p@did.example" }, "is not as it must be"],
      ["didHosts", { "10.0.0.1": "https://did.example" }, "is not as it must be"],
    ] as const) {
      const said = mistakes(settings({ identity: { issuers: [issuer()], [name]: value } })).join();
      expect(said, JSON.stringify(value)).to.contain(`identity.${name}`).and.to.contain(says);
    }
  });

  it("may name what a transaction offers at most", () => {
    expect(load(settings()).channels[0]).not.to.have.property("maxFeeGwei");
    const { channels } = load(settings({ channels: [channel({ maxFeeGwei: 40 })] }));
    expect(channels[0]).to.deep.include({ maxFeeGwei: 40 });
  });

  it("is read from JSON", () => {
    expect(load(JSON.stringify(settings())).participant).to.equal("homeaffairs.gov.au");
  });

  it("is read from the environment alone", () => {
    const config = loadConfig({
      file: null,
      env: {
        ...env,
        ICL_MODE: "development",
        ICL_PARTICIPANT: "customs.gov.cn",
        ICL_JURISDICTION: "CN",
        ICL_PUBLIC_URL: "http://127.0.0.1:9000",
        ICL_LISTEN_PORT: "9000",
        ICL_LISTEN_TRUSTED_PROXIES: "10.0.0.1, 10.1.0.0/16",
        ICL_STORE_POSTGRES: "postgres://icl:hunter2@db/icl",
        ICL_DOCUMENTS_DIRECTORY: "/var/lib/icl",
        ICL_CHANNELS_0_TECHNOLOGY: "evm",
        ICL_CHANNELS_0_RPC_URL: "http://127.0.0.1:8545",
        ICL_CHANNELS_0_CHAIN_ID: "31337",
        ICL_CHANNELS_0_GENESIS_HASH: HASH,
        ICL_CHANNELS_0_ADDRESS: `0x${"aa".repeat(20)}`,
        ICL_CHANNELS_0_CODE_HASH: HASH,
        ICL_CHANNELS_0_FINALITY: "immediate",
        ICL_CHANNELS_0_NODE_KEY_ENV: "OPERATOR_KEY",
        ICL_IDENTITY_ISSUERS_0_ISSUER: "http://127.0.0.1:9001",
        ICL_IDENTITY_ISSUERS_0_AUDIENCE: "customs.gov.cn",
        ICL_IDENTITY_ISSUERS_0_ALGORITHMS: "ES256",
        ICL_IDENTITY_ISSUERS_0_ROLES: '{"icl.send":["messages:write"]}',
        ICL_IDENTITY_ISSUERS_0_DEVELOPMENT: "true",
      },
    });
    expect(config.listen).to.deep.equal({
      host: "127.0.0.1",
      port: 9000,
      trustedProxies: ["10.0.0.1", "10.1.0.0/16"],
    });
    expect(config.store).to.deep.equal({ technology: "postgres", url: "postgres://icl:hunter2@db/icl" });
    expect(config.channels[0]).to.deep.include({
      finality: { kind: "immediate" },
      nodeKey: { env: "OPERATOR_KEY" },
    });
    expect(config.channels[0]).not.to.have.property("operatorKey");
    expect(config.identity.issuers[0]).to.deep.include({
      algorithms: ["ES256"],
      roles: { "icl.send": ["messages:write"] },
      development: true,
    });
    expect(config.peers).to.deep.equal({ allowPrivateAddresses: true, allowHttp: true });
  });

  it("reads where documents lie in object storage", () => {
    expect(load(settings({ documents: { s3: s3(), maxBytes: 1_000 } })).documents).to.deep.equal({
      s3: {
        endpoint: "https://s3.example",
        bucket: "icl-documents",
        prefix: "",
        region: "us-east-1",
        pathStyle: true,
        accessKeyId: { env: "TOKEN" },
        secretAccessKey: { file: path.join(directory, "node.key") },
        spool: path.join(directory, "data/spool"),
      },
      maxBytes: 1_000,
    });
    const near = settings({
      documents: { s3: s3({ endpoint: "http://127.0.0.1:9000/s3", prefix: "au/icl", pathStyle: false }) },
    });
    expect(load(near).documents.s3).to.deep.include({
      endpoint: "http://127.0.0.1:9000/s3",
      prefix: "au/icl",
      pathStyle: false,
    });
  });

  it("reads a channel that another process serves", () => {
    expect(load(settings({ channels: [channel(), remote()] }), env).channels[1]).to.deep.equal({
      ...{ technology: "remote", binding: "reported" },
      url: "https://channel.example",
      channelId: "fabric:origin",
      token: { env: "TOKEN" },
    });
  });

  it("lets a variable win over the file, also inside a list", () => {
    const two = settings({ channels: [channel(), channel({ chainId: 7 })] });
    const config = load(two, {
      ...env,
      ICL_CHANNELS_1_RPC_URL: "https://other.example",
      ICL_LISTEN_PORT: "81",
    });
    expect(config.channels.map((one) => "rpcUrl" in one && one.rpcUrl)).to.deep.equal([
      "https://ledger.example",
      "https://other.example",
    ]);
    expect(config.listen.port).to.equal(81);
  });

  it("takes several endpoints of a ledger, each in plain or from where secrets are", () => {
    const urls = ["https://one.example", { env: "DATABASE" }, "https://three.example"];
    const two = channel({ rpcUrl: undefined, rpcUrls: ["https://one.example", "https://two.example"] });
    const variables = {
      ...env,
      DATABASE: "https://node:secret@two.example",
      ICL_CHANNELS_1_RPC_URLS_1: "https://other.example",
    };
    const several = settings({
      channels: [channel({ rpcUrl: undefined, rpcUrls: urls }), { ...two, chainId: 7 }],
    });
    expect(
      load(several, variables).channels.map((one) => "rpcUrl" in one && [one.rpcUrl, one.otherRpcUrls]),
    ).to.deep.equal([
      ["https://one.example", ["https://node:secret@two.example", "https://three.example"]],
      ["https://one.example", ["https://other.example"]],
    ]);
    const alone = settings({ channels: [channel({ rpcUrl: undefined, rpcUrls: ["https://one.example"] })] });
    expect(load(alone).channels[0]).to.deep.equal(
      load(settings({ channels: [channel({ rpcUrl: "https://one.example" })] })).channels[0],
    );
  });

  it("takes a database URL with a password from where secrets are", () => {
    expect(load(settings({ store: { postgres: { env: "DATABASE" } } })).store).to.deep.equal({
      technology: "postgres",
      url: env.DATABASE,
    });
  });

  const development = { mode: "development", publicUrl: "http://127.0.0.1:8080" };
  const table: readonly (readonly [string, unknown, string, NodeJS.ProcessEnv?])[] = [
    [
      "no participant",
      settings({ participant: undefined }),
      "participant: is missing; write your DNS domain",
    ],
    [
      "a participant in capitals",
      settings({ participant: "Homeaffairs.gov.au" }),
      "participant: is no DNS domain",
    ],
    [
      "one endpoint beside several",
      settings({ channels: [channel({ rpcUrls: ["https://one.example"] })] }),
      "channels[0].rpcUrl: stands beside rpcUrls",
    ],
    [
      "no endpoint",
      settings({ channels: [channel({ rpcUrl: undefined, rpcUrls: [] })] }),
      "channels[0].rpcUrls: is not as it must be; write a list of 1 to 8",
    ],
    [
      "more endpoints than there may be",
      settings({
        channels: [
          channel({
            rpcUrl: undefined,
            rpcUrls: Array.from({ length: 9 }, (_, place) => `https://ledger-${place}.example`),
          }),
        ],
      }),
      "channels[0].rpcUrls: is not as it must be; write a list of 1 to 8",
    ],
    [
      "an endpoint with a password in the file",
      settings({
        channels: [
          channel({ rpcUrl: undefined, rpcUrls: ["https://one.example", "https://a:b@two.example"] }),
        ],
      }),
      "channels[0].rpcUrls[1]: carries a password",
    ],
    [
      "one endpoint twice",
      settings({
        channels: [channel({ rpcUrl: undefined, rpcUrls: ["https://one.example", "https://one.example"] })],
      }),
      "channels[0].rpcUrls: names one address twice",
    ],
    ["a jurisdiction in words", settings({ jurisdiction: "Australia" }), "jurisdiction: is no ISO 3166-1"],
    [
      "an unknown mode",
      settings({ mode: "test" }),
      "mode: is none of the words it may be; write production or",
    ],
    [
      "an unknown setting",
      settings({ listn: {} }),
      "listn: is no setting; take it out, or write one of batches, channels,",
    ],
    [
      "neither channel nor directory",
      settings({ channels: [], directories: [] }),
      "channels: is missing or empty",
    ],
    [
      "a directory without its code",
      settings({ directories: [channel({ codeHash: undefined })] }),
      "directories[0].codeHash: is missing",
    ],
    [
      "a consortium that is no account",
      settings({ directories: [channel({ consortiums: ["customs.gov.cn"] })] }),
      "directories[0].consortiums: is not as it must be",
    ],
    [
      "a directory served by another process",
      settings({ directories: [channel({ technology: "remote" })] }),
      "directories[0].technology: is none of the words it may be",
    ],
    [
      "a directory named twice",
      settings({ directories: [channel(), channel()] }),
      "directories: names the same one twice",
    ],
    ["an unknown setting inside", settings({ listen: { prot: 1 } }), "listen.prot: is no setting"],
    ["a section that is a text", settings({ listen: "8080" }), "listen: is not a section"],
    [
      "a port as text",
      settings({ listen: { port: "8080" } }),
      "listen.port: is not as it must be; write a whole number",
    ],
    ["a port out of range", settings({ listen: { port: 65536 } }), "write a whole number from 0 to 65535"],
    ["a public URL that is none", settings({ publicUrl: "icl" }), "publicUrl: is no plain URL"],
    [
      "a public URL with a query",
      settings({ publicUrl: "https://a.example/?b" }),
      "publicUrl: is no plain URL",
    ],
    [
      "a public URL without TLS in production",
      settings({ publicUrl: "http://a.example" }),
      "publicUrl: must be https",
    ],
    ["no store", settings({ store: {} }), "store: must say one of two"],
    [
      "two stores",
      settings({ store: { sqlite: "a", postgres: "postgres://b/c" } }),
      "store: must say one of two",
    ],
    [
      "a password in the file",
      settings({ store: { postgres: env.DATABASE } }),
      "store.postgres: carries a password",
    ],
    [
      "a store URL of another kind",
      settings({ store: { postgres: "mysql://a/b" } }),
      "store.postgres: is no such URL",
    ],
    ["no documents", settings({ documents: undefined }), "documents: must say one of two"],
    [
      "two places for documents",
      settings({ documents: { directory: "documents", s3: s3() } }),
      "documents: must say one of two",
    ],
    [
      "object storage without TLS",
      settings({ documents: { s3: s3({ endpoint: "http://s3.example" }) } }),
      "documents.s3.endpoint: goes without TLS",
    ],
    [
      "object storage whose URL carries credentials",
      settings({ documents: { s3: s3({ endpoint: "https://id:hunter2@s3.example" }) } }),
      "documents.s3.endpoint: is no plain URL",
    ],
    [
      "a bucket that is none",
      settings({ documents: { s3: s3({ bucket: "Documents/AU" }) } }),
      "documents.s3.bucket: is not as it must be",
    ],
    [
      "a prefix that leads elsewhere",
      settings({ documents: { s3: s3({ prefix: "../others" }) } }),
      "documents.s3.prefix: is not as it must be",
    ],
    [
      "a literal credential",
      settings({ documents: { s3: s3({ secretAccessKey: "hunter2" }) } }),
      "documents.s3.secretAccessKey: may not stand in the configuration",
    ],
    [
      "a credential that is not there",
      settings({ documents: { s3: s3({ accessKeyId: { env: "NO" } }) } }),
      "documents.s3.accessKeyId: leads nowhere",
    ],
    [
      "object storage without a spool",
      settings({ documents: { s3: s3({ spool: undefined }) } }),
      "documents.s3.spool: is missing",
    ],
    [
      "documents larger than object storage takes",
      settings({ documents: { s3: s3(), maxBytes: 6 * 1024 ** 3 } }),
      "documents.maxBytes: is more than S3 takes",
    ],
    ["no channel", settings({ channels: [] }), "channels: is missing or empty"],
    ["a channel that is a text", settings({ channels: ["evm"] }), "channels[0]: is not a section"],
    [
      "an unknown technology",
      settings({ channels: [channel({ technology: "fabric" })] }),
      "channels[0].technology:",
    ],
    [
      "a short address",
      settings({ channels: [channel({ address: "0xaa" })] }),
      "channels[0].address: is not as it must",
    ],
    [
      "no code hash",
      settings({ channels: [channel({ codeHash: undefined })] }),
      "channels[0].codeHash: is missing",
    ],
    [
      "another process's channel without TLS",
      settings({ channels: [remote({ url: "http://channel.example" })] }),
      "channels[0].url: goes without TLS",
    ],
    [
      "another process's channel of no name",
      settings({ channels: [remote({ channelId: "my channel" })] }),
      "channels[0].channelId: is not as it must be",
    ],
    [
      "a token for another process that can be guessed",
      settings({ channels: [remote({ token: { env: "SHORT_TOKEN" } })] }),
      "channels[0].token: leads to a token that can be guessed",
    ],
    [
      "a key for another process's channel",
      settings({ channels: [remote({ nodeKey: { env: "OPERATOR_KEY" } })] }),
      "channels[0].nodeKey: is no setting",
    ],
    [
      "a ceiling that stops everything",
      settings({ channels: [channel({ maxFeeGwei: 0 })] }),
      "channels[0].maxFeeGwei: is not as it must be; write a whole number from 1",
    ],
    ["a finality in words", settings({ channels: [channel({ finality: "soon" })] }), "channels[0].finality:"],
    [
      "no confirmations",
      settings({ channels: [channel({ finality: "confirmations:0" })] }),
      "channels[0].finality:",
    ],
    [
      "the same channel twice",
      settings({ channels: [channel(), channel()] }),
      "channels: names the same one twice",
    ],
    [
      "a development chain in production",
      settings({ channels: [channel({ chainId: 31337 })] }),
      "chainId: is a develop",
    ],
    [
      "a literal key",
      settings({ channels: [channel({ nodeKey: KEY })] }),
      "nodeKey: may not stand in the configuration",
    ],
    [
      "no node key",
      settings({ channels: [channel({ nodeKey: undefined })] }),
      "channels[0].nodeKey: is missing",
    ],
    [
      "an absent key file",
      settings({ channels: [channel({ nodeKey: { file: "no.key" } })] }),
      "nodeKey: leads nowhere",
    ],
    [
      "an absent key variable",
      settings({ channels: [channel({ nodeKey: { env: "NO" } })] }),
      "nodeKey: leads nowhere",
    ],
    [
      "an empty key variable",
      settings({ channels: [channel({ nodeKey: { env: "EMPTY" } })] }),
      "nodeKey: leads nowhere",
    ],
    [
      "a key that is none",
      settings({ ...development, channels: [channel({ nodeKey: { env: "DATABASE" } })] }),
      "to a private key",
    ],
    [
      "a key in a variable in production",
      settings({ channels: [channel({ operatorKey: { env: "OPERATOR_KEY" } })] }),
      "operatorKey: lies in a variable, which is for development only",
    ],
    [
      "a key in a file as it is in production",
      settings({ channels: [channel({ nodeKey: { file: "node.key" } })] }),
      "nodeKey: lies in a file as it is, which is for development only",
    ],
    [
      "a keystore of a published key",
      settings({ channels: [channel({ nodeKey: keystore("published.json") })] }),
      "chains publish",
    ],
    [
      "a remote signer with a published key",
      settings({ channels: [channel({ nodeKey: held({ address: new Wallet(PUBLISHED_KEY).address }) })] }),
      "chains publish",
    ],
    [
      "a keystore that others can read",
      settings({ channels: [channel({ nodeKey: keystore("open.json") })] }),
      "by other users",
    ],
    [
      "a keystore of the development network",
      settings({ channels: [channel({ nodeKey: keystore(".icl/node.json") })] }),
      "lies among the development network's files",
    ],
    [
      "an absent keystore",
      settings({ channels: [channel({ nodeKey: keystore("no.json") })] }),
      "nodeKey.keystore: leads nowhere",
    ],
    [
      "a keystore that is none",
      settings({ channels: [channel({ nodeKey: keystore("node.key") })] }),
      "nodeKey.keystore: is no keystore",
    ],
    [
      "a keystore without its password",
      settings({ channels: [channel({ nodeKey: { keystore: "node.json" } })] }),
      "nodeKey.password: is missing",
    ],
    [
      "a password in the configuration itself",
      settings({ channels: [channel({ nodeKey: { keystore: "node.json", password: "hunter2" } })] }),
      "nodeKey.password: may not stand in the configuration",
    ],
    [
      "a former key in a variable in production",
      settings({ channels: [channel({ formerOperatorKeys: [held(), { env: "OPERATOR_KEY" }] })] }),
      "formerOperatorKeys.1: lies in a variable",
    ],
    [
      "no former key at all",
      settings({ channels: [channel({ formerOperatorKeys: [] })] }),
      "formerOperatorKeys: is not as it must be",
    ],
    [
      "a remote signer without TLS in production",
      settings({ channels: [channel({ nodeKey: held({ url: "http://signer.example" }) })] }),
      "nodeKey.remote.url: goes without TLS",
    ],
    [
      "a remote signer's URL with a credential",
      settings({ channels: [channel({ nodeKey: held({ url: "https://icl:hunter2@signer.example" }) })] }),
      "nodeKey.remote.url: carries a credential",
    ],
    [
      "a remote signer without an account",
      settings({ channels: [channel({ nodeKey: held({ address: undefined }) })] }),
      "nodeKey.remote.address: is missing",
    ],
    [
      "a remote signer with a token that can be guessed",
      settings({ channels: [channel({ nodeKey: held({ token: { env: "SHORT_TOKEN" } }) })] }),
      "nodeKey.remote.token: leads to a token that can be guessed",
    ],
    [
      "a certificate that is none",
      settings({ channels: [channel({ nodeKey: held({ ca: "node.key" }) })] }),
      "nodeKey.remote.ca: holds no certificate",
    ],
    [
      "a certificate without its key",
      settings({ channels: [channel({ nodeKey: held({ certificate: "node.key" }) })] }),
      "nodeKey.remote.certificate: needs privateKey",
    ],
    [
      "what is no setting of a key",
      settings({ channels: [channel({ nodeKey: { ...held(), file: "node.key" } })] }),
      "nodeKey.file: is no setting",
    ],
    ["no issuer", settings({ identity: {} }), "identity.issuers: is missing or empty"],
    [
      "no audience",
      settings({ identity: { issuers: [{ issuer: "https://id.au" }] } }),
      "issuers[0].audience: is missing",
    ],
    [
      "one issuer twice",
      settings({ identity: { issuers: [issuer(), issuer()] } }),
      "names the same one twice",
    ],
    [
      "the development issuer in production",
      settings({ identity: { issuers: [issuer({ development: true })] } }),
      "identity.issuers[0].development: issues tokens to anybody",
    ],
    [
      "an issuer without TLS in production",
      settings({ identity: { issuers: [issuer({ issuer: "http://id.gov.au" })] } }),
      "identity.issuers[0].issuer: must be https, and not on this machine",
    ],
    [
      "an issuer on this machine in production",
      settings({ identity: { issuers: [issuer({ issuer: "https://[::1]:9" })] } }),
      "identity.issuers[0].issuer: must be https, and not on this machine",
    ],
    [
      "keys from this machine in production",
      settings({ identity: { issuers: [issuer({ jwksUri: "https://127.8.8.8/jwks" })] } }),
      "identity.issuers[0].jwksUri: must be https",
    ],
    [
      "a shared-secret algorithm",
      settings({ identity: { issuers: [issuer({ algorithms: ["HS256"] })] } }),
      "identity.issuers[0].algorithms: may name ES256,",
    ],
    [
      "the algorithm none",
      settings({ identity: { issuers: [issuer({ algorithms: ["ES256", "none"] })] } }),
      "identity.issuers[0].algorithms: may name ES256,",
    ],
    [
      "an unknown role",
      settings({ identity: { issuers: [issuer({ roles: { send: ["everything"] } })] } }),
      "identity.issuers[0].roles: must map each scope",
    ],
    [
      "peers without TLS in production",
      settings({ peers: { allowHttp: true } }),
      "peers.allowHttp: is for development",
    ],
    ["an unknown level", settings({ log: { level: "loud" } }), "log.level: is none of the words"],
    ["a limit of nothing", settings({ limits: { requestsPerMinute: 0 } }), "limits.requestsPerMinute:"],
    ["an unknown variable", settings(), "ICL_LISTEN_PROT: is no setting", { ...env, ICL_LISTEN_PROT: "1" }],
    [
      "a variable that is no number",
      settings(),
      "listen.port: is not as it",
      { ...env, ICL_LISTEN_PORT: "80a" },
    ],
    [
      "a variable that is no JSON",
      settings(),
      "ICL_IDENTITY_ISSUERS_0_ROLES: is not JSON",
      { ...env, ICL_IDENTITY_ISSUERS_0_ROLES: "{" },
    ],
    ["a file that is no YAML", "a: [", "is not plain YAML or JSON at line 1"],
    [
      "a setting written twice",
      "mode: production\nmode: development\n",
      "is not plain YAML or JSON at line 2",
    ],
    ["a file with tags", "mode: !!js/function 'x'\n", "is not plain YAML or JSON"],
    ["a file with aliases", "mode: &a production\nparticipant: *a\n", "uses aliases"],
    ["a file that is a list", "- a\n", "is not a list of settings"],
    ["a file beyond all measure", `# ${"x".repeat(300_000)}\n`, "is larger than 262144 bytes"],
    ["a prototype for a setting", '{"__proto__": {"mode": "development"}}', "__proto__: is no setting"],
  ];
  for (const [name, content, expected, variables] of table) {
    it(`is refused for ${name}`, () => {
      const found = mistakes(content, variables);
      expect(found.join("\n")).to.contain(expected);
    });
  }

  it("is refused when its file is not there", () => {
    expect(() => loadConfig({ file: path.join(directory, "none.yaml"), env })).to.throw(
      ConfigError,
      /ENOENT/,
    );
  });

  it("tells all mistakes at once, one line each", () => {
    const found = mistakes(
      settings({ participant: 5, publicUrl: "x", store: undefined, limits: { connections: 0 } }),
    );
    expect(found.map((line) => line.slice(0, line.indexOf(":")))).to.deep.equal([
      "participant",
      "publicUrl",
      "store",
      "limits.connections",
    ]);
  });

  it("repeats no value of a wrong setting, since it may be a secret", () => {
    const secrets = ["hunter2", KEY, PUBLISHED_KEY];
    const found = mistakes(
      settings({
        participant: KEY,
        store: { postgres: env.DATABASE },
        log: { level: KEY },
        channels: [
          channel({ nodeKey: KEY, operatorKey: { env: "PUBLISHED_KEY" }, address: KEY, finality: KEY }),
        ],
      }),
    ).join("\n");
    for (const secret of secrets) expect(found).not.to.contain(secret);
    expect(mistakes(`nodeKey: "${KEY}\n`).join("\n")).not.to.contain(KEY);
  });

  it("allows in development what production forbids", () => {
    const config = load(
      settings({
        ...development,
        channels: [channel({ chainId: 31337, nodeKey: { env: "PUBLISHED_KEY" } })],
        identity: { issuers: [issuer({ issuer: "http://127.0.0.1:9001", development: true })] },
      }),
    );
    expect(config.mode).to.equal("development");
  });

  it("takes directories in place of channels, with the conditions for what is found there", () => {
    const hash = `0x${"AB".repeat(32)}`;
    const consortium = `0x${"cd".repeat(20)}`;
    const directory = channel({ codeHashes: [hash], consortiums: [consortium] });
    const config = load(settings({ channels: [], directories: [directory, channel({ chainId: 77 })] }));
    expect(config.channels).to.deep.equal([]);
    expect(config.directories?.[0]).to.deep.include({ codeHashes: [hash], consortiums: [consortium] });
    expect(config.directories?.[1]).to.deep.include({ chainId: 77, codeHashes: [], consortiums: [] });
  });

  describe("of what a token's claims give", () => {
    const rule = { claim: "/realm/groups", contains: "chamber", roles: ["messages:read"] };

    it("is read into rules, tests and levels, from a file or from variables", () => {
      const claims = [
        { ...rule, subjects: ["chamber.com.au:*", "x"] },
        { claim: "https://id.gov.au/trusted", equals: true, roles: ["admin"] },
        { claim: "groups", contains: "traders", roles: ["messages:read"], subjectsFrom: "/icl/subjects" },
      ];
      const systems = { claim: "idtyp", equals: "app" };
      const levels = { "urn:2": "low", "urn:3": "high" };
      const demands = [{ type: "UN.CEFACT.*", level: "high", maxAgeSeconds: 600 }];
      const read = [
        {
          test: { claim: "/realm/groups", how: "contains", value: "chamber" },
          ...{ roles: ["messages:read"], subjects: ["chamber.com.au:*", "x"], subjectsFrom: null },
        },
        {
          test: { claim: "https://id.gov.au/trusted", how: "equals", value: true },
          ...{ roles: ["admin"], subjects: null, subjectsFrom: null },
        },
        {
          test: { claim: "groups", how: "contains", value: "traders" },
          ...{ roles: ["messages:read"], subjects: null, subjectsFrom: "/icl/subjects" },
        },
      ];
      const byFile = load(
        settings({
          identity: {
            issuers: [issuer({ claims, systems, levels, systemLevel: "high", tokenType: "at+jwt" })],
            assurance: { levels: ["low", "high"], demands },
          },
        }),
      );
      const byVariables = load(settings({ identity: { issuers: [issuer()] } }), {
        ...env,
        ICL_IDENTITY_ISSUERS_0_CLAIMS: JSON.stringify(claims),
        ICL_IDENTITY_ISSUERS_0_SYSTEMS: JSON.stringify(systems),
        ICL_IDENTITY_ISSUERS_0_LEVELS: JSON.stringify(levels),
        ICL_IDENTITY_ISSUERS_0_SYSTEM_LEVEL: "high",
        ICL_IDENTITY_ISSUERS_0_TOKEN_TYPE: "at+jwt",
        ICL_IDENTITY_ASSURANCE_LEVELS: "low,high",
        ICL_IDENTITY_ASSURANCE_DEMANDS: JSON.stringify(demands),
      });
      for (const { identity } of [byFile, byVariables]) {
        expect(identity.issuers[0]).to.deep.include({
          ...{ claims: read, levels, systemLevel: "high", tokenType: "at+jwt" },
          systems: { claim: "idtyp", how: "equals", value: "app" },
        });
        expect(identity.assurance).to.deep.equal({ levels: ["low", "high"], demands });
      }
    });

    it("gives no role by a scope that nobody spoke of, once there are rules", () => {
      const [found] = load(settings({ identity: { issuers: [issuer({ claims: [rule] })] } })).identity
        .issuers;
      expect(found?.roles).to.deep.equal({});
    });

    const wrong: readonly (readonly [string, Record<string, unknown>, string])[] = [
      ["a rule without a test", { claims: [{ claim: "a", roles: ["admin"] }] }, "must say one of two"],
      ["a rule with two tests", { claims: [{ ...rule, equals: "x" }] }, "must say one of two"],
      [
        "a rule with a list",
        { claims: [{ claim: "a", equals: ["x"], roles: ["admin"] }] },
        "must say one of two",
      ],
      ["a rule for no role", { claims: [{ ...rule, roles: [] }] }, "must be a list out of"],
      [
        "a rule for an unknown role",
        { claims: [{ ...rule, roles: ["everything"] }] },
        "must be a list out of",
      ],
      ["a rule for no subject", { claims: [{ ...rule, subjects: [] }] }, "must list 1 to 50 subjects"],
      ["a subject with * inside", { claims: [{ ...rule, subjects: ["a*b"] }] }, "must list 1 to 50 subjects"],
      [
        "too many subjects",
        { claims: [{ ...rule, subjects: Array.from({ length: 51 }, (_, n) => `s${n}`) }] },
        "must list 1 to 50 subjects",
      ],
      ["too many rules", { claims: Array.from({ length: 51 }, () => rule) }, "may have 50 rules at most"],
      ["a pointer to nothing", { claims: [{ ...rule, claim: "/a//b" }] }, "claim: is not as it must be"],
      ["a member that is none", { claims: [{ ...rule, regex: "x" }] }, "regex: is no setting"],
      [
        "a limited administrator",
        { claims: [{ ...rule, roles: ["admin"], subjects: ["a:*"] }] },
        "cannot limit admin to subjects",
      ],
      [
        "an administrator limited by the token",
        { claims: [{ ...rule, roles: ["admin"], subjectsFrom: "s" }] },
        "cannot limit admin to subjects",
      ],
      ["an unknown kind of token", { tokenType: "jwt" }, "tokenType: is none of the words"],
      ["levels that nobody ordered", { levels: { "urn:2": "low" } }, "identity.assurance: is missing"],
      ["levels that are no map", { levels: ["low"] }, "levels: must map 1 to 50 acr"],
    ];
    for (const [name, more, sentence] of wrong) {
      it(`refuses ${name}`, () => {
        const found = mistakes(settings({ identity: { issuers: [issuer(more)] } }));
        expect(found.join("\n")).to.contain(sentence);
      });
    }

    it("refuses demands of no level that there is, and levels that are twice there", () => {
      const assurance = { levels: ["low", "low"], demands: [{ type: "a b", level: "high" }] };
      const identity = { issuers: [issuer({ levels: { "urn:2": "middle" } })], assurance };
      const found = mistakes(settings({ identity })).join("\n");
      expect(found).to.contain("different names").and.to.contain("level: is none of the levels");
      expect(found).to.contain("lacks a level").and.to.contain("type: is not as it must be");
    });
  });

  it("prunes nothing unless told to, and in production no journal before a month is over", () => {
    expect(load(settings({})).retention).to.include({ journalDays: null, deliveriesDays: null });
    const kept = { journalDays: 30, deliveriesDays: 1 };
    expect(load(settings({ retention: kept })).retention).to.include(kept);
    const found = mistakes(settings({ retention: { journalDays: 29 } })).join("\n");
    expect(found).to.contain("retention.journalDays").and.to.contain("30");
  });

  it("reads what is said of documents that are known by meaning", () => {
    expect(load(settings({})).semantics).to.deep.equal({
      documentTypes: null,
      subjects: { secret: null, rules: {} },
    });
    const rules = { "preferential-certificate-of-origin": "hmac" };
    mkdirSync(path.join(directory, "types"), { recursive: true });
    const semantics = { documentTypes: "types", subjects: { secret: { env: "TOKEN" }, rules } };
    expect(load(settings({ semantics })).semantics).to.deep.equal({
      documentTypes: path.join(directory, "types"),
      subjects: { secret: { env: "TOKEN" }, rules },
    });
  });

  it("refuses document types that cannot be read or used, and a rule for one that there is not", () => {
    const found = (semantics: Settings) => mistakes(settings({ semantics })).join("\n");
    expect(found({ documentTypes: "nowhere" })).to.contain("semantics.documentTypes: The document types in");
    mkdirSync(path.join(directory, "broken/catch-certificate"), { recursive: true });
    expect(found({ documentTypes: "broken" })).to.contain("catch-certificate cannot be used");
    expect(found({ subjects: { rules: { "catch-certificate": "uuid" } } })).to.contain(
      "semantics.subjects.rules: is for catch-certificate, which is no document type",
    );
  });

  it("refuses a document type whose form cannot be laid out", () => {
    const shipped = fileURLToPath(
      new URL("../document-types/non-manipulation-certificate/", import.meta.url),
    );
    const folder = path.join(directory, "own/transit-certificate");
    mkdirSync(path.join(folder, "samples/valid"), { recursive: true });
    for (const name of [
      "document-type.json",
      "schema.json",
      "context.jsonld",
      "message-types.json",
      "form.json",
      "samples/valid/transhipment-at-singapore.json",
    ]) {
      const text = readFileSync(path.join(shipped, name), "utf8")
        .replaceAll("non-manipulation-certificate", "transit-certificate")
        .replaceAll("NonManipulationCertificate", "TransitCertificate");
      writeFileSync(path.join(folder, name), text);
    }
    const semantics = { documentTypes: "own" };
    expect(load(settings({ semantics })).semantics?.documentTypes).to.equal(path.join(directory, "own"));
    writeFileSync(path.join(folder, "form.json"), '{"title":"Transit"}');
    const found = mistakes(settings({ semantics })).join("\n");
    expect(found).to.contain("semantics.documentTypes: The document type transit-certificate");
    expect(found).to.contain("form.json, title, is no object");
    writeFileSync(path.join(folder, "form.json"), "[]");
    expect(mistakes(settings({ semantics })).join("\n")).to.contain("form.json is no object");
    rmSync(path.join(folder, "form.json"));
    expect(load(settings({ semantics })).semantics?.documentTypes).to.equal(path.join(directory, "own"));
  });

  it("refuses keyed subjects without a secret, one that can be guessed, and a rule that there is not", () => {
    const found = (subjects: Settings) => mistakes(settings({ semantics: { subjects } })).join("\n");
    const rules = { "preferential-certificate-of-origin": "hmac" };
    expect(found({ rules })).to.contain("semantics.subjects.secret: is missing, and a rule says hmac");
    expect(found({ rules, secret: { env: "SHORT_TOKEN" } })).to.contain("can be guessed");
    expect(found({ rules, secret: "x".repeat(40) })).to.contain("may not stand in the configuration itself");
    expect(found({ rules: { "preferential-certificate-of-origin": "hashed" } })).to.contain(
      "one of plain, uuid, hmac",
    );
    expect(found({ rules: ["hmac"] })).to.contain("semantics.subjects.rules");
  });

  it("has every setting, and none that there is not, described in docs/configuration.md", () => {
    const text = readFileSync(path.join(import.meta.dirname, "../docs/configuration.md"), "utf8");
    const named = text.match(/`ICL_[A-Z0-9_]+`/g)?.map((name) => name.slice(1, -1)) ?? [];
    // What is said of a key is described once, for all keys: <KEY> stands for the beginning of their names.
    const isKey = (name: string) => /_(?:OPERATOR_KEY|NODE_KEY|OPERATOR_KEYS_0)$/.test(name);
    const members = [...text.matchAll(/`<KEY>(_[A-Z0-9_]+)`/g)].map(([, end = ""]) => end);
    const ofKeys = named.filter(isKey).flatMap((key) => members.map((end) => `${key}${end}`));
    const described = new Set([...named.filter((name) => !isKey(name)), ...ofKeys]);
    expect(described).to.deep.equal(new Set(variableNames.map((name) => name.replaceAll("#", "0"))));
  });

  describe("of the console", () => {
    const id = "https://id.gov.au";
    const withConsole = (more: Settings, variables: Record<string, string> = {}) =>
      load(settings({ identity: { issuers: [issuer({ issuer: id })] }, console: more }), {
        ...env,
        ...variables,
      });

    it("says by which issuer people sign in, and for how long", () => {
      expect(withConsole({ issuer: id, clientId: "icl" }).console).to.deep.equal({
        ...{ issuer: id, clientId: "icl", scopes: ["openid"], resource: null, audience: null },
        ...{ idleMinutes: 30, hours: 12 },
      });
      const variables = {
        ICL_CONSOLE_ISSUER: id,
        ICL_CONSOLE_CLIENT_ID: "icl",
        ICL_CONSOLE_CLIENT_SECRET_ENV: "TOKEN",
        ICL_CONSOLE_SCOPES: "openid,icl.read",
        ICL_CONSOLE_RESOURCE: "https://icl.gov.au",
        ICL_CONSOLE_AUDIENCE: "icl",
        ICL_CONSOLE_IDLE_MINUTES: "10",
        ICL_CONSOLE_HOURS: "8",
      };
      expect(withConsole({}, variables).console).to.deep.equal({
        ...{ issuer: id, clientId: "icl", clientSecret: { env: "TOKEN" }, scopes: ["openid", "icl.read"] },
        ...{ resource: "https://icl.gov.au", audience: "icl", idleMinutes: 10, hours: 8 },
      });
      expect(load(settings()).console).to.equal(undefined);
    });

    it("is refused where it cannot be right", () => {
      const wrong: readonly (readonly [Settings, string])[] = [
        [{}, "console.issuer: is missing"],
        [{ issuer: id }, "console.clientId: is missing"],
        [{ issuer: "https://other.gov.au", clientId: "icl" }, "console.issuer: is none of identity.issuers"],
        [{ issuer: id, clientId: "icl", clientSecret: "in plain" }, "console.clientSecret: may not stand"],
        [
          { issuer: id, clientId: "icl", clientSecret: { env: "EMPTY" } },
          "console.clientSecret: leads nowhere",
        ],
        [{ issuer: id, clientId: "icl", scopes: ["icl.read"] }, "console.scopes: must have openid"],
        [{ issuer: id, clientId: "icl", scopes: ["openid", 'a"b'] }, "console.scopes: must be a list"],
        [{ issuer: id, clientId: "icl", idleMinutes: 0 }, "console.idleMinutes: is not as it must be"],
        [{ issuer: id, clientId: "icl", hours: 1000 }, "console.hours: is not as it must be"],
        [{ issuer: id, clientId: "icl", secret: "x" }, "console.secret: is no setting"],
      ];
      for (const [more, said] of wrong) {
        const found = mistakes(
          settings({ identity: { issuers: [issuer({ issuer: id })] }, console: more }),
        ).join("\n");
        expect(found).to.contain(said);
        expect(found).not.to.contain("in plain");
      }
    });
  });

  describe("of credentials", () => {
    const jwk = JSON.stringify(generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }));
    const issuer = (more: Settings = {}) => ({
      did: "did:web:homeaffairs.gov.au",
      key: { env: "AGENCY" },
      ...more,
    });
    const withCredentials = (credentials: Settings, agency = jwk) =>
      load(settings({ credentials }), { ...env, AGENCY: agency });

    it("says whose keys sign, and what is demanded of which message type", () => {
      const rule = { document: "required", types: ["PreferentialCertificateOfOrigin"] };
      const { credentials } = withCredentials({
        issuers: [issuer({ name: "Home Affairs" })],
        messageTypes: { "UN.CEFACT.Regulatory.CertificateOfOrigin.created": rule },
        statusLists: ["https://status.example/lists/"],
      });
      expect(credentials).to.deep.equal({
        issuers: [{ did: "did:web:homeaffairs.gov.au", key: { env: "AGENCY" }, name: "Home Affairs" }],
        messageTypes: new Map([["UN.CEFACT.Regulatory.CertificateOfOrigin.created", rule]]),
        statusLists: ["https://status.example/lists/"],
        accounts: [],
      });
      expect(load(settings()).credentials).to.deep.equal({
        issuers: [],
        messageTypes: new Map(),
        statusLists: [],
        accounts: [],
      });
    });

    it("is refused for what is no such key, DID, rule, address or account, without repeating a secret", () => {
      const mistakes: readonly (readonly [Settings, string])[] = [
        [{ issuers: [issuer({ did: "did:ion:abc" })] }, "credentials.issuers[0].did"],
        [{ issuers: [issuer({ key: "secret" })] }, "credentials.issuers[0].key"],
        [{ messageTypes: { t: { document: "maybe" } } }, "credentials.messageTypes.t.document"],
        [{ messageTypes: { t: { document: "required", types: [] } } }, "credentials.messageTypes.t.types"],
        [{ statusLists: ["http://status.example/lists/"] }, "credentials.statusLists"],
        [{ statusLists: ["https://status.example/lists"] }, "credentials.statusLists"],
        [{ accounts: ["0xabc"] }, "credentials.accounts"],
        [{ signer: {} }, "credentials.signer"],
      ];
      for (const [credentials, where] of mistakes) {
        expect(() => withCredentials(credentials), where).to.throw(ConfigError, where);
      }
      for (const wrong of ["topsecret", '{"kty":"oct","k":"topsecret"}', jwk.replace(/"d":"[^"]*",?/, "")]) {
        expect(() => withCredentials({ issuers: [issuer()] }, wrong))
          .to.throw(ConfigError, "private JWK")
          .with.property("message")
          .that.does.not.contain("topsecret");
      }
    });
  });

  it("is for production unless it says otherwise", () => {
    expect(load(settings({ mode: undefined })).mode).to.equal("production");
  });
});
