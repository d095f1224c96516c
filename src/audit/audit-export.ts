import type { Kysely } from "kysely";

import type { Schema } from "../store/schema.ts";
import { chainedActs } from "./audit-chain.ts";
import type { AuditRow } from "./audit-repository.ts";
import { ChainCheck, type AuditHead, type ChainFault } from "./chain-check.ts";

/** Characters of a line at most; an act takes a few hundred. */
export const LONGEST_LINE = 100_000;

const ACTOR_KINDS: readonly AuditRow["actor_kind"][] = ["user", "node", "system", "unknown"];

/** An act as it is exported: what its hash is over, its place, and the hash. */
function toLine(row: AuditRow): string {
  const { position, seq, at, act, actor_kind: actorKind, actor, account, object, detail, hash } = row;
  const requestId = row.request_id;
  return JSON.stringify({
    ...{ position, seq, at, act, actorKind, actor },
    ...{ account, object, requestId, detail, hash },
  });
}

const MEMBERS = [
  ...["position", "seq", "at", "act", "actorKind", "actor"],
  ...["account", "object", "requestId", "detail", "hash"],
];

/** @returns null for what is no exported act */
function fromLine(line: string): AuditRow | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const members = value as Record<string, unknown>;
  const { position, seq, at, act, actorKind, actor, account, object, requestId, detail, hash } = members;
  const numbers = [position, seq, at].every((each) => Number.isSafeInteger(each));
  const texts = [act, actor, hash].every((each) => typeof each === "string");
  const perhaps = [account, object, requestId, detail].every(
    (each) => each === null || typeof each === "string",
  );
  const kind = ACTOR_KINDS.find((each) => each === actorKind);
  const exact = Object.keys(members).length === MEMBERS.length;
  if (!numbers || !texts || !perhaps || kind === undefined || !exact) return null;
  return {
    ...(members as unknown as AuditRow),
    actor_kind: kind,
    request_id: requestId as string | null,
  };
}

/**
 * The audit log as far as it is chained, an act a line (NDJSON), in the order of the chain: who has it can check it without
 * the node.
 *
 * @returns lines with their line feeds
 */
export async function* exportedActs(db: Kysely<Schema>): AsyncGenerator<string> {
  for await (const row of chainedActs(db)) yield `${toLine(row)}\n`;
}

/**
 * Checks an exported log as `checkAudit` checks the one in the database.
 *
 * @param lines without their line feeds
 * @param expected a head written down earlier, elsewhere: without it a log that was cut off at its end does not show
 */
export async function checkExported(
  lines: AsyncIterable<string>,
  expected: AuditHead | null = null,
): Promise<{ readonly head: AuditHead; readonly fault: ChainFault | null }> {
  const check = new ChainCheck(expected);
  for await (const line of lines) {
    const row = fromLine(line);
    const position = check.head.position + 1;
    const fault = row === null ? { position, detail: "This line is no exported act." } : check.take(row);
    if (fault !== null) return { head: check.head, fault };
  }
  return { head: check.head, fault: check.end() };
}
