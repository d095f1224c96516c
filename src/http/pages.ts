import { existsSync, readdirSync, readFileSync } from "node:fs";

/** The pages that a node serves, as `npm run build` made them. */
export interface Pages {
  readonly verify: Buffer;
  readonly console: Buffer;
  /** The script that keeps the verifier's page in the browser. */
  readonly verifyWorker: Buffer;
  /** Scripts and styles by name; a name changes with its content. */
  readonly assets: ReadonlyMap<string, Buffer>;
}

/** Beside the sources, and beside what is compiled of them. */
const BUILT = new URL("../../web/dist/", import.meta.url);

/**
 * Reads the built pages, a few hundred kilobytes, so that a request reads no file.
 *
 * @returns null where they are not built
 */
export function loadPages(directory: URL = BUILT): Pages | null {
  if (!existsSync(new URL("verify.html", directory))) return null;
  const assets = new URL("assets/", directory);
  return {
    verify: readFileSync(new URL("verify.html", directory)),
    console: readFileSync(new URL("console.html", directory)),
    verifyWorker: readFileSync(new URL("verify-worker.js", directory)),
    assets: new Map(readdirSync(assets).map((name) => [name, readFileSync(new URL(name, assets))])),
  };
}
