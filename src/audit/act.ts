import type { Caller } from "../identity/caller.ts";

/** What is put on record, in words that never change their meaning. */
export const acts = [
  "document.stored",
  "document.fetched",
  "document.read",
  "document.opened",
  "document.held",
  "document.released",
  "document.erased",
  "message.accepted",
  "message.withdrawn",
  "message.retried",
  "message.given-up",
  "fetch.retried",
  "fetch.given-up",
  "subscription.made",
  "subscription.ended",
  "subscription.retried",
  "subscription.replayed",
  "dead-letter.retried",
  "access.refused",
  "audit.exported",
  "backup.made",
  "backup.restored",
  "node.started",
  "rebuild.begun",
  "document.adopted",
  "rebuild.ended",
  "credential.issued",
  "status-entry.given",
  "anchor.issued",
  "anchor.revoked",
  "session.begun",
  "session.ended",
  "document.sealed",
  "document.unsealed",
  "sealed-copy.given",
] as const;

export type ActName = (typeof acts)[number];

/** What acts by itself. `command`: whoever may run the command line on the node's own configuration. */
export type SystemName = "ledger" | "fetcher" | "retention" | "rebuild" | "command" | "node";

/** Who did it. `system` is this node itself, by the rule that `name` says; `unknown` presented no token that was accepted. */
export type Actor =
  | { readonly kind: "user"; readonly issuer: string; readonly subject: string }
  | { readonly kind: "node"; readonly participant: string; readonly account: string | null }
  | { readonly kind: "system"; readonly name: SystemName }
  | { readonly kind: "unknown"; readonly address: string };

/** One read or act, as it is put on record. */
export interface Act {
  readonly act: ActName;
  readonly actor: Actor;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What it was done to: a document's digest, a message's or subscription's id; null where it concerns nothing of these. */
  readonly object: string | null;
  /** A few facts more, small; never content, tokens or keys. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

/** A caller as the audit log names it. */
export function actorOf(caller: Caller): Actor {
  return caller.kind === "user"
    ? { kind: "user", issuer: caller.issuer, subject: caller.subject }
    : { kind: "node", participant: caller.participant, account: caller.account };
}

/**
 * A user as the audit log names it.
 *
 * @param name issuer and subject of the token, as kept with what the user did; an issuer has no space in it
 */
export function userNamed(name: string): Actor {
  const space = name.indexOf(" ");
  return { kind: "user", issuer: name.slice(0, Math.max(0, space)), subject: name.slice(space + 1) };
}
