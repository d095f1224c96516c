import { useEffect, useState } from "preact/hooks";

import { askJson } from "../api/node-api.ts";
import { ownAddress } from "./own-address.ts";
import { addressAt, type Presented } from "./presented.ts";
import { say } from "./say.ts";
import type { Certificate } from "./verification.ts";

interface ElsewhereNoticeProps {
  readonly presented: Presented;
  readonly certificates: readonly Certificate[];
}

interface Channels {
  readonly items: readonly {
    readonly participants: readonly { readonly domain: string; readonly endpoint: string | null }[];
  }[];
}

/**
 * Of a code that names another node: which one, and whether that is the issuer's by the ledger. Only then is it offered to
 * be opened, and never by itself.
 */
export function ElsewhereNotice({ presented, certificates }: ElsewhereNoticeProps) {
  const { elsewhere } = presented;
  const issuers = [...new Set(certificates.map(({ issuer }) => issuer))].join(" ");
  const [owner, setOwner] = useState<string | null | undefined>(undefined);
  useEffect(() => {
    if (elsewhere === null) return;
    ownerOf(elsewhere.base, issuers.split(" ")).then(setOwner, () => {
      setOwner(null);
    });
  }, [elsewhere, issuers]);
  if (elsewhere === null || owner === undefined) return null;
  const { host, base } = elsewhere;
  const [issuer] = issuers.split(" ");
  return (
    <section class={`notice ${owner === null ? "bad" : "calm"}`} aria-labelledby="elsewhere">
      <h2 id="elsewhere">{say("elsewhere-title")}</h2>
      <p>{say("elsewhere-text", { host, own: new URL(ownAddress()).host })}</p>
      {owner !== null ? (
        <>
          <p>{say("elsewhere-issuer", { issuer: owner })}</p>
          <a class="button no-print" href={addressAt(base, presented)} rel="noreferrer">
            {say("elsewhere-open", { host })}
          </a>
        </>
      ) : (
        <p>
          <strong>
            {issuer === undefined || issuer === ""
              ? say("elsewhere-unknown")
              : say("elsewhere-foreign", { issuer })}
          </strong>
        </p>
      )}
    </section>
  );
}

/** Whose node is at an address by the ledger, among the issuers; null where it is none of theirs. */
async function ownerOf(base: string, issuers: readonly string[]): Promise<string | null> {
  const { items } = await askJson<Channels>("channels?limit=1000");
  const all = items.flatMap(({ participants }) => participants);
  const owner = all.find(
    ({ domain, endpoint }) =>
      issuers.includes(domain) && endpoint !== null && endpoint.replace(/\/$/, "") === base,
  );
  return owner?.domain ?? null;
}
