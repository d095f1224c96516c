import type { MessageStatus } from "../../../src/domain/journal.ts";
import type { Certificate, MessageRecord } from "./node-records.ts";
import { say, sayWord } from "./say.ts";

type Tone = "good" | "bad" | "warn" | "calm";

const tones: Readonly<Record<MessageStatus, Tone>> = {
  pending: "calm",
  bundled: "calm",
  sent: "calm",
  delivered: "good",
  failed: "bad",
  withdrawn: "warn",
  received: "calm",
  fetching: "calm",
  available: "good",
  "fetch-failed": "warn",
};

/** A message type in words: its own where the pages have them, else the last part of its name, spelt out. */
export function typeWord(predicate: string): string {
  const last = predicate.slice(predicate.lastIndexOf(".") + 1);
  return sayWord("type", last) ?? last.replace(/([a-z])([A-Z])/g, "$1 $2").replaceAll("-", " ");
}

/** Which document a message type is about, such as `CertificateOfOrigin`, spelt out. */
function typeAbout(predicate: string): string {
  const about = predicate.split(".").at(-2) ?? "";
  return sayWord("about", about) ?? about.replace(/([a-z])([A-Z])/g, "$1 $2");
}

/** A message type by what it is about and what it says, such as `Certificate of origin: issued`. */
export function messageName(predicate: string): string {
  return say("message-name", { about: typeAbout(predicate), type: typeWord(predicate) });
}

/** How far a message has come. */
export function StatusBadge({ status }: { readonly status: MessageStatus }) {
  return <span class={`badge ${tones[status]}`}>{sayWord("status", status) ?? status}</span>;
}

/** Where a certificate stands: the one word that an officer acts on, worst first. */
export function standingOf(certificate: Certificate): { readonly word: string; readonly tone: Tone } {
  if (certificate.duplicate) return { word: say("certificate-duplicate"), tone: "bad" };
  if (certificate.revoked) return { word: say("certificate-revoked"), tone: "bad" };
  if (certificate.acquitted) return { word: say("certificate-used"), tone: "warn" };
  if (certificate.expired) return { word: say("certificate-expired"), tone: "bad" };
  return { word: say("certificate-live"), tone: "good" };
}

export function CertificateBadge({ certificate }: { readonly certificate: Certificate }) {
  const { word, tone } = standingOf(certificate);
  return <span class={`badge ${tone}`}>{word}</span>;
}

/** When this node first knew of a message; empty where its journal is. */
export function firstKnown({ journal }: MessageRecord): string {
  return journal[0]?.at ?? "";
}

/** A long name without a blank, short enough for a table: its beginning and its end. */
export function shortened(text: string): string {
  return text.length <= 30 ? text : `${text.slice(0, 18)}…${text.slice(-9)}`;
}
