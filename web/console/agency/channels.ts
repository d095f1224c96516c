import { askJson } from "../../api/node-api.ts";
import { country } from "../../language/language.ts";
import { session } from "../session.ts";
import { useAsked, type Asked } from "./asked.ts";
import type { ChannelRecord, Listed, Participant } from "./node-records.ts";

/** The channels of this node: who is there, and what is said there. */
export function useChannels(): Asked<readonly ChannelRecord[]> {
  return useAsked("channels", async (signal) => {
    const { items } = await askJson<Listed<ChannelRecord>>("channels?limit=1000", { signal });
    return items;
  });
}

/** The other participants of some channels, by country and domain. */
export function partnersOn(channels: readonly ChannelRecord[]): readonly Participant[] {
  const own = session.value?.participant;
  const all = channels.flatMap(({ participants }) => participants);
  const others = new Map(
    all
      .filter(({ domain, status }) => domain !== own && status !== "invited")
      .map((each) => [each.domain, each]),
  );
  return [...others.values()].sort(
    (a, b) => a.jurisdiction.localeCompare(b.jurisdiction) || a.domain.localeCompare(b.domain),
  );
}

/** A participant as officers name it: its country and its domain. */
export function partnerName(domain: string, channels: readonly ChannelRecord[] | null): string {
  const found = channels
    ?.flatMap(({ participants }) => participants)
    .find((participant) => participant.domain === domain);
  return found === undefined ? domain : `${country(found.jurisdiction)} · ${domain}`;
}
