/**
 * Builds the pages that a node serves (`web/`) into `web/dist`, where they are not current: what goes into them is hashed,
 * and the hash noted beside them. Says so and builds nothing where Vite is not installed (`npm ci --omit=dev`).
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const PAGES = ["verify", "console"];
const noted = join(root, "web/dist/built-from");

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.startsWith(join(root, "web/dist")));
}

/** The pages share what they say and check with the node. */
function hashOfSources(): string {
  const hash = createHash("sha256");
  const files = ["web", "src/paper", "src/domain", "src/semantics"].flatMap(sources).sort();
  for (const file of [...files, join(root, "package-lock.json")]) {
    hash.update(file.slice(root.length)).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

/** Builds the pages unless they are what these sources give. @returns whether they are there now */
export async function buildWeb(): Promise<boolean> {
  if (!existsSync(join(root, "node_modules/vite"))) {
    process.stderr.write("The pages are not built: Vite is not installed (npm ci).\n");
    return false;
  }
  const hash = hashOfSources();
  if (existsSync(noted) && readFileSync(noted, "utf8") === hash) return true;
  const { build } = await import("vite");
  await build({
    configFile: false,
    root: join(root, "web"),
    // Every address is relative, since a node may be served below a path.
    base: "./",
    publicDir: false,
    logLevel: "warn",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir: "dist",
      emptyOutDir: true,
      target: "es2022",
      // A page's policy lets it load what the node serves, and no `data:` address but pictures.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: PAGES.map((page) => join(root, `web/${page}.html`)) },
    },
  });
  // Apart: it runs beside the page, in one file whose address does not change with its content.
  await build({
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    build: {
      outDir: join(root, "web/dist"),
      emptyOutDir: false,
      target: "es2022",
      rolldownOptions: {
        input: join(root, "web/verify/offline/verify-worker.ts"),
        output: { entryFileNames: "verify-worker.js" },
      },
    },
  });
  writeFileSync(noted, hash);
  return true;
}

if (import.meta.main) await buildWeb();
