import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { access, constants, mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

import { AwsClient } from "aws4fetch";

import { freePort } from "../../scripts/dev/free-port.ts";
import type { S3Location } from "../../src/documents/s3-location.ts";
import { eventually } from "../eventually.ts";

const MODULE = "github.com/versity/versitygw/cmd/versitygw";
const VERSION = "v1.8.0";
const BUCKET = "documents";
const BUILD_MS = 8 * 60 * 1000;
const READY_MS = 30_000;

/** How long a `before` hook may need that starts a server: the first on a machine builds it. */
export const S3_SERVER_TIMEOUT_MS = BUILD_MS + 60_000;

/** A real S3 server over a directory, with one empty bucket. */
export interface S3Server {
  /** Where it listens. */
  readonly url: string;
  /** The directory that the bucket's objects lie in as files, each under its key. */
  readonly directory: string;
  /** Where a store may keep its documents in it. */
  location(options: {
    readonly prefix: string;
    readonly spool: string;
    readonly endpoint?: string;
  }): S3Location;
  /** Signed requests of the tests' own. */
  readonly client: AwsClient;
  /** Ends the process at once; what it keeps stays. */
  stop(): Promise<void>;
  /** Starts it again, at the same place. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const isThere = (path: string) =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

function reasonOf(error: unknown): string {
  const { code, stderr = "", message } = error as Error & { code?: unknown; stderr?: string };
  if (code === "ENOENT") return "there is no Go on this machine that could build it";
  return (stderr.trim().split("\n").at(-1) ?? "") || message;
}

/** Several test processes may want it at once: one builds, the others wait for it. */
async function build(cache: string, binary: string): Promise<void> {
  const lock = join(cache, "building");
  for (const end = Date.now() + BUILD_MS; ;) {
    try {
      await mkdir(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      if (await isThere(binary)) return;
      const begun = await stat(lock).catch(() => null);
      if (begun !== null && begun.mtimeMs < Date.now() - BUILD_MS)
        await rm(lock, { recursive: true, force: true });
      if (Date.now() > end)
        throw new Error("another process has been building it for too long", { cause: error });
      await delay(500);
    }
  }
  try {
    if (await isThere(binary)) return;
    process.stdout.write(`S3: building ${MODULE} ${VERSION}, once on this machine\n`);
    const env = { ...process.env, GOBIN: lock };
    await promisify(execFile)("go", ["install", `${MODULE}@${VERSION}`], { env, timeout: BUILD_MS });
    await rename(join(lock, "versitygw"), binary);
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

/** The server's program: that of `ICL_VERSITYGW`, or one built from source and kept for the next time; or why there is none. */
async function findProgram(): Promise<{ readonly path: string } | { readonly why: string }> {
  const given = process.env.ICL_VERSITYGW;
  if (given !== undefined && given !== "") {
    return (await isThere(given)) ? { path: given } : { why: "ICL_VERSITYGW names no program" };
  }
  const cache = join(
    process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"),
    "icl-tools",
    `versitygw-${VERSION}`,
  );
  const binary = join(cache, "versitygw");
  if (await isThere(binary)) return { path: binary };
  try {
    await mkdir(cache, { recursive: true });
    await build(cache, binary);
    return { path: binary };
  } catch (error) {
    return { why: `versitygw could not be built: ${reasonOf(error)}` };
  }
}

/**
 * Starts a real S3 server on a free port of this machine, with credentials that are made for it.
 *
 * @param options `root`: directory for what it keeps, by default a fresh one; `versioning`: whether its bucket keeps versions
 * @returns null where there is none to be had, having said why
 */
export async function startS3Server(
  options: { readonly root?: string; readonly versioning?: boolean } = {},
): Promise<S3Server | null> {
  const program = await findProgram();
  if ("why" in program) {
    process.stdout.write(`S3: skipped, ${program.why}\n`);
    return null;
  }
  const root = await mkdtemp(join(options.root ?? tmpdir(), "icl-s3-"));
  const [objects, sidecar, versions] = ["objects", "sidecar", "versions"].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  for (const directory of [objects, sidecar, versions]) await mkdir(directory);
  const versioning = options.versioning === true ? ["--versioning-dir", versions] : [];
  const port = await freePort(0);
  const url = `http://127.0.0.1:${port}`;
  const accessKeyId = randomBytes(10).toString("hex");
  const secretAccessKey = randomBytes(20).toString("hex");
  const variable = `ICL_TEST_S3_${port}`;
  process.env[`${variable}_ID`] = accessKeyId;
  process.env[`${variable}_SECRET`] = secretAccessKey;
  const client = new AwsClient({
    accessKeyId,
    secretAccessKey,
    service: "s3",
    region: "us-east-1",
    retries: 0,
  });
  let running: ChildProcess | null = null;

  const server: S3Server = {
    url,
    directory: join(objects, BUCKET),
    client,
    location: ({ prefix, spool, endpoint = url }) => ({
      ...{ endpoint, prefix, spool, bucket: BUCKET, region: "us-east-1", pathStyle: true },
      accessKeyId: { env: `${variable}_ID` },
      secretAccessKey: { env: `${variable}_SECRET` },
    }),
    async start() {
      const child = spawn(
        program.path,
        [
          "--port",
          `127.0.0.1:${port}`,
          "--quiet",
          "--keep-alive",
          "posix",
          "--sidecar",
          sidecar,
          ...versioning,
          objects,
        ],
        {
          env: { ...process.env, ROOT_ACCESS_KEY_ID: accessKeyId, ROOT_SECRET_ACCESS_KEY: secretAccessKey },
          stdio: ["ignore", "ignore", "inherit"],
        },
      );
      running = child;
      await eventually(
        async () => {
          if (child.exitCode !== null) throw new Error("The S3 server ended as it began.");
          return client.fetch(`${url}/`).then(
            (response) => response.ok,
            () => false,
          );
        },
        { within: READY_MS, what: "an answer of the S3 server" },
      );
    },
    async stop() {
      const child = running;
      running = null;
      if (child?.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    },
    async close() {
      await server.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
  try {
    await server.start();
    const made = await client.fetch(`${url}/${BUCKET}`, { method: "PUT" });
    if (!made.ok) throw new Error(`The bucket was refused: ${made.status} ${await made.text()}`);
    if (options.versioning === true) {
      const body =
        '<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>Enabled</Status></VersioningConfiguration>';
      const set = await client.fetch(`${url}/${BUCKET}?versioning`, { method: "PUT", body });
      if (!set.ok) throw new Error(`Versioning was refused: ${set.status} ${await set.text()}`);
    }
    return server;
  } catch (error) {
    await server.close();
    throw error;
  }
}
