import { createHash } from "node:crypto";

import { recordActs } from "../audit/audit-repository.ts";
import type { Config } from "../config.ts";
import type { Store } from "../store/store.ts";

/**
 * Puts on record that the node started, and under which rules of identity: where these were changed in the configuration, the
 * next start shows another hash.
 *
 * @param now milliseconds since 1970
 */
export async function recordStart(
  { db }: Store,
  { identity, mode }: Pick<Config, "identity" | "mode">,
  now: number,
): Promise<void> {
  // No secret is in it.
  const rules = createHash("sha256").update(JSON.stringify(identity)).digest("hex");
  const actor = { kind: "system", name: "node" } as const;
  await recordActs(db, [
    { act: "node.started", actor, at: now, object: null, detail: { mode, identity: rules } },
  ]);
}
