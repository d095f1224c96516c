import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import pg from "pg";

const DEBIAN = "/usr/lib/postgresql";
const READY_WITHIN_MS = 20_000;

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** A server that was started, how to stop it, and what may happen to it. */
export interface OwnPostgres {
  readonly adminUrl: string;
  readonly stop: () => Promise<void>;
  /** Has all of it stand still: connections are taken, and nothing is answered. */
  readonly freeze: () => void;
  /** Has it go on after `freeze`. */
  readonly thaw: () => void;
  /** Ends it at once, without a checkpoint, as a crash would. */
  readonly crash: () => Promise<void>;
  /** Starts it again on the same data after `crash`. */
  readonly restart: () => Promise<void>;
}

function binaries(): string | undefined {
  const debian = existsSync(DEBIAN)
    ? readdirSync(DEBIAN)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(DEBIAN, version, "bin"))
    : [];
  const places = [...(process.env.PATH ?? "").split(delimiter), ...debian];
  return places.find((place) => place !== "" && existsSync(join(place, "initdb")));
}

// PostgreSQL refuses to run as root.
function account(): Account | "self" | undefined {
  if (process.getuid?.() !== 0) return "self";
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith("postgres:"));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (server.exitCode !== null || Date.now() > deadline) {
        throw new Error("The PostgreSQL server for the tests did not start.", { cause: error });
      }
      await delay(50);
    }
  }
}

async function launch(bin: string, as: Account | "self", durable: boolean): Promise<OwnPostgres> {
  const directory = await mkdtemp(join(tmpdir(), "icl-postgres-"));
  const identity = as === "self" ? {} : as;
  if (as !== "self") await chown(directory, as.uid, as.gid);
  const data = join(directory, "data");
  const options = { ...identity, cwd: directory };
  execFileSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
    { ...options, stdio: ["ignore", "ignore", "inherit"] },
  );
  // No port: a socket in a directory that only this account may enter.
  const settings = [
    "listen_addresses=",
    `unix_socket_directories=${directory}`,
    `fsync=${durable ? "on" : "off"}`,
  ];
  const run = () =>
    spawn(join(bin, "postgres"), ["-D", data, ...settings.flatMap((setting) => ["-c", setting])], {
      ...options,
      stdio: "ignore",
    });
  let server = run();
  const end = async (signal: NodeJS.Signals) => {
    const gone = server.exitCode === null && server.signalCode === null ? once(server, "exit") : undefined;
    server.kill(signal);
    await gone;
  };
  const killOnExit = () => server.kill("SIGQUIT");
  process.once("exit", killOnExit);
  const adminUrl = `postgres://postgres@${encodeURIComponent(directory)}/postgres`;
  await untilReady(adminUrl, server);
  return {
    adminUrl,
    async stop() {
      process.off("exit", killOnExit);
      await end("SIGINT"); // fast shutdown
      await rm(directory, { recursive: true, force: true });
    },
    freeze() {
      for (const pid of family(server)) process.kill(pid, "SIGSTOP");
    },
    thaw() {
      for (const pid of family(server)) process.kill(pid, "SIGCONT");
    },
    crash: () => end("SIGQUIT"),
    async restart() {
      server = run();
      await untilReady(adminUrl, server);
    },
  };
}

/** A server and the processes it started: each is in a group of its own. */
function family({ pid }: ChildProcess): readonly number[] {
  if (pid === undefined) return [];
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
  return [pid, ...children.filter((child) => child !== "").map(Number)];
}

/**
 * Starts a PostgreSQL server from the binaries found here.
 *
 * @param durable whether what it commits is to survive the machine; in tests it need not
 * @returns why not, where there is nothing to start
 */
export async function startPostgres(durable = false): Promise<OwnPostgres | { readonly why: string }> {
  const bin = binaries();
  if (bin === undefined) return { why: "no initdb found" };
  const as = account();
  if (as === undefined) return { why: "initdb refuses root, and there is no account postgres" };
  return launch(bin, as, durable);
}
