/**
 * A process of its own that does with documents what a node does, for tests of its memory: started with a directory and the
 * most bytes of a document, it sends its address to who forked it, and for each message that it gets what it held at most
 * since the one before, in bytes.
 */
import { join } from "node:path";

import { FileStore } from "../../src/documents/file-store.ts";
import { documentsRouter } from "../../src/http/documents-router.ts";
import { openStore } from "../../src/store/open-store.ts";
import { held } from "../held.ts";
import { serve } from "./test-app.ts";
import { authenticateAs, home, user } from "./test-callers.ts";

const LOOK_MS = 250;

const [directory = "", maxBytes] = process.argv.slice(2);
const store = await openStore({
  database: { technology: "sqlite", file: join(directory, "node.db") },
  participant: home,
});
const files = await FileStore.open(join(directory, "documents"));
const router = documentsRouter({ store, files, maxBytes: Number(maxBytes), now: Date.now });
const officer = user("officer", "documents:write", "messages:read");
const server = await serve(authenticateAs({ officer }), [router]);

let peak = 0;
const look = () => {
  peak = Math.max(peak, held());
};
setInterval(look, LOOK_MS);
process.on("message", () => {
  look();
  process.send?.(peak);
  peak = 0;
});
process.on("disconnect", () => {
  process.exit();
});
process.send?.(server.url);
