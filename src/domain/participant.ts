import { Problem } from "./problems.ts";

/** A participant's DNS domain: lower-case A-labels, no trailing dot. */
export type Domain = string & { readonly __domain: true };

/** ISO 3166-1 alpha-2 code (or `EU`), upper case. */
export type Jurisdiction = string & { readonly __jurisdiction: true };

/** Where a participant stands on a channel. */
export type ParticipantStatus = "invited" | "active" | "suspended";

const LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
// The last label begins with a letter, so that no IP address passes for a domain (as the contract has it).
const DOMAIN = new RegExp(`^(?=.{1,253}$)(?:${LABEL}\\.)+(?=[a-z])${LABEL}$`);
const JURISDICTION = /^[A-Z]{2}$/;

export function isDomain(text: string): text is Domain {
  return DOMAIN.test(text);
}

export function isJurisdiction(text: string): text is Jurisdiction {
  return JURISDICTION.test(text);
}

/** @throws Problem `malformed-message` when `text` is not a lower-case DNS name of at least two labels */
export function parseDomain(text: string): Domain {
  if (!isDomain(text)) {
    throw new Problem(
      "malformed-message",
      "A participant is named by its DNS domain in lower-case A-labels, such as customs.gov.cn.",
    );
  }
  return text;
}

/** @throws Problem `malformed-message` when `text` is not two upper-case letters */
export function parseJurisdiction(text: string): Jurisdiction {
  if (!isJurisdiction(text)) {
    throw new Problem(
      "malformed-message",
      "A jurisdiction is an ISO 3166-1 alpha-2 code in upper case, such as CN.",
    );
  }
  return text;
}
