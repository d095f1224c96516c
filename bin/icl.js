#!/usr/bin/env node
// A clone of the project runs its sources; the package, whose sources Node would not run, brings them built.
import { existsSync } from "node:fs";

const sources = new URL("../src/main.ts", import.meta.url);
await import(existsSync(sources) ? sources.href : new URL("../dist/src/main.js", import.meta.url).href);
