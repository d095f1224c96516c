import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** What `.icl/network.json` says of a running development network. */
export interface NetworkFile {
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly directory: string;
  readonly channels: readonly { readonly id: string; readonly address: string }[];
  readonly nodes: readonly {
    readonly participant: string;
    readonly jurisdiction: string;
    /** Without trailing slash. */
    readonly url: string;
    readonly tokens: { readonly user: string; readonly admin: string };
  }[];
}

/** Everything a development network ever writes; nothing else in the directory is touched. */
const entries = ["development-issuer.json", "keys", "network.json", "nodes"] as const;

/** A lock that the operating system takes back when the process ends in whatever way. */
function lock(path: string): DatabaseSync {
  const database = new DatabaseSync(join(path, "in-use"));
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    throw new Error(
      `Another development network runs in ${path}: stop it, or name another directory in ICL_DIRECTORY.`,
      { cause },
    );
  }
  return database;
}

/** The directory in which a development network keeps its keys, its nodes' data and its description. */
export class StateDirectory {
  readonly path: string;
  readonly #lock: DatabaseSync;

  private constructor(path: string, held: DatabaseSync) {
    this.path = path;
    this.#lock = held;
  }

  /**
   * Takes the directory for this process and clears what an earlier network left: a network that starts anew knows
   * nothing of the messages in an old node's database.
   *
   * @param path created where it does not exist
   * @throws Error while another network runs in it
   */
  static async take(path: string): Promise<StateDirectory> {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const held = lock(path);
    for (const entry of entries) await rm(join(path, entry), { recursive: true, force: true });
    return new StateDirectory(path, held);
  }

  /** File that describes the running network. */
  get description(): string {
    return join(this.path, "network.json");
  }

  /** Directory for the private keys of ledger accounts. */
  get keys(): string {
    return join(this.path, "keys");
  }

  /** File of the development token issuer. */
  get issuer(): string {
    return join(this.path, "development-issuer.json");
  }

  /** Directory for a participant's node; it exists afterwards. */
  async node(participant: string): Promise<string> {
    const path = join(this.path, "nodes", participant);
    await mkdir(path, { recursive: true, mode: 0o700 });
    return path;
  }

  /** Writes the description in one piece, readable by its owner only, since it holds tokens. */
  async describe(network: NetworkFile): Promise<void> {
    const whole = `${this.description}.new`;
    await writeFile(whole, `${JSON.stringify(network, undefined, 2)}\n`, { mode: 0o600 });
    await rename(whole, this.description);
  }

  /** Gives the directory free for another process; what is in it stays, to be looked at. */
  release(): void {
    this.#lock.close();
  }
}
