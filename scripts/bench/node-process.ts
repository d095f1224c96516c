/**
 * A node in a process of its own, as it is in service: with the timings that `icl start` gives it. The argument names a file
 * that holds a `Config` as JSON. Tells its parent `listening`, and, asked `memory`, what memory it uses.
 */
import { readFile } from "node:fs/promises";

import type { Config } from "../../src/config.ts";
import { startNode } from "../../src/node.ts";
import { toldToStop } from "../../src/told-to-stop.ts";

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("Say which configuration to start.");
const config = JSON.parse(await readFile(file, "utf8")) as Config;
const node = await startNode(config);
const stop = toldToStop();
process.on("message", (asked) => {
  if (asked !== "memory") return;
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ rss, heapUsed, external });
});
process.send?.("listening");
await stop;
await node.close();
process.disconnect();
