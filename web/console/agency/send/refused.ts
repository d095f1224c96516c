import { signal } from "@preact/signals";

import type { Fault } from "./check.ts";

/** What the node found wrong with the document when it was to be issued; none once something is changed. */
export const refused = signal<readonly Fault[]>([]);
