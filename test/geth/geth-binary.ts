import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

const MODULE = "github.com/ethereum/go-ethereum/cmd/geth";
const VERSION = "v1.17.10";
/** A cold build took six minutes on one busy core. */
const BUILD_WITHIN_MS = 15 * 60_000;
const EXECUTABLE = process.platform === "win32" ? "geth.exe" : "geth";

/** Where geth is, or why there is none on this machine. */
export type FoundGeth = { readonly file: string } | { readonly why: string };

/**
 * Finds geth: the file that the environment variable ICL_GETH names, else the one built before, in the user's cache.
 */
export function findGeth(): FoundGeth {
  const named = process.env.ICL_GETH ?? "";
  if (named !== "") {
    return existsSync(named)
      ? { file: named }
      : { why: `ICL_GETH names ${named}, and there is no such file` };
  }
  const built = join(cacheDirectory(), EXECUTABLE);
  return existsSync(built)
    ? { file: built }
    : { why: "no geth was built here yet: run `npm run test:geth`, which builds it where there is Go" };
}

/**
 * Finds geth, and builds it from the Go module proxy where there is none: minutes the first time, into the user's cache.
 *
 * @param say told what takes so long
 */
export async function findOrBuildGeth(say: (line: string) => void): Promise<FoundGeth> {
  const found = findGeth();
  if ("file" in found || (process.env.ICL_GETH ?? "") !== "") return found;
  const directory = cacheDirectory();
  await mkdir(directory, { recursive: true });
  say(`Building geth ${VERSION} into the user's cache; the first time this takes some minutes.`);
  const why = await goInstall(directory);
  return why === null ? findGeth() : { why };
}

function cacheDirectory(): string {
  const given = process.env.XDG_CACHE_HOME ?? "";
  const caches = given === "" ? join(homedir(), ".cache") : given;
  return join(caches, "inter-customs-ledger", `geth-${VERSION}`);
}

/** @returns null once it is built, else why it is not */
async function goInstall(directory: string): Promise<string | null> {
  const child = spawn("go", ["install", `${MODULE}@${VERSION}`], {
    cwd: directory, // outside any module
    env: { ...process.env, GOBIN: directory },
    stdio: ["ignore", "ignore", "pipe"],
    signal: AbortSignal.timeout(BUILD_WITHIN_MS),
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-500);
  });
  return new Promise((resolve) => {
    child.once("error", (error) => {
      const missing = "code" in error && error.code === "ENOENT";
      const late = `geth was not built within ${BUILD_WITHIN_MS / 60_000} minutes`;
      resolve(
        missing ? "there is no Go on this machine" : error.name === "AbortError" ? late : error.message,
      );
    });
    child.once("close", (code) => {
      const last = said.trim().split("\n").at(-1) ?? "";
      resolve(code === 0 ? null : `geth could not be built: ${last === "" ? "it was ended" : last}`);
    });
  });
}
