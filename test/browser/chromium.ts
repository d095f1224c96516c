import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

/** Where a Chromium is, or why there is none on this machine. */
export type FoundChromium = { readonly file: string } | { readonly why: string };

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const INSTALL_WITHIN_MS = 10 * 60_000;

/** Finds Chromium: the file that the environment variable ICL_CHROMIUM names, else one on the path. */
export function findChromium(): FoundChromium {
  const named = process.env.ICL_CHROMIUM ?? "";
  if (named !== "") {
    return existsSync(named)
      ? { file: named }
      : { why: `ICL_CHROMIUM names ${named}, and there is no such file` };
  }
  const places = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin"].filter(Boolean);
  const files = places.flatMap((place) => NAMES.map((name) => join(place, name)));
  const file = files.find((each) => existsSync(each));
  return file === undefined ? { why: "there is no Chromium on the path" } : { file };
}

/**
 * Finds Chromium, and installs Debian's where there is none and this is Debian's administrator.
 *
 * @param say told what takes so long
 */
export async function findOrInstallChromium(say: (line: string) => void): Promise<FoundChromium> {
  const found = findChromium();
  if ("file" in found || (process.env.ICL_CHROMIUM ?? "") !== "") return found;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    return { why: `${found.why}, and it can be installed here by an administrator of Debian only` };
  }
  say("Installing Debian's Chromium; the first time this takes a minute or two.");
  const run = promisify(execFile);
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    timeout: INSTALL_WITHIN_MS,
    maxBuffer: 64 * 1024 * 1024,
  };
  try {
    await run("apt-get", ["update", "-q"], options);
    const packages = ["chromium", "fonts-noto-cjk"];
    await run("apt-get", ["install", "-q", "-y", "--no-install-recommends", ...packages], options);
  } catch (error) {
    return { why: `Debian's Chromium could not be installed: ${(error as Error).message.slice(0, 200)}` };
  }
  return findChromium();
}
