/** A thread that compiles the sources it is given and answers with the bytecodes. */
import { parentPort, workerData } from "node:worker_threads";

import { compile } from "./compiler.ts";

parentPort?.postMessage(compile(workerData as Readonly<Record<string, string>>, "bytecodes").bytecodes);
