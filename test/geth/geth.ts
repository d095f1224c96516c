import { execFile, spawn, type ChildProcess } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

import { freePort } from "../../scripts/dev/free-port.ts";

const READY_WITHIN_MS = 60_000;
const ATTEMPTS = 3;
const run = promisify(execFile);
const base64url = (text: string) => Buffer.from(text).toString("base64url");

/** What a client of the ledger answered in place of a result. */
export class GethError extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor({ code, message, data }: { code: number; message: string; data?: unknown }) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/**
 * A geth in a process of its own. What blocks it has it was given through its engine API, by whoever plays the consensus;
 * transactions it hears of from other geths too.
 */
export class Geth {
  readonly name: string;
  readonly #file: string;
  readonly #directory: string;
  readonly #secret = randomBytes(32);
  #ports: { readonly rpc: number; readonly engine: number } | null = null;
  #process: ChildProcess | null = null;
  #id = 0;

  /**
   * @param file the program
   * @param directory where its data lie; its own
   */
  constructor(name: string, file: string, directory: string) {
    this.name = name;
    this.#file = file;
    this.#directory = directory;
  }

  /** Writes the first block, once. @param genesis file of */
  async initialise(genesis: string): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    await writeFile(join(this.#directory, "jwt"), this.#secret.toString("hex"), { mode: 0o600 });
    // Only so can it be told to listen on this machine alone.
    await writeFile(join(this.#directory, "geth.toml"), '[Node.P2P]\nListenAddr = "127.0.0.1:0"\n');
    await run(this.#file, ["init", "--datadir", this.#directory, genesis]);
  }

  /** Starts the process, on the same ports as before. Resolves once it answers. */
  async start(): Promise<void> {
    if (this.#ports !== null) {
      await this.#launch();
      return;
    }
    for (let attempt = 1; ; attempt += 1) {
      this.#ports = { rpc: await freePort(0), engine: await freePort(0) };
      try {
        await this.#launch();
        return;
      } catch (error) {
        if (attempt === ATTEMPTS) throw error; // else somebody took one of the ports meanwhile
      }
    }
  }

  async #launch(): Promise<void> {
    const { rpc, engine } = this.#ports ?? { rpc: 0, engine: 0 };
    const args = [
      ...["--datadir", this.#directory, "--syncmode", "full", "--cache", "64", "--verbosity", "1"],
      ...["--nodiscover", "--nat", "none", "--ipcdisable", "--config", join(this.#directory, "geth.toml")],
      ...["--http", "--http.addr", "127.0.0.1", "--http.port", String(rpc)],
      ...["--http.api", "eth,net,web3,txpool,admin"],
      ...["--authrpc.addr", "127.0.0.1", "--authrpc.port", String(engine)],
      ...["--authrpc.jwtsecret", join(this.#directory, "jwt"), "--miner.gaslimit", "30000000"],
    ];
    const child = spawn(this.#file, args, { stdio: "ignore" });
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("exit", () => process.off("exit", kill));
    const end = Date.now() + READY_WITHIN_MS;
    for (;;) {
      try {
        await this.engine("eth_chainId", []);
        await this.send("eth_chainId", []);
        break;
      } catch (error) {
        const isOver = child.exitCode !== null || child.signalCode !== null;
        if (isOver || Date.now() > end) {
          kill();
          throw new Error(`The geth of ${this.name} did not start.`, { cause: error });
        }
        await delay(50);
      }
    }
    this.#process = child;
  }

  /** Tells each other of transactions from now on. */
  async befriend(other: Geth): Promise<void> {
    await this.send("admin_addPeer", [await other.#enode()]);
  }

  /** Hears no more of the other, nor the other of this one. */
  async forsake(other: Geth): Promise<void> {
    await this.send("admin_removePeer", [await other.#enode()]);
    await other.send("admin_removePeer", [await this.#enode()]);
  }

  async #enode(): Promise<string> {
    const { enode } = (await this.send("admin_nodeInfo")) as { enode: string };
    return enode.replace(/@[^:]*:/, "@127.0.0.1:");
  }

  get rpcUrl(): string {
    return `http://127.0.0.1:${this.#ports?.rpc ?? 0}`;
  }

  get isRunning(): boolean {
    return this.#process !== null;
  }

  /** Asks it as any user does. @throws GethError for what it refuses, or the network's error */
  send(method: string, params: readonly unknown[] = []): Promise<unknown> {
    return this.#ask(this.rpcUrl, {}, method, params);
  }

  /** Asks it as its consensus client does. */
  engine(method: string, params: readonly unknown[]): Promise<unknown> {
    const claims = `${base64url('{"alg":"HS256","typ":"JWT"}')}.${base64url(
      JSON.stringify({ iat: Math.floor(Date.now() / 1000) }),
    )}`;
    const signature = createHmac("sha256", this.#secret).update(claims).digest("base64url");
    const authorization = `Bearer ${claims}.${signature}`;
    return this.#ask(`http://127.0.0.1:${this.#ports?.engine ?? 0}`, { authorization }, method, params);
  }

  /** Ends the process at once, as power loss does: it forgets the state it had not written yet. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Ends the process in good order. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  async #end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const running = this.#process;
    this.#process = null;
    if (running?.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, "exit");
    running.kill(signal);
    await gone;
  }

  async #ask(
    url: string,
    headers: Record<string, string>,
    method: string,
    params: readonly unknown[],
  ): Promise<unknown> {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ jsonrpc: "2.0", id: (this.#id += 1), method, params }),
    });
    const answer = (await response.json()) as {
      result?: unknown;
      error?: { code: number; message: string; data?: unknown };
    };
    if (answer.error !== undefined) throw new GethError(answer.error);
    return answer.result;
  }
}

/**
 * Writes the first block of a ledger for geth: proof of stake and every rule up to Osaka from the start, with the contracts
 * that those rules call.
 *
 * @param holder whose account has all the money
 * @returns the genesis, as JSON text
 */
export async function genesisFor(file: string, chainId: number, holder: string): Promise<string> {
  const { stdout } = await run(file, ["--dev", "dumpgenesis"]);
  const { alloc } = JSON.parse(stdout) as { alloc: Record<string, { code?: string; balance: string }> };
  const system = Object.entries(alloc).filter(([, { code }]) => code !== undefined);
  const blocks =
    "homestead eip150 eip155 eip158 byzantium constantinople petersburg istanbul berlin london".split(" ");
  const times = "shanghai cancun prague osaka".split(" ");
  const blobs = { target: 6, max: 9, baseFeeUpdateFraction: 5_007_716 };
  return JSON.stringify({
    config: {
      chainId,
      ...Object.fromEntries(blocks.map((name) => [`${name}Block`, 0])),
      ...Object.fromEntries(times.map((name) => [`${name}Time`, 0])),
      terminalTotalDifficulty: 0,
      depositContractAddress: `0x${"0".repeat(40)}`,
      blobSchedule: { cancun: blobs, prague: blobs, osaka: blobs },
    },
    // Long enough ago that the blocks made at a stroke while all is set up bear times of the past.
    timestamp: `0x${(Math.floor(Date.now() / 1000) - 3_600).toString(16)}`,
    gasLimit: `0x${(30_000_000).toString(16)}`,
    baseFeePerGas: `0x${(1_000_000_000).toString(16)}`,
    difficulty: "0x0",
    alloc: {
      ...Object.fromEntries(system),
      [holder.slice(2)]: { balance: `0x${(10n ** 24n).toString(16)}` },
    },
  });
}
