import { country, moment } from "../language/language.ts";
import type { Check } from "./check.ts";
import { say, type Key } from "./say.ts";
import type { CheckedSeal } from "./seal-check.ts";
import { LARGEST_FILE } from "./show.ts";
import { looks, type PageState } from "./state-look.ts";
import { stateOf } from "./state-of.ts";
import type { Certificate } from "./verification.ts";

/** The page that shows an answer, in the language spoken now. */
export interface AnswerPage {
  readonly state: PageState;
  readonly title: string;
  readonly text: string;
  readonly steps: readonly string[];
  readonly certificate: Certificate | null;
  readonly training: boolean;
}

/** The page for a check that has come to an answer; null while it has not. */
export function pageOf(check: Check): AnswerPage | null {
  switch (check.phase) {
    case "waiting":
    case "asking":
      return null;
    case "unreadable":
      // Over plain HTTP a browser hashes no file.
      if (check.why === "file-unreadable" && !isSecureContext) return page(check.why, say("insecure"));
      return page(check.why, say(`${check.why}-text`, { size: LARGEST_FILE / 1024 / 1024 }));
    case "failed":
      return failedPage(check);
    case "told": {
      const told = stateOf(check.verification);
      const isForged = check.seal?.found?.outcome === "not-genuine";
      if (isForged) return page("altered", say("altered-text"), {}, { training: told.training });
      const { state, certificate, training } = told;
      const values = valuesOf(certificate);
      return page(state, textOf(state, certificate), values, { certificate, training });
    }
  }
}

function failedPage({ failure, seal, wait }: Extract<Check, { phase: "failed" }>): AnswerPage {
  const offline = seal === null ? null : offlinePage(seal);
  return offline ?? page(failure, say(`${failure}-text`), { seconds: wait });
}

/** What a seal alone allows to say; null where its signature cannot be judged. */
function offlinePage({ listAsOf, found }: CheckedSeal): AnswerPage | null {
  const facts = found?.facts ?? null;
  if (found === null || facts === null) return null;
  const { outcome, remarks } = found;
  const { issuer } = facts;
  const when = moment(new Date(facts.statusAsOf).toISOString());
  switch (outcome) {
    case "not-genuine":
      return page("offline-false", say("offline-false-text"));
    case "issuer-suspended": {
      const list = listAsOf === null ? "" : moment(listAsOf);
      return page("offline-suspended", say("offline-suspended-text", { issuer, when: list }));
    }
    case "genuine": {
      if (facts.status === "training") {
        return page("training", say("offline-training-text", { issuer, when }), { issuer });
      }
      const isVoid = facts.status !== "issued" && facts.status !== "pending";
      if (!isVoid && !remarks.includes("expired")) {
        return page("offline-genuine", say("offline-genuine-text", { issuer, when }));
      }
      const status = say(isVoid ? `seal-status-${facts.status}` : "seal-status-expired");
      return page("offline-void", say("offline-void-text", { issuer, status }));
    }
    default:
      return null;
  }
}

function page(
  state: PageState,
  text: string,
  values: Readonly<Record<string, string | number>> = {},
  about: { readonly certificate?: Certificate | null; readonly training?: boolean } = {},
): AnswerPage {
  const { certificate = null, training = false } = about;
  const steps = looks[state].steps.map((key) => say(key, values));
  return { state, title: say(`${state}-title`), text, steps, certificate, training };
}

function textOf(state: ReturnType<typeof stateOf>["state"], certificate: Certificate | null): string {
  const values = valuesOf(certificate);
  if (certificate === null) {
    return say(state === "altered" || state === "unknown" ? `${state}-text` : "unknown-text");
  }
  const { receiver, acquittedAt, revokedAt } = certificate;
  const used = { receiver, country: countryName(certificate.receiverJurisdiction) };
  switch (state) {
    case "used":
      return acquittedAt === null
        ? say("used-text-undated", used)
        : say("used-text", { ...used, when: moment(acquittedAt) });
    case "revoked": {
      const taken =
        revokedAt === null ? say("revoked-text-undated") : say("revoked-text", { when: moment(revokedAt) });
      if (acquittedAt === null) return taken;
      return `${taken} ${say("revoked-used", { ...used, when: moment(acquittedAt) })}`;
    }
    case "expired":
      return say("expired-text", { when: momentOr(certificate.validUntil) });
    default:
      return say(`${state}-text`, values);
  }
}

function valuesOf(certificate: Certificate | null): Readonly<Record<string, string>> {
  const unknown = say("not-known");
  if (certificate === null) return { issuer: unknown, receiver: unknown, country: unknown };
  const { issuer, jurisdiction, receiver } = certificate;
  return { issuer, receiver, country: countryName(jurisdiction) };
}

/** A country's name in the language spoken now. @param code null where it is not known */
export function countryName(code: string | null): string {
  return code === null ? say("not-known") : country(code);
}

/** A moment, or that it is not known. */
export function momentOr(iso: string | null, otherwise: Key = "not-known"): string {
  return iso === null ? say(otherwise) : moment(iso);
}
