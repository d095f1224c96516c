import { signal } from "@preact/signals";

import { forget, keep, kept } from "../kept.ts";
import type { DocumentForm } from "./make-document.ts";
import { newOnce, type Once } from "../follow-up/statement.ts";

/** What is being prepared to be sent. */
export interface Draft {
  /** A document of a type that is filled in, or a file as it is. */
  readonly kind: "form" | "file";
  /** Name of the document type; empty until it is chosen, and for a file. */
  readonly type: string;
  /** The document under way: what is filled in stands under `credentialSubject`. */
  readonly document: unknown;
  readonly as: DocumentForm;
  readonly predicate: string;
  readonly receiver: string;
  /** A day; empty for no end. */
  readonly validUntil: string;
  /** The subject on the ledger, where the user names one; empty for one that says nothing to outsiders. */
  readonly subject: string;
  readonly once: Once;
  /** What has been done of it: done again, it would be another message. */
  readonly done: {
    readonly multihash: string | null;
    readonly subject: string | null;
    /** The message may have been taken although no answer came. */
    readonly uncertain: boolean;
  };
  readonly step: "choose" | "fill" | "review";
}

const NAME = "send";

export function newDraft(): Draft {
  return {
    ...{ kind: "form", type: "", document: {}, as: "credential", predicate: "", receiver: "" },
    ...{ validUntil: "", subject: "", once: newOnce(), step: "choose" },
    done: { multihash: null, subject: null, uncertain: false },
  };
}

/** The draft of whoever is signed in; null until it is looked for. */
export const draft = signal<Draft | null>(null);

/** A file is not kept: only its name could be. */
export const file = signal<File | null>(null);

/** Finds what was kept of this user's draft, or begins one. */
export function openDraft(): void {
  const found = kept(NAME);
  const whole = typeof found === "object" && found !== null && "step" in found && "done" in found;
  draft.value = whole ? { ...newDraft(), ...(found as Partial<Draft>) } : newDraft();
}

/** Changes the draft, and keeps it. What has been done of it is void where its content changes. */
export function change(changes: Partial<Draft>): void {
  const before = draft.value ?? newDraft();
  const again =
    "document" in changes ||
    "type" in changes ||
    "as" in changes ||
    "kind" in changes ||
    "validUntil" in changes;
  const done = {
    ...before.done,
    ...(again ? { multihash: null } : {}),
    ...("subject" in changes ? { subject: null } : {}),
  };
  draft.value = { ...before, done, ...changes };
  keep(NAME, draft.value);
}

/** Begins anew. */
export function dropDraft(): void {
  forget(NAME);
  file.value = null;
  draft.value = newDraft();
}
