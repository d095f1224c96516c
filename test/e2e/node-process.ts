/**
 * A node in a process of its own, so that a test can kill it as power loss would. The argument names a file that holds a
 * `Config` as JSON; a line `listening` on standard output says that it is up. It is quick, but else as it is in service; with `as-in-service`
 * after the file it keeps the time of a node in service, too.
 */
import { readFile } from "node:fs/promises";

import type { Config } from "../../src/config.ts";
import { startNode } from "../../src/node.ts";
import { toldToStop } from "../../src/told-to-stop.ts";
import { quickFetching, quickSubscriptions, quickTiming } from "./quick-timing.ts";

const [file, pace] = process.argv.slice(2);
if (file === undefined) throw new Error("Say which configuration to start.");
const config = JSON.parse(await readFile(file, "utf8")) as Config;
const quick = { timing: quickTiming, fetching: quickFetching, subscriptions: quickSubscriptions };
const node = await startNode(config, pace === "as-in-service" ? {} : quick);
const stop = toldToStop();
process.stdout.write("listening\n");
await stop;
await node.close();
