/**
 * Builds what the package carries instead of the sources: Node runs no TypeScript that lies in `node_modules`. Needs the
 * generated bindings (`npm run build`).
 */
import { spawnSync } from "node:child_process";
import { cp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

import { buildWeb } from "./build-web.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");

await rm(`${root}/dist`, { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [compiler, "--project", "tsconfig.dist.json"], {
  cwd: root,
  stdio: "inherit",
});
if (status === 0) {
  // Documents and pages that the program reads while it runs lie beside it.
  await cp(`${root}/src`, `${root}/dist/src`, {
    recursive: true,
    filter: (source) => !source.endsWith(".ts"),
  });
  if (await buildWeb()) await cp(`${root}/web/dist`, `${root}/dist/web/dist`, { recursive: true });
} else {
  process.exitCode = 1;
}
